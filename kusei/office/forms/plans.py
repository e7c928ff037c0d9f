"""Forms about plans and their drafts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from kusei.office.forms.fields import FiscalYearField
from kusei.plans.enums import PlanKind


class StartForm(forms.Form):
    """Which plan a draft is to be of."""

    fiscal_year = FiscalYearField()
    kind = forms.ChoiceField(
        label=gettext_lazy("種類"),
        choices=[("", gettext_lazy("選んでください")), *PlanKind.choices],
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={
            "required": gettext_lazy("計画の種類を選んでください。"),
            "invalid_choice": gettext_lazy("計画の種類を一覧から選んでください。"),
        },
    )
    part = forms.CharField(
        label=gettext_lazy("分冊"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("別に公開する分冊があるときだけ。例: 施策２"),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    title = forms.CharField(
        label=gettext_lazy("題名"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("空けておくと、公開中の版の題名になります。"),
        widget=forms.TextInput(attrs={"class": "input"}),
    )

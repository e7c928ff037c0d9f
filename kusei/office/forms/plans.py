"""Forms about plans and their drafts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from kusei.plans.enums import PlanKind


class StartForm(forms.Form):
    """Which plan a draft is to be of."""

    fiscal_year = forms.IntegerField(
        label=gettext_lazy("年度"),
        min_value=1989,
        max_value=2200,
        help_text=gettext_lazy("4月が入る年を西暦で。令和8年度は 2026 です。"),
        widget=forms.NumberInput(attrs={"class": "input input--number"}),
        error_messages={
            "required": gettext_lazy("年度を入れてください。"),
            "invalid": gettext_lazy("年度は 2026 のように西暦の数で入れてください。"),
            "min_value": gettext_lazy("年度は1989から2200までの西暦で入れてください。"),
            "max_value": gettext_lazy("年度は1989から2200までの西暦で入れてください。"),
        },
    )
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

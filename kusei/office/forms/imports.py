"""Which plan a document becomes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kusei.office.forms.fields import FiscalYearField
from kusei.plans.enums import PlanKind

_TEXT = {"class": "input"}


class TargetForm(forms.Form):
    """Year, kind, part and title; what the text says is filled in."""

    fiscal_year = FiscalYearField(
        error_messages={"required": gettext_lazy("年度を入れてください。文書からは読み取れませんでした。")}
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("計画の種類"),
        choices=[("", gettext_lazy("選んでください")), *PlanKind.choices],
        widget=forms.Select(attrs=_TEXT),
        error_messages={"required": gettext_lazy("計画の種類を選んでください。")},
    )
    part = forms.CharField(
        label=gettext_lazy("分冊"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy(
            "同じ年度・種類の計画を分けて公開しているときだけ、分冊の名前を入れます。例: 施策２"
        ),
    )
    title = forms.CharField(
        label=gettext_lazy("題名"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy("空けておくと、年度と種類で呼びます。"),
    )

    def words(self) -> dict[str, Any]:
        """What `start_import` and `retarget` are told."""
        given = self.cleaned_data
        return {
            "fiscal_year": given["fiscal_year"],
            "kind": given["kind"],
            "part": given["part"].strip(),
            "title": given["title"].strip(),
        }

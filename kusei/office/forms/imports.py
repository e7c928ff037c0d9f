"""Which plan a document becomes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.fiscal_year import parse_fiscal_year
from kusei.plans.enums import PlanKind

_TEXT = {"class": "input"}


class TargetForm(forms.Form):
    """Year, kind, part and title; what the text says is filled in."""

    fiscal_year = forms.CharField(
        label=gettext_lazy("年度"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input input--short"}),
        help_text=gettext_lazy("例: 令和8年度、R8、2026"),
        error_messages={"required": gettext_lazy("年度を入れてください。文書からは読み取れませんでした。")},
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

    def clean_fiscal_year(self) -> int:
        """2026, R8 and 令和8年度 are one year."""
        said: str = self.cleaned_data["fiscal_year"]
        year = parse_fiscal_year(said)
        if year is None:
            raise forms.ValidationError(
                _("「%(said)s」は年度として読めません。令和8年度、R8、2026 のように入れてください。")
                % {"said": said}
            )
        return year

    def words(self) -> dict[str, Any]:
        """What `start_import` and `retarget` are told."""
        given = self.cleaned_data
        return {
            "fiscal_year": given["fiscal_year"],
            "kind": given["kind"],
            "part": given["part"].strip(),
            "title": given["title"].strip(),
        }

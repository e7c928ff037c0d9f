"""Fields that several forms of the office have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.fiscal_year import parse_fiscal_year

FIRST_YEAR, LAST_YEAR = 1989, 2200


class FiscalYearField(forms.CharField):
    """A fiscal year as people write it: 令和8年度, R8 and 2026 are one year."""

    def __init__(self, **words: Any) -> None:
        super().__init__(
            label=gettext_lazy("年度"),
            max_length=20,
            widget=forms.TextInput(attrs={"class": "input input--short"}),
            help_text=gettext_lazy("例: 令和8年度、R8、2026"),
            error_messages={"required": gettext_lazy("年度を入れてください。")}
            | words.pop("error_messages", {}),
            **words,
        )

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        year = parse_fiscal_year(said)
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            raise forms.ValidationError(
                _("「%(said)s」は年度として読めません。令和8年度、R8、2026 のように入れてください。")
                % {"said": said}
            )
        return year

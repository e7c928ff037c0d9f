"""The languages of an activity, and its words in one of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.language_enums import LanguageWay, SpokenLanguage
from kusei.services.activities.models import Activity

_INPUT = {"class": "input"}
_FIELDS = (
    # name, label, how long, lines of its box (0: one line)
    ("title", _("名称"), 240, 0),
    ("text", _("内容"), 8000, 5),
    ("audience", _("対象"), 400, 2),
    ("fee_note", _("費用について"), 400, 2),
    ("bring", _("持ち物"), 400, 2),
)


class LanguagesForm(forms.Form):
    """For each language whether it is spoken; a field is named by its code."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        for each in SpokenLanguage:
            self.fields[each.value] = forms.ChoiceField(
                label=each.label, required=False, choices=[("", _("なし")), *LanguageWay.choices],
                widget=forms.Select(attrs=_INPUT),
            )  # fmt: skip

    def languages(self) -> dict[str, str]:
        """Those that are spoken, with how."""
        return {code: way for code, way in self.cleaned_data.items() if way}


class WordsForm(forms.Form):
    """An activity's words in one language; below each field's name stands its Japanese."""

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, language: str, source: Activity, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="", auto_id=f"{language}-%s")
        attrs = {**_INPUT, "lang": "ja" if language == "ja-easy" else language}
        for name, label, most, lines in _FIELDS:
            widget = forms.Textarea(attrs={**attrs, "rows": lines}) if lines else forms.TextInput(attrs=attrs)
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=most,
                widget=widget,
                help_text=escape(getattr(source, name)),
            )

"""The organiser's questions in one language, all on one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from kusei.press.languages import BY_CODE
from kusei.services.activities.models import Question, QuestionTranslation
from kusei.services.activities.operations import QuestionWords
from kusei.services.activities.translating import is_current_of

MISSING, OLD, CURRENT = "missing", "old", "current"


def state_of(question: Question, translation: QuestionTranslation | None) -> str:
    """How far a question is translated."""
    if translation is None:
        return MISSING
    return CURRENT if is_current_of(translation, question) else OLD


class QuestionWordsForm(forms.Form):
    """Of each question q7-text, q7-hint, q7-0 for its first choice, and q7-fits where its Japanese has changed; below each name stands
    its Japanese."""

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, language: str, questions: Sequence[Question],
        known: Mapping[int, QuestionTranslation],
    ) -> None:  # fmt: skip
        super().__init__(data, label_suffix="")
        self.questions, self.known = list(questions), known
        self.attrs = {"class": "input", "lang": BY_CODE[language].tag}
        for each in self.questions:
            there = known.get(each.pk)
            self._add(f"q{each.pk}-text", _("質問"), each.text, there.text if there else "", 400)
            if each.hint:
                self._add(f"q{each.pk}-hint", _("説明"), each.hint, there.hint if there else "", 400)
            choices = there.choices if there else []
            for place, choice in enumerate(each.choices):
                label = _("選ぶもの%(n)d") % {"n": place + 1}
                said = choices[place] if place < len(choices) else ""
                self._add(f"q{each.pk}-{place}", label, choice, said, 160)
            if state_of(each, there) == OLD:
                self.fields[f"q{each.pk}-fits"] = forms.BooleanField(
                    label=_("直した日本語も、この訳のままでよい"), required=False
                )

    def _add(self, name: str, label: str, japanese: str, said: str, most: int) -> None:
        self.fields[name] = forms.CharField(
            label=label, initial=said, help_text=escape(japanese), required=False, max_length=most,
            widget=forms.TextInput(attrs=self.attrs),
            error_messages={"max_length": _("%(most)d文字までで書いてください。") % {"most": most}},
        )  # fmt: skip

    def rows(self) -> list[tuple[Question, str, QuestionTranslation | None, list[forms.BoundField]]]:
        """Each question, how far it is translated, by whom, and its fields."""
        return [
            (each, state_of(each, self.known.get(each.pk)), self.known.get(each.pk), self._fields_of(each))
            for each in self.questions
        ]

    def words(self) -> dict[int, QuestionWords]:
        """What was written, by question; `revision` is what the page showed."""
        said = self.cleaned_data
        return {
            each.pk: QuestionWords(
                said[f"q{each.pk}-text"], said.get(f"q{each.pk}-hint", ""),
                tuple(said[f"q{each.pk}-{place}"] for place in range(len(each.choices))),
                self._revision(each), said.get(f"q{each.pk}-fits", False),
            )
            for each in self.questions
        }  # fmt: skip

    def _revision(self, question: Question) -> int:
        shown = self.data.get(f"q{question.pk}-revision", "")
        return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 9 else 0

    def _fields_of(self, question: Question) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"q{question.pk}-")]

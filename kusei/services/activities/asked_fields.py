"""Form fields for the organiser's questions: the same in the residents' form, in the office, and in a questionnaire."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kusei.press.languages import current
from kusei.services.activities import asking
from kusei.services.activities.asking import Put, Value
from kusei.services.activities.enums import QuestionKind as Kind
from kusei.services.activities.models import Question
from kusei.services.activities.operations.answering import Given, put_of

_RADIO_AT_MOST = 7


class AskedField(forms.Field):
    """One question. What was sent is read by `asking.read`; the error names the question, since it also stands above the form."""

    def __init__(self, question: Question, *, may_be_empty: bool = False, empty_label: str = "") -> None:
        self.question, self.put = question, put_of(question)
        self.may_be_empty = may_be_empty
        self.is_several = self.put.kind == Kind.SEVERAL
        if self.is_several:
            self.hidden_widget = forms.MultipleHiddenInput
        super().__init__(
            label=question.words, help_text=question.hint, required=question.is_required and not may_be_empty,
            widget=_widget_of(
                self.put, may_be_empty=may_be_empty, empty_label=empty_label, is_short=question.survey_id is not None,
                lang="" if question.told or current().is_japanese else "ja",
            ),
        )  # fmt: skip

    def clean(self, value: Any) -> Value:
        try:
            return asking.read(self.put, value, may_be_empty=self.may_be_empty)
        except asking.Refused as refused:
            raise forms.ValidationError(
                _("「%(question)s」: %(why)s") % {"question": self.label, "why": refused}
            ) from None


class _Choices(forms.Select):
    """A list whose lines say in which language they are, where the page around them speaks another."""

    lang = ""

    def create_option(self, *arguments: Any, **words: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().create_option(*arguments, **words)
        if self.lang and found["value"]:
            found["attrs"]["lang"] = self.lang
        return found


def _widget_of(put: Put, *, may_be_empty: bool, empty_label: str, is_short: bool, lang: str) -> forms.Widget:
    """`is_short`: in a questionnaire, which fits a phone's screen: what is not answered is left alone. `lang`: of the choices, where
    it is not the page's."""
    options = put.options
    if put.kind == Kind.SEVERAL:
        return forms.CheckboxSelectMultiple(choices=options)
    if options and len(options) > _RADIO_AT_MOST:
        listed = _Choices(
            attrs={"class": "input"}, choices=[("", empty_label or _("選んでください")), *options]
        )
        listed.lang = lang
        return listed
    if options:
        none = (
            [] if is_short or (put.is_required and not may_be_empty) else [("", empty_label or _("答えない"))]
        )
        return forms.RadioSelect(choices=[*options, *none])
    if put.kind == Kind.LONG:
        return forms.Textarea(attrs={"class": "input", "rows": 2 if is_short else 4})
    if put.kind == Kind.NUMBER:
        return forms.TextInput(attrs={"class": "input input--short", "inputmode": "numeric"})
    if put.kind == Kind.DATE:
        return forms.DateInput(attrs={"class": "input input--short", "type": "date"}, format="%Y-%m-%d")
    return forms.TextInput(attrs={"class": "input"})


class AskedForm(forms.Form):
    """A form with the questions of an intake: q7 for all together, q7-0 for the first person. Not shown alone: other forms add
    their own fields."""

    def ask(
        self, questions: Iterable[Question], people: int, *, may_be_empty: bool = False, empty_label: str = ""
    ) -> None:
        """Add fields for the questions; of the persons after the first, who may be nobody, nothing is required yet."""
        self.questions = list(questions)
        for each in self.questions:
            for place in range(people) if each.is_for_each else (None,):
                self.fields[name_of(each, place)] = AskedField(
                    each, may_be_empty=may_be_empty or bool(place), empty_label=empty_label
                )

    def require_of(self, place: int) -> None:
        """The person in this place comes: what is required of each is required of them."""
        for each in self.questions:
            name = name_of(each, place)
            if (
                each.is_for_each
                and each.is_required
                and name not in self.errors
                and self.cleaned_data.get(name) is None
            ):
                self.add_error(name, _("「%(question)s」: %(why)s") % {"question": each.words, "why": _("答えてください。")})  # fmt: skip

    def together_fields(self) -> list[forms.BoundField]:
        """Questions for all together."""
        return [self[name_of(each)] for each in self.questions if not each.is_for_each]

    def names_of_each(self) -> list[str]:
        """The beginnings of the names of the fields for each person."""
        return [name_of(each) for each in self.questions if each.is_for_each]

    def rows_of_each(self) -> list[list[forms.BoundField]]:
        """The fields of each place for a person; [] where nothing is asked of each."""
        places = sorted(
            {int(name.rpartition("-")[2]) for name in self.fields if re.fullmatch(r"q\d+-\d+", name)}
        )
        return [[self[f"{name}-{place}"] for name in self.names_of_each()] for place in places]

    def said_together(self) -> list[tuple[Question, str]]:
        """What was answered for all, as people read it."""
        return lines_said(self.questions, self.given([]).together, is_for_each=False)

    def said_of(self, place: int) -> list[tuple[Question, str]]:
        """What was answered of one person, as people read it."""
        return lines_said(self.questions, self.given([place]).each[0], is_for_each=True)

    def given(self, places: Sequence[int]) -> Given:
        """What was answered; `places` are those of the persons who come, in their order."""
        said = self.cleaned_data
        return Given(
            {each.pk: said.get(name_of(each)) for each in self.questions if not each.is_for_each},
            [
                {each.pk: said.get(name_of(each, place)) for each in self.questions if each.is_for_each}
                for place in places
            ],
            said.get("belongs"),
        )


def name_of(question: Question, place: int | None = None) -> str:
    """q7, or q7-0 for the first person."""
    return f"q{question.pk}" if place is None else f"q{question.pk}-{place}"


def begins_with(questions: Iterable[Question], given: Given) -> dict[str, Any]:
    """What fields begin with, from what was answered before."""
    found: dict[str, Any] = {}
    for each in questions:
        put = put_of(each)
        if not each.is_for_each:
            found[name_of(each)] = asking.sent(put, given.together.get(each.pk))
            continue
        for place, one in enumerate(given.each):
            found[name_of(each, place)] = asking.sent(put, one.get(each.pk))
    return found


def lines_said(
    questions: Iterable[Question], said: Mapping[int, Value], *, is_for_each: bool
) -> list[tuple[Question, str]]:
    """Each question (for each person, or for all) with its answer as people read it, empty where there is none."""
    return [
        (each, asking.said(put_of(each), said.get(each.pk)))
        for each in questions
        if each.is_for_each == is_for_each
    ]

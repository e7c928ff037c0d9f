"""Applying for an activity."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.portal.activity_words import told_questions
from kusei.portal.forms.questions import PublicForm
from kusei.services.activities.asked_fields import AskedForm, begins_with, lines_said
from kusei.services.activities.eligibility import Rule
from kusei.services.activities.enums import Reach
from kusei.services.activities.models import Activity, Application, Intake, Question, Quota
from kusei.services.activities.operations import ActivityError, Contact, Given, Someone
from kusei.services.activities.operations.judging import age_refused, reach_refused
from kusei.services.activities.telephone import read_telephone
from kusei.wards.post import can_send

_INPUT = {"class": "input"}


class ApplyForm(PublicForm, AskedForm):
    """Who comes, and how to reach them. Fields for as many people as the intake takes: name, kana, age, kind of seat; those
    left empty are nobody. `website` is a trap for machines."""

    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={**_INPUT, "autocomplete": "email"}),
        help_text=gettext_lazy(
            "確認と、空いた席のお知らせを送ります。ない場合は電話番号だけでかまいません。"
        ),
        error_messages={"invalid": gettext_lazy("メールアドレスの形ではありません。例: name@example.jp")},
    )
    telephone = forms.CharField(
        label=gettext_lazy("電話番号"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("急な中止のときなどに電話します。"),
    )
    together = forms.ChoiceField(
        label=gettext_lazy("席が足りないとき"),
        choices=[
            ("1", gettext_lazy("全員分の席がなければ、全員でキャンセル待ちをする")),
            ("0", gettext_lazy("座れる人だけ参加し、ほかの人はキャンセル待ちをする")),
        ],
        initial="1",
        required=False,
        widget=forms.RadioSelect,
    )
    website = forms.CharField(
        label=gettext_lazy("この欄には何も書かないでください"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        *arguments: Any,
        activity: Activity,
        intake: Intake,
        quotas: Sequence[Quota],
        questions: Sequence[Question] = (),
        **words: Any,
    ) -> None:
        super().__init__(*arguments, **words)
        self.most = intake.most_people
        self.activity, self.rule = activity, Rule(activity.reach, activity.min_age, activity.max_age)
        self.asks_age = self.rule.asks_age
        self.quotas = list(quotas)
        if not can_send():  # the number is then all there is
            del self.fields["mail"]
            self.fields["telephone"].required = True
            self.fields["telephone"].error_messages["required"] = _("電話番号を書いてください。")
        if self.most == 1:
            del self.fields["together"]
        for place in range(self.most):
            self._add_person(place)
        self.ask(told_questions(questions), self.most)
        self.reach = activity.reach
        if self.reach:
            self.fields["belongs"] = forms.BooleanField(
                label=declaration(self.reach), error_messages={"required": reach_refused(self.reach)}
            )
        self.order_fields([name for name in self.fields if "-" in name])

    def _add_person(self, place: int) -> None:
        first = place == 0
        self.fields[f"name-{place}"] = forms.CharField(
            label=gettext_lazy("参加する人の名前"), max_length=80, required=first,
            widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "name" if first else "off"}),
            error_messages={"required": gettext_lazy("参加する人の名前を書いてください。"), "max_length": gettext_lazy("お名前は80文字までで書いてください。")},
        )  # fmt: skip
        self.fields[f"kana-{place}"] = forms.CharField(
            label=gettext_lazy("ふりがな"),
            max_length=80,
            required=False,
            widget=forms.TextInput(attrs=_INPUT),
        )
        if self.asks_age:
            self.fields[f"age-{place}"] = forms.IntegerField(
                label=gettext_lazy("年齢"), help_text=gettext_lazy("最初の回の日の年齢を書いてください。"), min_value=0, max_value=120, required=first,
                widget=forms.TextInput(attrs={"class": "input input--short", "inputmode": "numeric"}),
                error_messages={"invalid": gettext_lazy("年齢は数で書いてください。"), "required": gettext_lazy("年齢を書いてください。")},
            )  # fmt: skip
        if len(self.quotas) > 1:
            self.fields[f"quota-{place}"] = forms.ChoiceField(
                label=gettext_lazy("枠"), required=first, choices=[(str(each.pk), each.name) for each in self.quotas],
                widget=forms.Select(attrs=_INPUT),
            )  # fmt: skip

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each person."""
        names = [
            "name",
            "kana",
            *(["age"] if self.asks_age else []),
            *(["quota"] if len(self.quotas) > 1 else []),
            *self.names_of_each(),
        ]
        return [[self[f"{name}-{place}"] for name in names] for place in range(self.most)]

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("送れませんでした。書かないでくださいとある欄を空にしてください。"))
        return ""

    def clean_telephone(self) -> str:
        try:
            return read_telephone(self.cleaned_data["telephone"])
        except ActivityError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        is_readable = not {"mail", "telephone"} & self.errors.keys()
        if not found.get("mail") and not found.get("telephone") and is_readable:
            self.add_error("mail", _("メールアドレスか電話番号のどちらかを書いてください。"))
        for place in range(1, self.most):
            others = [found.get(f"{name}-{place}") for name in ("kana", "age", *self.names_of_each())]
            if self._comes(place):
                self.require_of(place)
            elif any(each not in (None, "") for each in others):
                self.add_error(f"name-{place}", _("この人の名前を書くか、ほかの欄を空にしてください。"))
        for place in range(self.most):
            name, why = found.get(f"name-{place}", "").strip(), self.rule.of_age(found.get(f"age-{place}"))
            if name and why and f"age-{place}" not in self.errors:
                self.add_error(f"age-{place}", age_refused(self.activity, name, why))
        return found

    def people_said(self) -> list[tuple[Someone, list[tuple[Question, str]]]]:
        """Those who come, with what was answered of each."""
        places = [place for place in range(self.most) if self._comes(place)]
        return list(zip(self.people(), map(self.said_of, places), strict=True))

    def answers(self) -> Given:
        """What those whose names were written answered."""
        return self.given([place for place in range(self.most) if self._comes(place)])

    def _comes(self, place: int) -> bool:
        return bool(self.cleaned_data.get(f"name-{place}", "").strip())

    def people(self) -> list[Someone]:
        """Those whose names were written."""
        said = self.cleaned_data
        return [
            Someone(
                name=said[f"name-{place}"].strip(),
                kana=said.get(f"kana-{place}", "").strip(),
                age=said.get(f"age-{place}"),
                quota=int(said.get(f"quota-{place}") or 0) if len(self.quotas) > 1 else 0,
            )
            for place in range(self.most)
            if self._comes(place)
        ]

    def contact(self) -> Contact:
        said = self.cleaned_data
        return Contact(said.get("mail", ""), said.get("telephone", ""))


def declaration(reach: str) -> str:
    """What is ticked where one has to live (or work) here."""
    if reach == Reach.LIVING:
        return _("参加する人は全員、区内に住んでいます")
    return _("参加する人は全員、区内に住んでいるか、区内で働いているか、区内に通学しています")


class AnswersForm(PublicForm, AskedForm):
    """The answers of one's own application, to be changed. `revision` is of what was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *arguments: Any,
        application: Application,
        questions: Sequence[Question],
        given: Given,
        people: Sequence[Someone],
        revision: int,
        **words: Any,
    ) -> None:
        super().__init__(*arguments, initial={**begins_with(questions, given), "revision": revision}, **words)
        self.people, self.before = list(people), given
        self.ask(told_questions(questions), len(self.people))
        for place in range(1, len(self.people)):
            for name in self.names_of_each():
                self.fields[f"{name}-{place}"].may_be_empty = False  # type: ignore[attr-defined]

    def rows(self) -> list[tuple[Someone, list[forms.BoundField]]]:
        """Each person with the questions for each."""
        return [
            (person, [self[f"{name}-{place}"] for name in self.names_of_each()])
            for place, person in enumerate(self.people)
        ]

    def before_together(self) -> list[tuple[Question, str]]:
        """What was answered for all so far, as people read it."""
        return lines_said(self.questions, self.before.together, is_for_each=False)

    def before_each(self) -> list[tuple[Someone, list[tuple[Question, str]]]]:
        """What was answered of each so far."""
        each = [lines_said(self.questions, one, is_for_each=True) for one in self.before.each]
        return list(zip(self.people, each, strict=False))

    def answers(self) -> Given:
        return self.given(range(len(self.people)))

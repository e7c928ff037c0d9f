"""Writing one's own application anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.portal.forms.questions import PublicForm
from kusei.press.languages import LANGUAGES
from kusei.services.activities.enums import LIVE
from kusei.services.activities.errors import ActivityError
from kusei.services.activities.models import Application, Quota, Seat
from kusei.services.activities.operations import Applicant, Contact, Someone
from kusei.services.activities.telephone import read_telephone
from kusei.wards.post import can_send

_INPUT = {"class": "input"}


class ChangeForm(PublicForm):
    """Names, how to reach them, the language of mails, and more people, as far as the intake takes them."""

    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"), max_length=200, required=False,
        widget=forms.EmailInput(attrs={**_INPUT, "autocomplete": "email"}),
        help_text=gettext_lazy("確認と、空いた席のお知らせを送ります。ない場合は電話番号だけでかまいません。"),
        error_messages={"invalid": gettext_lazy("メールアドレスの形ではありません。例: name@example.jp")},
    )  # fmt: skip
    telephone = forms.CharField(
        label=gettext_lazy("電話番号"), max_length=40, required=False,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("急な中止のときなどに電話します。"),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("お知らせのメールの言葉"), required=False, widget=forms.Select(attrs=_INPUT),
        choices=[(each.code, each.name) for each in LANGUAGES],
    )  # fmt: skip
    goes_to_the_end = forms.BooleanField(
        label=gettext_lazy("人を加えるので、順番が最後になってもかまいません"), required=False
    )
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *arguments: Any, application: Application, applicant: Applicant, seats: Sequence[Seat],
        quotas: Sequence[Quota], version: str, **words: Any,
    ) -> None:  # fmt: skip
        activity, intake = application.intake.activity, application.intake
        self.asks_age = activity.min_age is not None or activity.max_age is not None
        self.quotas = list(quotas)
        self.seats = [
            (seat, person) for seat, person in zip(seats, applicant.people, strict=True) if seat.state in LIVE
        ]
        self.room = max(0, intake.most_people - len(self.seats))
        first = {
            "mail": applicant.contact.mail, "telephone": applicant.contact.telephone, "language": application.language, "version": version,
        }  # fmt: skip
        super().__init__(*arguments, initial=first, **words)
        if not can_send():  # the number is then all there is
            del self.fields["mail"], self.fields["language"]
            self.fields["telephone"].required = True
            self.fields["telephone"].error_messages["required"] = _("電話番号を書いてください。")
        for seat, person in self.seats:
            self._add_person(f"s{seat.pk}", person)
        for place in range(self.room):
            self._add_person(f"n{place}", None)
        is_waiting = any(seat.state == "waiting" for seat, _person in self.seats)
        if not (application.together and is_waiting and self.room):
            del self.fields["goes_to_the_end"]

    def _add_person(self, key: str, person: Someone | None) -> None:
        self.fields[f"name-{key}"] = forms.CharField(
            label=_("参加する人の名前"), max_length=80, required=person is not None, widget=forms.TextInput(attrs=_INPUT),
            initial=person.name if person else "",
            error_messages={"required": _("参加する人の名前を書いてください。"), "max_length": _("お名前は80文字までで書いてください。")},
        )  # fmt: skip
        self.fields[f"kana-{key}"] = forms.CharField(
            label=_("ふりがな"), max_length=80, required=False, widget=forms.TextInput(attrs=_INPUT),
            initial=person.kana if person else "",
        )  # fmt: skip
        if self.asks_age:
            self.fields[f"age-{key}"] = forms.IntegerField(
                label=_("年齢"), min_value=0, max_value=120, required=False, initial=person.age if person else None,
                widget=forms.TextInput(attrs={"class": "input input--short", "inputmode": "numeric"}),
                error_messages={"invalid": _("年齢は数で書いてください。")},
            )  # fmt: skip
        if person is None and len(self.quotas) > 1:
            self.fields[f"quota-{key}"] = forms.ChoiceField(
                label=_("枠"), required=False, choices=[(str(each.pk), each.name) for each in self.quotas],
                widget=forms.Select(attrs=_INPUT),
            )  # fmt: skip

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of those who are in it."""
        return [self._row(f"s{seat.pk}") for seat, _person in self.seats]

    def new_rows(self) -> list[list[forms.BoundField]]:
        """The fields of those who may be added."""
        return [self._row(f"n{place}") for place in range(self.room)]

    def _row(self, key: str) -> list[forms.BoundField]:
        return [
            self[f"{name}-{key}"]
            for name in ("name", "kana", "age", "quota")
            if f"{name}-{key}" in self.fields
        ]

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
        for place in range(self.room):
            others = (found.get(f"kana-n{place}"), found.get(f"age-n{place}"))
            if not found.get(f"name-n{place}", "").strip() and any(each not in (None, "") for each in others):
                self.add_error(f"name-n{place}", _("この人の名前を書くか、ほかの欄を空にしてください。"))
        return found

    def said(self) -> dict[str, Any]:
        """What `change_application` takes. Who gave an address where no mails go out keeps it."""
        found = self.cleaned_data
        mail = found["mail"] if "mail" in self.fields else self.initial["mail"]
        return {
            "people": {seat.pk: self._someone(f"s{seat.pk}") for seat, _person in self.seats},
            "more": [
                self._someone(f"n{place}") for place in range(self.room) if found[f"name-n{place}"].strip()
            ],
            "contact": Contact(mail, found["telephone"]),
            "language": found.get("language", ""),
            "goes_to_the_end": found.get("goes_to_the_end", False),
            "version": found["version"],
        }

    def _someone(self, key: str) -> Someone:
        said = self.cleaned_data
        return Someone(
            said[f"name-{key}"].strip(),
            said[f"kana-{key}"].strip(),
            said.get(f"age-{key}"),
            int(said.get(f"quota-{key}") or 0),
        )

"""An application written anew by staff, while somebody is on the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.office.forms.activities import ActivityForm, check_field, number_field, text_field
from kusei.press.languages import LANGUAGES
from kusei.services.activities.enums import LIVE
from kusei.services.activities.models import Application, Quota, Seat
from kusei.services.activities.operations import Applicant, Contact, Someone


class ApplicantForm(ActivityForm):
    """Names, how to reach them, and one person more."""

    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"), max_length=200, required=False, widget=forms.EmailInput(attrs={"class": "input"})
    )  # fmt: skip
    telephone = text_field(gettext_lazy("電話番号"), 40)
    language = forms.ChoiceField(
        label=gettext_lazy("メールの言葉"), required=False, widget=forms.Select(attrs={"class": "input"}),
        choices=[(each.code, each.name) for each in LANGUAGES],
    )  # fmt: skip
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *arguments: Any, application: Application, applicant: Applicant, seats: Sequence[Seat],
        quotas: Sequence[Quota], version: str, **words: Any,
    ) -> None:  # fmt: skip
        contact = applicant.contact
        first: dict[str, Any] = {"mail": contact.mail, "telephone": contact.telephone, "language": application.language, "version": version}  # fmt: skip
        super().__init__(*arguments, initial=first, **words)
        self.seats = [
            (seat, person) for seat, person in zip(seats, applicant.people, strict=True) if seat.state in LIVE
        ]
        for seat, person in self.seats:
            self._add_person(f"s{seat.pk}", person)
        self.has_room = len(self.seats) < application.intake.most_people
        if self.has_room:
            self._add_person("new", None)
            if len(quotas) > 1:
                self.fields["quota-new"] = forms.ChoiceField(
                    label=_("枠"), required=False, choices=[(str(each.pk), each.name) for each in quotas],
                    widget=forms.Select(attrs={"class": "input"}),
                )  # fmt: skip
            if application.together and any(seat.state == "waiting" for seat, _person in self.seats):
                self.fields["goes_to_the_end"] = check_field(_("順番が最後になることを伝えた"))

    def _add_person(self, key: str, person: Someone | None) -> None:
        self.fields[f"name-{key}"] = text_field(_("名前"), 80, required=person is not None)
        self.fields[f"kana-{key}"] = text_field(_("ふりがな"), 80)
        self.fields[f"age-{key}"] = number_field(_("年齢"), most=120)
        if person is not None:
            self.initial.update(
                {f"name-{key}": person.name, f"kana-{key}": person.kana, f"age-{key}": person.age}
            )

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of those who are in it."""
        return [self._row(f"s{seat.pk}") for seat, _person in self.seats]

    def new_rows(self) -> list[list[forms.BoundField]]:
        """The fields of one person more."""
        return [self._row("new")] if self.has_room else []

    def contact_fields(self) -> list[forms.BoundField]:
        """How to reach them."""
        return [self[name] for name in ("telephone", "mail", "language")]

    def _row(self, key: str) -> list[forms.BoundField]:
        names = [f"{name}-{key}" for name in ("name", "kana", "age", "quota")]
        if key == "new":
            names.append("goes_to_the_end")
        return [self[name] for name in names if name in self.fields]

    def said(self) -> dict[str, Any]:
        """What `change_application` takes."""
        found = self.cleaned_data
        return {
            "people": {seat.pk: self._someone(f"s{seat.pk}") for seat, _person in self.seats},
            "more": [self._someone("new")] if found.get("name-new", "").strip() else [],
            "contact": Contact(found["mail"], found["telephone"]),
            "language": found["language"],
            "goes_to_the_end": found.get("goes_to_the_end", False),
            "version": found["version"],
        }

    def _someone(self, key: str) -> Someone:
        said = self.cleaned_data
        return Someone(
            said[f"name-{key}"].strip(), said[f"kana-{key}"].strip(), said[f"age-{key}"], int(said.get(f"quota-{key}") or 0)
        )  # fmt: skip

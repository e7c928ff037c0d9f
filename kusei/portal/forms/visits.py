"""A group asks for a visiting lecture."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.portal.forms.questions import PublicForm
from kusei.services.activities.operations import ActivityError
from kusei.services.activities.operations.visiting import VisitAsked, VisitContact
from kusei.services.activities.operations.visits.asking import MOST_DATES
from kusei.services.activities.telephone import read_telephone
from kusei.services.activities.visit_enums import GroupKind
from kusei.services.activities.visiting import AHEAD, Terms, earliest, refusal_of_date, refusal_of_people
from kusei.wards.models import District
from kusei.wards.post import can_send

_INPUT = {"class": "input"}
_SHORT = {"class": "input input--short"}
INSIDE, OUTSIDE = "inside", "outside"


class VisitForm(PublicForm):
    """Who asks, when it would suit, where, for how many, and whom to reach. `website` is a trap for machines."""

    group_kind = forms.ChoiceField(
        label=gettext_lazy("団体の種類"), choices=GroupKind.choices, widget=forms.Select(attrs=_INPUT),
        error_messages={"required": gettext_lazy("団体の種類を選んでください。")},
    )  # fmt: skip
    group_name = forms.CharField(
        label=gettext_lazy("団体の名前"), max_length=80,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "organization"}),
        error_messages={"required": gettext_lazy("団体の名前を書いてください。")},
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("会場（建物の名前と住所、部屋）"), max_length=120, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("集会所、学校、会社などを書いてください。個人のお宅には伺えません。"),
        error_messages={"required": gettext_lazy("会場を書いてください。")},
    )  # fmt: skip
    district = forms.ChoiceField(
        label=gettext_lazy("会場の地区"), widget=forms.Select(attrs=_INPUT),
        error_messages={"required": gettext_lazy("会場の地区を選んでください。分からないときは「区内（地区は分からない）」を選びます。")},
    )  # fmt: skip
    people = forms.IntegerField(
        label=gettext_lazy("参加する見込みの人数"), min_value=1, max_value=100_000,
        widget=forms.TextInput(attrs={**_SHORT, "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("参加する見込みの人数を書いてください。"), "invalid": gettext_lazy("人数は数で書いてください。"), "min_value": gettext_lazy("参加する見込みの人数を書いてください。")},
    )  # fmt: skip
    audience = forms.CharField(
        label=gettext_lazy("どんな人が参加しますか"), max_length=200, required=False, widget=forms.TextInput(attrs=_INPUT),
        help_text=gettext_lazy("例: 小学4年生、70代の会員が中心"),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("連絡する人の名前"), max_length=80,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "name"}),
        error_messages={"required": gettext_lazy("連絡する人の名前を書いてください。")},
    )  # fmt: skip
    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"), max_length=200, required=False,
        widget=forms.EmailInput(attrs={**_INPUT, "autocomplete": "email"}),
        help_text=gettext_lazy("返事をここに送ります。ない場合は電話番号だけでかまいません。"),
        error_messages={"invalid": gettext_lazy("メールアドレスの形ではありません。例: name@example.jp")},
    )  # fmt: skip
    telephone = forms.CharField(
        label=gettext_lazy("電話番号"), max_length=40, required=False,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("急な中止のときなどに電話します。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("伝えておきたいこと"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={**_INPUT, "rows": 4}),
        help_text=gettext_lazy("聞きたい内容、会場の設備、駐車場など"),
    )  # fmt: skip
    website = forms.CharField(
        label=gettext_lazy("この欄には何も書かないでください"), required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *arguments: Any, terms: Terms, districts: Sequence[District], **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.terms = terms
        self.districts = {str(each.pk): each for each in districts}
        self.fields["group_kind"].choices = [("", _("選んでください")), *GroupKind.choices]  # type: ignore[attr-defined]
        places = [(pk, each.name) for pk, each in self.districts.items()]
        places += [(INSIDE, _("区内（地区は分からない）")), (OUTSIDE, _("区の外"))]
        self.fields["district"].choices = [("", _("選んでください")), *places]  # type: ignore[attr-defined]
        if not can_send():
            del self.fields["mail"]
        first = earliest(terms, timezone.localdate())
        for place in range(MOST_DATES):
            self._add_date(place, first)

    def _add_date(self, place: int, first: date) -> None:
        wrong = {
            "required": _("希望の日を一つは書いてください。"),
            "invalid": _("日は 2026-06-10 のように書いてください。"),
        }
        self.fields[f"day-{place}"] = forms.DateField(
            label=_("日"), required=place == 0, input_formats=["%Y-%m-%d", "%Y/%m/%d"], error_messages=wrong,
            widget=forms.DateInput(attrs={**_SHORT, "type": "date", "min": first.isoformat(), "max": (timezone.localdate() + AHEAD).isoformat()}, format="%Y-%m-%d"),
        )  # fmt: skip
        wrong = {
            "required": _("始まる時刻を書いてください。"),
            "invalid": _("時刻は 10:00 のように書いてください。"),
        }
        self.fields[f"time-{place}"] = forms.TimeField(
            label=_("始まる時刻"), required=place == 0, input_formats=["%H:%M", "%H:%M:%S"], error_messages=wrong,
            widget=forms.TimeInput(attrs={**_SHORT, "type": "time"}, format="%H:%M"),
        )  # fmt: skip

    def dates(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each date."""
        return [(self[f"day-{place}"], self[f"time-{place}"]) for place in range(MOST_DATES)]

    def errors_in_order(self) -> list[tuple[str, str]]:
        """(id of the field, message) as the page shows the fields."""
        order = [name for place in range(MOST_DATES) for name in (f"day-{place}", f"time-{place}")]
        names = [*order, *(name for name in self.fields if name not in order)]
        return [
            (self[name].id_for_label, str(error)) for name in names for error in self.errors.get(name, [])
        ]

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("送れませんでした。書かないでくださいとある欄を空にしてください。"))
        return ""

    def clean_telephone(self) -> str:
        try:
            return read_telephone(self.cleaned_data["telephone"])
        except ActivityError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_people(self) -> int:
        people: int = self.cleaned_data["people"]
        if refusal := refusal_of_people(self.terms, people):
            raise forms.ValidationError(refusal)
        return people

    def clean_district(self) -> str:
        said: str = self.cleaned_data["district"]
        if said == OUTSIDE and self.terms.only_in_ward:
            raise forms.ValidationError(_("会場が区の外のときは、伺えません。区内の会場を書いてください。"))
        return said

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        is_readable = not {"mail", "telephone"} & self.errors.keys()
        if is_readable and not found.get("mail") and not found.get("telephone"):
            field = "mail" if "mail" in self.fields else "telephone"
            self.add_error(field, _("メールアドレスか電話番号のどちらかを書いてください。"))
        seen: set[datetime] = set()
        for place in range(MOST_DATES):
            day, moment = found.get(f"day-{place}"), found.get(f"time-{place}")
            if day and moment:
                at = _at(day, moment)
                refusal = refusal_of_date(self.terms, at, timezone.localdate())
                if at in seen:
                    refusal = _("同じ日時が二度書かれています。違う日時を書いてください。")
                if refusal:
                    self.add_error(f"day-{place}", refusal)
                seen.add(at)
            elif day and f"time-{place}" not in self.errors:
                self.add_error(f"time-{place}", _("始まる時刻を書いてください。"))
            elif moment and f"day-{place}" not in self.errors:
                self.add_error(f"day-{place}", _("日を書いてください。"))
        return found

    def starts(self) -> list[datetime]:
        """When the visit would begin, in the order of the group's wishes."""
        said = self.cleaned_data
        pairs = [(said.get(f"day-{place}"), said.get(f"time-{place}")) for place in range(MOST_DATES)]
        return [_at(day, moment) for day, moment in pairs if day and moment]

    def periods(self) -> list[tuple[datetime, datetime]]:
        """The dates with their ends."""
        return [(each, each + timedelta(minutes=self.terms.minutes)) for each in self.starts()]

    def place_said(self) -> str:
        """The chosen district as the group read it."""
        choices = dict(self.fields["district"].choices)  # type: ignore[attr-defined]
        return str(choices[self.cleaned_data["district"]])

    def asked(self) -> VisitAsked:
        said = self.cleaned_data
        return VisitAsked(
            self.starts(), said["place"], said["people"], GroupKind(said["group_kind"]), said["group_name"],
            said["audience"], self.districts.get(said["district"]), said["district"] == OUTSIDE,
        )  # fmt: skip

    def contact(self) -> VisitContact:
        said = self.cleaned_data
        return VisitContact(said["name"], said.get("mail", ""), said["telephone"], said["note"])


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))

"""Forms by which a new activity begins: from a shape, like another, in a series."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.folding import fold
from kusei.office.forms.activities import (
    IntakeForm,
    NewActivityForm,
    SessionsForm,
    moment_field,
    number_field,
    read_day,
    read_quotas,
    text_field,
)
from kusei.office.queries.activity_starting import AT_EACH_PLACE, MOST_LINES, Line
from kusei.services.activities.enums import Way
from kusei.services.activities.operations import NewIntake
from kusei.services.activities.series import (
    MOST_SESSIONS,
    Left,
    Rhythm,
    days_of_pattern,
    days_of_series,
    read_pattern,
)

_PART = re.compile(
    r"\s*(?P<name>\S.*?)\s+(?P<begins>\d{1,2}:\d{2})\s*[-~～]\s*(?P<ends>\d{1,2}:\d{2})\s*(?P<place>.*)"
)

_ROOM = re.compile(r"\s*(?P<name>\S+)(?:\s+(?P<place>.*))?")
_CLOCK = re.compile(r"\d\s*[:時]")


MOST_PLACES = 40

Pattern = tuple[list[int], int]
"""Weeks of the month (from 1), weekday (Monday 0)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a course is held, and on which weekdays, where they are its own."""

    name: str
    pattern: Pattern | None = None


class StartForm(NewActivityForm):
    """A new activity, and how people apply where they do. `ticket` makes a form that is sent twice one activity."""

    seats = text_field(
        gettext_lazy("定員"), 200,
        help_text=gettext_lazy("例: 20　席を種類で分けるときは「一般 18、保育付き 2」（合わせて20人）のように書きます。申込みのいらないものは空けておきます。"),
    )  # fmt: skip
    way = forms.ChoiceField(
        label=gettext_lazy("決め方"), choices=Way.choices, required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )  # fmt: skip
    most_people = number_field(gettext_lazy("一度に申し込める人数"), least=1, most=20, initial=4)
    opens_at = moment_field(
        gettext_lazy("申込みの始まり"), required=False, help_text=gettext_lazy("定員を決めるときに入れます。終わりも同じです。")
    )  # fmt: skip
    closes_at = moment_field(gettext_lazy("申込みの終わり"), required=False)
    ticket = forms.UUIDField(widget=forms.HiddenInput)

    def clean_seats(self) -> dict[str, int]:
        text = self.cleaned_data["seats"]
        return read_quotas(text) if text.strip() else {}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("seats"):
            for name in ("opens_at", "closes_at"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("定員を決めるときは、申込みの期間も入れてください。"))
        return found

    def intakes(self) -> list[NewIntake]:
        """The one way to apply, or none."""
        said = self.cleaned_data
        if not said["seats"]:
            return []
        return [
            NewIntake(
                quotas=said["seats"], opens_at=said["opens_at"], closes_at=said["closes_at"],
                way=Way(said["way"] or Way.FIRST_COME), most_people=said["most_people"] or 4,
            )
        ]  # fmt: skip


class CopyForm(NewActivityForm):
    """What of another is taken over: everything, as it may be mended."""

    ticket = forms.UUIDField(widget=forms.HiddenInput)


class CopiedIntakeForm(IntakeForm):
    """A way to apply that is taken over, its days moved."""

    offer_hours = number_field(
        gettext_lazy("空いた席の返事を待つ時間（時間）"), least=1, most=24 * 14, required=True, initial=48
    )
    takes = forms.BooleanField(label=gettext_lazy("この募集を引き継ぐ"), required=False, initial=True)
    field_order = ("takes", "name", "way", "capacity", "opens_at", "closes_at", "most_people", "offer_hours")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("takes"):
            self._errors = forms.utils.ErrorDict()  # what is not taken over may hold anything
        return found

    def intake(self) -> dict[str, Any]:
        """As a NewIntake takes it."""
        said = self.cleaned_data
        return {
            "quotas": said["capacity"], "opens_at": said["opens_at"], "closes_at": said["closes_at"],
            "way": Way(said["way"]), "name": said["name"], "most_people": said["most_people"],
            "offer_hours": said["offer_hours"],
        }  # fmt: skip


class SeriesForm(SessionsForm):
    """A series as it is thought of: so many times from a day on, on which weekdays, in which rooms, and days beside it."""

    pattern = text_field(
        gettext_lazy("月の何週目の何曜日"), 40,
        help_text=gettext_lazy("例: 第2・第4火曜　書いたときは「くり返し」より先に使います。"),
    )  # fmt: skip
    extra = text_field(
        gettext_lazy("ほかに行う日"),
        400,
        help_text=gettext_lazy("くり返しに入らない日を「、」で区切って書きます。"),
    )
    parts = text_field(
        gettext_lazy("組・部屋"), 800, lines=3,
        help_text=gettext_lazy("同じ日に分かれて行うときに、一つを1行に書きます。例: A組 会議室1　時刻が違うときは、A組 10:00-11:00 会議室1　時刻は上の時刻の代わり、部屋は上の場所の続きになります。"),
    )  # fmt: skip
    places = text_field(
        gettext_lazy("いくつもの会場で行うとき"), 3000, lines=4,
        help_text=gettext_lazy("会場を1行に一つ書くと、それぞれの会場に同じ回数を作ります。曜日が会場で違うときは、後ろに書きます。例: 北台地区センター 第2火曜　上の「場所」と「地区」は使わず、地区は会場の名前から選びます。申込みを選ぶと、会場ごとに同じ定員・期間・質問の募集を作ります。"),
    )  # fmt: skip
    field_order = (
        "intake", "first_on", "begins", "ends", "count", "rhythm", "pattern", "extra", "without", "on_holidays", "place", "district",
        "places", "parts", "online_url",
    )  # fmt: skip

    def clean_pattern(self) -> tuple[list[int], int] | None:
        text = self.cleaned_data["pattern"]
        if not text.strip():
            return None
        found = read_pattern(text)
        if found is None:
            raise forms.ValidationError(_("「第2・第4火曜」のように書いてください。"))
        return found

    def clean_extra(self) -> list[date]:
        return [read_day(each) for each in re.split(r"[、,\s]+", self.cleaned_data["extra"].strip()) if each]

    def clean_parts(self) -> list[tuple[str, time | None, time | None, str]]:
        """Name, times (None: those of all) and room of each."""
        found: list[tuple[str, time | None, time | None, str]] = []
        for line in fold(self.cleaned_data["parts"]).replace("~", "-").splitlines():
            if not line.strip():
                continue
            room = None if _CLOCK.search(line) else _ROOM.fullmatch(line)
            if room is not None:
                found.append((room["name"][:40], None, None, (room["place"] or "").strip()[:120]))
                continue
            match = _PART.fullmatch(line)
            try:
                if match is None:
                    raise ValueError(line)
                begins, ends = (time.fromisoformat(match[each].rjust(5, "0")) for each in ("begins", "ends"))
                if ends <= begins:
                    raise ValueError(line)
            except ValueError:
                raise forms.ValidationError(
                    _(
                        "「%(line)s」が読めません。「A組 会議室1」か「A組 10:00-11:00 会議室1」のように書いてください。"
                    )
                    % {"line": line.strip()[:30]}
                ) from None
            found.append((match["name"][:40], begins, ends, match["place"].strip()[:120]))
        return found

    def clean_places(self) -> list[Place]:
        found = [read_place(line) for line in fold(self.cleaned_data["places"]).splitlines() if line.strip()]
        if len(found) > MOST_PLACES:
            raise forms.ValidationError(_("会場は一度に%(most)dか所までです。") % {"most": MOST_PLACES})
        names = [each.name for each in found]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise forms.ValidationError(
                _("「%(name)s」が2行あります。1行にまとめてください。") % {"name": twice}
            )
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        wanted = (found.get("count", 0) + len(found.get("extra", ()))) * max(len(found.get("places", ())), 1) * max(len(found.get("parts", ())), 1)  # fmt: skip
        if wanted > MOST_SESSIONS:
            self.add_error(
                "count",
                _("合わせて%(n)d回になります。一つの講座・催しの回は%(most)d回までです。回数か会場を減らしてください。")
                % {"n": wanted, "most": MOST_SESSIONS},
            )  # fmt: skip
        return found

    def _days(self, own: Pattern | None) -> tuple[list[tuple[date, bool]], list[Left]]:
        """The days with whether they are held, by `own` pattern or that of all; and the days that were left out."""
        said = self.cleaned_data
        pattern = own or said["pattern"]
        if pattern:
            weeks, weekday = pattern
            days, left = days_of_pattern(
                said["first_on"], weeks, weekday, said["count"], without=said["without"], on_holidays=said["on_holidays"]
            )  # fmt: skip
        else:
            days, left = days_of_series(
                said["first_on"], Rhythm(said["rhythm"]), said["count"], without=said["without"],
                on_holidays=said["on_holidays"] or said["count"] == 1,
            )  # fmt: skip
        on = [(day, True) for day in {*days, *said["extra"]}]
        on += [(each.day, False) for each in left if each.day not in said["extra"]]
        return sorted(on), left

    def lines(self) -> tuple[list[Line], list[Left]]:
        """The lines of the table, place by place, and the days that were left out."""
        said = self.cleaned_data
        parts = said["parts"] or [("", None, None, "")]
        usual = said["district"].pk if said["district"] else None
        group = f"{AT_EACH_PLACE}{said['intake']}" if said["places"] and said["intake"] else said["intake"]
        districts = sorted(self.fields["district"].queryset, key=lambda each: -len(each.name))  # type: ignore[attr-defined]
        found: list[Line] = []
        left: dict[Left, None] = {}
        for place in said["places"] or [Place(said["place"])]:
            named = next((each.pk for each in districts if each.name in place.name), None)
            days, without = self._days(place.pattern)
            left |= dict.fromkeys(without)
            found += [
                Line(
                    day, begins or said["begins"], ends or said["ends"], name, f"{place.name} {room}".strip()[:120],
                    named if said["places"] else usual, said["online_url"], group, keep,
                )
                for day, keep in days
                for name, begins, ends, room in parts
            ]  # fmt: skip
        if len(found) > MOST_LINES:  # the days that are left out need no line to be told of
            found = [each for each in found if each.keep]
        return found, sorted(left, key=lambda each: each.day)


def read_place(line: str) -> Place:
    """北台地区センター 第2火曜: a place, and its own weekdays where it has some. Raises ValidationError."""
    text = " ".join(line.split())
    if _CLOCK.search(text):
        raise forms.ValidationError(
            _("「%(line)s」に時刻があります。会場と曜日だけを書き、時刻は次の表で直してください。")
            % {"line": text[:30]}
        )
    name, _blank, last = text.rpartition(" ")
    pattern = read_pattern(last) if name else None
    return Place((name if pattern else text)[:80], pattern)

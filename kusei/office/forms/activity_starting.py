"""Forms by which a new activity begins: from a shape, like another, in a series."""

from __future__ import annotations

import re
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
from kusei.office.queries.activity_starting import Line
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
    field_order = (
        "intake", "first_on", "begins", "ends", "count", "rhythm", "pattern", "extra", "without", "on_holidays", "place", "district",
        "parts", "online_url",
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

    def lines(self) -> tuple[list[Line], list[Left]]:
        """The lines of the table, and the days that were left out."""
        said = self.cleaned_data
        alone = said["count"] == 1 and not said["pattern"]
        if said["pattern"]:
            weeks, weekday = said["pattern"]
            days, left = days_of_pattern(
                said["first_on"], weeks, weekday, said["count"], without=said["without"], on_holidays=said["on_holidays"]
            )  # fmt: skip
        else:
            days, left = days_of_series(
                said["first_on"], Rhythm(said["rhythm"]), said["count"], without=said["without"],
                on_holidays=said["on_holidays"] or alone,
            )  # fmt: skip
        on = [(day, True) for day in {*days, *said["extra"]}]
        on += [(each.day, False) for each in left if each.day not in said["extra"]]
        parts = said["parts"] or [("", None, None, "")]

        def place_of(room: str) -> str:
            return f"{said['place']} {room}".strip()[:120]

        district = said["district"].pk if said["district"] else None
        found = [
            Line(
                day, begins or said["begins"], ends or said["ends"], name, place_of(room), district, said["online_url"],
                said["intake"], keep,
            )
            for day, keep in sorted(on)
            for name, begins, ends, room in parts
        ]  # fmt: skip
        return found[:MOST_SESSIONS], left

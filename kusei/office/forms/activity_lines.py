"""Sessions to be as a table to mend before they are saved: each line a day, times, place, district; kept or dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kusei.japanese.business_days import holiday_name
from kusei.office.forms.activities import ActivityForm, at_time, read_day
from kusei.office.queries.activity_starting import AT_EACH_PLACE, MOST_LINES, Line
from kusei.press.formats import date_ja
from kusei.services.activities.operations import When
from kusei.wards.models import District

_CELL = {"class": "input input--cell"}
_TIME = {**_CELL, "type": "time"}


class LineForm(ActivityForm):
    """A line of the table."""

    keep = forms.BooleanField(required=False)
    day = forms.CharField(max_length=30, required=False, widget=forms.TextInput(attrs=_CELL))
    begins = forms.TimeField(required=False, widget=forms.TimeInput(attrs=_TIME))
    ends = forms.TimeField(required=False, widget=forms.TimeInput(attrs=_TIME))
    part = forms.CharField(max_length=40, required=False, widget=forms.TextInput(attrs=_CELL))
    place = forms.CharField(max_length=120, required=False, widget=forms.TextInput(attrs=_CELL))
    district = forms.ChoiceField(required=False, widget=forms.Select(attrs=_CELL))
    online_url = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    group = forms.ChoiceField(required=False, widget=forms.Select(attrs=_CELL))
    was = forms.CharField(max_length=10, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *arguments: Any,
        place: int,
        districts: Sequence[tuple[str, str]],
        groups: Sequence[tuple[str, Any]],
        **words: Any,
    ) -> None:
        super().__init__(*arguments, prefix=f"l{place}", **words)
        self.number = place + 1
        self.fields["district"].choices = districts  # type: ignore[attr-defined]
        self.fields["group"].choices = groups  # type: ignore[attr-defined]
        for name, label in _LABELS.items():
            self.fields[name].label = _("%(n)d行目の%(label)s") % {"n": self.number, "label": _(label)}
            if name != "keep":
                self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    @property
    def shown_day(self) -> date | None:
        """The day as it stands in the field, if it is one."""
        try:
            return read_day(str(self["day"].value() or ""))
        except forms.ValidationError:
            return None

    @property
    def weekday(self) -> str:
        """水・祝 勤労感謝の日."""
        day = self.shown_day
        return "" if day is None else "月火水木金土日"[day.weekday()]

    @property
    def holiday(self) -> str:
        """The holiday on which it falls."""
        day = self.shown_day
        return holiday_name(day) if day is not None else ""

    @property
    def is_kept(self) -> bool:
        return bool(self["keep"].value())

    @property
    def was_said(self) -> str:
        """令和8年6月10日(水), of last year's."""
        try:
            return date_ja(date.fromisoformat(str(self["was"].value() or "")))
        except ValueError:
            return ""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("keep"):
            self._errors = forms.utils.ErrorDict()  # a line that is dropped may hold anything
            return found
        try:
            found["day"] = read_day(found.get("day", ""))
        except forms.ValidationError as error:
            self.add_error("day", error)
        for name in ("begins", "ends"):
            if found.get(name) is None and name not in self.errors:
                self.add_error(name, _("時刻を入れてください。"))
        if found.get("begins") and found.get("ends") and found["ends"] <= found["begins"]:
            self.add_error("ends", _("終わりは、始まりより後にしてください。"))
        return found


class Lines:
    """The whole table, from lines or from what was sent."""

    def __init__(
        self,
        lines: Iterable[Line] = (),
        data: Any = None,
        *,
        districts: Iterable[District],
        groups: Sequence[tuple[str, Any]],
    ) -> None:
        self._districts = {str(each.pk): each for each in districts}
        choices = [("", _("選ばない")), *((key, each.name) for key, each in self._districts.items())]
        words: dict[str, Any] = {"districts": choices, "groups": groups}
        self.has_groups = len(groups) > 1
        if data is not None:
            sent = data.get("lines", "")
            count = min(int(sent), MOST_LINES) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 0
            self.rows = [LineForm(data, place=place, **words) for place in range(count)]
        else:
            self.rows = [
                LineForm(place=place, initial=_initial(line), **words)
                for place, line in enumerate(list(lines)[:MOST_LINES])
            ]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def at_places(self) -> list[tuple[str, int]]:
        """Each place with how many sessions it has as the table stands."""
        return list(Counter(str(row["place"].value() or "") for row in self.rows if row.is_kept).items())

    @property
    def has_parts(self) -> bool:
        return any(row["part"].value() for row in self.rows)

    @property
    def asks_for_two_places(self) -> bool:
        """Whether one application would be for two groups or rooms that meet at the same time."""
        spans: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
        for row in self.rows:
            if row.is_kept and row["group"].value():
                begins, ends = (str(row[each].value() or "")[:5].zfill(5) for each in ("begins", "ends"))
                group = str(row["group"].value())
                where = str(row["place"].value()) if group.startswith(AT_EACH_PLACE) else ""  # one each there
                spans.setdefault((group, where, str(row.shown_day)), []).append((begins, ends))
        return any(
            later[0] < earlier[1] for each in spans.values() for earlier, later in pairwise(sorted(each))
        )

    @property
    def is_from_last_year(self) -> bool:
        return any(row["was"].value() for row in self.rows)

    def is_valid(self) -> bool:
        wrong = [
            row for row in self.rows if not row.is_valid()
        ]  # every row is asked, so that all errors show
        return not wrong

    def whens(self) -> Mapping[str, list[When]]:
        """The sessions that are kept, by what people apply by."""
        found: dict[str, list[When]] = {}
        for row in self.rows:
            said = row.cleaned_data
            if said.get("keep"):
                found.setdefault(said["group"], []).append(
                    When(
                        at_time(said["day"], said["begins"]),
                        at_time(said["day"], said["ends"]),
                        said["place"],
                        self._districts.get(said["district"]),
                        said["online_url"],
                        said["part"],
                    )
                )
        return found


_LABELS = {
    "keep": "行う", "day": "日", "begins": "始まり", "ends": "終わり", "part": "組・部屋", "place": "場所", "district": "地区", "group": "申込み",
}  # fmt: skip


def _initial(line: Line) -> dict[str, Any]:
    return {
        "keep": line.keep,
        "day": line.day.isoformat(),
        "begins": line.begins.strftime("%H:%M"),
        "ends": line.ends.strftime("%H:%M"),
        "part": line.part,
        "place": line.place,
        "district": str(line.district or ""),
        "online_url": line.online_url,
        "group": line.group,
        "was": line.was.isoformat() if line.was else "",
    }

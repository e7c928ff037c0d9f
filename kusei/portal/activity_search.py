"""What a resident looks for among activities, as it stands in the address: read, changed by one tap, written again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kusei.portal.situations import situation_of
from kusei.press.formats import date_ja, month_and_year
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.language_enums import SpokenLanguage
from kusei.services.activities.queries import Asked

FLAGS: dict[str, Promise | str] = {
    "is_open": _("空きがある・申込み不要"),
    "is_free": _("無料"),
    "is_on_site": _("会場で参加"),
    "is_online": _("オンライン"),
    "has_childcare": _("保育あり"),
    "has_sign_language": _("手話通訳あり"),
    "is_step_free": _("段差なし"),
}
WEEK, WEEKEND = "week", "weekend"
_SHORT_CUTS = ("is_open", "is_free", "is_online")
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.A)
_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.A)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Chip:
    """A short cut: choosing what is chosen already takes it away."""

    label: str | Promise
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Search:
    """`values` are the address's, without nonsense; `asked` is what they mean today. `month` is the one that a calendar shows."""

    asked: Asked
    values: Mapping[str, str] = field(default_factory=dict)
    month: str = ""

    @property
    def when(self) -> str:
        return self.values.get("when", "")

    @property
    def theme(self) -> str:
        return self.values.get("theme", "")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.values)

    def query(self, **changed: str) -> str:
        """?kind=walk&is_free=1, with some values changed; "" takes one away."""
        said = {
            name: value for name, value in ({"month": self.month, **self.values} | changed).items() if value
        }
        return f"?{urlencode(said)}" if said else ""

    def chips(self, path: str) -> list[Chip]:
        """What most people look for, one tap each. A calendar has its days already."""
        days = () if self.month else ((WEEK, _("今週")), (WEEKEND, _("今週末")))
        found = [
            Chip(label, path + self.query(when="" if self.when == key else key), self.when == key)
            for key, label in days
        ]
        for name in _SHORT_CUTS:
            is_chosen = name in self.values
            found.append(Chip(FLAGS[name], path + self.query(**{name: "" if is_chosen else "1"}), is_chosen))
        return found

    def chosen(self, path: str, districts: Sequence[tuple[int, str]]) -> list[Chip]:
        """What is asked for beyond that, each with the address without it."""
        names = {str(pk): name for pk, name in districts}
        situation = situation_of(self.theme)
        begin = self.asked.begin
        said: dict[str, str | Promise] = {
            "q": self.asked.words,
            "theme": situation.label if situation else "",
            "when": "" if begin is None or self.when in (WEEK, WEEKEND)
            else date_ja(begin) if self.asked.is_one_day else month_and_year(begin),
            "kind": ActivityKind(self.asked.kind).label if self.asked.kind else "",
            "district": names.get(self.values.get("district", ""), ""),
            "language": SpokenLanguage(self.asked.language).label if self.asked.language else "",
            "place": self.asked.place,
            "age": gettext("%(age)s歳") % {"age": self.values.get("age", "")} if "age" in self.values else "",
        } | {name: label for name, label in FLAGS.items() if name in self.values and name not in _SHORT_CUTS}  # fmt: skip
        return [Chip(label, path + self.query(**{name: ""}), True) for name, label in said.items() if label]

    def flags(self) -> list[tuple[str, str | Promise, bool]]:
        """(name, label, whether it is chosen) of what can be ticked."""
        return [(name, label, name in self.values) for name, label in FLAGS.items()]


def search_in(values: Any, *, today: date) -> Search:
    """What the address asks for; nonsense asks for nothing."""
    kept: dict[str, str] = {}
    for name, most in (("q", 60), ("place", 60)):
        kept[name] = values.get(name, "").replace("\x00", "").strip()[:most]
    kept["kind"] = values.get("kind", "") if values.get("kind") in ActivityKind.values else ""
    district, age = _number(values.get("district", ""), 9_999_999), _number(values.get("age", ""), 120)
    kept["district"] = "" if district is None else str(district)
    kept["age"] = "" if age is None else str(age)
    situation = situation_of(values.get("theme", ""))
    language = values.get("language", "")
    kept["language"] = language if language in SpokenLanguage.values else ""
    kept["theme"] = situation.key if situation else ""
    days = days_of(values.get("when", ""), today=today)
    kept["when"] = values.get("when", "") if days else ""
    kept |= {name: "1" if values.get(name) == "1" else "" for name in FLAGS}
    begin, end = days or (None, None)
    asked = Asked(
        words=kept["q"],
        kind=kept["kind"],
        district=district,
        place=kept["place"],
        age=age,
        language=kept["language"],
        theme_words=situation.words if situation else (),
        begin=begin,
        end=end,
        **{name: bool(kept[name]) for name in FLAGS},
    )
    return Search(asked, {name: value for name, value in kept.items() if value})


def days_of(when: str, *, today: date) -> tuple[date, date] | None:
    """[begin, end) of week (from today until Sunday), weekend (the next Saturday and Sunday, or what is left of them), 2026-12 or
    2026-12-05; None for anything else."""
    monday = today - timedelta(days=today.weekday())
    if when == WEEK:
        return today, monday + timedelta(days=7)
    if when == WEEKEND:
        return max(today, monday + timedelta(days=_SATURDAY)), monday + timedelta(days=7)
    if _MONTH.fullmatch(when):
        return month_of(when)
    if _DAY.fullmatch(when):
        try:
            day = date.fromisoformat(when)
        except ValueError:
            return None
        return day, day + timedelta(days=1)
    return None


def month_of(text: str) -> tuple[date, date] | None:
    """[begin, end) of 2026-12; None for what is no month."""
    found = _MONTH.fullmatch(text)
    if found is None:
        return None
    begin = date(int(found[1]), int(found[2]), 1)
    return begin, next_month(begin)


def next_month(day: date) -> date:
    """The first of the month after a day's."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_from(today: date, count: int) -> list[date]:
    """The first days of so many months, this one first."""
    found = [today.replace(day=1)]
    while len(found) < count:
        found.append(next_month(found[-1]))
    return found


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= most else None

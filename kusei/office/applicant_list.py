"""The list of who applied, narrowed: by state and kind of place without opening names, by name, reading or number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from kusei.japanese.folding import fold
from kusei.services.activities.enums import SeatState
from kusei.services.activities.models import Application, Quota
from kusei.services.activities.operations import Applicant
from kusei.services.activities.queries.door import is_called


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the address of the list asks for; empty: everybody. `quota` is an id, 0 for all. `is_whole`: on one page, to print."""

    state: str = ""
    quota: int = 0
    words: str = ""
    is_whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.state or self.quota or self.words)

    @property
    def number(self) -> int | None:
        """The number of an application, where digits alone were typed."""
        plain = fold(self.words).strip()
        return int(plain) if plain.isascii() and plain.isdecimal() else None

    @property
    def needs_names(self) -> bool:
        """Whether names have to be opened to know who is meant."""
        return bool(self.words) and self.number is None

    def of_columns(self, applications: Iterable[Application]) -> list[Application]:
        """Those of whom somebody stands in this state, on such a place, under this number."""
        return [
            each
            for each in applications
            if (self.number is None or each.number == self.number)
            and any(
                (not self.state or seat.state == self.state)
                and (not self.quota or seat.quota_id == self.quota)
                for seat in each.seats.all()
            )
        ]

    def of_names(
        self, applications: Iterable[Application], people: Mapping[int, Applicant]
    ) -> list[Application]:
        """Those of whom somebody is called so."""
        if not self.needs_names:
            return list(applications)
        return [
            each
            for each in applications
            if each.pk in people
            and any(is_called(self.words, one.name, one.kana) for one in people[each.pk].people)
        ]


def narrowing_of(asked: QueryDict, quotas: Sequence[Quota]) -> Narrowing:
    """What an address asks for; what is none narrows nothing."""
    state, quota = asked.get("state", ""), asked.get("quota", "")
    return Narrowing(
        state if state in SeatState.values else "",
        next((each.pk for each in quotas if str(each.pk) == quota), 0),
        asked.get("q", "").replace("\x00", "").strip()[:40],
        asked.get("whole") == "1",
    )

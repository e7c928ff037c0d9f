"""Which body acts for which: the rule for bodies that ended or were registered twice. Plain values only.

Entries name the body that did a thing, and never change. Everything that adds up by body, and everything that asks who may act
for a body, asks here: so a body registered twice counts as one, and one that ended keeps its years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heirs:
    """By body: its successor and the last year in which it acted itself (None: it never was another body)."""

    successions: Mapping[int, tuple[int, int | None]] = field(default_factory=dict)

    def of(self, body: int | None, fiscal_year: int) -> int | None:
        """The body that acts in a body's place in a year: itself, unless it was joined to another or had ended by then."""
        seen = set()
        while body is not None and body in self.successions and body not in seen:
            seen.add(body)
            successor, last_year = self.successions[body]
            if last_year is not None and fiscal_year <= last_year:
                break
            body = successor
        return body

    def in_year(self, fiscal_year: int) -> dict[int, int]:
        """By body that another one acts for in a year, that one."""
        found = {body: self.of(body, fiscal_year) for body in self.successions}
        return {body: heir for body, heir in found.items() if heir is not None and heir != body}

    def line_of(self, body: int) -> tuple[int, ...]:
        """A body with all that come after it, in whatever year: who acts for one of them may act for it."""
        found = [body]
        while found[-1] in self.successions and self.successions[found[-1]][0] not in found:
            found.append(self.successions[found[-1]][0])
        return tuple(found)

    def lines_of(self, bodies: Iterable[int]) -> set[int]:
        """Some bodies with all that come before them, or before or after those that come after them."""
        wanted = set(bodies)
        last = {self.line_of(body)[-1] for body in wanted}
        return wanted | last | self.before(last)

    def before(self, bodies: Iterable[int]) -> set[int]:
        """The bodies whose line leads to one of these, these left out."""
        wanted = set(bodies)
        return {each for each in self.successions if each not in wanted and wanted & set(self.line_of(each))}

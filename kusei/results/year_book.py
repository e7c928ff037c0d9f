"""A year's results as a workbook says them: plain values, no database, no clock.

A published year is made of its version and of `Facts`, which were kept with it on the day of publishing; one that is still
collected is made of the answers as they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Counting:
    """A metric as it was: what is counted, and how entries become a figure."""

    name: str
    unit: str
    how: str
    definition: str


@dataclass(frozen=True, slots=True)
class Indicated:
    """An indicator in one year, in printed numbers; `word` and `reason` are its judgement."""

    item: str
    name: str
    metric: str
    unit: str
    baseline: str
    baseline_year: int | None
    target: str
    actual: str
    last_year: str
    word: str
    reason: str
    body: str


@dataclass(frozen=True, slots=True)
class Total:
    """What the ledger says of all actions together, in a printed number; each entry counts once, whoever sees it."""

    name: str
    unit: str
    quantity: str
    actions: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a year was worked out from beside its version: `bodies` and `metrics` by their ids, as they were called then."""

    ward: str
    plan: str
    bodies: Mapping[int, str]
    metrics: Mapping[int, Counting]
    indicators: tuple[Indicated, ...]
    totals: tuple[Total, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> Facts:
        """The reverse of `plain`: JSON made texts of the ids."""
        return cls(
            ward=data["ward"],
            plan=data["plan"],
            bodies={int(pk): name for pk, name in data["bodies"].items()},
            metrics={int(pk): Counting(**metric) for pk, metric in data["metrics"].items()},
            indicators=tuple(Indicated(**each) for each in data["indicators"]),
            totals=tuple(Total(**each) for each in data["totals"]),
        )


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with its recipe. One that a document printed has no metric, no entries and no moment."""

    name: str
    value: Decimal
    unit: str
    metric_id: int | None = None
    entries: int | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One action with what was done. `state` and `remark` only where the year is not published yet."""

    focus: str
    measure: str
    number: str
    title: str
    planned: tuple[str, ...]
    outcome: str
    outcome_label: str
    reason: str
    text: str
    bodies: tuple[str, ...]
    figures: tuple[Number, ...]
    page: int | None = None
    state: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class YearBook:
    """`version` is the number of the published version; None for a year that is still collected. `moment` is when it was
    published, or read."""

    fiscal_year: int
    facts: Facts
    version: int | None
    moment: datetime
    note: str
    lines: tuple[Line, ...]

    @property
    def is_published(self) -> bool:
        return self.version is not None

    def used_metrics(self) -> list[Counting]:
        """The metrics behind the figures, those with most figures first."""
        uses = Counter(each.metric_id for line in self.lines for each in line.figures if each.metric_id)
        known = [(pk, number) for pk, number in uses.items() if pk in self.facts.metrics]
        ordered = sorted(known, key=lambda pair: (-pair[1], self.facts.metrics[pair[0]].name, pair[0]))
        return [self.facts.metrics[pk] for pk, _number in ordered]


def outcomes_of(lines: Sequence[Line], order: Sequence[str]) -> list[tuple[str, str, int]]:
    """(outcome, its label, how many) of those that occur, in `order`."""
    labels = {line.outcome: line.outcome_label for line in lines}
    counts = Counter(line.outcome for line in lines)
    return [(value, labels[value], counts[value]) for value in order if value in labels]


def by_focus(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under their headings, in the order of the plan."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.focus, []).append(line)
    return list(found.items())

"""Which metric a printed figure belongs to, and which equal figures of several actions may be one thing: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kusei.japanese.folding import fold_name
from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric
from kusei.ledger.rules import to_smallest
from kusei.results.claims import MONEY, plain_unit

LARGE = 50
"""Equal small counts (24回 four times) say nothing; from here on, equal figures of several actions are asked about."""


SPENDING = "執行額"
"""What the ledger calls money spent (the declared metric `spending`)."""

_SPENT = ("執行額", "執行済額", "決算額", "決算", "支出額", "支出済額", "支出済み額")
"""How documents call it."""


@dataclass(frozen=True, slots=True)
class Countable:
    """A metric as far as a choice needs it."""

    id: int
    name: str
    unit: str
    decimals: int
    is_posted: bool = True

    @classmethod
    def of(cls, metric: Metric) -> Countable:
        return cls(
            metric.pk, metric.name, metric.unit, metric.decimals, is_posted=metric.adding != Adding.RATE
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of an action's printed result: its place in the text, value and unit as printed."""

    item: int
    position: int
    value: Decimal
    unit: str
    label: str

    @property
    def words(self) -> str:
        """As the document prints it: 参加348延べ人."""
        return f"{self.label}{self.value.normalize():f}{self.unit}"[:80]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be taken into the ledger. `metric` None: no metric has this unit, a person defines one first.

    `quantity` is in the metric's smallest unit, None where the printed value does not fit it. `same_as` are other
    actions that print the same figure: perhaps one thing told by several bodies, which only a person knows.
    """

    printed: Printed
    metric: Countable | None
    quantity: int | None
    same_as: tuple[int, ...] = ()


def propose(figures: Sequence[Printed], metrics: Sequence[Countable]) -> list[Proposal]:
    """A proposal for each printed figure, in their order."""
    by_unit: dict[str, list[Countable]] = defaultdict(list)
    for metric in metrics:
        if metric.is_posted:
            by_unit[plain_unit(metric.unit)].append(metric)
    alike = _alike(figures)
    return [_proposal(figure, by_unit, alike) for figure in figures]


def _proposal(
    figure: Printed,
    by_unit: Mapping[str, Sequence[Countable]],
    alike: Mapping[tuple[Decimal, str], Sequence[int]],
) -> Proposal:
    value, unit = in_plain_unit(figure.value, figure.unit)
    metric = chosen(by_unit.get(unit, ()), figure.label)
    quantity = None
    if metric is not None:
        try:
            quantity = to_smallest(value, metric.decimals)
        except ValueError:
            quantity = None
    others = tuple(item for item in alike.get((value, unit), ()) if item != figure.item)
    return Proposal(figure, metric, quantity if quantity is None or quantity >= 0 else None, others)


def same_figures(
    taken: Mapping[int, tuple[int, str]], printed: Mapping[int, tuple[int | None, str]]
) -> dict[int, int]:
    """Which figure of a text is which of those that were taken from it before it was corrected: place now → place then.

    Both have (metric, words) by their place in the text. First what is printed as it was, where it stood or, in order,
    elsewhere; then, in order, what is counted alike: a number that was corrected; then what stands in the same place.
    """
    found: dict[int, int] = {}
    left = dict(sorted(taken.items()))
    for is_same in (
        lambda now, then: now == then and printed[now][1] == taken[then][1],
        lambda now, then: printed[now][1] == taken[then][1],
        lambda now, then: printed[now][0] == taken[then][0],
        lambda now, then: now == then,
    ):
        for now in sorted(printed.keys() - found.keys()):
            then = next((place for place in left if is_same(now, place)), None)
            if then is not None:
                found[now] = then
                del left[then]
    return found


def in_plain_unit(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """44万円 → 440,000円, 3箇所 → 3か所."""
    factor = MONEY.get(unit)
    return (value * factor, "円") if factor else (value, plain_unit(unit))


def chosen(metrics: Sequence[Countable], label: str) -> Countable | None:
    """The metric that the words before the number name, else the first that has the unit."""
    folded = fold_name(label)
    if folded.endswith(_SPENT):
        folded = fold_name(SPENDING)
    named = [each for each in metrics if folded and folded == fold_name(each.name)]
    return next(iter(named or metrics), None)


def _alike(figures: Iterable[Printed]) -> dict[tuple[Decimal, str], list[int]]:
    found: dict[tuple[Decimal, str], list[int]] = defaultdict(list)
    for figure in figures:
        key = in_plain_unit(figure.value, figure.unit)
        if key[0] >= LARGE and figure.item not in found[key]:
            found[key].append(figure.item)
    return {key: items for key, items in found.items() if len(items) > 1}

"""The same figure year after year: what was published of an action, beside what was published of those that it continues.

Only what is printed in versions in force is looked at, and only where one action continues one other: after a split or a
merger the numbers count different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kusei.japanese.folding import fold_name
from kusei.ledger.rules import from_smallest
from kusei.plans.queries import PublishedVersion, one_by_one_back
from kusei.results.models import TakenFigure
from kusei.results.queries.printed import Figure, Result, results_by_version
from kusei.wards.models import Ward

MOST_YEARS = 5
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A year's figure, and the item whose result prints it."""

    fiscal_year: int
    item_id: int
    figure: Figure

    @property
    def value(self) -> Decimal:
        return self.figure.value


@dataclass(frozen=True, slots=True)
class Trend:
    """At least two years, oldest first; the last point is the figure itself."""

    points: tuple[Point, ...]

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def before(self) -> Point:
        return self.points[-2]

    @property
    def difference(self) -> Decimal:
        return self.last.value - self.before.value


def trends_of(
    ward: Ward, versions: Iterable[PublishedVersion], results: Mapping[int, Result]
) -> dict[tuple[int, int], Trend]:
    """By item and position of a figure, its course; figures without an earlier year are left out. `versions` are all
    published ones of the ward, `results` by item what is shown. Four queries; one where nothing continues anything.
    """
    by_id = {version.version_id: version for version in versions}
    counted = {item_id: result for item_id, result in results.items() if result.figures}
    lines = one_by_one_back(ward, counted)
    lines = {item_id: line[: MOST_YEARS - 1] for item_id, line in lines.items() if line}
    if not lines:
        return {}
    earlier = {item_id for line in lines.values() for item_id in line}
    in_force = [version.version_id for version in by_id.values() if version.is_in_force]
    printed: dict[int, Result] = {}
    for told in results_by_version(in_force, item_ids=earlier).values():
        printed |= told
    taken = _metrics_taken(ward, {*lines, *earlier})
    found: dict[tuple[int, int], Trend] = {}
    for item_id, line in lines.items():
        result = counted[item_id]
        years = [printed[each] for each in reversed(line) if each in printed] + [result]
        keyed = [(each, _by_key(each, taken)) for each in years]
        for key, figure in keyed[-1][1].items():
            points = tuple(
                Point(by_id[each.version_id].fiscal_year, each.item_id, figures[key])
                for each, figures in keyed
                if key in figures
            )
            if len(points) > 1 and len({point.fiscal_year for point in points}) == len(points):
                found[item_id, figure.position] = Trend(points)
    return found


def _metrics_taken(ward: Ward, items: Iterable[int]) -> dict[tuple[int, int], tuple[int, Decimal]]:
    """By item and position, the metric as which a printed figure was confirmed, and its value then."""
    rows = TakenFigure.objects.filter(ward=ward, item__in=list(items)).values_list(
        "item_id", "position", "metric_id", "quantity", "metric__decimals"
    )
    return {
        (item, position): (metric, from_smallest(quantity, decimals))
        for item, position, metric, quantity, decimals in rows
    }


def _by_key(result: Result, taken: Mapping[tuple[int, int], tuple[int, Decimal]]) -> dict[_Key, Figure]:
    """The figures of a result by what they count. What stands there twice with different numbers is two things: left out."""
    found: dict[_Key, Figure] = {}
    doubtful: set[_Key] = set()
    for figure in result.figures:
        for key in _keys(result.item_id, figure, taken):
            if key in found and found[key].value != figure.value:
                doubtful.add(key)
            found.setdefault(key, figure)
    return {key: figure for key, figure in found.items() if key not in doubtful}


def _keys(
    item_id: int, figure: Figure, taken: Mapping[tuple[int, int], tuple[int, Decimal]]
) -> Iterable[_Key]:
    """A metric, else the name that stands beside the number with its unit; a number without a name is like no other."""
    if figure.metric_id is not None:
        yield ("metric", str(figure.metric_id))
        return
    metric, value = taken.get((item_id, figure.position), (None, None))
    if metric is not None and value == figure.value:
        yield ("metric", str(metric))
    if figure.label:
        yield ("name", fold_name(figure.label), fold_name(figure.unit))

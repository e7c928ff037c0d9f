"""The genealogy of a project: the same thing year by year, with what it was called, where it stood and what it cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from kusei.japanese.folding import fold_name
from kusei.plans.enums import ItemKind, LinkKind, PlanKind
from kusei.plans.queries import (
    ItemSpot,
    Lifeline,
    LinkedItem,
    Node,
    latest_nodes,
    lifelines_of,
    links_of,
    spot_of_item,
    trees_of,
)
from kusei.portal.queries.frame import Frame
from kusei.portal.queries.measures import names_of
from kusei.wards.models import Ward

RENAMED, MERGED, SPLIT, MOVED, ENDED = "renamed", "merged", "split", "moved", "ended"


@dataclass(frozen=True, slots=True)
class Station:
    """One thing in one year, over all plans that speak of it. `nodes` begins with the one that has the money.

    A station without nodes is a year of which only the next year's budget tells (`is_inferred`).
    """

    number: int
    fiscal_year: int
    nodes: tuple[Node, ...]
    yen: int | None
    measures: tuple[Node, ...] = ()
    is_here: bool = False
    is_inferred: bool = False
    inferred_name: str = ""

    @property
    def name(self) -> str:
        """What it is called: all its names where one plan splits what another keeps together."""
        if not self.nodes:
            return self.inferred_name
        first = self.nodes[0]
        same_plan = [node.name for node in self.nodes if node.version_id == first.version_id]
        return "・".join(dict.fromkeys(same_plan))

    @property
    def names(self) -> set[str]:
        return {name for node in self.nodes for name in names_of(node)}

    @property
    def others(self) -> tuple[Node, ...]:
        """The same thing in the year's other plans."""
        return tuple(node for node in self.nodes if node.version_id != self.nodes[0].version_id)


@dataclass(frozen=True, slots=True)
class Flow:
    """A station goes on in a later one (both by number). `is_automatic`: joined by name alone, nobody looked."""

    older: int
    newer: int
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """What happened in a year: names of what was before and of what came of it (measures for `moved`)."""

    kind: str
    fiscal_year: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    station: int


@dataclass(frozen=True, slots=True)
class Life:
    """All of it, oldest year first."""

    spot: ItemSpot
    stations: tuple[Station, ...]
    flows: tuple[Flow, ...]
    events: tuple[LifeEvent, ...]

    @property
    def node(self) -> Node:
        return self.spot.node

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({station.fiscal_year for station in self.stations}))

    def yen_of_year(self, fiscal_year: int) -> int | None:
        """All money of the year; None where none is known."""
        known = [
            station.yen
            for station in self.stations
            if station.fiscal_year == fiscal_year and station.yen is not None
        ]
        return sum(known) if known else None


def life_of(frame: Frame, public_id: UUID) -> Life | None:
    """None if the ward has published no such item. A constant number of queries."""
    ward = frame.ward
    spot = spot_of_item(ward, public_id)
    if spot is None:
        return None
    lifelines = lifelines_of(ward)
    line = lifelines.get(spot.node.item_id)
    members = line.item_ids if line else frozenset({spot.node.item_id})
    links = {
        kind: [each for each in links_of(ward, members, kind=kind) if each.is_outgoing]
        for kind in (LinkKind.CONTINUES, LinkKind.FUNDS)
    }
    nodes, above = _with_ancestors(ward, members)
    stations = _stations(nodes, above, links[LinkKind.FUNDS], spot.node.item_id)
    of_item = {node.item_id: station.number for station in stations for node in station.nodes}
    for item_id in nodes:  # a part of what stands in a station belongs to that station
        if item_id not in of_item:
            of_item[item_id] = next(
                of_item[each.item_id] for each in reversed(above[item_id]) if each.item_id in of_item
            )
    flows = _flows(links[LinkKind.CONTINUES], of_item, stations)
    stations, flows = _with_years_before(stations, flows)
    return Life(spot, stations, flows, _events(stations, flows, lifelines, _last_years(frame)))


def _with_ancestors(
    ward: Ward, members: Iterable[int]
) -> tuple[dict[int, Node], dict[int, tuple[Node, ...]]]:
    """Each member as its newest version says it, with everything under it, and what stands above it."""
    newest = latest_nodes(ward, members)
    trees = trees_of({node.version_id for node in newest.values()})
    nodes: dict[int, Node] = {}
    above: dict[int, tuple[Node, ...]] = {}
    wanted = {(node.version_id, item_id) for item_id, node in newest.items()}

    def visit(found: Iterable[Node], path: tuple[Node, ...]) -> None:
        for node in found:
            if (node.version_id, node.item_id) in wanted:
                nodes[node.item_id], above[node.item_id] = node, path
            visit(node.children, (*path, node))

    for tree in trees.values():
        visit(tree, ())
    return nodes, above


def _stations(
    nodes: dict[int, Node], above: dict[int, tuple[Node, ...]], funds: list[LinkedItem], here: int
) -> tuple[Station, ...]:
    """One for each thing and year: items of one year that a budget link joins stand together, parts within their whole."""
    group_of = {item_id: {item_id} for item_id in nodes}

    def join(one: int, other: int) -> None:
        if group_of[one] is not group_of[other]:
            merged = group_of[one] | group_of[other]
            for member in merged:
                group_of[member] = merged

    for link in funds:
        one, other = nodes.get(link.item_id), nodes.get(link.other_id)
        if one and other and one.fiscal_year == other.fiscal_year:
            join(one.item_id, other.item_id)
    for item_id in nodes:
        for ancestor in above[item_id]:
            if ancestor.item_id in nodes:
                join(item_id, ancestor.item_id)
    groups = list({id(group): group for group in group_of.values()}.values())
    made = []
    for group in groups:
        outermost = [
            nodes[item_id]
            for item_id in group
            if not any(ancestor.item_id in group for ancestor in above[item_id])
        ]
        outermost.sort(
            key=lambda node: (node.plan_kind != PlanKind.BUDGET, node.own_yen is None, node.item_id)
        )
        made.append(
            Station(
                number=0,
                fiscal_year=outermost[0].fiscal_year,
                nodes=tuple(outermost),
                yen=_yen(outermost),
                measures=_measures(outermost, above),
                is_here=here in group,
            )
        )
    made.sort(key=lambda station: (station.fiscal_year, -(station.yen or 0), station.nodes[0].item_id))
    return tuple(replace(station, number=at) for at, station in enumerate(made, start=1))


def _yen(nodes: list[Node]) -> int | None:
    """The money of the plan that leads: what another plan of the year prints is the same money again."""
    leading = [node.own_yen for node in nodes if node.version_id == nodes[0].version_id]
    known = [amount for amount in leading if amount is not None]
    if known:
        return sum(known)
    return next((node.own_yen for node in nodes if node.own_yen is not None), None)


def _measures(nodes: list[Node], above: dict[int, tuple[Node, ...]]) -> tuple[Node, ...]:
    found = [
        next((each for each in reversed(above[node.item_id]) if each.kind == ItemKind.MEASURE), None)
        for node in nodes
    ]
    named: dict[str, Node] = {}
    for each in found:
        if each is not None:
            named.setdefault(fold_name(each.title), each)  # policy and budget print the same measure
    return tuple(named.values())


def _flows(
    links: list[LinkedItem], of_item: dict[int, int], stations: tuple[Station, ...]
) -> tuple[Flow, ...]:
    year = {station.number: station.fiscal_year for station in stations}
    sure: dict[tuple[int, int], bool] = {}
    for link in links:
        newer, older = of_item.get(link.item_id), of_item.get(link.other_id)
        if newer is None or older is None or year[newer] <= year[older]:
            continue
        sure[older, newer] = sure.get((older, newer), False) or not link.is_automatic
    return tuple(Flow(older, newer, not is_sure) for (older, newer), is_sure in sorted(sure.items()))


def _with_years_before(
    stations: tuple[Station, ...], flows: tuple[Flow, ...]
) -> tuple[tuple[Station, ...], tuple[Flow, ...]]:
    """Years without a document of their own whose money the next year's budget prints get a station for it."""
    known = {station.fiscal_year for station in stations}
    found, routed = list(stations), list(flows)
    for station in stations:
        year = station.fiscal_year - 1
        previous = [node.previous_yen for node in station.nodes if node.previous_yen is not None]
        if year in known or not previous:
            continue
        number = len(found) + 1
        found.append(Station(number, year, (), previous[0], is_inferred=True, inferred_name=station.name))
        routed = [replace(flow, newer=number) if flow.newer == station.number else flow for flow in routed]
        routed.append(Flow(number, station.number, False))
    found.sort(key=lambda station: (station.fiscal_year, station.number))
    renumbered = {station.number: at for at, station in enumerate(found, start=1)}
    return (
        tuple(replace(station, number=renumbered[station.number]) for station in found),
        tuple(Flow(renumbered[flow.older], renumbered[flow.newer], flow.is_automatic) for flow in routed),
    )


def _last_years(frame: Frame) -> dict[str, int]:
    """By kind of plan, the newest year that the ward has published."""
    last: dict[str, int] = {}
    for version in frame.versions:
        last[version.kind] = max(last.get(version.kind, 0), version.fiscal_year)
    return last


def _events(
    stations: tuple[Station, ...],
    flows: tuple[Flow, ...],
    lifelines: dict[int, Lifeline],
    last_years: dict[str, int],
) -> tuple[LifeEvent, ...]:
    by_number = {station.number: station for station in stations}
    told: list[LifeEvent] = []
    for station in stations:
        if station.is_inferred:
            continue
        before = _before(station, flows, by_number)
        after = [by_number[flow.newer] for flow in flows if flow.older == station.number]
        if len(before) > 1:
            told.append(_event(MERGED, station.fiscal_year, before, [station], station))
        for old in before:
            split = [each for each in stations if old in _before(each, flows, by_number)]
            same_year = [each for each in split if each.fiscal_year == station.fiscal_year]
            if len(same_year) > 1:
                if station is same_year[0]:
                    told.append(_event(SPLIT, station.fiscal_year, [old], same_year, station))
            elif len(before) == 1 and not old.names & station.names:
                told.append(_event(RENAMED, station.fiscal_year, [old], [station], station))
        moved = _moved(before, station, lifelines)
        if moved:
            told.append(moved)
        kinds = {node.plan_kind for node in station.nodes}
        later = max((last_years.get(kind, 0) for kind in kinds), default=0)
        if not after and later > station.fiscal_year:
            told.append(_event(ENDED, later, [station], [], station))
    return tuple(sorted(told, key=lambda each: (each.fiscal_year, each.station)))


def _before(station: Station, flows: tuple[Flow, ...], by_number: dict[int, Station]) -> list[Station]:
    """The stations that this one goes back to, over years that only the next budget tells of."""
    found: list[Station] = []
    for flow in flows:
        if flow.newer == station.number:
            old = by_number[flow.older]
            found.extend(_before(old, flows, by_number) if old.is_inferred else [old])
    return found


def _moved(before: list[Station], station: Station, lifelines: dict[int, Lifeline]) -> LifeEvent | None:
    old = [measure for each in before for measure in each.measures]
    if (
        not old
        or not station.measures
        or any(_same_measure(one, other, lifelines) for one in old for other in station.measures)
    ):
        return None
    names = tuple(dict.fromkeys(measure.title for measure in old))
    return LifeEvent(MOVED, station.fiscal_year, names, (station.measures[0].title,), station.number)


def _same_measure(one: Node, other: Node, lifelines: dict[int, Lifeline]) -> bool:
    line = lifelines.get(one.item_id)
    return fold_name(one.title) == fold_name(other.title) or bool(line and other.item_id in line.item_ids)


def _event(kind: str, year: int, before: list[Station], after: list[Station], station: Station) -> LifeEvent:
    return LifeEvent(
        kind, year, tuple(each.name for each in before), tuple(each.name for each in after), station.number
    )

"""Two years of a ward, or two wards, side by side: measures and projects in pairs, money, and what only one has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kusei.plans.queries import Lifeline, Node, all_versions_in_force, lifelines_of, trees_of
from kusei.portal.alikeness import alike_pairs
from kusei.portal.queries.frame import Frame, frame_of, goals_of
from kusei.portal.queries.measures import (
    MeasureRow,
    ProjectRow,
    measures_of_year,
    names_of,
    projects_outside_measures,
)
from kusei.wards.models import Ward
from kusei.wards.queries import all_wards

LINKED, SAME_NAME, ALIKE = "linked", "same_name", "alike"
_LEAST_ALIKE_PROJECTS = 40
_LEAST_ALIKE_MEASURES = 18


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a ward in a year. `total_yen` is None where its documents print no money."""

    frame: Frame
    goals: tuple[Node, ...]
    measures: tuple[MeasureRow, ...]
    outside: tuple[ProjectRow, ...]

    @property
    def ward(self) -> Ward:
        return self.frame.ward

    @property
    def fiscal_year(self) -> int:
        assert self.frame.fiscal_year is not None  # sides are made of years with something published
        return self.frame.fiscal_year

    @property
    def projects(self) -> tuple[ProjectRow, ...]:
        return (*(project for row in self.measures for project in row.projects), *self.outside)

    @property
    def total_yen(self) -> int | None:
        return _sum(amount for amount in (*(m.yen for m in self.measures), *(p.yen for p in self.outside)))


@dataclass(frozen=True, slots=True)
class Pairing:
    """Why two things stand in one row. `shared` only where nothing but words speaks for it."""

    basis: str = ""
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedProject:
    """One row: a project of each side, several where one became two, none where the other side has no such thing."""

    lefts: tuple[ProjectRow, ...]
    rights: tuple[ProjectRow, ...]
    pairing: Pairing = Pairing()
    right_measure: str = ""

    @property
    def left_yen(self) -> int | None:
        return _sum(each.yen for each in self.lefts)

    @property
    def right_yen(self) -> int | None:
        return _sum(each.yen for each in self.rights)

    @property
    def difference_yen(self) -> int | None:
        """Right less left, where both sides print money."""
        return _difference(self.left_yen, self.right_yen)

    @property
    def is_pair(self) -> bool:
        return bool(self.lefts and self.rights)


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """A measure of each side (one may be missing; both are for projects under no measure) with its rows."""

    left: MeasureRow | None
    right: MeasureRow | None
    pairing: Pairing = Pairing()
    rows: tuple[ComparedProject, ...] = ()

    @property
    def difference_yen(self) -> int | None:
        return _difference(self.left.yen if self.left else None, self.right.yen if self.right else None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table. For two years of one ward the older is on the left."""

    left: Side
    right: Side
    groups: tuple[ComparedMeasure, ...]

    @property
    def is_one_ward(self) -> bool:
        return self.left.ward.pk == self.right.ward.pk

    @property
    def rows(self) -> tuple[ComparedProject, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def pairs(self) -> int:
        return sum(1 for row in self.rows if row.is_pair)

    @property
    def only_left(self) -> tuple[ProjectRow, ...]:
        return tuple(each for row in self.rows if not row.rights for each in row.lefts)

    @property
    def only_right(self) -> tuple[ProjectRow, ...]:
        return tuple(each for row in self.rows if not row.lefts for each in row.rights)

    @property
    def difference_yen(self) -> int | None:
        return _difference(self.left.total_yen, self.right.total_yen)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to compare with: a ward in a year, written key:year in the address."""

    ward: Ward
    fiscal_year: int

    @property
    def value(self) -> str:
        return f"{self.ward.key}:{self.fiscal_year}"


def choices(frame: Frame) -> list[tuple[Ward, list[Choice]]]:
    """By ward, the years that can stand on the other side: this ward's first, then those of the others, by code."""
    published = all_versions_in_force()
    found = []
    for ward in sorted(all_wards(), key=lambda each: each.pk != frame.ward.pk):
        years = sorted({version.fiscal_year for version in published.get(ward.pk, ())}, reverse=True)
        if years:
            found.append((ward, [Choice(ward, year) for year in years]))
    return found


def comparison(frame: Frame, key: str, fiscal_year: int) -> Comparison | None:
    """The frame's year beside that of `key`; None for a ward or year with nothing published. Constantly many queries."""
    other = frame_of(key, fiscal_year)
    if other is None or (other.ward.pk == frame.ward.pk and fiscal_year == frame.fiscal_year):
        return None
    lifelines = lifelines_of(frame.ward)
    one_ward = other.ward.pk == frame.ward.pk
    sides = [_side(frame, lifelines), _side(other, lifelines if one_ward else lifelines_of(other.ward))]
    if one_ward:
        sides.sort(key=lambda side: side.fiscal_year)
    left, right = sides
    return Comparison(left, right, _groups(left, right, lifelines if one_ward else {}))


def _side(frame: Frame, lifelines: dict[int, Lifeline]) -> Side:
    versions = frame.plans
    trees = trees_of(version.version_id for version in versions)
    return Side(
        frame=frame,
        goals=next((goals for version in versions if (goals := goals_of(trees[version.version_id]))), ()),
        measures=tuple(measures_of_year(versions, trees, lifelines)),
        outside=tuple(projects_outside_measures(versions, trees)),
    )


def _groups(left: Side, right: Side, lifelines: dict[int, Lifeline]) -> tuple[ComparedMeasure, ...]:
    rows = _project_rows(left.projects, right.projects, lifelines, is_one_ward=left.ward.pk == right.ward.pk)
    home = {id(project): measure for measure in right.measures for project in measure.projects}
    used: set[int] = set()

    def take(projects: Iterable[ProjectRow], side: str) -> list[ComparedProject]:
        taken = []
        for project in projects:
            for row in rows:
                members = row.lefts if side == "left" else row.rights
                if id(row) not in used and any(each is project for each in members):
                    used.add(id(row))
                    taken.append(row)
        return taken

    pairs = _measure_pairs(left, right, lifelines)
    made: list[tuple[MeasureRow | None, MeasureRow | None, Pairing, list[ComparedProject]]] = []
    for place, measure in enumerate(left.measures):
        at, pairing = pairs.get(place, (None, Pairing()))
        made.append(
            (measure, right.measures[at] if at is not None else None, pairing, take(measure.projects, "left"))
        )
    outside = take(left.outside, "left")
    for _measure, twin, _pairing, taken in made:  # only now: all that the left side claims is claimed
        if twin is not None:
            taken += take(twin.projects, "right")
    with_twin = {at for at, _pairing in pairs.values()}
    for at, measure in enumerate(right.measures):
        if at not in with_twin:
            made.append((None, measure, Pairing(), take(measure.projects, "right")))
    outside += take(right.outside, "right")
    groups = [
        ComparedMeasure(one, twin, pairing, tuple(_with_measure(row, twin, home) for row in taken))
        for one, twin, pairing, taken in made
    ]
    if outside:
        groups.append(
            ComparedMeasure(None, None, Pairing(), tuple(_with_measure(row, None, home) for row in outside))
        )
    return tuple(groups)


def _with_measure(
    row: ComparedProject, twin: MeasureRow | None, home: dict[int, MeasureRow]
) -> ComparedProject:
    """Names the right side's measure where it is not the one that the group's heading names."""
    if not row.is_pair:
        return row
    elsewhere = [
        measure.node.title
        for each in row.rights
        if (measure := home.get(id(each))) is not None and measure is not twin
    ]
    return replace(row, right_measure=elsewhere[0]) if elsewhere else row


def _project_rows(
    lefts: tuple[ProjectRow, ...],
    rights: tuple[ProjectRow, ...],
    lifelines: dict[int, Lifeline],
    *,
    is_one_ward: bool,
) -> list[ComparedProject]:
    rows: list[ComparedProject] = []
    free_left, free_right = list(lefts), list(rights)
    for project in lefts:
        line = _members(project, lifelines)
        if not line or not any(each is project for each in free_left):
            continue
        ones = [each for each in free_left if each is project or line & _items(each)]
        others = [each for each in free_right if line & _items(each)]
        if others:
            rows.append(ComparedProject(tuple(ones), tuple(others), Pairing(LINKED)))
            free_left = [each for each in free_left if not any(each is one for one in ones)]
            free_right = [each for each in free_right if not any(each is one for one in others)]
    for project in list(free_left):
        twin = next((each for each in free_right if _names(project) & _names(each)), None)
        if twin is not None:
            rows.append(ComparedProject((project,), (twin,), Pairing(SAME_NAME)))
            free_left = [each for each in free_left if each is not project]
            free_right = [each for each in free_right if each is not twin]
    if not is_one_ward:  # years of one ward are joined by people's links and names, never by likeness
        alike = alike_pairs(
            [each.name for each in free_left],
            [each.name for each in free_right],
            least_percent=_LEAST_ALIKE_PROJECTS,
        )
        paired_left = {each.first for each in alike}
        paired_right = {each.other for each in alike}
        rows += [
            ComparedProject(
                (free_left[each.first],),
                (free_right[each.other],),
                Pairing(ALIKE, each.shared),
            )
            for each in alike
        ]
        free_left = [each for at, each in enumerate(free_left) if at not in paired_left]
        free_right = [each for at, each in enumerate(free_right) if at not in paired_right]
    rows += [ComparedProject((each,), ()) for each in free_left]
    rows += [ComparedProject((), (each,)) for each in free_right]
    return rows


def _measure_pairs(left: Side, right: Side, lifelines: dict[int, Lifeline]) -> dict[int, tuple[int, Pairing]]:
    """By place on the left, the place on the right and why."""
    found: dict[int, tuple[int, Pairing]] = {}
    taken: set[int] = set()
    for basis in (LINKED, SAME_NAME):
        for place, measure in enumerate(left.measures):
            for at, other in enumerate(right.measures):
                if place in found or at in taken:
                    continue
                line = {item for each in _nodes(measure) for item in _line(each, lifelines)}
                is_twin = (
                    bool(line & {each.item_id for each in _nodes(other)})
                    if basis == LINKED
                    else bool(
                        {name for each in _nodes(measure) for name in names_of(each)}
                        & {name for each in _nodes(other) for name in names_of(each)}
                    )
                )
                if is_twin:
                    found[place] = (at, Pairing(basis))
                    taken.add(at)
    # Between years of one ward a project may move; it must not pull its former measure along.
    theme = _title if left.ward.pk == right.ward.pk else _theme
    rest = [place for place in range(len(left.measures)) if place not in found]
    free = [at for at in range(len(right.measures)) if at not in taken]
    for each in alike_pairs(
        [theme(left.measures[place]) for place in rest],
        [theme(right.measures[at]) for at in free],
        least_percent=_LEAST_ALIKE_MEASURES,
    ):
        found[rest[each.first]] = (
            free[each.other],
            Pairing(ALIKE, each.shared[:5]),
        )
    return found


def _title(measure: MeasureRow) -> str:
    return measure.node.title


def _theme(measure: MeasureRow) -> str:
    """The words by which the theme of a measure is known: its title and the names of its projects."""
    return "。".join([measure.node.title, *(project.name for project in measure.projects)])


def _nodes(row: MeasureRow | ProjectRow) -> tuple[Node, ...]:
    return (row.node, *row.others)


def _items(project: ProjectRow) -> set[int]:
    return {node.item_id for node in _nodes(project)}


def _names(project: ProjectRow) -> set[str]:
    return {name for node in _nodes(project) for name in names_of(node)}


def _members(project: ProjectRow, lifelines: dict[int, Lifeline]) -> set[int]:
    return {item for node in _nodes(project) for item in _line(node, lifelines)}


def _line(node: Node, lifelines: dict[int, Lifeline]) -> frozenset[int]:
    line = lifelines.get(node.item_id)
    return line.item_ids if line else frozenset()


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _difference(left: int | None, right: int | None) -> int | None:
    return right - left if left is not None and right is not None else None

"""A draft beside what last year's plan said: which words changed, what is new, what is gone and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from kusei.office.queries.review import FieldChange, row_changes
from kusei.office.queries.rolling import reasons_of
from kusei.plans.drafting import EDITABLE_FIELDS, Row, Tree
from kusei.plans.enums import ItemKind, LinkKind, LinkStatus
from kusei.plans.models import Link, Plan, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import tree_of
from kusei.results.enums import Course
from kusei.results.operations import courses_of
from kusei.results.queries.answers import remarks_of

CHANGED, NEW, SAME, GONE = "changed", "new", "same", "gone"
WORDS = tuple(field for field in EDITABLE_FIELDS if field != "money")
"""What is compared word by word. Money stands beside it: last year's amount and this year's request."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One item of the draft beside the one that it continues (`older` None: it is new). `course` and `why` are what the review
    of last year's said of it, `remark` what its answer left for this year."""

    row: Row
    older: Row | None
    path: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    course: str = ""
    why: str = ""
    remark: str = ""

    @property
    def what(self) -> str:
        if self.older is None:
            return NEW
        return CHANGED if self.fields else SAME

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.row.kind).label)

    @property
    def course_label(self) -> str:
        return str(Course(self.course).label) if self.course else ""

    @property
    def last_yen(self) -> int | None:
        return self.older.current_yen if self.older else None


@dataclass(frozen=True, slots=True)
class Gone:
    """An item of last year that the draft does not continue. `is_ended`: its review says so, with `why`; else it was taken out
    of the draft (`was_taken`) or never came into it. `remark`: what its answer left for this year."""

    row: Row
    is_ended: bool
    was_taken: bool
    why: str
    remark: str


@dataclass(frozen=True, slots=True)
class LastYear:
    """A draft beside last year's plan (`plan`, what it is called); `items` in the draft's order."""

    plan: str
    fiscal_year: int
    items: tuple[Beside, ...]
    gone: tuple[Gone, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {**Counter(each.what for each in self.items), GONE: len(self.gone)}


def continues_any(version: PlanVersion) -> bool:
    """Whether anything of a draft continues an earlier plan."""
    return _links(version).exists()


def _links(version: PlanVersion) -> QuerySet[Link]:
    return Link.objects.filter(
        from_item__texts__version=version, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED,
        to_item__plan__fiscal_year__lt=version.plan.fiscal_year,
    )  # fmt: skip


def continued_by(version: PlanVersion) -> dict[int, tuple[int, int]]:
    """By item of a draft, the item of an earlier plan that it continues and that plan: one query."""
    rows = (
        _links(version)
        .order_by("to_item__plan__fiscal_year", "pk")
        .values_list("from_item", "to_item", "to_item__plan")
    )
    return {new: (older, plan) for new, older, plan in rows}  # the nearest year comes last and wins


def last_year_of(version: PlanVersion, *, for_office: bool) -> LastYear | None:
    """The whole draft beside the plan that most of it continues; None where it continues none. The queries do not grow with it.
    `for_office`: with what last year's answers left for this year, and with what was judged."""
    older = continued_by(version)
    if not older:
        return None
    [(plan_id, _count)] = Counter(plan for _item, plan in older.values()).most_common(1)
    plan = Plan.objects.get(pk=plan_id)
    force = version_in_force(plan)
    if force is None:
        return None
    before, tree = tree_of(force), tree_of(version)
    known = {new: item for new, (item, of) in older.items() if of == plan_id and item in before}
    said = _said_of(plan, [row.item for row in before.rows]) if for_office else _Said()
    items = tuple(
        _beside(tree, row, before.row(known[row.item]) if row.item in known else None, said)
        for row in tree.rows
    )
    taken = set(
        Link.objects.filter(
            from_item__plan=version.plan_id, to_item__plan=plan, kind=LinkKind.CONTINUES
        ).values_list("to_item", flat=True)
    )
    continued = set(known.values())
    gone = tuple(
        Gone(
            row,
            _is_ended(before, row, said.courses),
            row.item in taken,
            next(
                (
                    said.reasons[each.item]
                    for each in (row, *before.above(row.item))
                    if each.item in said.reasons
                ),
                "",
            ),
            said.remarks.get(row.item, ""),
        )
        for row in before.rows
        if row.item not in continued
    )
    return LastYear(plan_label(plan), plan.fiscal_year, items, gone)


def item_beside(version: PlanVersion, tree: Tree, row: Row, *, for_office: bool) -> tuple[Beside, int] | None:
    """One item of the draft beside the one that it continues, and that one's year; None for what is new."""
    found = continued_by(version).get(row.item)
    if found is None:
        return None
    plan = Plan.objects.get(pk=found[1])
    force = version_in_force(plan)
    before = tree_of(force) if force else None
    if before is None or found[0] not in before:
        return None
    said = _said_of(plan, [found[0]]) if for_office else _Said()
    return _beside(tree, row, before.row(found[0]), said), plan.fiscal_year


@dataclass(frozen=True, slots=True)
class _Said:
    """By item of last year's plan: its course, the reason of its review, the remark of its answer. Nothing for who is not of
    the office."""

    courses: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    remarks: Mapping[int, str] = field(default_factory=dict)


def _said_of(plan: Plan, items: list[int]) -> _Said:
    return _Said(courses_of(plan), reasons_of(plan), remarks_of(items))


def _beside(tree: Tree, row: Row, older: Row | None, said: _Said) -> Beside:
    return Beside(
        row=row,
        older=older,
        path=tuple(each.title for each in reversed(tree.above(row.item))),
        fields=row_changes(older, row, only=WORDS) if older else (),
        course=said.courses.get(older.item, "") if older else "",
        why=said.reasons.get(older.item, "") if older else "",
        remark=said.remarks.get(older.item, "") if older else "",
    )


def _is_ended(before: Tree, row: Row, courses: Mapping[int, str]) -> bool:
    return any(courses.get(each.item) == Course.ENDED for each in (row, *before.above(row.item)))

"""次の年度へ: what carrying a plan on would take, mark and leave out, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from kusei.plans.drafting import Row
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import Link, Plan, PlanVersion
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import open_draft_of, tree_of
from kusei.results import operations as results
from kusei.results.enums import Course
from kusei.results.models import Review
from kusei.results.rolling import TAGS, roll_over


@dataclass(frozen=True, slots=True)
class Going:
    """One item: this year's row, how deep it stands, what becomes of it, and the reason that was written."""

    row: Row
    depth: int
    course: str
    why: str

    @property
    def course_label(self) -> str:
        return str(Course(self.course).label)


@dataclass(frozen=True, slots=True)
class NextYear:
    """What would be carried on. `marked` are those of `going` that get a mark; `there` is what next year's plan has already."""

    going: tuple[Going, ...]
    marked: tuple[Going, ...]
    ended: tuple[Going, ...]
    there: int
    unjudged: int
    newer: Plan | None
    draft: PlanVersion | None


def next_year_of(plan: Plan) -> NextYear | None:
    """What carrying a plan on would do now; None where nothing is published. Nothing is written."""
    version = version_in_force(plan)
    if version is None:
        return None
    tree = tree_of(version)
    newer = Plan.objects.filter(
        ward_id=plan.ward_id, fiscal_year=plan.fiscal_year + 1, kind=plan.kind, part=plan.part
    ).first()
    known: set[int] = set()
    if newer is not None:
        known = set(
            Link.objects.filter(from_item__plan=newer, to_item__plan=plan, kind=LinkKind.CONTINUES)
            .exclude(status=LinkStatus.REFUSED)
            .values_list("to_item", flat=True)
        )
    courses = results.courses_of(plan)
    came = roll_over(tree, courses, fiscal_year=plan.fiscal_year + 1, known=known)
    why = _reasons(plan)

    def told(item: int, course: str) -> Going:
        return Going(tree.row(item), tree.depth(item), course, why.get(item, ""))

    going = tuple(told(each.older, each.course) for each in came.carried)
    return NextYear(
        going=going,
        marked=tuple(each for each in going if each.course in TAGS),
        ended=tuple(told(item, Course.ENDED.value) for item in came.ended),
        there=len({row.item for row in tree.rows} & known),
        unjudged=sum(1 for each in came.carried if each.older not in courses),
        newer=newer,
        draft=open_draft_of(newer) if newer else None,
    )


def _reasons(plan: Plan) -> dict[int, str]:
    """By item, why its course was chosen: the planner's words, else the division's."""
    found: dict[int, str] = {}
    rows = (
        Review.objects.filter(item__plan=plan)
        .exclude(course="")
        .order_by("stage")  # division before planner: the planner's word wins
        .values_list("item", "comment")
    )
    found.update(rows)
    return found

"""次の年度へ: what carrying a plan on would take, mark and leave out, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from kusei.plans.drafting import Row
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import open_draft_of, tree_of
from kusei.results import operations as results
from kusei.results.enums import Course
from kusei.results.models import Indicator, Review
from kusei.results.queries.carrying import indicators_to_carry, standing_among, taken_items
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
    """What would be carried on. `marked` are those of `going` that get a mark; `there` is what next year's plan has already,
    `late` those of them that were judged as ended since: nobody takes them out but a person. `indicators` go on with their
    targets."""

    going: tuple[Going, ...]
    marked: tuple[Going, ...]
    ended: tuple[Going, ...]
    late: tuple[tuple[Going, int], ...]
    indicators: tuple[tuple[Indicator, Row], ...]
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
    known = taken_items(plan, newer) if newer is not None else {}
    courses = results.courses_of(plan)
    came = roll_over(tree, courses, fiscal_year=plan.fiscal_year + 1, known=known)
    why = reasons_of(plan)

    def told(item: int, course: str) -> Going:
        return Going(tree.row(item), tree.depth(item), course, why.get(item, ""))

    going = tuple(told(each.older, each.course) for each in came.carried)
    standing = standing_among(known.values())
    home = {older for older, new in known.items() if new in standing}
    stays = {*home, *(each.older for each in came.carried)} - set(came.ended)
    return NextYear(
        going=going,
        marked=tuple(each for each in going if each.course in TAGS),
        ended=tuple(told(item, Course.ENDED.value) for item in came.ended if item not in home),
        late=tuple((told(item, Course.ENDED.value), known[item]) for item in came.ended if item in home),
        indicators=tuple((each, tree.row(each.item_id)) for each in indicators_to_carry(plan, stays)),
        there=len({row.item for row in tree.rows} & known.keys()),
        unjudged=sum(1 for each in came.carried if each.older not in courses),
        newer=newer,
        draft=open_draft_of(newer) if newer else None,
    )


def reasons_of(plan: Plan) -> dict[int, str]:
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

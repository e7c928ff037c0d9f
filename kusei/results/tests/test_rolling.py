"""Next year's draft from this year's plan and reviews."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kusei.plans import operations as plans
from kusei.plans.drafting import Row, Tree, money_of_yen
from kusei.plans.enums import LinkKind, PlanStatus
from kusei.plans.models import Item, Link, Plan, PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry, Money
from kusei.results import operations as results
from kusei.results.errors import NothingToRollOver, ReviewChanged, ReviewRefused
from kusei.results.models import Review
from kusei.results.rolling import roll_over
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast


def row(item: int, parent: int | None = None, **other) -> Row:
    return Row(item=item, parent=parent, kind="project", title=f"事業{item}", **other)


def test_ended_items_drop_out_with_all_below_them() -> None:
    tree = Tree((row(1), row(2, 1), row(3, 2), row(4, 1), row(5)))
    came = roll_over(tree, {2: "ended", 3: "continued", 4: "expanded"}, fiscal_year=2027)
    assert [(each.older, each.course) for each in came.carried] == [(1, "continued"), (4, "expanded"), (5, "continued")]  # fmt: skip
    assert came.ended == (2, 3)


def test_money_comes_as_last_years_and_marks_of_a_year_do_not_go_on() -> None:
    now = money_of_yen(5_000_000, 2026, "current", "区")
    before = Money(2025, "previous", "区", 4_000_000, "4000", "千円")
    tree = Tree((row(1, money=(now, before), tags=("新規", "重点"), places=({"page": 1},), page=1),))
    [carried] = roll_over(tree, {1: "expanded"}, fiscal_year=2027).carried
    assert carried.row.money == (Money(2026, "previous", "区", 5_000_000, "5000", "千円"),)
    assert carried.row.tags == ("拡充", "重点")
    assert (carried.row.page, carried.row.places, carried.row.title) == (None, (), "事業1")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    entries = [
        Entry(0, None, 0, "measure", "1", "健康"),
        Entry(1, 0, 1, "project", "1", "健康教室", text="月に1回開く。", owners=("地域振興課",),
              money=(Money(2026, "current", "", 5_000_000, "5000", "千円"),)),
        Entry(2, 0, 1, "project", "2", "展示会", owners=("福祉保健課",)),
    ]  # fmt: skip
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, entries=entries, title="予算"
    )  # fmt: skip
    return Plan.objects.get()


def item(title: str) -> Item:
    return Item.objects.get(
        plan__fiscal_year=2026, texts__title=title, texts__version__status=PlanStatus.PUBLISHED
    )


def titles(version: PlanVersion) -> list[str]:
    return [each.title for each in tree_of(version).rows]


def judge(
    cast: Cast, title: str, course: str, stage: str = "planner", revision: int = 0, actor=None
) -> Review:
    return results.write_review(
        item=item(title), stage=stage, said={"course": course, "comment": "理由", "grade": "B"}, revision=revision,
        actor=actor or cast.planner,
    )  # fmt: skip


def test_next_years_draft_in_one_step_and_again_takes_only_what_is_new(cast: Cast, plan: Plan) -> None:
    judge(cast, "展示会", "ended")
    came = results.roll_plan_over(plan=plan, actor=cast.planner)
    draft = came.version
    assert (draft.plan.fiscal_year, draft.status, came.taken) == (2027, "draft", 2)
    assert titles(draft) == ["健康", "健康教室"]
    course = tree_of(draft).rows[1]
    assert [(money.fiscal_year, money.basis, money.yen) for money in course.money] == [
        (2026, "previous", 5_000_000)
    ]
    assert list(Link.objects.filter(kind=LinkKind.CONTINUES).values_list("from_item", "to_item", "draft")) == [
        (tree_of(draft).rows[0].item, item("健康").pk, draft.pk), (course.item, item("健康教室").pk, draft.pk),
    ]  # fmt: skip

    with pytest.raises(NothingToRollOver):
        results.roll_plan_over(plan=plan, actor=cast.planner)
    plans.edit_item(version=draft, item=course.item, revision=course.revision, changes={"title": "健康講座"}, actor=cast.planner)  # fmt: skip
    judge(cast, "展示会", "continued", revision=1)
    again = results.roll_plan_over(plan=plan, actor=cast.planner)
    assert (again.version.pk, again.taken) == (draft.pk, 1)
    assert titles(draft) == ["健康", "健康講座", "展示会"]
    assert tree_of(draft).rows[2].parent == tree_of(draft).rows[0].item


def test_what_was_taken_out_of_next_years_draft_stays_out(cast: Cast, plan: Plan) -> None:
    draft = results.roll_plan_over(plan=plan, actor=cast.planner).version
    gone = tree_of(draft).rows[2]
    plans.remove_item(version=draft, item=gone.item, with_children=True, actor=cast.planner)
    with pytest.raises(NothingToRollOver):
        results.roll_plan_over(plan=plan, actor=cast.planner)
    assert titles(draft) == ["健康", "健康教室"]


def test_next_years_plan_that_is_published_gets_a_new_draft(cast: Cast, plan: Plan) -> None:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2027, kind="budget", actor=cast.planner, title="予算",
        entries=[Entry(0, None, 0, "project", "1", "まったく別の事業")],
    )  # fmt: skip
    came = results.roll_plan_over(plan=plan, actor=cast.planner)
    assert titles(came.version) == ["まったく別の事業", "健康", "健康教室", "展示会"]


def test_the_divisions_course_counts_until_the_planner_says_another(cast: Cast, plan: Plan) -> None:
    judge(cast, "健康教室", "reduced", stage="division", actor=cast.clerk)
    assert results.courses_of(plan) == {item("健康教室").pk: "reduced"}
    judge(cast, "健康教室", "expanded")
    assert results.courses_of(plan) == {item("健康教室").pk: "expanded"}


def test_who_judges_and_what_is_refused(cast: Cast, plan: Plan) -> None:
    for name in ("other_clerk", "partner", "stranger", "former", "administrator"):
        with pytest.raises(NotAllowed):
            judge(cast, "健康教室", "continued", stage="division", actor=getattr(cast, name))
    with pytest.raises(NotAllowed):
        judge(cast, "健康教室", "continued", actor=cast.clerk)
    with pytest.raises(NotAllowed):
        results.roll_plan_over(plan=plan, actor=cast.clerk)
    for said in ({"course": "ended"}, {"course": "doubled"}, {"grade": "S"}):
        with pytest.raises(ReviewRefused):
            results.write_review(
                item=item("展示会"), stage="planner", said=said, revision=0, actor=cast.planner
            )
    judge(cast, "展示会", "continued")
    with pytest.raises(ReviewChanged):
        judge(cast, "展示会", "rethought")
    assert AuditEntry.objects.filter(verb="results.review").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(course="ended", comment="")

"""Carrying a plan on: its indicators with their targets, and whatever was written meanwhile stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.plans import operations as plans
from kusei.plans.drafting import Row
from kusei.plans.enums import LinkKind
from kusei.plans.models import Item, Link, Plan, PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry
from kusei.results import operations as results
from kusei.results.errors import NothingToRollOver
from kusei.results.models import Indicator
from kusei.results.queries.indicators import chain_of, indicators_of
from tests.cast import Cast


@pytest.fixture
def plan(cast: Cast) -> Plan:
    entries = [
        Entry(0, None, 0, "measure", "1", "健康", owners=("地域振興課",)),
        Entry(1, 0, 1, "project", "1", "健康教室", text="月に1回開く。"),
        Entry(2, 0, 1, "project", "2", "展示会"),
        Entry(3, None, 0, "project", "3", "相談"),
    ]
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, entries=entries, title="予算"
    )
    return Plan.objects.get()


def item(plan: Plan, title: str) -> Item:
    return Item.objects.get(plan=plan, texts__title=title, texts__version__status="published")


@pytest.fixture
def people(cast: Cast) -> Metric:
    return ledger.add_metric(ward=cast.ward, name="来た人", unit="人", actor=cast.planner)


def indicator(
    cast: Cast, plan: Plan, metric: Metric, title: str, *, items: tuple[str, ...] = ()
) -> Indicator:
    made = results.add_indicator(
        item=item(plan, title), name=f"{title}に来る人", metric=metric, actor=cast.planner, direction="less",
        baseline=90, baseline_year=2024, body=cast.promotion, items=[item(plan, each) for each in items],
    )  # fmt: skip
    for year, target in ((2026, 100), (2027, 120), (2028, 140)):
        results.set_target(indicator=made, fiscal_year=year, quantity=target, actor=cast.planner)
    return made


def draft_of(came: results.RolledOver) -> PlanVersion:
    assert came.version is not None
    return came.version


def targets(one: Indicator) -> dict[int, int]:
    return dict(one.targets.values_list("fiscal_year", "quantity"))


def judge(cast: Cast, plan: Plan, title: str, course: str) -> None:
    of = item(plan, title)
    before = of.reviews.filter(stage="planner").first()
    results.write_review(
        item=of, stage="planner", said={"course": course, "comment": "理由"}, revision=before.revision if before else 0,
        actor=cast.planner,
    )  # fmt: skip


def test_an_indicator_goes_on_with_the_targets_of_the_years_to_come(
    cast: Cast, plan: Plan, people: Metric
) -> None:
    older = indicator(cast, plan, people, "健康", items=("健康教室", "展示会"))
    gone = indicator(cast, plan, people, "展示会")
    judge(cast, plan, "展示会", "ended")
    came = results.roll_plan_over(plan=plan, actor=cast.planner)
    newer = Indicator.objects.get(continues=older)
    titles = {row.item: row.title for row in tree_of(draft_of(came)).rows}
    assert (came.indicators, titles[newer.item_id], newer.name) == (1, "健康", older.name)
    assert (newer.metric, newer.direction, newer.baseline, newer.baseline_year, newer.body) == (people, "less", 90, 2024, cast.promotion)  # fmt: skip
    assert [titles[each.pk] for each in newer.items.all()] == ["健康教室"]
    assert targets(newer) == {2027: 120, 2028: 140}
    assert not Indicator.objects.filter(continues=gone).exists()
    assert [each.pk for each in chain_of(newer)] == [older.pk, newer.pk]
    assert [each.pk for each in chain_of(older)] == [older.pk, newer.pk]


def test_run_again_it_takes_new_indicators_and_leaves_the_others_alone(
    cast: Cast, plan: Plan, people: Metric
) -> None:
    older = indicator(cast, plan, people, "健康教室")
    results.roll_plan_over(plan=plan, actor=cast.planner)
    newer = Indicator.objects.get(continues=older)
    results.set_target(indicator=newer, fiscal_year=2027, quantity=999, actor=cast.planner)
    with pytest.raises(NothingToRollOver):
        results.roll_plan_over(plan=plan, actor=cast.planner)
    late = indicator(cast, plan, people, "相談")
    came = results.roll_plan_over(plan=plan, actor=cast.planner)
    assert (came.taken, came.indicators) == (0, 1)
    assert targets(newer) == {2027: 999, 2028: 140}
    results.end_indicator(indicator=Indicator.objects.get(continues=late), actor=cast.planner)
    with pytest.raises(NothingToRollOver):
        results.roll_plan_over(plan=plan, actor=cast.planner)


def test_a_draft_thrown_away_takes_its_indicators_along_and_can_be_made_again(
    cast: Cast, plan: Plan, people: Metric
) -> None:
    older = indicator(cast, plan, people, "健康教室")
    said = indicator(cast, plan, people, "相談")
    draft = draft_of(results.roll_plan_over(plan=plan, actor=cast.planner))
    remarked = Indicator.objects.get(continues=said).item
    plans.write_comment(ward=cast.ward, item=remarked, text="これでよいか", actor=cast.planner)
    plans.discard_draft(version=draft, actor=cast.planner)
    assert not Indicator.objects.filter(continues=older).exists()
    assert [each.pk for each in indicators_of(cast.ward)] == [older.pk, said.pk]
    came = results.roll_plan_over(plan=plan, actor=cast.planner)
    assert (came.taken, came.indicators) == (4, 2)


def test_indicators_of_what_was_taken_out_of_the_draft_are_not_shown(
    cast: Cast, plan: Plan, people: Metric
) -> None:
    older = indicator(cast, plan, people, "健康教室")
    draft = draft_of(results.roll_plan_over(plan=plan, actor=cast.planner))
    plans.remove_item(
        version=draft, item=Indicator.objects.get(continues=older).item_id, with_children=True, actor=cast.planner
    )  # fmt: skip
    assert [each.pk for each in indicators_of(cast.ward)] == [older.pk]
    with pytest.raises(NothingToRollOver):
        results.roll_plan_over(plan=plan, actor=cast.planner)


_steps = st.lists(
    st.tuples(st.sampled_from(["edit", "remove", "add", "move", "judge", "roll"]), st.integers(0, 5), st.sampled_from(["ended", "continued", "expanded"])),
    max_size=8,
)  # fmt: skip


@pytest.mark.slow
@given(steps=_steps)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_was_done_meanwhile_running_it_again_overwrites_nothing(
    cast: Cast, plan: Plan, people: Metric, steps
) -> None:
    before = transaction.savepoint()
    try:
        if not Indicator.objects.exists():
            indicator(cast, plan, people, "健康教室")
        for what, place, course in [*steps, ("roll", 0, ""), ("roll", 0, "")]:
            _do(cast, plan, what, place, course)
    finally:
        transaction.savepoint_rollback(before)


def _do(cast: Cast, plan: Plan, what: str, place: int, course: str) -> None:
    draft = PlanVersion.objects.filter(plan__fiscal_year=2027).first()
    rows = tree_of(draft).rows if draft else ()
    if what == "judge":
        judge(cast, plan, ["健康", "健康教室", "展示会", "相談"][place % 4], course)
    elif what == "roll":
        _roll_and_look(cast, plan, draft, rows)
    elif draft is None or not rows:
        return
    elif what == "edit":
        row = rows[place % len(rows)]
        plans.edit_item(version=draft, item=row.item, revision=row.revision, changes={"title": f"{row.title}改"}, actor=cast.planner)  # fmt: skip
    elif what == "remove":
        plans.remove_item(version=draft, item=rows[place % len(rows)].item, with_children=True, actor=cast.planner)  # fmt: skip
    elif what == "add":
        plans.add_item(version=draft, row=Row(-1, None, "project", "新しい"), under=None, actor=cast.planner)
    elif what == "move":
        plans.move_item(
            version=draft, item=rows[place % len(rows)].item, under=None, after=None, actor=cast.planner
        )


def _roll_and_look(cast: Cast, plan: Plan, draft: PlanVersion | None, rows: tuple[Row, ...]) -> None:
    said = {one.pk: targets(one) for one in Indicator.objects.all()}
    linked = set(Link.objects.filter(kind=LinkKind.CONTINUES).values_list("to_item", flat=True))
    ended = {each for each, course in results.courses_of(plan).items() if course == "ended"}
    try:
        with transaction.atomic():
            came = results.roll_plan_over(plan=plan, actor=cast.planner)
    except NothingToRollOver:
        came = None
    draft = draft or (came.version if came else None)
    now = tree_of(draft).rows if draft else ()
    known = {row.item: row for row in now}
    for row in rows:  # every row says what it said, where it stood
        assert replace(known[row.item], page=None) == replace(row, page=None)
    assert [row.item for row in now if row.item in {each.item for each in rows}] == [
        each.item for each in rows
    ]
    fresh = [row.item for row in now if row.item not in {each.item for each in rows}]
    older = set(Link.objects.filter(from_item__in=fresh).values_list("to_item", flat=True))
    assert len(fresh) == len(older) == (came.taken if came else 0)
    assert not older & (linked | ended)
    assert {one.pk: targets(one) for one in Indicator.objects.filter(pk__in=said)} == said
    assert Indicator.objects.filter(continues__isnull=False).count() <= 1

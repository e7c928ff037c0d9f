"""Indicators over items, judged against targets and last year's course."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground
from kusei.plans import operations as plans
from kusei.plans.enums import LinkKind, LinkStatus
from kusei.plans.models import Item, Link
from kusei.plans.rules import Entry as PlanEntry
from kusei.results import operations as results
from kusei.results.errors import IndicatorRefused
from kusei.results.judging import State, Why
from kusei.results.queries.indicators import indicator_years, indicators_of, months_over
from kusei.wards.permissions import NotAllowed

OCTOBER = date(2026, 10, 3)


@pytest.fixture
def continued(ground: Ground) -> Item:
    """The first action of 2026 continues this one of 2025."""
    cast = ground.cast
    plans.publish_version(
        ward=cast.ward, fiscal_year=2025, kind="action_plan", actor=cast.planner, title="前の年",
        entries=[PlanEntry(0, None, 0, "action", "1", "健康教室", owners=("地域振興課",))],
    )  # fmt: skip
    older = Item.objects.get(plan__fiscal_year=2025)
    Link.objects.create(
        ward=cast.ward, from_item=ground.items[0], to_item=older, kind=LinkKind.CONTINUES,
        status=LinkStatus.CONFIRMED, confidence_percent=99, reason="同じ題名",
    )  # fmt: skip
    return older


def test_a_target_is_judged_against_last_years_course(ground: Ground, continued: Item) -> None:
    cast = ground.cast
    indicator = results.add_indicator(
        item=ground.items[0], name="開催回数", metric=ground.times, actor=cast.clerk
    )
    results.set_target(indicator=indicator, fiscal_year=2026, quantity=50, actor=cast.clerk)
    ledger.post(ward=cast.ward, source=Source("test.now", 1), lines=[ground.line("a", 31)], actor=None)
    ledger.post(
        ward=cast.ward, source=Source("test.then", 1), actor=None,
        lines=[
            ground.line("a", 22, item_id=continued.pk, on=date(2025, 9, 30)),
            ground.line("b", 18, item_id=continued.pk, on=date(2025, 10, 1)),
        ],
    )  # fmt: skip
    [year] = indicator_years(cast.ward, 2026, indicators_of(cast.ward), today=OCTOBER)
    assert (year.judgement.state, year.judgement.why) == (State.ON_COURSE, Why.AGAINST_LAST_YEAR)
    assert (year.judgement.share, year.judgement.expected) == (Fraction(31, 50), Fraction(22, 40))


def test_an_indicator_sees_its_own_branch_or_the_items_it_names(ground: Ground) -> None:
    cast = ground.cast
    lines = [ground.line(str(place), 10, item_id=item.pk) for place, item in enumerate(ground.items)]
    ledger.post(ward=cast.ward, source=Source("test.now", 1), lines=lines, actor=None)
    own = results.add_indicator(item=ground.items[0], name="自分の", metric=ground.times, actor=cast.planner)
    named = results.add_indicator(
        item=ground.items[0], name="二つの", metric=ground.times, items=ground.items[1:], actor=cast.planner
    )
    said = {
        year.indicator.pk: year.figure.quantity if year.figure else None
        for year in indicator_years(cast.ward, 2026, indicators_of(cast.ward), today=OCTOBER)
    }
    assert said == {own.pk: 10, named.pk: 20}


def test_the_queries_do_not_grow_with_the_indicators(ground: Ground, django_assert_max_num_queries) -> None:
    for place in range(12):
        results.add_indicator(
            item=ground.items[place % 3], name=f"指標{place}", metric=ground.times, actor=ground.cast.planner,
            items=ground.items[: place // 3],
        )  # fmt: skip
    with django_assert_max_num_queries(24):
        indicator_years(ground.cast.ward, 2026, indicators_of(ground.cast.ward), today=OCTOBER)


def test_a_level_that_is_only_published_is_a_last_value(ground: Ground) -> None:
    rate = Metric.objects.get(key="percentage")
    indicator = results.add_indicator(
        item=ground.items[0], name="喫煙率", metric=rate, direction="less", baseline=120, baseline_year=2024,
        actor=ground.cast.planner,
    )  # fmt: skip
    results.set_target(indicator=indicator, fiscal_year=2026, quantity=90, actor=ground.cast.planner)
    ledger.post(
        ward=ground.cast.ward, source=Source("test.survey", 1), actor=None,
        lines=[ground.line("a", 110, metric_id=rate.pk)],
    )  # fmt: skip
    [year] = indicator_years(ground.cast.ward, 2026, indicators_of(ground.cast.ward), today=OCTOBER)
    assert (year.judgement.state, year.judgement.why) == (State.ON_COURSE, Why.BETTER_THAN_BASELINE)


def test_who_may_and_what_is_refused(ground: Ground) -> None:
    cast, item = ground.cast, ground.items[0]
    for name in ("other_clerk", "partner", "stranger", "former", "resident"):
        with pytest.raises(NotAllowed):
            results.add_indicator(item=item, name="回数", metric=ground.times, actor=getattr(cast, name))
    for wrong in ({"name": " "}, {"direction": "up"}, {"baseline": 3}):
        with pytest.raises(IndicatorRefused):
            results.add_indicator(**{"item": item, "name": "回数", "metric": ground.times, "actor": cast.planner} | wrong)  # fmt: skip
    indicator = results.add_indicator(item=item, name="回数", metric=ground.times, actor=cast.clerk)
    with pytest.raises(IndicatorRefused, match="同じ名前"):
        results.add_indicator(item=item, name="回数", metric=ground.times, actor=cast.clerk)
    with pytest.raises(IndicatorRefused):
        results.set_target(indicator=indicator, fiscal_year=2026, quantity=-1, actor=cast.clerk)
    results.end_indicator(indicator=indicator, actor=cast.clerk)
    assert indicators_of(cast.ward) == []


@pytest.mark.parametrize(
    ("day", "months"),
    [(date(2026, 4, 1), 0), (date(2026, 10, 3), 6), (date(2027, 3, 31), 11), (date(2027, 4, 1), 12), (date(2026, 3, 31), 0)],
)  # fmt: skip
def test_how_far_a_year_is(day: date, months: int) -> None:
    assert months_over(2026, day) == months

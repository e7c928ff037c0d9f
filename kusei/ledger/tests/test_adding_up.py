"""What does not add up is not added up: rates over items, people counted once in their record, last words of years."""

from __future__ import annotations

from datetime import date

import pytest

from kusei.ledger import operations as ledger
from kusei.ledger.enums import Adding, DistinctScope
from kusei.ledger.models import Metric
from kusei.ledger.operations import post
from kusei.ledger.queries.figures import added_up, by_month, by_year, figures_from_entries, year_figures
from kusei.ledger.queries.recipes import recipe_of
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground


@pytest.fixture
def rate(ground: Ground) -> Metric:
    """人 of 世帯, in percent."""
    people, households = (Metric.objects.get(ward=None, key=key) for key in ("people", "households"))
    return ledger.add_metric(
        ward=ground.cast.ward, name="参加率", unit="%", adding=Adding.RATE, actor=ground.cast.planner,
        numerator=people, denominator=households,
    )  # fmt: skip


def put(ground: Ground, number: int, quantity: int, **other) -> None:
    post(ward=ground.cast.ward, source=Source("test", number), lines=[ground.line("a", quantity, **other)], actor=None)  # fmt: skip


def test_a_rate_over_items_divides_what_all_of_them_say(ground: Ground, rate: Metric) -> None:
    first, second, _third = (item.pk for item in ground.items)
    put(ground, 1, 10, metric_id=rate.numerator_id, item_id=first)
    put(ground, 2, 100, metric_id=rate.denominator_id, item_id=first)
    put(ground, 3, 5, metric_id=rate.numerator_id, item_id=second)
    recipe = recipe_of(ground.cast.ward, 2026, [first, second], rate)
    assert [figure and figure.quantity for _part, figure in recipe.parts] == [15, 100]
    assert recipe.figure is not None
    assert (recipe.figure.quantity, recipe.figure.entries) == (150, 3)


def test_a_rate_whose_parts_stand_on_two_items_is_worked_out_over_both(ground: Ground, rate: Metric) -> None:
    first, second, third = (item.pk for item in ground.items)
    put(ground, 1, 10, metric_id=rate.numerator_id, item_id=first)
    put(ground, 2, 40, metric_id=rate.denominator_id, item_id=second)
    figures = year_figures(ground.cast.ward, 2026)
    found = added_up(figures, [first, second], rate)
    assert found is not None
    assert found.quantity == 250
    assert added_up(figures, [first, third], rate) is None


def test_a_rate_has_its_years(ground: Ground, rate: Metric) -> None:
    item = ground.items[0].pk
    for year, (over, under) in {2025: (1, 4), 2026: (3, 4)}.items():
        day = date(year, 6, 1)
        put(ground, year * 10, over, metric_id=rate.numerator_id, item_id=item, on=day)
        put(ground, year * 10 + 1, under, metric_id=rate.denominator_id, item_id=item, on=day)
    found = by_year(ground.cast.ward, rate, items=[item])
    assert {year: figure.quantity for year, figure in found.items()} == {2025: 250, 2026: 750}


@pytest.mark.parametrize("reader", [year_figures, figures_from_entries])
def test_people_counted_once_in_their_record_are_not_added_over_records(ground: Ground, reader) -> None:
    people = ledger.add_metric(
        ward=ground.cast.ward, name="実人数", unit="人", adding=Adding.DISTINCT, actor=ground.cast.planner,
        scope=DistinctScope.RECORD,
    )  # fmt: skip
    key = (ground.items[0].pk, people.pk)
    put(ground, 1, 12, metric_id=people.pk)
    assert reader(ground.cast.ward, 2026)[key].quantity == 12
    put(ground, 2, 20, metric_id=people.pk)
    assert (reader(ground.cast.ward, 2026)[key].quantity, reader(ground.cast.ward, 2026)[key].entries) == (
        None,
        2,
    )
    post(ward=ground.cast.ward, source=Source("test", 2), lines=[], actor=None)
    assert reader(ground.cast.ward, 2026)[key].quantity == 12


def test_the_last_value_of_a_month_is_that_of_its_last_day_whatever_was_posted_last(ground: Ground) -> None:
    for number, (day, quantity) in enumerate(((20, 30), (5, 99), (20, 31), (12, 1))):
        put(ground, number, quantity, metric_id=ground.members.pk, on=date(2026, 6, day))
        found = year_figures(ground.cast.ward, 2026)
        assert found == figures_from_entries(ground.cast.ward, 2026)
    assert found[ground.items[0].pk, ground.members.pk].quantity == 31
    [(month, figure)] = by_month(ground.cast.ward, 2026, ground.members, items=[ground.items[0].pk])
    assert (month, figure.quantity) == (date(2026, 6, 1), 31)

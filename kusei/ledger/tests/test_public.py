"""The parts of a published figure: as the ledger knew them when it froze, whatever was posted since."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.ledger.queries.public import (
    MonthShare,
    NamedShare,
    districts_served,
    public_metric,
    public_parts,
    told_elsewhere,
)
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground
from kusei.wards import operations as wards
from kusei.wards.models import Ward

pytestmark = pytest.mark.django_db


def post(ground: Ground, number: int, *lines) -> None:
    ledger.post(
        ward=ground.cast.ward, source=Source("ledger.report", number), lines=lines, actor=ground.cast.planner
    )


def parts(ground: Ground, metric: Metric, at):
    return public_parts(ground.cast.ward, 2026, ground.items[0].pk, metric, as_of=at)


def test_parts_stay_as_they_were_when_the_figure_froze(ground) -> None:
    north = wards.add_district(ward=ground.cast.ward, name="北台", actor=ground.cast.operator)
    south = wards.add_district(ward=ground.cast.ward, name="南浜", actor=ground.cast.operator)
    post(
        ground, 1,
        ground.line("a", 3, body_id=ground.body.pk, district_id=north.pk),
        ground.line("b", 2, on=date(2026, 9, 1), district_id=south.pk),
        ground.line("c", 1, on=date(2027, 3, 31)),
    )  # fmt: skip
    frozen = timezone.now()
    post(ground, 1, ground.line("a", 9, body_id=ground.body.pk, district_id=north.pk))  # corrected since
    post(ground, 2, ground.line("d", 5))

    found = parts(ground, ground.times, frozen)

    assert found.quantity == 6
    assert [share.quantity for share in found.months] == [0, 0, 3, 0, 0, 2, 0, 0, 0, 0, 0, 1]
    assert found.bodies == (NamedShare(("地域振興課",), 3), NamedShare(("",), 3))
    assert found.districts == (
        NamedShare(("北台",), 3),
        NamedShare(("南浜",), 2),
        NamedShare(("",), 1),
    )
    assert found.kinds == ("手で記録した報告",)
    assert not found.is_withheld
    assert parts(ground, ground.times, timezone.now()).quantity == 14


def test_few_people_are_drawn_together(ground) -> None:
    people = Metric.objects.get(ward=None, key="people")
    north = wards.add_district(ward=ground.cast.ward, name="北台", actor=ground.cast.operator)
    south = wards.add_district(ward=ground.cast.ward, name="南浜", actor=ground.cast.operator)
    lines = [
        ground.line(f"{place}", 4, metric_id=people.pk, on=date(2026, 4 + place, 5), district_id=north.pk)
        for place in range(6)
    ]
    post(
        ground, 1, *lines, ground.line("x", 2, metric_id=people.pk, on=date(2026, 5, 9), district_id=south.pk)
    )

    found = parts(ground, people, timezone.now())

    assert found.quantity == 26
    assert found.months == (
        MonthShare(0, 2, 14), MonthShare(3, 5, 12), MonthShare(6, 8, 0, False), MonthShare(9, 11, 0, False),
    )  # fmt: skip
    assert found.districts is None  # 24 and 2: the small one would be known
    assert found.is_withheld


def test_where_few_people_live_is_not_told_although_all_live_there(ground) -> None:
    people, members = Metric.objects.get(ward=None, key="people"), ground.members
    north = wards.add_district(ward=ground.cast.ward, name="北台", actor=ground.cast.operator)
    for number, metric in enumerate((people, members)):
        post(
            ground,
            number,
            ground.line("a", 3, metric_id=metric.pk, district_id=north.pk, body_id=ground.body.pk),
        )
        found = parts(ground, metric, timezone.now())
        assert (found.quantity, found.districts, found.is_withheld) == (3, None, True)
        assert found.bodies == (NamedShare(("地域振興課",), 3),)
        post(ground, number, ground.line("a", 10, metric_id=metric.pk, district_id=north.pk))
        assert parts(ground, metric, timezone.now()).districts == (NamedShare(("北台",), 10),)
    post(ground, 3, ground.line("a", 3, district_id=north.pk))
    assert parts(ground, ground.times, timezone.now()).districts == (NamedShare(("北台",), 3),)


def test_what_is_recorded_after_march_is_told(ground) -> None:
    post(ground, 1, ground.line("a", 2, on=date(2027, 5, 20), fiscal_year=2026))

    found = parts(ground, ground.times, timezone.now())

    assert (found.months[11].quantity, found.later) == (2, True)


def test_a_level_is_each_ones_last_value(ground) -> None:
    members = ground.members
    north = wards.add_district(ward=ground.cast.ward, name="北台", actor=ground.cast.operator)
    south = wards.add_district(ward=ground.cast.ward, name="南浜", actor=ground.cast.operator)
    post(
        ground, 1,
        ground.line("a", 30, metric_id=members.pk, district_id=north.pk),
        ground.line("b", 40, metric_id=members.pk, district_id=north.pk, on=date(2026, 9, 1)),
        ground.line("c", 25, metric_id=members.pk, district_id=south.pk),
        ground.line("d", 99, metric_id=members.pk, district_id=south.pk, on=date(2026, 10, 1)),
    )  # fmt: skip
    post(
        ground, 1,
        ground.line("a", 30, metric_id=members.pk, district_id=north.pk),
        ground.line("b", 40, metric_id=members.pk, district_id=north.pk, on=date(2026, 9, 1)),
        ground.line("c", 25, metric_id=members.pk, district_id=south.pk),
    )  # the last one was taken back  # fmt: skip

    found = parts(ground, members, timezone.now())

    assert (found.quantity, found.months) == (65, ())
    assert found.districts == (NamedShare(("北台",), 40), NamedShare(("南浜",), 25))


def test_records_that_know_the_year_alone_have_no_months(ground) -> None:
    ledger.post(
        ward=ground.cast.ward, source=Source("results.printed", ground.items[0].pk), actor=ground.cast.planner,
        lines=[ground.line("0", 12, on=date(2027, 3, 31))],
    )  # fmt: skip

    found = parts(ground, ground.times, timezone.now())

    assert (found.months, found.months_unknown, found.quantity) == ((), True, 12)


def test_a_rate_names_what_it_divides(ground) -> None:
    rate = Metric.objects.create(
        ward=ground.cast.ward, key="a-rate", name="参加率", unit="%", adding="rate", decimals=1,
        numerator=ground.times, denominator=ground.members,
    )  # fmt: skip
    post(ground, 1, ground.line("a", 3), ground.line("b", 12, metric_id=ground.members.pk))

    found = parts(ground, rate, timezone.now())

    assert found.quantity is None
    assert [metric.name for metric in found.divided] == [ground.times.name, ground.members.name]
    assert found.kinds == ("手で記録した報告",)


def test_more_entries_take_no_more_queries(ground) -> None:
    counts = []
    for number, rows in ((1, 1), (2, 200)):
        post(ground, number, *(ground.line(str(place), 1) for place in range(rows)))
        with CaptureQueriesContext(connection) as queries:
            parts(ground, ground.times, timezone.now())
        counts.append(len(queries))
    assert counts == [4, 4]


def test_districts_are_told_of_things_only(ground) -> None:
    people = Metric.objects.get(ward=None, key="people")
    north = wards.add_district(ward=ground.cast.ward, name="北台", actor=ground.cast.operator)
    south = wards.add_district(ward=ground.cast.ward, name="南浜", actor=ground.cast.operator)
    item = ground.items[0].pk
    post(
        ground, 1,
        ground.line("a", 3, district_id=north.pk),
        ground.line("b", 50, metric_id=people.pk, district_id=south.pk),
    )  # fmt: skip

    asked = {(item, ground.times.pk), (item, people.pk)}
    assert districts_served(ground.cast.ward, 2026, asked) == {item: {north.pk}}
    assert districts_served(ground.cast.ward, 2026, {(item, people.pk)}) == {}
    assert districts_served(ground.cast.ward, 2026, set()) == {}


def test_another_wards_metric_is_none(ground) -> None:
    other = Metric.objects.create(
        ward=Ward.objects.create(key="elsewhere", name="別の区", kind="ward"),
        key="mine",
        name="数",
        unit="回",
    )

    assert public_metric(ground.cast.ward, other.pk) is None
    assert public_metric(ground.cast.ward, ground.times.pk) == ground.times


def test_a_thing_that_several_actions_tell_has_its_parts_in_each(ground) -> None:
    first, second, third = (item.pk for item in ground.items)
    post(ground, 1, ground.line("a", 24, body_id=ground.body.pk))
    ledger.share_figure(
        ward=ground.cast.ward, fiscal_year=2026, title="健康教室", actor=ground.cast.planner,
        of=ledger.EntrySet(Source("ledger.report", 1), first, ground.times.pk),
        seen_from=[ledger.SeenFrom(second)],
    )  # fmt: skip

    seen = public_parts(ground.cast.ward, 2026, second, ground.times, as_of=timezone.now())
    assert (seen.quantity, seen.bodies) == (24, (NamedShare(("地域振興課",), 24),))
    assert told_elsewhere(ground.cast.ward, 2026, first, ground.times) == {second}
    assert told_elsewhere(ground.cast.ward, 2026, second, ground.times) == {first}
    assert told_elsewhere(ground.cast.ward, 2026, third, ground.times) == set()
    assert told_elsewhere(ground.cast.ward, 2026, first, ground.members) == set()

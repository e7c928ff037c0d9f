"""One set of entries seen from several actions: shown in each, counted once in every total, undone, never merged by itself."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.ledger import operations as ledger
from kusei.ledger.errors import ShareRefused
from kusei.ledger.models import Entry, SharedFigure, SharedIn
from kusei.ledger.operations import EntrySet, SeenFrom
from kusei.ledger.queries.figures import (
    added_up,
    by_body,
    by_district,
    by_month,
    by_year,
    figures_from_entries,
    year_figures,
)
from kusei.ledger.queries.recipes import entries_behind, recipe_of
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed

KIND = "test.told"


def tell(ground: Ground, number: int, *lines: Line) -> Source:
    source = Source(KIND, number)
    ledger.post(ward=ground.cast.ward, source=source, lines=lines, actor=None)
    return source


def line(ground: Ground, item: int, quantity: int, slot: str = "a", **other) -> Line:
    return ground.line(slot, quantity, item_id=ground.items[item].pk, **other)


def share(
    ground: Ground, of: Source, home: int, *seen_from: int, slot: str = "", metric=None
) -> SharedFigure:
    return ledger.share_figure(
        ward=ground.cast.ward, fiscal_year=2026, title="取組",
        of=EntrySet(of, ground.items[home].pk, (metric or ground.times).pk, slot),
        seen_from=[SeenFrom(ground.items[each].pk) for each in seen_from], actor=ground.cast.planner,
    )  # fmt: skip


def figure(ground: Ground, *items: int, metric=None) -> tuple[int | None, int] | None:
    known = year_figures(ground.cast.ward, 2026)
    found = added_up(known, [ground.items[each].pk for each in items], metric or ground.times)
    return (found.quantity, found.entries) if found else None


def test_the_same_thing_is_seen_in_each_and_counted_once(ground: Ground) -> None:
    source = tell(ground, 1, line(ground, 0, 459))
    tell(ground, 2, line(ground, 1, 3))
    for _twice in range(2):
        share(ground, source, 0, 1, 2)
    assert [figure(ground, each) for each in range(3)] == [(459, 1), (462, 2), (459, 1)]
    assert figure(ground, 1, 2) == (462, 2)
    assert figure(ground, 0, 1, 2) == (462, 2)
    assert [AuditEntry.objects.filter(verb="ledger.share").count(), SharedIn.objects.count()] == [1, 2]
    recipe = recipe_of(ground.cast.ward, 2026, [ground.items[2].pk], ground.times)
    assert (recipe.figure.quantity, [each.home for each in recipe.figure.seen]) == (459, [ground.items[0].pk])
    behind = entries_behind(ground.cast.ward, 2026, [ground.items[2].pk], ground.times)
    assert list(behind) == list(Entry.objects.filter(quantity=459))
    assert "sums" not in {each.kind for each in discrepancies(ground.cast.ward, 2026)}


def test_what_the_record_says_later_is_seen_everywhere(ground: Ground) -> None:
    source = tell(ground, 1, line(ground, 0, 459))
    share(ground, source, 0, 1)
    tell(ground, 1, line(ground, 0, 460))
    assert figure(ground, 1) == (460, 1)
    tell(ground, 1)
    assert figure(ground, 1) is None
    tell(ground, 1, line(ground, 0, 12))
    assert figure(ground, 0, 1) == (12, 1)


def test_a_place_of_a_record_is_shared_without_the_others(ground: Ground) -> None:
    source = tell(ground, 1, line(ground, 0, 459, "a"), line(ground, 0, 28, "b"))
    share(ground, source, 0, 1, slot="a")
    assert [figure(ground, 0), figure(ground, 1), figure(ground, 0, 1)] == [(487, 2), (459, 1), (487, 2)]
    with pytest.raises(ShareRefused, match="一部か全体"):
        share(ground, source, 0, 2)


def test_it_is_undone_and_equal_numbers_stay_apart(ground: Ground) -> None:
    source = tell(ground, 1, line(ground, 0, 24))
    tell(ground, 2, line(ground, 1, 24))
    assert figure(ground, 0, 1) == (48, 2)
    with pytest.raises(ShareRefused, match="二重"):
        share(ground, source, 0, 1)
    shared = share(ground, source, 0, 2)
    with pytest.raises(NotAllowed):
        ledger.part_figure(shared=shared, item=ground.items[2].pk, actor=ground.cast.clerk, title="")
    for _twice in range(2):
        ledger.part_figure(shared=shared, item=ground.items[2].pk, actor=ground.cast.planner, title="取組")
    assert (figure(ground, 2), SharedFigure.objects.count()) == (None, 0)
    assert figure(ground, 0, 1, 2) == (48, 2)


def test_last_values_of_a_set_are_last_values_elsewhere(ground: Ground) -> None:
    april, june = date(2026, 4, 3), date(2026, 6, 3)
    source = tell(
        ground, 1,
        *(line(ground, 0, quantity, slot, metric_id=ground.members.pk, on=on) for slot, quantity, on in (("a", 20, april), ("b", 25, june))),
    )  # fmt: skip
    share(ground, source, 0, 1, metric=ground.members)
    assert figure(ground, 1, metric=ground.members) == (25, 2)
    months = by_month(ground.cast.ward, 2026, ground.members, items=[ground.items[1].pk])
    assert [(month.month, each.quantity) for month, each in months] == [(4, 20), (6, 25)]
    then = figures_from_entries(ground.cast.ward, 2026, until=date(2026, 5, 1))
    assert then[ground.items[1].pk, ground.members.pk].quantity == 20


def test_what_cannot_be_one_thing_is_refused(ground: Ground) -> None:
    source = tell(ground, 1, line(ground, 0, 459))
    for home, seen_from, of in (
        (0, (), source),
        (0, (0,), source),
        (0, (1,), Source(KIND, 9)),
        (1, (2,), source),
    ):
        with pytest.raises(ShareRefused):
            share(ground, of, home, *seen_from)
    with pytest.raises(NotAllowed):
        ledger.share_figure(
            ward=ground.cast.ward, fiscal_year=2026, title="",
            of=EntrySet(source, ground.items[0].pk, ground.times.pk), seen_from=[SeenFrom(ground.items[1].pk)],
            actor=ground.cast.clerk,
        )  # fmt: skip
    assert not SharedFigure.objects.exists()


_told = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 900), st.sampled_from([4, 6, 12]), st.booleans()), min_size=1, max_size=6
)  # fmt: skip
_shares = st.lists(
    st.tuples(st.integers(0, 5), st.sets(st.integers(0, 2), min_size=1, max_size=2), st.booleans()),
    max_size=5,
)


@pytest.mark.slow
@given(told=_told, shares=_shares)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_shared_totals_count_every_entry_once(ground: Ground, told, shares) -> None:
    ward, metric, before = ground.cast.ward, ground.times, transaction.savepoint()
    try:
        entries: dict[int, set[int]] = defaultdict(set)  # by item, the records that it tells or sees
        for number, (item, quantity, month, has_body) in enumerate(told):
            body = ground.body.pk if has_body else None
            tell(ground, number, line(ground, item, quantity, on=date(2026, month, 9), body_id=body))
            entries[item].add(number)
        for number, seen_from, is_undone in shares:
            if number >= len(told):
                continue
            home = told[number][0]
            try:
                shared = share(ground, Source(KIND, number), home, *seen_from)
            except ShareRefused:
                continue
            for each in seen_from:
                entries[each].add(number)
            if is_undone:
                for each in seen_from:
                    ledger.part_figure(
                        shared=shared, item=ground.items[each].pk, actor=ground.cast.planner, title=""
                    )
                    entries[each].discard(number)
        known = year_figures(ward, 2026)
        assert figures_from_entries(ward, 2026) == known
        for size in (1, 2, 3):
            for some in combinations(range(3), size):
                numbers = set().union(*(entries[each] for each in some))
                expected = (sum(told[each][1] for each in numbers), len(numbers)) if numbers else None
                items = [ground.items[each].pk for each in some]
                assert figure(ground, *some) == expected
                parts = [
                    [each for _month, each in by_month(ward, 2026, metric, items=items)],
                    *(
                        list(share_of(ward, 2026, metric, items=items).values())
                        for share_of in (by_body, by_district)
                    ),
                    list(by_year(ward, metric, items=items).values()),
                ]
                for part in parts:
                    assert sum(each.quantity for each in part) == (expected or (0, 0))[0]
                    assert sum(each.entries for each in part) == (expected or (0, 0))[1]
                assert entries_behind(ward, 2026, items, metric).count() == len(numbers)
        assert {each.kind for each in discrepancies(ward, 2026)} <= {KIND}
    finally:
        transaction.savepoint_rollback(before)

"""Posting, correcting, reversing: what stands, what adds up, what can never happen."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError

from kusei.ledger import operations as ledger
from kusei.ledger.errors import (
    BooksError,
    LedgerError,
    MetricTaken,
    NotCountable,
    QuantityRefused,
    SlotTwice,
    WrongWard,
    WrongYear,
)
from kusei.ledger.models import Entry, FigureSum, KeptSum, Metric
from kusei.ledger.operations.posting import Posted
from kusei.ledger.queries.figures import added_up, by_month, figures_from_entries, year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground
from kusei.wards.append_only import MESSAGE
from kusei.wards.permissions import NotAllowed

COURSE = Source("test.course", 1)
MIGRATION = "0005_figures_kept"


def post(ground: Ground, *lines, source: Source = COURSE) -> Posted:
    return ledger.post(ward=ground.cast.ward, source=source, lines=lines, actor=ground.cast.clerk)


def total(ground: Ground, metric: Metric | None = None) -> int | None:
    found = year_figures(ground.cast.ward, 2026)
    figure = found.get((ground.items[0].pk, (metric or ground.times).pk))
    return figure.quantity if figure else None


def test_the_same_record_twice_changes_nothing(ground: Ground) -> None:
    assert post(ground, ground.line("a", 25), ground.line("b", 3)) == Posted(2, 0, 0)
    assert post(ground, ground.line("b", 3), ground.line("a", 25)) == Posted(0, 0, 2)
    assert (Entry.objects.count(), total(ground)) == (2, 28)


def test_a_correction_leaves_what_was_said_before(ground: Ground) -> None:
    post(ground, ground.line("a", 25))
    assert post(ground, ground.line("a", 26)) == Posted(1, 1, 0)
    assert total(ground) == 26
    assert list(Entry.objects.order_by("pk").values_list("quantity", "turn", "reverses__quantity")) == [
        (25, 0, None), (-25, 0, 25), (26, 1, None),
    ]  # fmt: skip
    assert post(ground) == Posted(0, 1, 0)
    assert total(ground) is None
    assert post(ground, ground.line("a", 25)) == Posted(1, 0, 0)
    assert total(ground) == 25
    assert Entry.objects.latest("pk").turn == 2


def test_entries_can_neither_be_changed_nor_deleted(ground: Ground) -> None:
    post(ground, ground.line("a", 25))
    for statement in ("UPDATE ledger_entry SET quantity = 26", "DELETE FROM ledger_entry"):
        with (
            pytest.raises(IntegrityError, match=MESSAGE),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(ProtectedError):
        ground.items[0].delete()


def test_the_database_itself_refuses_a_second_posting_and_a_second_reversal(ground: Ground) -> None:
    post(ground, ground.line("a", 25))
    post(ground, ground.line("a", 26))
    for entry in Entry.objects.filter(turn=0):
        entry.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            entry.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"quantity": -1}, QuantityRefused),
        ({"quantity": 10**15 + 1}, QuantityRefused),
        ({"metric_id": 999_999}, WrongWard),
        ({"item_id": 999_999}, WrongWard),
        ({"body_id": 999_999}, WrongWard),
        ({"district_id": 999_999}, WrongWard),
        ({"fiscal_year": 2025}, WrongYear),
    ],
)
def test_what_cannot_be_posted_leaves_nothing_behind(ground: Ground, change: dict, error: type) -> None:
    quantity = change.pop("quantity", 1)
    with pytest.raises(error):
        post(ground, ground.line("a", 1), ground.line("b", quantity, **change))
    assert (Entry.objects.count(), KeptSum.objects.count(), FigureSum.objects.count()) == (0, 0, 0)


def test_a_slot_says_one_thing(ground: Ground) -> None:
    with pytest.raises(SlotTwice, match="「a」"):
        post(ground, ground.line("a", 1), ground.line("a", 2))


def test_another_wards_item_and_record_are_refused(ground: Ground) -> None:
    post(ground, ground.line("a", 1))
    with pytest.raises(WrongWard):
        ledger.post(ward=ground.cast.other_ward, source=Source("test.course", 2), lines=[ground.line("a", 1)], actor=None)  # fmt: skip
    with pytest.raises(WrongWard):
        ledger.post(ward=ground.cast.other_ward, source=COURSE, lines=[], actor=None)


def test_a_rate_is_worked_out_and_never_posted(ground: Ground) -> None:
    came = ledger.add_metric(ward=ground.cast.ward, name="受診者", unit="人", actor=ground.cast.planner)
    asked = ledger.add_metric(ward=ground.cast.ward, name="対象者", unit="人", actor=ground.cast.planner)
    rate = ledger.add_metric(
        ward=ground.cast.ward, name="受診率", unit="%", adding="rate", numerator=came, denominator=asked,
        actor=ground.cast.planner,
    )  # fmt: skip
    with pytest.raises(NotCountable):
        post(ground, ground.line("a", 1, metric_id=rate.pk))
    other = ground.items[1].pk
    post(ground, ground.line("a", 1, metric_id=came.pk), ground.line("b", 3, metric_id=asked.pk),
         ground.line("c", 4, metric_id=came.pk, item_id=other), ground.line("d", 5, metric_id=asked.pk, item_id=other))  # fmt: skip
    assert total(ground, rate) == 333
    figures = year_figures(ground.cast.ward, 2026)
    both = added_up(figures, [item.pk for item in ground.items], rate)
    assert both is not None
    assert both.quantity == 625  # 5 of 8, not the mean of two rates


def test_a_last_value_is_the_newest_that_stands(ground: Ground) -> None:
    def at(slot: str, quantity: int, month: int, **other):
        return ground.line(slot, quantity, metric_id=ground.members.pk, on=date(2026, month, 1), **other)

    post(ground, at("4", 10, 4), at("6", 14, 6))
    post(ground, at("6b", 7, 6, body_id=ground.body.pk), source=Source("test.course", 2))
    assert total(ground, ground.members) == 21
    months = by_month(ground.cast.ward, 2026, ground.members, items=[ground.items[0].pk])
    assert [(month.month, figure.quantity) for month, figure in months] == [(4, 10), (6, 21)]
    post(ground, at("4", 10, 4))
    assert total(ground, ground.members) == 17
    assert figures_from_entries(ground.cast.ward, 2026) == year_figures(ground.cast.ward, 2026)


def test_distinct_people_are_not_added_over_what_they_were_not_counted_in(ground: Ground) -> None:
    visitors = ledger.add_metric(
        ward=ground.cast.ward, name="参加した人", unit="人", adding="distinct", scope="item",
        actor=ground.cast.planner,
    )  # fmt: skip
    post(
        ground,
        ground.line("a", 1, metric_id=visitors.pk),
        ground.line("b", 1, metric_id=visitors.pk, on=date(2026, 7, 1)),
        ground.line("c", 1, metric_id=visitors.pk, item_id=ground.items[1].pk),
    )
    assert total(ground, visitors) == 2
    figures = year_figures(ground.cast.ward, 2026)
    assert added_up(figures, [ground.items[0].pk], visitors) == figures[ground.items[0].pk, visitors.pk]
    both = added_up(figures, [item.pk for item in ground.items], visitors)
    assert both is not None
    assert (both.quantity, both.entries) == (None, 3)


def test_figures_can_be_asked_as_of_a_day_and_as_known_then(ground: Ground) -> None:
    post(ground, ground.line("a", 5), ground.line("b", 7, on=date(2026, 9, 1), body_id=ground.body.pk))
    known = Entry.objects.latest("posted_at").posted_at
    post(ground, ground.line("a", 5), ground.line("b", 8, on=date(2026, 9, 1), body_id=ground.body.pk))
    key = (ground.items[0].pk, ground.times.pk)

    def asked(**limits) -> int | None:
        found = figures_from_entries(ground.cast.ward, 2026, **limits).get(key)
        return found.quantity if found else None

    assert asked() == 13
    assert asked(until=date(2026, 8, 31)) == 5
    assert asked(as_known_at=known) == 12
    assert asked(body_id=ground.body.pk) == 8
    assert asked(source_kinds=["test.other"]) is None


def test_a_closed_year_marks_what_comes_late(ground: Ground) -> None:
    cast = ground.cast
    post(ground, ground.line("a", 5))
    with pytest.raises(NotAllowed):
        ledger.close_books(ward=cast.ward, fiscal_year=2026, reason="早じまい", actor=cast.clerk)
    with pytest.raises(BooksError, match="理由"):
        ledger.close_books(ward=cast.ward, fiscal_year=2026, reason=" ", actor=cast.planner)
    ledger.close_books(ward=cast.ward, fiscal_year=2026, reason="決算が済んだ", actor=cast.planner)
    with pytest.raises(BooksError):
        ledger.close_books(ward=cast.ward, fiscal_year=2026, reason="もう一度", actor=cast.planner)
    post(ground, ground.line("a", 6))
    ledger.reopen_books(ward=cast.ward, fiscal_year=2026, reason="報告が漏れていた", actor=cast.planner)
    post(ground, ground.line("a", 7))
    late = list(Entry.objects.order_by("pk").values_list("quantity", "is_late"))
    assert late == [(5, False), (-5, True), (6, True), (-6, False), (7, False)]
    assert total(ground) == 7


def test_a_ward_defines_its_own_metrics_once(ground: Ground) -> None:
    cast = ground.cast
    with pytest.raises(NotAllowed):
        ledger.add_metric(ward=cast.ward, name="講座", unit="回", actor=cast.clerk)
    own = ledger.add_metric(ward=cast.ward, name="貸出", unit="冊", actor=cast.planner)
    with pytest.raises(MetricTaken):
        ledger.add_metric(ward=cast.ward, name="貸出 ", unit="冊", actor=cast.planner)
    with pytest.raises(LedgerError):
        ledger.end_metric(metric=ground.times, actor=cast.planner)
    ledger.end_metric(metric=own, actor=cast.planner, on=date(2026, 7, 1))
    post(ground, ground.line("a", 1, metric_id=own.pk))
    with pytest.raises(NotCountable, match="2026-07-01"):
        post(ground, ground.line("b", 1, metric_id=own.pk, on=date(2026, 7, 1)))


class Database:
    """What a migration's function asks of a schema editor; a real one cannot be had in a test's transaction on SQLite."""

    connection = connection

    def execute(self, statement: str, params: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params)


def kept(model: type[KeptSum | FigureSum]) -> set[tuple]:
    return {tuple(value for name, value in row.items() if name != "id") for row in model.objects.values()}


def post_of_all_kinds(ground: Ground) -> None:
    def members(slot: str, quantity: int, month: int, **other):
        return ground.line(slot, quantity, metric_id=ground.members.pk, on=date(2026, month, 3), **other)

    lines = [
        ground.line("a", 5),
        ground.line("b", 2, on=date(2027, 3, 31), district_id=None),
        members("c", 9, 5),
        members("d", 7, 8),
        members("e", 4, 6, body_id=ground.body.pk),
        members("f", 3, 9, item_id=ground.items[1].pk),
    ]
    post(ground, *lines)
    post(ground, ground.line("a", 6), *lines[1:3], members("d", 8, 8), lines[4])


def test_sums_can_be_worked_out_anew(ground: Ground) -> None:
    post_of_all_kinds(ground)
    right = year_figures(ground.cast.ward, 2026)
    before = kept(KeptSum) | kept(FigureSum)
    assert right[ground.items[0].pk, ground.members.pk].quantity == 12
    KeptSum.objects.update(quantity=99, last_quantity=98)
    FigureSum.objects.update(quantity=97, entries=3)
    ledger.rebuild_sums(ward=ground.cast.ward, fiscal_year=2026)
    assert year_figures(ground.cast.ward, 2026) == right
    # Sums of nothing, left by what was taken back, are not made again without a reason to.
    assert kept(KeptSum) | kept(FigureSum) == before


def test_the_migration_works_out_what_posting_keeps(ground: Ground) -> None:
    post_of_all_kinds(ground)
    before = kept(FigureSum)
    FigureSum.objects.all().delete()
    import_module(f"kusei.ledger.migrations.{MIGRATION}").fill(None, Database())
    assert kept(FigureSum) == before


@pytest.mark.parametrize("month", [0, 202606, 202608])
def test_a_kept_figure_that_is_wrong_is_told(ground: Ground, month: int) -> None:
    post_of_all_kinds(ground)

    def wrong() -> set[str]:
        return {each.slot for each in discrepancies(ground.cast.ward, 2026) if each.kind == "sums"}

    assert wrong() == set()
    for metric in {row.metric_id for row in FigureSum.objects.filter(month=month)}:
        rows = FigureSum.objects.filter(month=month, metric=metric, item=ground.items[0])
        rows.update(quantity=F("quantity") + 1)
        assert wrong() == {f"{ground.items[0].pk}/{metric}"}
        rows.update(quantity=F("quantity") - 1)


def test_a_sum_that_stands_with_another_body_or_month_is_told(ground: Ground) -> None:
    post_of_all_kinds(ground)

    def wrong() -> set[str]:
        return {each.slot for each in discrepancies(ground.cast.ward, 2026) if each.kind == "sums"}

    assert wrong() == set()
    moved = KeptSum.objects.filter(entries__gt=0, metric=ground.times, item=ground.items[0])
    assert moved.exists()
    for change in (
        {"body_key": ground.cast.welfare.pk}, {"month": date(2026, 12, 1)}, {"district_key": 7},
    ):  # fmt: skip
        before = list(moved.values("pk", *change))
        moved.filter(pk=before[0]["pk"]).update(**change)
        assert wrong() == {f"{ground.items[0].pk}/{ground.times.pk}"}, change
        moved.filter(pk=before[0]["pk"]).update(**{name: before[0][name] for name in change})
    last = KeptSum.objects.filter(metric=ground.members, last_quantity__isnull=False).first()
    assert last is not None
    KeptSum.objects.filter(pk=last.pk).update(last_quantity=last.last_quantity + 1)
    assert wrong() == {f"{last.item_id}/{ground.members.pk}"}


def test_months_of_the_whole_ward_are_those_of_all_its_items(ground: Ground) -> None:
    post_of_all_kinds(ground)
    ward = ground.cast.ward
    for metric in (ground.times, ground.members):
        everywhere = by_month(ward, 2026, metric, items=None)
        assert everywhere == by_month(ward, 2026, metric, items=[item.pk for item in ground.items])
        assert by_month(ward, 2026, metric, items=[]) == []
    assert [(str(month), figure.quantity) for month, figure in by_month(ward, 2026, ground.times, items=None)] == [
        ("2026-06-01", 6), ("2027-03-01", 2),
    ]  # fmt: skip

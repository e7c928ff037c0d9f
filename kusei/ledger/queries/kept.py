"""Figures as they are kept, in plain SQL: Django's own way of asking takes longer here than the database takes to answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection

from kusei.ledger.models.entries import WHOLE_YEAR
from kusei.ledger.rules import Quotient


class Derived(NamedTuple):
    """What of a metric is worked out instead of added up."""

    pk: int
    adding: str
    numerator: int | None
    denominator: int | None
    scope: str
    unit: str = ""
    over_decimals: int = 0
    under_decimals: int = 0

    @property
    def quotient(self) -> Quotient:
        """How a rate divides its parts."""
        return Quotient(self.unit, self.over_decimals, self.under_decimals)


class SeenSet(NamedTuple):
    """A set of entries (`SharedFigure`) and one item that sees it."""

    pk: int
    home: int
    metric: int
    adding: str
    source_kind: str
    source_id: int
    slot: str
    seen_by: int


def seen_sets(ward: int, fiscal_year: int) -> list[SeenSet]:
    """The sets of a year that are seen from other items, one row for each item that sees one."""
    rows = _rows(
        "SELECT s.id, s.home_id, s.metric_id, m.adding, s.source_kind, s.source_id, s.slot, v.item_id FROM ledger_sharedfigure s"
        " JOIN ledger_sharedin v ON v.shared_id = s.id JOIN ledger_metric m ON m.id = s.metric_id"
        f" WHERE s.ward_id = {ward:d} AND s.fiscal_year = {fiscal_year:d} ORDER BY s.id, v.id"
    )
    return [SeenSet(*row) for row in rows]


def of_year(ward: int, fiscal_year: int, items: Collection[int] | None) -> list[tuple[int, int, int, int]]:
    """(item, metric, quantity, entries) of every figure of a year."""
    return _rows(
        "SELECT item_id, metric_id, quantity, entries FROM ledger_figuresum"
        f" WHERE ward_id = {ward:d} AND fiscal_year = {fiscal_year:d} AND month = {WHOLE_YEAR} AND entries > 0{_among(items)}"
    )


def by_month(
    ward: int, fiscal_year: int, metric: int, items: Collection[int] | None
) -> list[tuple[int, int, int]]:
    """(month as 202604, quantity, entries) of the months that have any, in their order."""
    return _rows(
        f"SELECT month, SUM(quantity), SUM(entries) FROM ledger_figuresum WHERE ward_id = {ward:d}"
        f" AND fiscal_year = {fiscal_year:d} AND month > {WHOLE_YEAR} AND metric_id = {metric:d} AND entries > 0"
        f"{_among(items)} GROUP BY month ORDER BY month"
    )


def derived_metrics(ward: int, kinds: Collection[str]) -> list[Derived]:
    """The metrics of a ward that are not simply added up."""
    rows = _rows(
        "SELECT m.id, m.adding, m.numerator_id, m.denominator_id, m.scope, m.unit, COALESCE(o.decimals, 0), COALESCE(u.decimals, 0)"
        " FROM ledger_metric m LEFT JOIN ledger_metric o ON o.id = m.numerator_id"
        " LEFT JOIN ledger_metric u ON u.id = m.denominator_id"
        f" WHERE (m.ward_id = {ward:d} OR m.ward_id IS NULL)"
        f" AND m.adding IN ({', '.join(['%s'] * len(kinds))}) ORDER BY m.id",
        [str(kind) for kind in kinds],
    )
    return [Derived(*row) for row in rows]


def _among(items: Collection[int] | None) -> str:
    if items is None:
        return ""
    if not items:
        return " AND 1 = 0"
    numbers = ", ".join(f"{item:d}" for item in items)
    if connection.vendor != "postgresql":
        return f" AND item_id IN ({numbers})"
    # The sum keeps the planner from estimating each of hundreds of numbers, which takes it longer than the whole question;
    # the array is looked up as a hash.
    return f" AND item_id + 0 = ANY ('{{{numbers}}}'::bigint[])"


def _rows(statement: str, values: Sequence[str] | None = None) -> list[Any]:
    """Numbers stand in the statements themselves: hundreds of parameters would take longer than the question."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()

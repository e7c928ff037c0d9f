"""Whether books are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from kusei.ledger.models import Books, Entry
from kusei.ledger.rules import BooksState, default_closing
from kusei.wards.models import Ward


def books_states(ward: Ward, fiscal_years: Iterable[int]) -> dict[int, BooksState]:
    """The state of each year's books: one query."""
    years = set(fiscal_years)
    kept = {row.fiscal_year: row for row in Books.objects.filter(ward=ward, fiscal_year__in=years)}
    return {
        year: BooksState(
            closes_on=kept[year].closes_on,
            closed_by_hand=kept[year].closed_at is not None,
            reopened=kept[year].reopened_at is not None,
        )
        if year in kept
        else BooksState(default_closing(year))
        for year in years
    }


@dataclass(frozen=True, slots=True)
class BooksLine:
    """One year in the list of books. `decision` is what a planner decided last, None where the date alone counts."""

    fiscal_year: int
    state: BooksState
    decision: Books | None
    entries: int
    late: int


def books_lines(ward: Ward, fiscal_years: Iterable[int]) -> list[BooksLine]:
    """Each year's books with how much was posted, and how much of it late; newest first, three queries."""
    years = set(fiscal_years)
    states = books_states(ward, years)
    kept = {
        row.fiscal_year: row
        for row in Books.objects.filter(ward=ward, fiscal_year__in=years).select_related("decided_by")
    }
    posted = Entry.objects.filter(ward=ward, fiscal_year__in=years).order_by().values("fiscal_year")
    counts = {
        row["fiscal_year"]: (row["n"], row["late"])
        for row in posted.annotate(n=Count("pk"), late=Count("pk", filter=Q(is_late=True)))
    }
    return [
        BooksLine(year, states[year], kept.get(year), *counts.get(year, (0, 0)))
        for year in sorted(years, reverse=True)
    ]


def late_entries(ward: Ward, fiscal_year: int) -> QuerySet[Entry]:
    """What was posted after a year's closing, the newest first."""
    found = Entry.objects.filter(ward=ward, fiscal_year=fiscal_year, is_late=True)
    return found.select_related("metric", "body", "district", "posted_by").order_by("-posted_at", "-pk")

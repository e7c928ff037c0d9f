"""Whether books are open."""

from __future__ import annotations

from collections.abc import Iterable

from kusei.ledger.models import Books
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

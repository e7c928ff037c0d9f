"""Full-text search on SQLite: the FTS5 table `search_fulltext`, kept up by triggers (migration 0002).

A later migration that makes Django rebuild the table of entries (any change of a field, on SQLite) drops the triggers: it
has to make them again. `test_index_follows_the_entries` tells when that was forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kusei.search.models import SearchEntry
from kusei.search.scope import Count, Scope
from kusei.search.terms import Phrase

# CROSS JOIN keeps SQLite from walking all entries of a ward and asking the index about each.
_MATCHED = """
    FROM search_fulltext CROSS JOIN search_searchentry e ON e.id = search_fulltext.rowid
    WHERE search_fulltext MATCH %s
"""


def write_vectors(entries: Sequence[SearchEntry]) -> None:
    """Nothing to do: the triggers have written them."""


def count_matches(phrases: Sequence[Phrase], scope: Scope) -> list[Count]:
    """How many entries hold all phrases, by fiscal year and kind."""
    conditions, parameters = scope.conditions()
    return [
        Count(*row)
        for row in _rows(
            f"SELECT e.fiscal_year, e.kind, count(*) {_MATCHED} {conditions} GROUP BY 1, 2",
            [_match(phrases), *parameters],
        )
    ]


def matching_ids(phrases: Sequence[Phrase], scope: Scope, *, limit: int, offset: int) -> list[int]:
    """The entries that hold all phrases: phrases in the title first, then by BM25, then the newest."""
    conditions, parameters = scope.conditions()
    in_title = " + ".join(["(instr(e.tokens_title, %s) > 0)"] * len(phrases))
    rows = _rows(
        f"""
        SELECT e.id {_MATCHED} {conditions}
        ORDER BY {in_title} DESC, bm25(search_fulltext, 4.0, 1.0), e.fiscal_year DESC, e.id DESC
        LIMIT %s OFFSET %s
        """,
        [_match(phrases), *parameters, *(f" {' '.join(phrase.terms)} " for phrase in phrases), limit, offset],
    )
    return [row[0] for row in rows]


def _match(phrases: Sequence[Phrase]) -> str:
    """FTS5's own syntax; terms hold letters and digits only, so quotes suffice."""
    return " ".join(f'"{" ".join(phrase.terms)}"' for phrase in phrases)


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()

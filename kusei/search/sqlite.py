"""Full-text search on SQLite: the FTS5 table `search_fulltext`, kept up by triggers (migration 0002).

A later migration that makes Django rebuild the table of entries (any change of a field, on SQLite) drops the triggers: it
has to make them again. `test_index_follows_the_entries` tells when that was forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kusei.search.models import SearchEntry
from kusei.search.scope import Match, Scope
from kusei.search.terms import Phrase

# CROSS JOIN keeps SQLite from walking all entries of a ward and asking the index about each.
_MATCHED = """
    FROM search_fulltext CROSS JOIN search_searchentry e ON e.id = search_fulltext.rowid
    WHERE search_fulltext MATCH %s
"""


def write_vectors(entries: Sequence[SearchEntry]) -> None:
    """Nothing to do: the triggers have written them."""


def newest_matches(phrases: Sequence[Phrase], scope: Scope, *, most: int) -> list[Match]:
    """The `most` newest entries that hold all phrases. FTS5 walks its index from the newest row down and stops there."""
    conditions, parameters = scope.conditions()
    in_title = " + ".join(["(instr(e.tokens_title, %s) > 0)"] * len(phrases))
    rows = _rows(
        f"""
        SELECT e.id, e.fiscal_year, e.kind, {in_title} {_MATCHED} {conditions}
        ORDER BY search_fulltext.rowid DESC LIMIT %s
        """,
        [*(f" {' '.join(phrase.terms)} " for phrase in phrases), _match(phrases), *parameters, most],
    )
    return [Match(*row) for row in rows]


def fitness(phrases: Sequence[Phrase], ids: Sequence[int]) -> dict[int, float]:
    """How well these entries fit (BM25); more is better."""
    marks = ", ".join(["%s"] * len(ids))
    rows = _rows(
        f"""
        SELECT rowid, -bm25(search_fulltext, 4.0, 1.0) FROM search_fulltext
        WHERE search_fulltext MATCH %s AND +rowid IN ({marks})
        """,
        [_match(phrases), *ids],
    )
    return dict(rows)


def _match(phrases: Sequence[Phrase]) -> str:
    """FTS5's own syntax; terms hold letters and digits only, so quotes suffice."""
    return " ".join(f'"{" ".join(phrase.terms)}"' for phrase in phrases)


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()

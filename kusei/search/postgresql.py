"""Full-text search on PostgreSQL: a tsvector that we build from our own terms, so that no parser and no locale of the
server has a say in it.

The vector finds the entries that hold all terms; whether they stand side by side is then looked up in the token text.
The vector's own positions cannot tell: they stop at 16,383, and a word keeps no more than 256 of them. They serve the rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kusei.search.models import SearchEntry
from kusei.search.scope import Match, Scope
from kusei.search.terms import Phrase

_LAST_POSITION = 16_383
_POSITIONS_PER_TERM = 255
_VECTOR_LIMIT = 1_000_000  # bytes; PostgreSQL's own is 1 MiB


def write_vectors(entries: Sequence[SearchEntry]) -> None:
    """Write the vectors of saved entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE search_searchentry e SET vector = made.vector::tsvector
            FROM unnest(%s::bigint[], %s::text[]) AS made(id, vector) WHERE e.id = made.id
            """,
            [
                [entry.pk for entry in entries],
                [vector_literal(entry.tokens_title, entry.tokens_body) for entry in entries],
            ],
        )


def vector_literal(tokens_title: str, tokens_body: str) -> str:
    """The terms as PostgreSQL reads a tsvector: 'term':1A,7B. Title terms weigh A, body terms B.

    A vector that would grow past PostgreSQL's limit is written without positions: found all the same, ranked last.
    """
    positions: dict[str, list[str]] = {}
    at = 0
    for weight, terms in (("A", tokens_title), ("B", tokens_body)):
        for term in terms.split():
            at = min(at + 1, _LAST_POSITION)
            places = positions.setdefault(term, [])
            place = f"{at}{weight}"
            if len(places) < _POSITIONS_PER_TERM and (not places or places[-1] != place):
                places.append(place)
    size = sum(len(term.encode()) + 4 + 2 * len(places) for term, places in positions.items())
    if size > _VECTOR_LIMIT:
        return " ".join(f"'{term}'" for term in positions)
    return " ".join(f"'{term}':{','.join(places)}" for term, places in positions.items())


def newest_matches(phrases: Sequence[Phrase], scope: Scope, *, most: int) -> list[Match]:
    """The `most` newest entries that hold all phrases."""
    matched, parameters = _matched(phrases, scope)
    in_title = " + ".join(["(strpos(e.tokens_title, %s) > 0)::int"] * len(phrases))
    rows = _rows(
        f"SELECT e.id, e.fiscal_year, e.kind, {in_title} {matched} ORDER BY e.id DESC LIMIT %s",
        [*map(_side_by_side, phrases), *parameters, most],
    )
    return [Match(*row) for row in rows]


def fitness(phrases: Sequence[Phrase], ids: Sequence[int]) -> dict[int, float]:
    """How well these entries fit (ts_rank_cd, which reads the whole vector of each); more is better."""
    return dict(
        _rows(
            "SELECT e.id, ts_rank_cd(e.vector, %s::tsquery, 2) FROM search_searchentry e WHERE e.id = ANY(%s)",
            [" & ".join(f"({_beside(phrase)})" for phrase in phrases), list(ids)],
        )
    )


def _matched(phrases: Sequence[Phrase], scope: Scope) -> tuple[str, list[Any]]:
    sql = "FROM search_searchentry e WHERE e.vector @@ %s::tsquery"
    terms = dict.fromkeys(term for phrase in phrases for term in phrase.terms)
    parameters: list[Any] = [" & ".join(f"'{term}'" for term in terms)]
    for phrase in phrases:
        if len(phrase.terms) > 1:
            sql += " AND (strpos(e.tokens_title, %s) > 0 OR strpos(e.tokens_body, %s) > 0)"
            parameters += [_side_by_side(phrase)] * 2
    conditions, more = scope.conditions()
    return sql + conditions, parameters + more


def _side_by_side(phrase: Phrase) -> str:
    return f" {' '.join(phrase.terms)} "


def _beside(phrase: Phrase) -> str:
    return " <-> ".join(f"'{term}'" for term in phrase.terms)


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()

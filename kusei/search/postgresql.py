"""Full-text search on PostgreSQL: a tsvector that we build from our own terms, so that no parser and no locale of the
server has a say in it.

What is found is looked up in `search_lookup`: a row for each entry, so short that 20,000 of them are read in a few
milliseconds, with the terms and letters as arrays under GIN indexes. Its terms are words and every two words side by side;
whether three stand side by side is then looked up in the token text. Its ward, kind and year, and the blocks of entries that it
belongs to, are terms, too, so that one index answers the whole question. The vector serves the rank alone: its positions stop
at 16,383, and a word keeps no more than 256 of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from kusei.search.grams import grams, grams_of_needle, pairs, terms_and_pairs
from kusei.search.models import SearchEntry
from kusei.search.scope import Match, Scope
from kusei.search.terms import Phrase

_LAST_POSITION = 16_383
_POSITIONS_PER_TERM = 255
_VECTOR_LIMIT = 1_000_000  # bytes; PostgreSQL's own is 1 MiB
_BLOCKS = (2048, 16_384, 131_072)
"""Entries in a block of each size (as in migrations 0004 and 0006)."""
_FIRST_REACH = 4 * _BLOCKS[0]
_WIDER = 8
_LAST_REACH = _WIDER * _BLOCKS[-1]


def write_vectors(entries: Sequence[SearchEntry]) -> None:
    """Write the vectors of saved entries, and what they are looked up by."""
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
        cursor.executemany(
            """
            INSERT INTO search_lookup (id, ward_id, kind, fiscal_year, tokens_title, terms, letters)
            VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (id) DO UPDATE SET ward_id = EXCLUDED.ward_id, kind = EXCLUDED.kind,
                fiscal_year = EXCLUDED.fiscal_year, tokens_title = EXCLUDED.tokens_title,
                terms = EXCLUDED.terms, letters = EXCLUDED.letters
            """,
            [
                (
                    entry.pk, entry.ward_id, entry.kind, entry.fiscal_year, entry.tokens_title,
                    [*terms_and_pairs(entry.tokens_title, entry.tokens_body), *_marks(entry)],
                    grams(entry.characters_title, entry.characters_body),
                )
                for entry in entries
            ],
        )  # fmt: skip


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
    wanted = sorted({term for phrase in phrases for term in _asked(phrase)})
    longer = [_side_by_side(phrase) for phrase in phrases if len(phrase.terms) > 2]
    found = f"FROM search_lookup e {_TEXTS if longer else ''} WHERE true {_holding('tokens', len(longer))}"
    titles = [_side_by_side(phrase) for phrase in phrases]
    return _newest("e.tokens_title", found, _twice(longer), wanted, titles, scope, most)


def newest_with_characters(needles: Sequence[str], scope: Scope, *, most: int) -> list[Match]:
    """The `most` newest entries that hold all needles (made by `characters`) in their title or their body."""
    letters = sorted({gram for needle in needles for gram in grams_of_needle(needle)})
    found = f"""
        FROM search_lookup e {_TEXTS} WHERE e.letters @> (SELECT %s::integer[]) {_holding("characters", len(needles))}
    """
    return _newest("t.characters_title", found, [letters, *_twice(needles)], [], needles, scope, most)


def fitness(phrases: Sequence[Phrase], ids: Sequence[int]) -> dict[int, float]:
    """How well these entries fit (ts_rank_cd, which reads the whole vector of each); more is better."""
    return dict(
        _rows(
            "SELECT e.id, ts_rank_cd(e.vector, %s::tsquery, 2) FROM search_searchentry e WHERE e.id = ANY(%s)",
            [" & ".join(f"({_beside(phrase)})" for phrase in phrases), list(ids)],
        )
    )


_TEXTS = "JOIN search_searchentry t ON t.id = e.id"


def _holding(texts: str, needles: int) -> str:
    return f" AND (strpos(t.{texts}_title, %s) > 0 OR strpos(t.{texts}_body, %s) > 0)" * needles


def _twice(needles: Sequence[str]) -> list[str]:
    """Each needle for the title and for the body."""
    return [needle for needle in needles for _ in range(2)]


def _newest(
    title: str,
    found: str,
    parameters: Sequence[Any],
    terms: Sequence[str],
    wanted: Sequence[str],
    scope: Scope,
    most: int,
) -> list[Match]:
    """The newest of what is found and has these terms, with how many of `wanted` each title holds.

    GIN knows no order: of a word that half of all entries hold it would fetch them all in order to sort out the newest.
    So the newest blocks are asked first, then older ones, more of them the fewer matches they hold. `e.id + 0` keeps the planner from
    walking all entries from the newest down, which for a rare word is the whole table. `(SELECT …)` hides the terms from
    it: of a word that it knows to be frequent it would read all rows, not seeing that their arrays lie aside. In two groups, so
    that it takes what is asked for to be rare.
    """
    in_title = " + ".join(["(strpos(n.title, %s) > 0)::int"] * len(wanted))
    marks, rest = _as_terms(scope)
    conditions, more = rest.conditions()
    groups = [list(group) for group in (terms, marks) if group]

    def ask(blocks: list[str], count: int, older_than: int | None) -> list[Match]:
        rows = _rows(
            f"""
            SELECT n.id, n.fiscal_year, n.kind, {in_title} FROM (
                SELECT e.id, e.fiscal_year, e.kind, {title} AS title {found} {conditions}
                {"AND e.terms @> (SELECT %s::text[])" * len(groups)} {"AND e.terms && %s::text[]" if blocks else ""}
                {"AND e.id + 0 < %s" if older_than is not None else ""}
                ORDER BY e.id + 0 DESC LIMIT %s
            ) n ORDER BY n.id DESC
            """,
            [
                *wanted,
                *parameters,
                *more,
                *groups,
                *([blocks] if blocks else []),
                *([older_than] if older_than is not None else []),
                count,
            ],
        )
        return list(map(Match._make, rows))

    newest = _rows("SELECT max(id) FROM search_lookup", [])[0][0] or 0
    matches: list[Match] = []
    reach, older_than = _FIRST_REACH, None
    while reach < newest and reach <= _LAST_REACH:
        last = newest if older_than is None else older_than - 1
        blocks, oldest = _blocks(newest - reach, last)
        matches += ask(blocks, most - len(matches), older_than)
        if len(matches) >= most:
            return matches
        older_than = oldest
        likely = 1.3 * reach * most / max(len(matches), 1)
        reach = int(min(max(likely, 2 * reach), _WIDER * reach))
        if 2 * reach > newest:  # hardly less than all
            break
    return matches if older_than == 0 else matches + ask([], most - len(matches), older_than)


def _marks(entry: SearchEntry) -> list[str]:
    """The terms of an entry that are no words: no word can be one of them."""
    blocks = ["#" * level + str(entry.pk // size) for level, size in enumerate(_BLOCKS, 1)]
    return [*blocks, *_as_terms(Scope((entry.ward_id,), (entry.kind,), entry.fiscal_year))[0]]


def _as_terms(scope: Scope) -> tuple[list[str], Scope]:
    """The terms that all entries of the scope have, and what they leave to ask."""
    terms = []
    if scope.wards is not None and len(scope.wards) == 1:
        terms.append(f"@{scope.wards[0]}")
        scope = replace(scope, wards=None)
    if scope.kinds is not None and len(scope.kinds) == 1:
        terms.append(f"={scope.kinds[0]}")
        scope = replace(scope, kinds=None)
    if scope.fiscal_year is not None:
        terms.append(f"~{scope.fiscal_year}")
        scope = replace(scope, fiscal_year=None)
    return terms, scope


def _blocks(oldest: int, newest: int) -> tuple[list[str], int]:
    """The terms that name some blocks which hold all these entries, few of them, so large ones for many entries; and the first
    number that these blocks hold."""
    level = 1
    while level < len(_BLOCKS) and newest - oldest > _WIDER * _BLOCKS[level - 1]:
        level += 1
    size = _BLOCKS[level - 1]
    first = max(oldest, 0) // size
    return ["#" * level + str(block) for block in range(first, newest // size + 1)], first * size


def _asked(phrase: Phrase) -> list[str]:
    return pairs(phrase.terms) if len(phrase.terms) > 1 else list(phrase.terms)


def _side_by_side(phrase: Phrase) -> str:
    return f" {' '.join(phrase.terms)} "


def _beside(phrase: Phrase) -> str:
    return " <-> ".join(f"'{term}'" for term in phrase.terms)


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()

"""Full-text search on SQLite: two FTS5 tables, kept up by triggers. `search_fulltext` holds the terms (migration 0002),
`search_letters` every three letters side by side (migration 0003).

A later migration that makes Django rebuild the table of entries (any change of a field but a new one that may be null, on
SQLite) drops the triggers: it has to make them again. `test_index_follows_the_entries` tells when that was forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kusei.search.models import SearchEntry
from kusei.search.scope import Match, Scope
from kusei.search.terms import Phrase

_FEW = 300
"""So many entries are read one by one sooner than the index is walked a second time."""
_GROUPS_ASKED = 60
_ENDINGS = 200

# CROSS JOIN keeps SQLite from walking all entries of a ward and asking the index about each. The small index holds all that
# is asked of an entry; the entries themselves are so long that reading 2,000 of them takes ten times as long.
_ENTRY = "CROSS JOIN search_searchentry e INDEXED BY search_entry_slim ON e.id = f.rowid"


def write_vectors(entries: Sequence[SearchEntry]) -> None:
    """Nothing to do: the triggers have written them."""


def newest_matches(phrases: Sequence[Phrase], scope: Scope, *, most: int) -> list[Match]:
    """The `most` newest entries that hold all phrases. FTS5 walks its index from the newest row down and stops there."""
    conditions, parameters = scope.conditions()
    found = _rows(
        f"""
        SELECT e.id, e.fiscal_year, e.kind FROM search_fulltext f {_ENTRY}
        WHERE f.search_fulltext MATCH %s {conditions} ORDER BY f.rowid DESC LIMIT %s
        """,
        [_match(phrases), *parameters, most],
    )
    in_title = _in_title(phrases, [key for key, _, _ in found])
    return [Match._make((*row, in_title.get(row[0], 0))) for row in found]


def newest_with_characters(needles: Sequence[str], scope: Scope, *, most: int) -> list[Match]:
    """The `most` newest entries that hold all needles (made by `characters`) in their title or their body."""
    conditions, parameters = scope.conditions()
    in_title = " + ".join(["(instr(e.characters_title, %s) > 0)"] * len(needles))
    holding = "AND (instr(e.characters_title, %s) > 0 OR instr(e.characters_body, %s) > 0) " * len(needles)
    groups: list[str] = []
    for needle in needles:
        asked = _groups(needle)
        if asked == "":
            return []
        groups += [asked] if asked else []
    if groups:
        found = "search_letters f CROSS JOIN search_searchentry e ON e.id = f.rowid WHERE f.search_letters MATCH %s"
        order = "f.rowid"
    else:
        found, order = "search_searchentry e WHERE 1", "e.id"
    rows = _rows(
        f"SELECT e.id, e.fiscal_year, e.kind, {in_title} FROM {found} {holding} {conditions} ORDER BY {order} DESC LIMIT %s",
        [
            *needles,
            *([" AND ".join(groups)] if groups else []),
            *(needle for needle in needles for _ in range(2)),
            *parameters,
            most,
        ],
    )
    return list(map(Match._make, rows))


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


def _in_title(phrases: Sequence[Phrase], ids: Sequence[int]) -> dict[int, int]:
    """How many of the phrases the titles of these entries hold; `ids` from the newest down."""
    if not ids:
        return {}
    if len(ids) <= _FEW:
        marks = ", ".join(["%s"] * len(ids))
        counted = " + ".join(["(instr(tokens_title, %s) > 0)"] * len(phrases))
        return dict(
            _rows(
                f"SELECT id, {counted} FROM search_searchentry WHERE id IN ({marks})",
                [*(f" {' '.join(phrase.terms)} " for phrase in phrases), *ids],
            )
        )
    counts: dict[int, int] = {}
    for asked in phrases:
        match = " AND ".join(
            f"tokens_title : {_quoted(phrase)}" if phrase is asked else _quoted(phrase) for phrase in phrases
        )
        for (key,) in _rows(
            "SELECT rowid FROM search_fulltext WHERE search_fulltext MATCH %s AND rowid BETWEEN %s AND %s",
            [match, ids[-1], ids[0]],
        ):
            counts[key] = counts.get(key, 0) + 1
    return counts


def _groups(needle: str) -> str | None:
    """What the groups of three letters have to be, in FTS5's syntax, in every text that holds `needle`. Empty where no text
    can; None where a letter or two begin so many groups that asking for them all narrows nothing."""
    if len(needle) >= 3:
        groups = dict.fromkeys(needle[at : at + 3] for at in range(len(needle) - 2))
        return " AND ".join(_string(group) for group in list(groups)[:_GROUPS_ASKED])
    held = _rows(
        "SELECT term FROM search_letters_held WHERE term BETWEEN %s AND %s LIMIT %s",
        [needle, needle + "\U0010ffff" * 2, _ENDINGS + 1],
    )
    if len(held) > _ENDINGS:
        return None
    return f"({' OR '.join(_string(group) for (group,) in held)})" if held else ""


def _match(phrases: Sequence[Phrase]) -> str:
    return " AND ".join(map(_quoted, phrases))


def _quoted(phrase: Phrase) -> str:
    """FTS5's own syntax; terms hold letters and digits only, so quotes suffice."""
    return f'"{" ".join(phrase.terms)}"'


def _string(letters: str) -> str:
    return '"' + letters.replace('"', '""') + '"'


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()

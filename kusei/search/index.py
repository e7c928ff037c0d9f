"""The one place that chooses between the two databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from django.db import connection

from kusei.search.models import SearchEntry
from kusei.search.scope import Match, Scope
from kusei.search.terms import Phrase


class FullTextIndex(Protocol):
    """What `sqlite.py` and `postgresql.py` both are. Phrases handed in hold at least one term each, needles one character."""

    def write_vectors(self, entries: Sequence[SearchEntry]) -> None: ...
    def newest_matches(self, phrases: Sequence[Phrase], scope: Scope, *, most: int) -> list[Match]: ...
    def newest_with_characters(self, needles: Sequence[str], scope: Scope, *, most: int) -> list[Match]: ...
    def fitness(self, phrases: Sequence[Phrase], ids: Sequence[int]) -> dict[int, float]: ...


def full_text_index() -> FullTextIndex:
    """The index of the database in use."""
    if connection.vendor == "postgresql":
        from kusei.search import postgresql  # only one of the two is ever needed

        return cast("FullTextIndex", postgresql)
    from kusei.search import sqlite

    return cast("FullTextIndex", sqlite)

"""Rows that a fixture made once are put back for the next test as they were, without the operations that made them."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


@dataclass(frozen=True)
class _Stored:
    """What one fixture made: the pickled objects, and a statement for each table that inserts all its rows."""

    objects: bytes
    statements: dict[str, str]

    def put_back(self) -> Any:
        with connection.cursor() as cursor:
            for statement in self.statements.values():
                cursor.execute(statement)
        return pickle.loads(self.objects)


_stored: dict[str, _Stored] = {}


def made_once(name: str, build: Callable[[], T]) -> T:
    """What `build` makes: by its operations the first time, from its rows afterwards. `name` tells builders apart.

    Only where the test is one transaction and the tables were empty: otherwise `build` runs, as it does without us.
    It must not leave anything outside the database's tables of models, nor lean on what a test sets up before.
    """
    if not connection.in_atomic_block:
        return build()
    stored = _stored.get(name)
    if stored is not None:
        return stored.put_back() if _are_empty(stored.statements) else build()
    before = _counts()
    made = build()
    written = [table for table, count in _counts().items() if count != before[table]]
    if not any(before[table] for table in written):
        _stored[name] = _Stored(pickle.dumps(made), {table: _insert(table) for table in written})
    return made


def _counts() -> dict[str, int]:
    """How many rows each model's table has."""
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def _are_empty(tables: dict[str, str]) -> bool:
    has_rows = " OR ".join(f"EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {has_rows}")
        return not cursor.fetchone()[0]


def _insert(table: str) -> str:
    """One INSERT of all rows; the database itself writes the values down, so that none is turned into another."""
    literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
        columns = [connection.ops.quote_name(column.name) for column in described]
        cursor.execute(f"SELECT {', '.join(map(literal.format, columns))} FROM {quoted}")
        rows = ", ".join(f"({', '.join(row)})" for row in cursor.fetchall())
    return f"INSERT INTO {quoted} ({', '.join(columns)}) VALUES {rows}"

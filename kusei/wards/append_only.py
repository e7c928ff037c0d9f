"""Tables whose rows are never changed or deleted: triggers that say so on both databases."""

from __future__ import annotations

from typing import Any

from django.db.utils import NotSupportedError

TABLES = ["wards_auditentry"]
"""Every such table, those of higher rooms told by `declare`; a test holds the list against the database."""

MESSAGE = "rows of this table stay as they are"


def declare(table: str) -> None:
    """Called by a room's AppConfig for a table whose migration calls `forbid_changes`."""
    if table not in TABLES:
        TABLES.append(table)


def forbid_changes(schema_editor: Any, table: str) -> None:
    """Refuse from now on whatever changes or removes rows of `table`: UPDATE and DELETE, SQLite's INSERT OR REPLACE (which fires
    no trigger of deleting), PostgreSQL's TRUNCATE. For migrations, and after a test emptied its database."""
    for statement in _create(schema_editor.connection.vendor, table):
        schema_editor.execute(statement, params=None)


def allow_changes(schema_editor: Any, table: str) -> None:
    """The reverse, for migrations backwards and for emptying a test's database."""
    for statement in _drop(schema_editor.connection.vendor, table):
        schema_editor.execute(statement, params=None)


def _create(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
            for verb in ("update", "delete")
        ] + [
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
        ]
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table}: {MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_stays()",
            f"CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()",
        ]
    raise NotSupportedError(f"append-only tables: SQLite and PostgreSQL, not {vendor}")


def _drop(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete", "replace")]
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_stays_whole ON {table}",
            f"DROP TRIGGER IF EXISTS {table}_stays ON {table}",
            f"DROP FUNCTION IF EXISTS {table}_stays()",
        ]
    raise NotSupportedError(f"append-only tables: SQLite and PostgreSQL, not {vendor}")

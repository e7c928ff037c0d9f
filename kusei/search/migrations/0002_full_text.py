"""The full-text index beside the entries: an FTS5 table on SQLite, a tsvector column on PostgreSQL."""

from django.db import migrations
from django.db.utils import NotSupportedError

SQLITE = [
    """
    CREATE VIRTUAL TABLE search_fulltext USING fts5(
        tokens_title, tokens_body,
        content='search_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
    )
    """,
    """
    CREATE TRIGGER search_fulltext_insert AFTER INSERT ON search_searchentry BEGIN
        INSERT INTO search_fulltext(rowid, tokens_title, tokens_body)
        VALUES (new.id, new.tokens_title, new.tokens_body);
    END
    """,
    """
    CREATE TRIGGER search_fulltext_delete AFTER DELETE ON search_searchentry BEGIN
        INSERT INTO search_fulltext(search_fulltext, rowid, tokens_title, tokens_body)
        VALUES ('delete', old.id, old.tokens_title, old.tokens_body);
    END
    """,
    """
    CREATE TRIGGER search_fulltext_update AFTER UPDATE ON search_searchentry BEGIN
        INSERT INTO search_fulltext(search_fulltext, rowid, tokens_title, tokens_body)
        VALUES ('delete', old.id, old.tokens_title, old.tokens_body);
        INSERT INTO search_fulltext(rowid, tokens_title, tokens_body)
        VALUES (new.id, new.tokens_title, new.tokens_body);
    END
    """,
    # Rows made before the index was are read into it.
    "INSERT INTO search_fulltext(search_fulltext) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER search_fulltext_update",
    "DROP TRIGGER search_fulltext_delete",
    "DROP TRIGGER search_fulltext_insert",
    "DROP TABLE search_fulltext",
]
POSTGRESQL = [
    "ALTER TABLE search_searchentry ADD COLUMN vector tsvector",
    "CREATE INDEX search_searchentry_vector ON search_searchentry USING gin (vector)",
]
POSTGRESQL_BACK = ["ALTER TABLE search_searchentry DROP COLUMN vector"]


def install(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def uninstall(apps, schema_editor):
    _run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def _run(schema_editor, statements):
    vendor = schema_editor.connection.vendor
    if vendor not in statements:
        raise NotSupportedError(f"Full-text search knows SQLite and PostgreSQL, not {vendor}")
    for statement in statements[vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(install, uninstall)]

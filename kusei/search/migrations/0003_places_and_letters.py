"""Where terms stand in the texts, for marking hits; an index of letters for what no word holds; on PostgreSQL a short row for
each entry by which it is found.

Places of older entries stay unknown until `kusei reindex`; words are told apart anew for them.
"""

from django.db import migrations, models

from kusei.search.grams import grams, terms_and_pairs

TEXTS = ["tokens_title", "tokens_body", "characters_title", "characters_body"]

SQLITE = [
    # It keeps no text of its own. Two blanks, which the texts never hold, end each of them: so the last letters begin a group
    # of three, too.
    """
    CREATE VIRTUAL TABLE search_letters USING fts5(
        characters_title, characters_body, content='', tokenize='trigram case_sensitive 1', detail=none
    )
    """,
    "CREATE VIRTUAL TABLE search_letters_held USING fts5vocab(search_letters, row)",
    """
    CREATE TRIGGER search_letters_insert AFTER INSERT ON search_searchentry BEGIN
        INSERT INTO search_letters(rowid, characters_title, characters_body)
        VALUES (new.id, new.characters_title || '  ', new.characters_body || '  ');
    END
    """,
    """
    CREATE TRIGGER search_letters_delete AFTER DELETE ON search_searchentry BEGIN
        INSERT INTO search_letters(search_letters, rowid, characters_title, characters_body)
        VALUES ('delete', old.id, old.characters_title || '  ', old.characters_body || '  ');
    END
    """,
    """
    CREATE TRIGGER search_letters_update AFTER UPDATE ON search_searchentry BEGIN
        INSERT INTO search_letters(search_letters, rowid, characters_title, characters_body)
        VALUES ('delete', old.id, old.characters_title || '  ', old.characters_body || '  ');
        INSERT INTO search_letters(rowid, characters_title, characters_body)
        VALUES (new.id, new.characters_title || '  ', new.characters_body || '  ');
    END
    """,
    """
    INSERT INTO search_letters(rowid, characters_title, characters_body)
    SELECT id, characters_title || '  ', characters_body || '  ' FROM search_searchentry
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER search_letters_update",
    "DROP TRIGGER search_letters_delete",
    "DROP TRIGGER search_letters_insert",
    "DROP TABLE search_letters_held",
    "DROP TABLE search_letters",
]
POSTGRESQL = [
    """
    CREATE TABLE search_lookup (
        id bigint PRIMARY KEY REFERENCES search_searchentry (id) ON DELETE CASCADE,
        ward_id bigint NOT NULL,
        kind varchar(40) NOT NULL,
        fiscal_year smallint,
        tokens_title text NOT NULL,
        terms text[] NOT NULL,
        letters integer[] NOT NULL
    ) WITH (toast_tuple_target = 128)
    """,
    # Titles stay in the row, the rest goes aside: only its indexes are asked.
    "ALTER TABLE search_lookup ALTER COLUMN tokens_title SET STORAGE MAIN",
]
POSTGRESQL_AFTER = [
    "CREATE INDEX search_lookup_terms ON search_lookup USING gin (terms)",
    "CREATE INDEX search_lookup_letters ON search_lookup USING gin (letters)",
    "DROP INDEX search_searchentry_vector",
]
POSTGRESQL_BACK = [
    "CREATE INDEX search_searchentry_vector ON search_searchentry USING gin (vector)",
    "DROP TABLE search_lookup",
]
BATCH = 2000


def install(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    _run(schema_editor, SQLITE if on_sqlite else POSTGRESQL)
    if not on_sqlite:
        _fill(apps, schema_editor)
        _run(schema_editor, POSTGRESQL_AFTER)


def uninstall(apps, schema_editor):
    _run(schema_editor, SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK)


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _fill(apps, schema_editor):
    entries = apps.get_model("search", "SearchEntry").objects.order_by("pk")
    columns = ["pk", "ward_id", "kind", "fiscal_year", *TEXTS]
    after = 0
    while batch := list(entries.filter(pk__gt=after).values_list(*columns)[:BATCH]):
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO search_lookup (id, ward_id, kind, fiscal_year, tokens_title, terms, letters)
                VALUES (%s, %s, %s, %s, %s, %s, %s)
                """,
                [(*row[:4], row[4], terms_and_pairs(row[4], row[5]), grams(row[6], row[7])) for row in batch],
            )
        after = batch[-1][0]


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]

    operations = [
        migrations.AddField("searchentry", "places_title", models.BinaryField(null=True)),
        migrations.AddField("searchentry", "places_body", models.BinaryField(null=True)),
        migrations.AddIndex(
            "searchentry",
            models.Index(fields=["id", "ward", "kind", "fiscal_year"], name="search_entry_slim"),
        ),
        migrations.RunPython(install, uninstall),
    ]

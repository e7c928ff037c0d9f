"""PostgreSQL's rows for finding entries get as short as they were meant to be, and their terms name ward, kind, year and larger
blocks, too.

PostgreSQL puts long values aside only in rows of more than 2,000 bytes. Most entries were below it, so that their arrays stayed
in the row, and 2,000 matches lay on as many pages. `filler` are blanks that make every row long enough: they take 30 bytes
when stored. (0003 says what the row is for.)
"""

from django.db import migrations

FORWARDS = [
    "ALTER TABLE search_lookup RENAME TO search_lookup_before",
    "ALTER TABLE search_lookup_before RENAME CONSTRAINT search_lookup_pkey TO search_lookup_before_pkey",
    """
    CREATE TABLE search_lookup (
        id bigint PRIMARY KEY,
        ward_id bigint NOT NULL,
        kind varchar(40) NOT NULL,
        fiscal_year smallint,
        tokens_title text NOT NULL,
        terms text[] NOT NULL,
        letters integer[] NOT NULL,
        filler text NOT NULL DEFAULT repeat(' ', 2100)
    ) WITH (toast_tuple_target = 128)
    """,
    "ALTER TABLE search_lookup ALTER COLUMN tokens_title SET STORAGE MAIN",
    """
    INSERT INTO search_lookup (id, ward_id, kind, fiscal_year, tokens_title, terms, letters)
    SELECT id, ward_id, kind, fiscal_year, tokens_title, terms || array_remove(
        ARRAY['##' || id / 16384, '###' || id / 131072, '@' || ward_id, '=' || kind, '~' || fiscal_year], NULL
    ), letters FROM search_lookup_before ORDER BY id
    """,
    "DROP TABLE search_lookup_before",
    # What is waiting to be sorted into an index is read whole by every search: let that be little.
    "CREATE INDEX search_lookup_terms ON search_lookup USING gin (terms) WITH (gin_pending_list_limit = 256)",
    "CREATE INDEX search_lookup_letters ON search_lookup USING gin (letters) WITH (gin_pending_list_limit = 256)",
    "ANALYZE search_lookup",
]
BACK = [
    "ALTER TABLE search_lookup DROP COLUMN filler",
    "ALTER INDEX search_lookup_terms RESET (gin_pending_list_limit)",
    "ALTER INDEX search_lookup_letters RESET (gin_pending_list_limit)",
    """
    UPDATE search_lookup SET terms = ARRAY(
        SELECT term FROM unnest(terms) term WHERE left(term, 1) NOT IN ('@', '=', '~') AND left(term, 2) <> '##'
    )
    """,
]


def _run(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0005_short_rows_follow_their_entries")]

    operations = [migrations.RunPython(_run(FORWARDS), _run(BACK))]

"""PostgreSQL's short rows go with their entries by triggers, no longer by a foreign key: whoever empties all tables of the
models at once (`kusei demo --reset`, tests) knows nothing of this one, and TRUNCATE refuses a table that another one names."""

from django.db import migrations

FORWARDS = [
    "ALTER TABLE search_lookup DROP CONSTRAINT search_lookup_id_fkey",
    """
    CREATE FUNCTION search_lookup_forget() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN DELETE FROM search_lookup WHERE id = OLD.id; RETURN NULL; END $$
    """,
    "CREATE TRIGGER search_lookup_forget AFTER DELETE ON search_searchentry FOR EACH ROW EXECUTE FUNCTION search_lookup_forget()",
    """
    CREATE FUNCTION search_lookup_empty() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN TRUNCATE search_lookup; RETURN NULL; END $$
    """,
    "CREATE TRIGGER search_lookup_empty AFTER TRUNCATE ON search_searchentry FOR EACH STATEMENT EXECUTE FUNCTION search_lookup_empty()",
]
BACK = [
    "DROP TRIGGER search_lookup_empty ON search_searchentry",
    "DROP FUNCTION search_lookup_empty()",
    "DROP TRIGGER search_lookup_forget ON search_searchentry",
    "DROP FUNCTION search_lookup_forget()",
    "ALTER TABLE search_lookup ADD CONSTRAINT search_lookup_id_fkey FOREIGN KEY (id) REFERENCES search_searchentry (id) ON DELETE CASCADE",
]


def _run(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0004_blocks_of_entries")]

    operations = [migrations.RunPython(_run(FORWARDS), _run(BACK))]

"""The table of the shared cache (`config.settings.CACHES`): how often somebody tried to log in must be known to all processes."""

from django.core.management import call_command
from django.db import migrations

TABLE = "kusei_cache"


def create(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("wards", "0005_invitations_and_ward_settings")]

    operations = [migrations.RunPython(create, drop)]

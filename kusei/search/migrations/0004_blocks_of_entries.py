"""On PostgreSQL, each entry says among its terms which block of 2,048 entries it belongs to: the newest are asked first."""

from django.db import migrations


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("UPDATE search_lookup SET terms = terms || ('#' || id / 2048)", params=None)


def uninstall(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "UPDATE search_lookup SET terms = array_remove(terms, '#' || id / 2048)", params=None
        )


class Migration(migrations.Migration):
    dependencies = [("search", "0003_places_and_letters")]

    operations = [migrations.RunPython(install, uninstall)]

"""Entries of the audit trail stay as they are, whatever statement would take them away: REPLACE and TRUNCATE, too."""

from django.db import migrations

from kusei.wards.append_only import allow_changes, forbid_changes

TABLE = "wards_auditentry"


def protect_again(apps, schema_editor):
    allow_changes(schema_editor, TABLE)
    forbid_changes(schema_editor, TABLE)


class Migration(migrations.Migration):
    dependencies = [("wards", "0009_districts_end")]

    operations = [migrations.RunPython(protect_again, migrations.RunPython.noop)]

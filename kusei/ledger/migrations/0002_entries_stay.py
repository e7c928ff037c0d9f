"""Entries of the ledger are never changed or deleted."""

from django.db import migrations

from kusei.wards.append_only import allow_changes, forbid_changes


def protect(apps, schema_editor):
    forbid_changes(schema_editor, "ledger_entry")


def unprotect(apps, schema_editor):
    allow_changes(schema_editor, "ledger_entry")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_metrics_entries_reports")]

    operations = [migrations.RunPython(protect, unprotect)]

"""Entries of the audit trail stay as they are; accounts of the machine's keyboard are marked as operators."""

from django.db import migrations

from kusei.wards.append_only import allow_changes, forbid_changes


def protect(apps, schema_editor):
    forbid_changes(schema_editor, "wards_auditentry")


def unprotect(apps, schema_editor):
    allow_changes(schema_editor, "wards_auditentry")


def mark_operators(apps, schema_editor):
    """Until now such accounts were told by this alone: closed, and without a password that could be typed."""
    apps.get_model("wards", "Person").objects.filter(is_active=False, password__startswith="!").update(
        is_operator=True
    )


class Migration(migrations.Migration):
    dependencies = [("wards", "0003_roles_and_audit")]

    operations = [
        migrations.RunPython(mark_operators, migrations.RunPython.noop),
        migrations.RunPython(protect, unprotect),
    ]

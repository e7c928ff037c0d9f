"""A published year keeps what its figures were worked out from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0007_unseen_items"),
        ("results", "0010_typed_figures"),
        ("wards", "0010_audit_entries_cannot_be_replaced"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facts", models.JSONField()),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="year_record",
                        to="plans.planversion",
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wards.ward"
                    ),
                ),
            ],
        ),
    ]

"""Figures are kept as pages show them, worked out here from the sums that are kept already; and the entries' index holds all
that figures need, reversals and places included."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    """All figures anew, by the database itself."""
    month = (
        "CAST(extract(year FROM month) * 100 + extract(month FROM month) AS integer)"
        if schema_editor.connection.vendor == "postgresql"
        else "CAST(substr(month, 1, 4) || substr(month, 6, 2) AS integer)"
    )
    into = (
        "INSERT INTO ledger_figuresum (ward_id, fiscal_year, month, metric_id, item_id, quantity, entries) "
    )
    of_last = "metric_id IN (SELECT id FROM ledger_metric WHERE adding = 'last')"
    figure = "ward_id, fiscal_year, {month}, metric_id, item_id"
    newest = (
        "SELECT *, CASE WHEN last_on IS NOT NULL AND ROW_NUMBER() OVER (PARTITION BY ward_id, fiscal_year, item_id, metric_id,"
        " body_key, district_key ORDER BY COALESCE(last_on, '0001-01-01') DESC) = 1 THEN last_quantity END AS newest"
        f" FROM ledger_keptsum WHERE {of_last}"
    )
    for kept, quantity, which in (
        ("ledger_keptsum", "quantity", f"WHERE NOT {of_last}"),
        (f"({newest}) AS ofyear", "newest", ""),
    ):
        schema_editor.execute(
            f"{into} SELECT {figure.format(month=0)}, COALESCE(SUM({quantity}), 0), SUM(entries) FROM {kept} {which}"
            " GROUP BY ward_id, fiscal_year, metric_id, item_id",
            params=None,
        )
    for quantity, which in (("quantity", f"NOT {of_last}"), ("last_quantity", of_last)):
        schema_editor.execute(
            f"{into} SELECT {figure.format(month=month)}, COALESCE(SUM({quantity}), 0), SUM(entries) FROM ledger_keptsum"
            f" WHERE {which} GROUP BY ward_id, fiscal_year, month, metric_id, item_id",
            params=None,
        )


def _same_of(model):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_returned_forms"),
        ("plans", "0007_unseen_items"),
        ("wards", "0010_audit_entries_cannot_be_replaced"),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("month", models.PositiveIntegerField()),
                ("quantity", models.BigIntegerField(default=0)),
                ("entries", models.IntegerField(default=0)),
                ("item", _same_of("plans.item")),
                ("metric", _same_of("ledger.metric")),
                ("ward", _same_of("wards.ward")),
            ],
        ),
        migrations.AddConstraint(
            model_name="figuresum",
            constraint=models.UniqueConstraint(
                fields=("ward", "fiscal_year", "month", "metric", "item"), name="figure_kept_once"
            ),
        ),
        migrations.RemoveIndex(model_name="entry", name="entry_by_year"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["ward", "fiscal_year", "item", "metric", "quantity", "reverses"], name="entry_by_item"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=[
                    *("ward", "fiscal_year", "metric", "item", "body", "district"),
                    *("happened_on", "quantity", "reverses", "id"),
                ],
                name="entry_by_metric",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

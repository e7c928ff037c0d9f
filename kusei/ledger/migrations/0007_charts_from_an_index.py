"""The months of one metric lie side by side in an index that holds all a chart shows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_shared_figures")]

    operations = [
        migrations.AddIndex(
            model_name="figuresum",
            index=models.Index(
                fields=["ward", "fiscal_year", "metric", "month", "item", "quantity", "entries"],
                name="figure_by_metric",
            ),
        ),
    ]

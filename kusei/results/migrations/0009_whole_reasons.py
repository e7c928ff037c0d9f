"""A published result keeps the whole reason that was answered, not its first 60 signs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0008_indicators_go_on")]

    operations = [
        migrations.AlterField(
            model_name="reportedresult",
            name="outcome_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="判定の手がかり"),
        ),
    ]

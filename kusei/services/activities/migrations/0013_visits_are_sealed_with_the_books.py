from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("activities", "0012_questions_in_other_languages")]

    operations = [
        migrations.RemoveConstraint("visitrequest", "forgotten_visit_is_empty_and_counted"),
        migrations.AddConstraint(
            "visitrequest",
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True, counted_first__isnull=True)
                | Q(forgotten_at__isnull=False, sealed=""),
                name="forgotten_visit_is_empty",
            ),
        ),
    ]

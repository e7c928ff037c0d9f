"""Items of a draft that came with a document and that nobody has compared with it stand at `unseen`."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0006_links_of_drafts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="itemtext",
            name="review",
            field=models.CharField(
                choices=[
                    ("kept", "変更なし"),
                    ("unseen", "まだ見ていない"),
                    ("working", "作成中"),
                    ("submitted", "確認待ち"),
                    ("returned", "差し戻し"),
                    ("approved", "確認済み"),
                ],
                default="kept",
                max_length=10,
                verbose_name="確認",
            ),
        ),
    ]

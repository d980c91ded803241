from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sites", "0004_plans_and_addresses")]

    operations = [
        migrations.AddField(
            "room", "aisles", models.CharField(blank=True, max_length=60, verbose_name="走道（在第几列之后）")
        )
    ]

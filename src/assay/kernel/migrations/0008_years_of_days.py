from django.db import migrations, models


class Migration(migrations.Migration):
    """Days that are loaded say nothing of those that are not: a year is known once somebody says that all are in."""

    dependencies = [("kernel", "0007_messages_recorded")]

    operations = [
        migrations.CreateModel(
            name="HolidayYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("whole", models.BooleanField(verbose_name="已全部载入")),
            ],
            options={"verbose_name": "年度放假安排"},
        ),
    ]

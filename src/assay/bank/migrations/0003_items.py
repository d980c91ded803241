"""Items of every type, their life, readings, enemies. Items that are there stay in use, with the specification of their point."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def specification_of_the_point(apps, schema_editor):
    items, points = apps.get_model("bank", "Item"), apps.get_model("bank", "Point")
    of_point = points.objects.filter(pk=models.OuterRef("point")).values("specification")[:1]
    items.objects.filter(specification=None).update(specification=models.Subquery(of_point))


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("bank", "0002_paper_sealed_content_alter_paper_content"),
    ]

    operations = [
        migrations.AddField(
            "item", "specification",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="items",
                              to="bank.specification", verbose_name="细目表"),
        ),
        migrations.RunPython(specification_of_the_point, migrations.RunPython.noop),
    ]

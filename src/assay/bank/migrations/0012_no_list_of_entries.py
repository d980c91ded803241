from typing import Any

from django.db import migrations


def list_again(apps: Any, schema_editor: Any) -> None:
    """From what papers say themselves."""
    PaperItem = apps.get_model("bank", "PaperItem")
    for paper in apps.get_model("bank", "Paper").objects.only("pk", "composition").iterator():
        PaperItem.objects.bulk_create(
            [
                PaperItem(paper_id=paper.pk, item_id=item, version=version, number=number)
                for number, (item, version) in enumerate(paper.composition, start=1)
            ]
        )


class Migration(migrations.Migration):
    encrypts = True
    dependencies = [("bank", "0011_secret_at_rest")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, list_again),
        migrations.DeleteModel("PaperItem"),
    ]

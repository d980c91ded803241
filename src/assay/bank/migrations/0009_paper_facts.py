from typing import Any

from django.db import migrations, models


def out_of_the_rules(apps: Any, schema_editor: Any) -> None:
    """How often a paper was printed and what was swapped out stood beside the rules chosen for it."""
    for paper in apps.get_model("bank", "Paper").objects.exclude(rules={}).iterator():
        paper.printed = paper.rules.pop("printed", 0)
        paper.swapped_out = paper.rules.pop("swapped_out", [])
        paper.save(update_fields=["rules", "printed", "swapped_out"])


def back_into_the_rules(apps: Any, schema_editor: Any) -> None:
    for paper in apps.get_model("bank", "Paper").objects.iterator():
        facts = {"printed": paper.printed, "swapped_out": paper.swapped_out}
        paper.rules = {**paper.rules, **{name: value for name, value in facts.items() if value}}
        paper.save(update_fields=["rules"])


class Migration(migrations.Migration):
    dependencies = [("bank", "0008_enemy_dismissals")]
    operations = [
        migrations.AddField("paper", "printed", models.PositiveIntegerField(default=0, verbose_name="印制份数")),
        migrations.AddField(
            "paper", "swapped_out", models.JSONField(blank=True, default=list, verbose_name="换下的试题")
        ),
        migrations.RunPython(out_of_the_rules, back_into_the_rules),
    ]

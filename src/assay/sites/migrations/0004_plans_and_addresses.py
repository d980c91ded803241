from django.db import migrations, models

SIDES = [("top", "上方"), ("bottom", "下方"), ("left", "左侧"), ("right", "右侧")]


class Migration(migrations.Migration):
    dependencies = [("sites", "0003_browser_keys_are_the_sessions")]

    operations = [
        migrations.AddField(
            "room", "front", models.CharField(choices=SIDES, default="top", max_length=6, verbose_name="讲台（俯视图中）")
        ),
        migrations.AddField(
            "room", "door", models.CharField(blank=True, choices=SIDES, max_length=6, verbose_name="门（俯视图中）")
        ),
        migrations.AddField("room", "addresses", models.TextField(blank=True, verbose_name="机位的网络地址")),
    ]

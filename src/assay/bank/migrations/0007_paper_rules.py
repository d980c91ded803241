"""A paper keeps what was chosen when it was assembled, so that changes by hand keep to it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bank', '0006_skill_papers'),
    ]

    operations = [
        migrations.AddField(
            model_name='paper',
            name='rules',
            field=models.JSONField(blank=True, default=dict, verbose_name='组卷选项'),
        ),
    ]

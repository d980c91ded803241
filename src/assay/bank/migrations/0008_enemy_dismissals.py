"""Items that look alike and may meet on a paper all the same are remembered."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bank', '0007_paper_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='EnemyDismissal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('items', models.JSONField(verbose_name='试题')),
                ('by', models.CharField(max_length=60, verbose_name='何人')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('specification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enemy_dismissals', to='bank.specification', verbose_name='细目表')),
            ],
            options={
                'verbose_name': '不设相近题',
                'ordering': ['id'],
            },
        ),
    ]

from django.db import migrations, models

from assay.kernel.fields import EncryptedJSON, EncryptedText
from assay.kernel.sealing import CONTENT


class Migration(migrations.Migration):
    dependencies = [("bank", "0009_paper_facts")]
    operations = [
        migrations.AddField(
            "item", "pictures", models.TextField(blank=True, default="", editable=False, verbose_name="题中图片")
        ),
        migrations.AddField(
            "paper",
            "composition",
            EncryptedJSON(blank=True, default=list, purpose=CONTENT, verbose_name="所含试题"),
        ),
        migrations.AlterField("item", "explanation", EncryptedText(blank=True, purpose=CONTENT, verbose_name="解析")),
        migrations.AlterField("item", "key", EncryptedText(blank=True, purpose=CONTENT, verbose_name="答案")),
        migrations.AlterField(
            "item", "options", EncryptedJSON(blank=True, default=list, purpose=CONTENT, verbose_name="选项")
        ),
        migrations.AlterField(
            "item", "premises", EncryptedJSON(blank=True, default=list, purpose=CONTENT, verbose_name="左列项")
        ),
        migrations.AlterField("item", "reference", EncryptedText(blank=True, purpose=CONTENT, verbose_name="出处")),
        migrations.AlterField(
            "item", "sheet", EncryptedJSON(blank=True, default=dict, purpose=CONTENT, verbose_name="操作题任务书")
        ),
        migrations.AlterField("item", "stem", EncryptedText(purpose=CONTENT, verbose_name="题干")),
        migrations.AlterField("itemremark", "text", EncryptedText(blank=True, purpose=CONTENT, verbose_name="内容")),
        migrations.AlterField("itemversion", "content", EncryptedJSON(purpose=CONTENT, verbose_name="内容")),
        migrations.AlterField(
            "paper",
            "content",
            EncryptedJSON(blank=True, default=list, purpose=CONTENT, verbose_name="试卷内容（未封存）"),
        ),
        migrations.AlterField("paper", "seed", EncryptedJSON(purpose=CONTENT, verbose_name="组卷种子")),
    ]

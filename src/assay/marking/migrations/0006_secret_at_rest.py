from typing import Any

from django.db import migrations

from assay.kernel.encrypting import decrypt_columns, encrypt_columns
from assay.kernel.fields import EncryptedJSON
from assay.kernel.sealing import CONTENT

COLUMNS = {"SheetTemplate": ("tasks",), "SkillDraw": ("content",)}


def encrypt_all(apps: Any, schema_editor: Any) -> None:
    for name, columns in COLUMNS.items():
        encrypt_columns(schema_editor, apps.get_model("marking", name), columns)


def decrypt_all(apps: Any, schema_editor: Any) -> None:
    for name, columns in COLUMNS.items():
        decrypt_columns(schema_editor, apps.get_model("marking", name), columns)


class Migration(migrations.Migration):
    encrypts = True
    dependencies = [("marking", "0005_remarking")]
    operations = [
        migrations.AlterField("sheettemplate", "tasks", EncryptedJSON(purpose=CONTENT, verbose_name="考核任务")),
        migrations.AlterField("skilldraw", "content", EncryptedJSON(purpose=CONTENT, verbose_name="试卷内容")),
        migrations.RunPython(encrypt_all, decrypt_all),
    ]

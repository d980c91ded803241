from typing import Any

from django.db import migrations

from assay.kernel.encrypting import decrypt_columns, encrypt_columns
from assay.kernel.fields import EncryptedJSON


def encrypt_all(apps: Any, schema_editor: Any) -> None:
    encrypt_columns(schema_editor, apps.get_model("kernel", "OutboxMessage"), ["payload"])


def decrypt_all(apps: Any, schema_editor: Any) -> None:
    decrypt_columns(schema_editor, apps.get_model("kernel", "OutboxMessage"), ["payload"])


class Migration(migrations.Migration):
    """Messages to the province name people with their identity numbers."""

    encrypts = True
    dependencies = [("kernel", "0004_stamps")]
    operations = [
        migrations.AlterField("outboxmessage", "payload", EncryptedJSON()),
        migrations.RunPython(encrypt_all, decrypt_all),
    ]

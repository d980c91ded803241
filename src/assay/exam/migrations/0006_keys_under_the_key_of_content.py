from typing import Any

from django.db import migrations

from assay.kernel.encrypting import rewrite_columns
from assay.kernel.sealing import CONTENT, IDENTITY, decrypt, encrypt

CONTEXT = "exam_publication.paper_keys"


def _anew(apps: Any, schema_editor: Any, before: str, now: str) -> None:
    def anew(row: Any) -> dict[str, str]:
        locked = row["paper_keys"]
        return {"paper_keys": encrypt(decrypt(locked, CONTEXT, before), CONTEXT, now) if locked else ""}

    rewrite_columns(schema_editor, apps.get_model("exam", "Publication"), ("paper_keys",), ("paper_keys",), anew)


def under_content(apps: Any, schema_editor: Any) -> None:
    """Keys of papers were encrypted with the key for persons."""
    _anew(apps, schema_editor, IDENTITY, CONTENT)


def under_identity(apps: Any, schema_editor: Any) -> None:
    _anew(apps, schema_editor, CONTENT, IDENTITY)


class Migration(migrations.Migration):
    dependencies = [("exam", "0005_ended_passes")]
    operations = [migrations.RunPython(under_content, under_identity)]

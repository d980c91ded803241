from collections import defaultdict
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any
from unicodedata import normalize

from django.db import migrations

from assay.bank.pictured import digests_in
from assay.kernel.encrypting import decrypt_columns, encrypt_columns, rewrite_columns
from assay.kernel.sealing import CONTENT, blind_index, decrypt, encrypt

COLUMNS = {
    "Item": ("stem", "options", "premises", "key", "sheet", "explanation", "reference"),
    "ItemVersion": ("content",),
    "ItemRemark": ("text",),
    "Paper": ("content", "seed"),
}
SHOWING = ("stem", "options", "premises", "key", "explanation")
SEALED_BEFORE = ("bank_paper.content", "identity")
SEALED_NOW = ("bank_paper.sealed_content", CONTENT)


def encrypt_all(apps: Any, schema_editor: Any) -> None:
    for name, columns in COLUMNS.items():
        encrypt_columns(schema_editor, apps.get_model("bank", name), columns)
    Item, Paper = apps.get_model("bank", "Item"), apps.get_model("bank", "Paper")
    _find_anew(schema_editor, Item, lambda folded: blind_index("stem", folded))
    _seal_anew(schema_editor, Paper, SEALED_BEFORE, SEALED_NOW)
    entries = defaultdict(list)
    for paper, item, version in (
        apps.get_model("bank", "PaperItem").objects.order_by("paper", "number").values_list("paper", "item", "version")
    ):
        entries[paper].append([item, version])
    for pk, composition in entries.items():
        Paper.objects.filter(pk=pk).update(composition=composition)
    _count_closed(Item, Paper, -1)


def decrypt_all(apps: Any, schema_editor: Any) -> None:
    Item, Paper = apps.get_model("bank", "Item"), apps.get_model("bank", "Paper")
    _count_closed(Item, Paper, 1)
    _seal_anew(schema_editor, Paper, SEALED_NOW, SEALED_BEFORE)
    _find_anew(schema_editor, Item, lambda folded: sha256(folded.encode()).hexdigest())
    for name, columns in COLUMNS.items():
        decrypt_columns(schema_editor, apps.get_model("bank", name), columns)


def _find_anew(schema_editor: Any, Item: Any, digest: Any) -> None:
    """What doubles are found by, and the pictures that are shown, from texts that are encrypted."""
    fields = {name: Item._meta.get_field(name) for name in SHOWING}

    def made(row: Any) -> dict[str, Any]:
        clear = {name: field.from_db_value(row[name], None, None) for name, field in fields.items()}
        folded = "".join(c for c in normalize("NFKC", clear["stem"]).lower() if c.isalnum())
        return {"stem_digest": digest(f"{row['type']}:{folded}"), "pictures": digests_in(*clear.values())}

    rewrite_columns(schema_editor, Item, ("type", *SHOWING), ("stem_digest", "pictures"), made)


def _seal_anew(schema_editor: Any, Paper: Any, before: tuple[str, str], now: tuple[str, str]) -> None:
    def anew(row: Any) -> dict[str, str]:
        sealed = row["sealed_content"]
        return {"sealed_content": encrypt(decrypt(sealed, *before), *now) if sealed else ""}

    rewrite_columns(schema_editor, Paper, ("sealed_content",), ("sealed_content",), anew)


def _count_closed(Item: Any, Paper: Any, step: int) -> None:
    """Items of papers that are sealed and were not sat yet count as used once they were: what was counted at sealing is taken
    back, since it tells what stands on them (going back: counted, as of the day on which the paper was made)."""
    papers = list(Paper.objects.order_by("pk").values_list("composition", "state", "released_at", "created_at"))
    last: dict[int, Any] = {}
    for composition, _, released, _ in papers:
        for item, _ in composition if released else ():
            last[item] = max(filter(None, (last.get(item), _day(released))))
    for composition, state, released, created in papers:
        if state != "sealed" or released:
            continue
        for item in Item.objects.filter(pk__in=[item for item, _ in composition]).only("pk", "exposure"):
            Item.objects.filter(pk=item.pk).update(
                exposure=max(item.exposure + step, 0), last_used=last.get(item.pk) if step < 0 else _day(created)
            )


def _day(moment: Any) -> Any:
    return (moment.astimezone(UTC) + timedelta(hours=8)).date()


class Migration(migrations.Migration):
    encrypts = True
    dependencies = [("bank", "0010_columns_for_cipher_text")]
    operations = [migrations.RunPython(encrypt_all, decrypt_all)]

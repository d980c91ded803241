"""A bank of the version before, in the clear, is encrypted where it stands: nothing is lost, the ledger still vouches for it, nothing
clear is left in the files, and there is a way back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assay.bank.models import Item, ItemVersion, Paper
from assay.bank.papers.acts import papers
from assay.bank.queries import closed_items
from assay.bank.specifications import acts
from assay.bank.writing.acts import items as items_acts
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel import verification
from assay.kernel.acts import Actor
from assay.kernel.sealing import decrypt
from assay.marking.models import SheetTemplate
from tests import factories as f

CLEAR = [("bank", "0009_paper_facts"), ("exam", "0005_ended_passes"), ("marking", "0005_remarking")]
PICTURE = "ab" * 32
ROWS = [
    ItemRow("A-001", "single", 2, f"原题 {n} “甲”\\乙（　）", ("油位", f"![图]({PICTURE})", "胎压", "灯光"), "B", "解析", reference="手册")
    for n in range(1003)
] + [ItemRow("A-001", "fill", 2, "原题填空（____）", key='["毫米"]')]  # fmt: skip


def select(asked: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(asked, given)
        return list(cursor.fetchall())


@pytest.fixture
def keeper() -> Actor:
    f.centre()
    account = f.staff("E7", "X4", "R4")
    who = f.actor_with("E7", "X4", "R4", account=account)
    items_acts.sign_secrecy(who)
    return who


def filled(keeper: Actor) -> tuple[list[Item], Paper, Paper]:
    row = f.scope_row()
    points = [PointRow("A", "", "range", "知识", 100), PointRow("A-001", "A", "point", "点", None, "X")]  # type: ignore[arg-type]
    specification = acts.install_specification(
        keeper, occupation=row.occupation, level=f.level("4"), title="示例", rows=points
    )
    items = items_acts.import_items(keeper, specification, ROWS, approved=True)
    items_acts.save_item(keeper, items[3], ItemRow("A-001", "true_false", 1, "改后的题", key="对"), specification)
    pattern = type("Pattern", (), {"sections": [{"type": "single", "count": 2, "mark": "50"}], "minutes": 60})()
    relaxed = papers.Options(relaxed=True)
    one, other = papers.assemble(keeper, specification, pattern, seed=77, forms="AB", options=relaxed)
    papers.seal(keeper, one)
    return items, one, other


def migrated(targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)


@pytest.mark.django_db(transaction=True)
def test_the_bank_goes_there_and_back_and_there_again_with_nothing_lost(keeper: Actor) -> None:
    items, sealed, open_paper = filled(keeper)
    content, on_it, seed = sealed.frozen(), sealed.items(), sealed.seed
    of = {item.pk: [getattr(item, name) for name in ("stem", "options", "key", "explanation", "reference", "stem_digest", "pictures")]
          for item in Item.objects.all()}  # fmt: skip
    SheetTemplate.objects.create(
        occupation=sealed.specification.occupation, level=sealed.specification.level, part="skill", title="表",
        tasks=[{"code": "1", "title": "任务"}],
    )  # fmt: skip
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    migrated(CLEAR)
    try:
        stem, options, digest, exposure = select(
            "SELECT stem, options, stem_digest, exposure FROM bank_item WHERE id = %s", on_it[0]
        )[0]
        told = json.loads(options) if isinstance(options, str) else options
        assert [stem, told] == of[on_it[0]][:2]
        assert digest == sha256(f"single:{''.join(c for c in stem if c.isalnum())}".encode()).hexdigest()
        assert exposure == 1
        assert select("SELECT item_id FROM bank_paperitem WHERE paper_id = %s ORDER BY number", sealed.pk) == [
            (pk,) for pk in on_it
        ]
        assert select("SELECT seed FROM bank_paper WHERE id = %s", sealed.pk) == [(seed,)]
        ((locked,),) = select("SELECT sealed_content FROM bank_paper WHERE id = %s", sealed.pk)
        assert json.loads(decrypt(locked, "bank_paper.content")) == content
        ((tasks,),) = select("SELECT tasks FROM marking_sheettemplate")
        assert (json.loads(tasks) if isinstance(tasks, str) else tasks) == [{"code": "1", "title": "任务"}]
    finally:
        migrated(latest)
    assert all(
        value == "" or value.startswith("1:")
        for row in select("SELECT stem, key, options FROM bank_item")
        for value in row
    )
    again = {item.pk: [getattr(item, name) for name in ("stem", "options", "key", "explanation", "reference", "stem_digest", "pictures")]
             for item in Item.objects.all()}  # fmt: skip
    assert again == of
    assert of[items[0].pk][-1] == PICTURE
    assert ItemVersion.objects.get(item=items[3]).content["stem"] == ROWS[3].stem
    sealed, open_paper = Paper.objects.get(pk=sealed.pk), Paper.objects.get(pk=open_paper.pk)
    assert (sealed.frozen(), sealed.items(), sealed.seed, sealed.content) == (content, on_it, seed, [])
    assert open_paper.items() == [entry["item"] for entry in open_paper.content]
    assert closed_items(sealed.specification) == set(on_it)
    assert not Item.objects.exclude(exposure=0, last_used=None).exists()
    assert SheetTemplate.objects.get().tasks == [{"code": "1", "title": "任务"}]
    assert [one.where for one in verification.verify().findings if "bank." in one.where] == []


class Office:
    """A database in a file, worked on by processes of their own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = {
            **kept, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(var / "secrets.json"),
            "DJANGO_SETTINGS_MODULE": "assay.office.settings", "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }  # fmt: skip

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments], env=self.environment, capture_output=True, text=True, timeout=250
        )

    def holds(self, text: str) -> list[str]:
        """The files of the database in which a text can be found."""
        return [path.name for path in self.var.glob("office.sqlite3*") if text.encode() in path.read_bytes()]


def put(database: sqlite3.Connection, table: str, **row: Any) -> None:
    places = ", ".join("?" * len(row))
    database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))


@pytest.fixture(scope="module")
def of_the_version_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database of an office of the version before, and items in it."""
    made = Office(tmp_path_factory.mktemp("before"))
    back = f"from {__name__} import migrated; migrated({CLEAR!r})"
    made.run("django", "shell", "-c", back).check_returncode()
    with sqlite3.connect(made.var / "office.sqlite3") as database:
        database.execute("PRAGMA ignore_check_constraints = ON")  # they ask for Django's own functions
        put(database, "catalogue_occupation", id=1, code="4-12-01-01", name="示例", name_en="", dictionary="2015")
        put(
            database,
            "catalogue_level",
            id=1,
            code="4",
            title="四级",
            certificate_title="",
            title_en="",
            rank=2,
            needs_review=0,
        )
        put(
            database, "bank_specification", id=1, occupation_id=1, level_id=1, job="", part="theory", title="示例", is_demo=0
        )  # fmt: skip
        for number in range(300):
            put(
                database, "bank_item", specification_id=1, type="fill", difficulty=3, stem=f"从前的题干 {number}", stem_digest="x",
                options="[]", premises="[]", key='["从前的答案"]', sheet="{}", explanation="", reference="", state="draft",
                version=1, exposure=0,
            )  # fmt: skip
    database.close()
    return made.var


@pytest.fixture
def office(of_the_version_before: Path, tmp_path: Path) -> Office:
    made = Office(shutil.copytree(of_the_version_before, tmp_path / "office"))
    assert made.holds("从前的题干") == ["office.sqlite3"]
    return made


def test_nothing_clear_is_left_in_the_files_of_a_database_that_was_brought_up_to_date(office: Office) -> None:
    done = office.run("assay.cli.main", "migrate")
    assert (done.returncode, done.stderr) == (0, "")
    assert office.holds("从前的题干") == office.holds("从前的答案") == []
    asked = "from assay.bank.models import Item; print([item.stem for item in Item.objects.all()])"
    assert "从前的题干 7" in office.run("django", "shell", "-c", asked).stdout


def test_with_anothers_secrets_file_nothing_is_encrypted(office: Office) -> None:
    assert office.run("django", "migrate", "centre").returncode == 0
    with sqlite3.connect(office.var / "office.sqlite3") as database:
        put(database, "centre_keyperiod", name="content", key_id="1", check_value="00", since="2026-01-01")
    database.close()
    done = office.run("assay.cli.main", "migrate")
    assert done.returncode == 1
    assert "试题与文件加密第 1 号密钥不是原来的" in done.stderr
    assert office.holds("从前的题干") == ["office.sqlite3"]

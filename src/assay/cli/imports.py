"""`assay bank import` and `assay roster import`: what the screens do, from the command line."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assay.applications.acts.importing import import_roster as import_rows
from assay.applications.acts.importing import would_be_drafts
from assay.applications.photos import PhotoZip, read_photos
from assay.applications.roster import read_roster
from assay.applications.roster_lookup import Lookup
from assay.bank.exchange.importing import examine
from assay.bank.models import Specification
from assay.bank.queries import specification_for
from assay.bank.writing.acts.items import import_items
from assay.batches.models import Batch
from assay.batches.stages import Route
from assay.catalogue.models import Level, ScopeRow
from assay.kernel.acts import Actor
from assay.kernel.refusals import Refused
from assay.kernel.tables import UPLOADED, Problem

OPERATOR = Actor(None, "命令行", frozenset({"X4", "E5"}))


def _fail(message: str, as_json: bool, counted: str) -> int:
    if as_json:
        problem = {"file": "", "sheet": "", "row": 0, "column": "", "message": message}
        click.echo(json.dumps({counted: 0, "written": 0, "problems": [problem]}, ensure_ascii=False))
    else:
        click.echo(message, err=True)
    return 1


def _tell(
    counted: str, found: int, written: int, problems: Sequence[Problem], notes: Sequence[str], as_json: bool
) -> int:
    if as_json:
        said: dict[str, Any] = {counted: found, "written": written, "problems": [p.as_json() for p in problems]}
        click.echo(json.dumps({**said, "notes": list(notes)}, ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            click.echo(f"✗ {problem}")
        for note in notes:
            click.echo(f"• {note}")
        click.echo(f"读到 {found} 条，写入 {written} 条，问题 {len(problems)} 处。")
    return 1 if problems else 0


@dataclass(frozen=True)
class BankImport:
    """How items are to be imported: see the options of the command."""

    job: str | None
    level: str
    images: str | None
    point: str
    good_ones: bool
    approved: bool
    check: bool


def import_bank(file: str, how: BankImport, *, as_json: bool) -> int:
    """Import items; with problems nothing is written (but the good ones where asked for) and the exit status is 1."""
    specification = _specification(how.job, how.level)
    if specification is None:
        titles = "、".join(Specification.objects.values_list("title", flat=True)[:30])
        return _fail(f"请用 --job 指明工种（现有细目表：{titles or '无'}）", as_json, "items")
    if how.point and not specification.points.filter(code=how.point).exists():
        return _fail(f"细目表中没有鉴定点 {how.point}", as_json, "items")
    with _Bar() as bar:
        found = examine(
            Path(file).name, Path(file).read_bytes(), specification, default_point=how.point, progress=bar.told,
            images=Path(how.images).read_bytes() if how.images else None,
        )  # fmt: skip
    written, problems = 0, [*found.problems, *found.known]
    if not how.check and found.rows and (how.good_ones or not problems):
        try:
            made = import_items(OPERATOR, specification, found.rows, approved=how.approved, pictures=found.pictures)
            written = len(made)
        except Refused as refused:
            return _fail(refused.message, as_json, "items")
    return _tell("items", found.items, written, problems, [str(note) for note in found.notes], as_json)


class _Bar:
    """A progress bar on the terminal's error side; silent on a pipe."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("核对试题"), BarColumn(bar_width=30), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
        self._task = self._bars.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def told(self, done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            self._bars.update(self._task, completed=done, total=total)


def _specification(job: str | None, level_code: str) -> Specification | None:
    if not job:
        return Specification.objects.first() if Specification.objects.count() == 1 else None
    level = Level.objects.filter(code=level_code).first()
    if level is None:
        return None
    rows = ScopeRow.objects.select_related("occupation")
    row = (
        rows.filter(no=int(job)).first()
        if job.isdecimal()
        else next((r for r in rows if job in (r.job, r.also_called, r.occupation.name, r.occupation.code)), None)
    )
    return specification_for(row, level) if row else None


def import_roster(
    file: str, *, batch_code: str | None, photos: str | None, check: bool, as_json: bool, overwrite: bool = False
) -> int:
    """Import a roster; with problems nothing is written and the exit status is 1."""
    batch = _batch(batch_code)
    if batch is None:
        codes = "、".join(Batch.objects.taking_applications().values_list("code", flat=True))
        return _fail(f"请用 --batch 指明批次（正在报名：{codes or '无'}）", as_json, "rows")
    name, content, together = _unpacked(Path(file))
    zipped = read_photos(Path(photos).name, Path(photos).read_bytes()) if photos else together
    roster = read_roster(name, content, Lookup(batch), zipped, overwrite=overwrite)
    notes, written = [*roster.notes, *roster.changes], 0
    if not roster.problems and check:
        notes += would_be_drafts(batch, roster.rows)
    elif not roster.problems:
        try:
            done = import_rows(OPERATOR, batch=batch, rows=roster.rows, overwrite=overwrite)
        except Refused as refused:
            return _fail(refused.message, as_json, "rows")
        written = done.applications
        notes += done.drafts
    return _tell("rows", roster.read, written, roster.problems, notes, as_json)


def _unpacked(file: Path) -> tuple[str, bytes, PhotoZip | None]:
    """Name and content of the roster; a ZIP may hold the roster and the photos together."""
    content = file.read_bytes()
    if file.suffix.lower() != ".zip" or not zipfile.is_zipfile(file):
        return file.name, content, None
    with zipfile.ZipFile(file) as archive:
        tables = [n for n in archive.namelist() if n.lower().endswith(tuple(UPLOADED.split(",")))]
        if len(tables) != 1:
            return file.name, content, None
        pictures = io.BytesIO()
        with zipfile.ZipFile(pictures, "w") as others:
            for info in archive.infolist():
                if not info.is_dir() and info.filename != tables[0]:
                    others.writestr(info, archive.read(info))
        return tables[0], archive.read(tables[0]), read_photos(file.name, pictures.getvalue())


def _batch(code: str | None) -> Batch | None:
    if code:
        return Batch.objects.filter(code=code).first()
    open_ones = list(Batch.objects.taking_applications().filter(route=Route.EXAM)[:2])
    return open_ones[0] if len(open_ones) == 1 else None

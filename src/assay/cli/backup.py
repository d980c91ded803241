"""`assay backup` and `assay restore`: the databases and kept files in one folder, with a list of all by their digests.

The secrets file is not in it, for who has both has everything; the list says by which keys the copy opens.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from assay.kernel import clock, durable
from assay.kernel.files import plain_pieces, problem_of
from assay.kernel.keyring import TITLES, check_values

LIST = "backup.json"
OFFICE, HALL, FILES = "office.sqlite3", "hall.sqlite3", "files"
MOST_SHOWN = 20


def backup(folder: Path) -> int:
    """Copy everything into `folder`, a new or empty one. The databases first: a file that their rows name lay on the disk before."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} 不是空目录：每次备份请用一个新目录")
    if folder in (settings.VAR, *settings.VAR.parents) or settings.VAR in folder.parents:
        raise click.ClickException("备份不能放在数据目录里：请另选目录，最好在另一块磁盘或另一台机器上")
    folder.mkdir(parents=True, exist_ok=True)
    left = [said for name, source in _databases() if (said := _copy_database(source, folder / name))]
    kept = _kept_files(Path(settings.FILES_ROOT))
    _copy_all((path, folder / FILES / path.parent.name / path.name) for path in kept)
    listed = {str(path.relative_to(folder)): _digest(path) for path in _all_of(folder)}
    keys = [[*key, value] for key, value in sorted(check_values().items())]
    whole = {"made_at": clock.now().isoformat(), "not_in_it": left, "keys": keys, "files": listed}
    durable.put(folder / LIST, lambda out: out.write(json.dumps(whole, ensure_ascii=False, indent=1).encode()))
    for one in left:
        click.echo(one, err=True)
    click.echo(
        f"已备份 {len(listed)} 个文件到 {folder}。密钥文件（{settings.SECRETS_FILE}）不在其中：请另行备份，分开保管。"
    )
    return 0


def restore(folder: Path, *, check_only: bool) -> int:
    """Look whether the copy is whole and opens with our secrets; then, unless only that was asked, put it into the empty data folder."""
    wrong = list(_problems(folder))
    for one in wrong[:MOST_SHOWN]:
        click.echo(f"✗ {one}", err=True)
    if wrong:
        click.echo(f"发现 {len(wrong)} 处问题，{'备份不完整' if check_only else '没有恢复'}。", err=True)
        return 1
    click.echo("备份完整，能用现在的密钥文件打开。")
    if check_only:
        return 0
    there = [
        str(path) for path in (settings.VAR / OFFICE, settings.VAR / HALL, Path(settings.FILES_ROOT)) if path.exists()
    ]
    if there:
        raise click.ClickException(
            f"数据目录里已有 {'、'.join(there)}，没有恢复：请停止服务并移走它们，或另设 ASSAY_VAR"
        )
    _copy_all((folder / name, settings.VAR / name) for name in _listed(folder))
    click.echo(f"已恢复到 {settings.VAR}。")
    return 0


def _databases() -> list[tuple[str, str]]:
    default = settings.DATABASES["default"]
    office = str(default["NAME"]) if default["ENGINE"].endswith("sqlite3") else "postgresql:"
    return [(OFFICE, office), (HALL, os.environ.get("ASSAY_HALL_DATABASE") or str(settings.VAR / HALL))]


def _copy_database(source: str, target: Path) -> str:
    """What else has to be done, in Chinese; "" when it was copied, or is not there."""
    if source.startswith(("postgresql:", "postgres:")):
        return f"{target.stem} 数据库在 PostgreSQL 上，不在备份中：请另用 pg_dump --format=custom 备份"
    path = Path(source.removeprefix("sqlite:///")).resolve()
    if not path.exists():
        return ""
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
    return ""


def _kept_files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.glob("??/*")) if len(path.name) == sha256().digest_size * 2)


def _copy_all(files: Iterable[tuple[Path, Path]]) -> None:
    durable.put_all((target, _copied(source)) for source, target in files)


def _copied(source: Path) -> durable.Writer:
    def write(out: durable.Out) -> None:
        with source.open("rb") as content:
            shutil.copyfileobj(content, out)

    return write


def _all_of(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != LIST)


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as source:
        for piece in plain_pieces(source):
            found.update(piece)
    return found.hexdigest()


def _listed(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / LIST).read_text())["files"])


def _problems(folder: Path) -> Iterator[str]:
    """Whatever would be missing or could not be opened."""
    try:
        said = json.loads((folder / LIST).read_text())
        listed, keys = dict(said["files"]), [((name, key_id), value) for name, key_id, value in said["keys"]]
    except (OSError, ValueError, KeyError, TypeError):
        yield f"{folder / LIST} 没有或读不出：备份没有做完，或这不是备份目录"
        return
    ours = check_values()
    for key, value in keys:
        if ours.get(key) != value:
            yield (
                f"现在的密钥文件（{settings.SECRETS_FILE}）没有备份所用的{TITLES.get(key[0], key[0])}第 {key[1]} 号密钥："
                "请放回原来的密钥文件"
            )
    for name, digest in listed.items():
        path = folder / name
        if not path.exists():
            yield f"{name} 不见了"
        elif _digest(path) != digest:
            yield f"{name} 被改动或不完整"
    yield from _problems_of_database(folder)


def _problems_of_database(folder: Path) -> Iterator[str]:
    """Whether the database is sound, and every file that it names is there and opens."""
    if not (folder / OFFICE).exists():
        return
    with closing(sqlite3.connect(f"{(folder / OFFICE).resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        try:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            named = [row[0] for row in copy.execute("SELECT sha256 FROM kernel_storedfile ORDER BY 1")] if sound else []
        except sqlite3.DatabaseError:
            sound, named = False, []
    if not sound:
        yield f"{OFFICE} 已损坏"
    for digest in named:
        if wrong := problem_of(digest, folder / FILES / digest[:2] / digest):
            yield f"{FILES}/{digest[:2]}/{digest}：{wrong}"

"""`assay backup` and `assay restore`: the databases and kept files in one folder, with a list of all by their digests.

The secrets file is not in it, for who has both has everything; the list says by which keys the copy opens, and is itself known again
by one of them (`backup_list`). Nothing is put back but what stands in the list, under names that a backup has, as it was written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import click
from django.conf import settings

from assay.cli import backup_list
from assay.cli.backup_list import FILES, HALL, LIST, OFFICE, Listed, Unlisted, wrong_place
from assay.kernel import clock, durable
from assay.kernel.files import plain_pieces, problem_of
from assay.kernel.keyring import TITLES, check_values

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
    backup_list.write(folder, {"made_at": clock.now().isoformat(), "not_in_it": left, "keys": keys, "files": listed})
    for one in left:
        click.echo(one, err=True)
    click.echo(
        f"已备份 {len(listed)} 个文件到 {folder}。密钥文件（{settings.SECRETS_FILE}）不在其中：请另行备份，分开保管。"
    )
    return 0


def restore(folder: Path, *, check_only: bool, unsigned: bool = False) -> int:
    """Look whether the copy is ours, whole, and opens with our secrets; then, unless only that was asked, put it into the empty data
    folder. `unsigned`: one that cannot be authenticated is taken all the same."""
    try:
        listed = backup_list.read(folder)
    except Unlisted:
        return _refused([f"{folder / LIST} 没有或读不出：备份没有做完，或这不是备份目录"])
    if wrong := list(_problems(folder, listed, unsigned=unsigned)):
        return _refused(wrong)
    if not listed.signed:
        click.echo("注意：这份备份未经认证（没有本系统的校验码），无法证明没有被人替换过。", err=True)
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
    _put_back(folder, listed)
    click.echo(f"已恢复到 {settings.VAR}。")
    return 0


def _refused(wrong: list[str]) -> int:
    for one in wrong[:MOST_SHOWN]:
        click.echo(f"✗ {one}", err=True)
    click.echo(f"发现 {len(wrong)} 处问题，这份备份不能照此恢复，什么也没有写入。", err=True)
    return 1


def _put_back(folder: Path, listed: Listed) -> None:
    durable.put_all((settings.VAR / name, _copied(folder / name, digest)) for name, digest in listed.files.items())


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
    """Under the names that `restore` takes; a draft that a power cut left is none of them."""
    names = (f"{path.parent.name}/{path.name}" for path in sorted(root.glob("??/*")))
    return (root / name for name in names if backup_list.may_hold(f"{FILES}/{name}"))


def _copy_all(files: Iterable[tuple[Path, Path]]) -> None:
    durable.put_all((target, _copied(source)) for source, target in files)


def _copied(source: Path, digest: str = "") -> durable.Writer:
    """`digest`: what must come of it, whoever changes the medium after it was looked at."""

    def write(out: durable.Out) -> None:
        found = sha256()
        with source.open("rb") as content:
            for piece in plain_pieces(content):
                found.update(piece)
                out.write(piece)
        if digest and found.hexdigest() != digest:
            raise click.ClickException(f"{source} 在恢复途中变了：请清空 {settings.VAR}，换一份备份重新恢复")

    return write


def _all_of(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != LIST)


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as source:
        for piece in plain_pieces(source):
            found.update(piece)
    return found.hexdigest()


def _problems(folder: Path, listed: Listed, *, unsigned: bool) -> Iterator[str]:
    """Whatever is not ours, would be missing or could not be opened. What is not ours is read no further."""
    others = list(_problems_of_keys(listed))
    yield from others
    strange = [*_problems_of_origin(listed, others, unsigned=unsigned), *backup_list.strangers(listed)]
    yield from strange
    if strange:
        return
    for name, digest in listed.files.items():
        if wrong := wrong_place(folder, name):
            yield wrong
        elif _digest(folder / name) != digest:
            yield f"{name} 被改动或不完整"
    yield from _problems_of_database(folder, listed)


def _problems_of_keys(listed: Listed) -> Iterator[str]:
    ours = check_values()
    for key, value in listed.keys.items():
        if ours.get(key) != value:
            yield (
                f"现在的密钥文件（{settings.SECRETS_FILE}）没有备份所用的{TITLES.get(key[0], key[0])}第 {key[1]} 号密钥："
                "请放回原来的密钥文件"
            )


def _problems_of_origin(listed: Listed, others: list[str], *, unsigned: bool) -> Iterator[str]:
    """With other keys than those of then nothing is taken anyhow, and nothing can be said of who wrote it."""
    if not listed.signed and not unsigned:
        yield (
            f"{LIST} 没有校验码，这份备份未经认证：或是以前版本所做，或被人改过。"
            "确知其来历、要照样恢复的，请加 --unsigned"
        )
    elif listed.signed and not listed.ours and not others:
        yield f"{LIST} 的校验码不符：清单被改动过，或不是本系统所做，不予恢复"


def _problems_of_database(folder: Path, listed: Listed) -> Iterator[str]:
    """Whether the database is sound, and every file that it names is there and opens."""
    if OFFICE not in listed.files or wrong_place(folder, OFFICE):
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
        name = f"{FILES}/{digest[:2]}/{digest}"
        if name not in listed.files:
            yield f"{name}：文件不在备份中"
        elif not wrong_place(folder, name) and (wrong := problem_of(digest, folder / name)):
            yield f"{name}：{wrong}"

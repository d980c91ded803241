"""The folder of data is nobody's but the service's: what earlier versions, or a hand, left open to others is closed at every start."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

OTHERS = 0o077
PROGRAM = Path(__file__).resolve().parents[1]
NAMED = 3


def close_to_others(folder: Path) -> list[str]:
    """Take away what group and others may do with the folder and all in it. Links are not followed. What could not be changed, in
    Chinese."""
    if _holds_program(folder):
        return [f"数据目录 {folder} 里有程序本身，没有收紧其权限：请把 ASSAY_VAR 设为单独的目录"]
    return _close(_all_in(folder), f"chmod -R go-rwx {folder}")


def close_around(file: Path) -> list[str]:
    """The same for a program that was told no folder but its database alone: all that lies in the database's folder. Where that is no
    folder of its own, the database and what SQLite keeps beside it."""
    folder = file.resolve().parent
    if not folder.is_dir():
        return []  # it will be made, for nobody else
    if not _is_for_others_too(folder):
        return close_to_others(folder)
    beside = [path for path in folder.iterdir() if path.name.startswith(file.resolve().name)]
    return [
        *_close(beside, f"chmod go-rwx {file}*"),
        f"目录 {folder} 里还有别的东西，只收紧了 {file.name} 本身的权限：请为它设单独的目录",
    ]


def _close(paths: Iterable[Path], by_hand: str) -> list[str]:
    open_still = [path for path in paths if not _closed(path)]
    if not open_still:
        return []
    named = "、".join(str(path) for path in open_still[:NAMED])
    return [
        f"{len(open_still)} 个文件或目录对本机其他用户开放，且无法收紧（{named}{' 等' if len(open_still) > NAMED else ''}）："
        f"请以其属主身份执行 {by_hand}"
    ]


def _holds_program(folder: Path) -> bool:
    return any(folder in (place, *place.parents) for place in (PROGRAM, Path(sys.prefix)))


def _is_for_others_too(folder: Path) -> bool:
    """A folder such as /tmp, /srv or somebody's home, or with things of another owner in it: who put a database there did not mean
    that nobody else may enter."""
    own = folder.stat()
    return (
        _holds_program(folder)
        or bool(own.st_mode & stat.S_ISVTX)
        or folder.parent == folder.parent.parent
        or folder == Path(os.path.expanduser("~"))
        or any(_owner(path, own.st_uid) != own.st_uid for path in folder.iterdir())
    )


def _owner(path: Path, of_what_is_gone: int) -> int:
    try:
        return path.lstat().st_uid
    except FileNotFoundError:  # SQLite's own files come and go
        return of_what_is_gone


def _all_in(folder: Path) -> Iterator[Path]:
    yield folder
    for above, folders, names in os.walk(folder):
        yield from (Path(above, name) for name in (*folders, *names))


def _closed(path: Path) -> bool:
    """True when nobody else may do anything with it (any more)."""
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except FileNotFoundError:  # gone meanwhile: SQLite's own files come and go
        return True
    except OSError:
        return False
    return True

"""The folder of data is nobody's but the service's: what earlier versions, or a hand, left open to others is closed at every start."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

OTHERS = 0o077
PROGRAM = Path(__file__).resolve().parents[1]
NAMED = 3


def close_to_others(folder: Path) -> list[str]:
    """Take away what group and others may do with the folder and all in it. Links are not followed. What could not be changed, in
    Chinese."""
    if any(folder in (place, *place.parents) for place in (PROGRAM, Path(sys.prefix))):
        return [f"数据目录 {folder} 里有程序本身，没有收紧其权限：请把 ASSAY_VAR 设为单独的目录"]
    open_still = [path for path in _all_in(folder) if not _closed(path)]
    if not open_still:
        return []
    named = "、".join(str(path) for path in open_still[:NAMED])
    return [
        f"{len(open_still)} 个文件或目录对本机其他用户开放，且无法收紧（{named}{' 等' if len(open_still) > NAMED else ''}）："
        f"请以其属主身份执行 chmod -R go-rwx {folder}"
    ]


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

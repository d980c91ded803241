"""Writing files so that they are there, whole, whenever the power goes: a draft beside the place, synced, put in place, and the
folder synced. Nobody but the service reads them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

DRAFT = ".draft"
AT_ONCE = 8
"""A disk that is asked for several at a time settles them together."""
Out = IO[bytes]
Writer = Callable[[Out], object]


def put(path: Path, write: Writer) -> None:
    """What `write` writes is at `path` when this returns; before that, whatever was there."""
    put_all([(path, write)])


def put_all(files: Iterable[tuple[Path, Writer]]) -> None:
    """Many at a time; each is whole or not there."""
    wanted = list(files)
    folders = {path.parent for path, _ in wanted}
    made = {above for folder in folders for above in _make(folder)}
    if len(wanted) == 1:
        _put(*wanted[0])
    else:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda one: _put(*one), wanted))
    for folder in folders | made:
        _sync_folder(folder)


def _put(path: Path, write: Writer) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=DRAFT, dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _make(folder: Path) -> list[Path]:
    """Make the folder; the folders that have got a new entry by that."""
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return [one.parent for one in missing]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

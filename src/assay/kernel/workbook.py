"""Excel files from outside, opened by a process beside this one (`opening`), which may fail without anybody noticing but the one
whose file it is."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from assay.kernel import opening
from assay.kernel.opening import Opened, Outcome

_PROGRAM = str(Path(opening.__file__))
_WAIT_S = opening.SECONDS + 15
_ONE = threading.Semaphore(1)
"""One at a time, so that several of them do not take the memory of the machine together."""
_PATIENCE_S = 20


def opened(content: bytes) -> list[Opened] | str:
    """The sheets of a workbook, or in Chinese why they cannot be read."""
    if not _ONE.acquire(timeout=_PATIENCE_S):
        return "正在读取别人上传的文件，请等半分钟再上传一次"
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", _PROGRAM], input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=_WAIT_S, check=True,
        )  # fmt: skip
        outcome = msgspec.msgpack.decode(done.stdout, type=Outcome)
    except (subprocess.SubprocessError, msgspec.DecodeError):
        return opening.too_large()
    finally:
        _ONE.release()
    if outcome.unfit:
        return outcome.unfit
    for sheet in outcome.sheets:
        sheet.cells = [[_cell(cell) for cell in row] for row in sheet.cells]
    return outcome.sheets


def _cell(cell: Any) -> Any:
    if isinstance(cell, list):
        said = cell[1]
        return datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said)
    return cell

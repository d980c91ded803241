"""A disk of a few megabytes that can be filled up: a tmpfs of one's own. Needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self


def permitted() -> bool:
    """True where a file system may be mounted."""
    if os.geteuid() != 0:
        return False
    try:
        with SmallDisk(1):
            return True
    except subprocess.CalledProcessError:
        return False


class SmallDisk:
    """Use as a context manager."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes
        self.folder = Path(tempfile.mkdtemp(prefix="assay-disk-"))
        self._ballast = self.folder / "ballast"

    def __enter__(self) -> Self:
        size = f"size={self._megabytes}m,mode=0777"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(self.folder)], check=True, capture_output=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, leave: int = 0) -> None:
        """Write until nothing (or `leave` bytes) is left."""
        free = shutil.disk_usage(self.folder).free - leave
        with self._ballast.open("wb", buffering=0) as ballast:
            try:
                while free > 0:
                    free -= ballast.write(b"\0" * min(free, 65_536))
            except OSError:
                return

    def relieve(self) -> None:
        self._ballast.unlink()

"""A network of one's own that can be cut: a namespace with a cable (veth) to this machine. Needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self


def permitted() -> bool:
    """True where namespaces may be made."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    probe = subprocess.run(["ip", "netns", "add", "assay-probe"], capture_output=True)
    subprocess.run(["ip", "netns", "del", "assay-probe"], capture_output=True)
    return probe.returncode == 0


class Network:
    """Use as a context manager. `here` is this machine's address on the cable; a program started through `wrapper`
    lives at the other end."""

    here, there = "10.231.77.1", "10.231.77.2"

    def __init__(self) -> None:
        self.name = f"assay{os.getpid()}"
        self._cable = f"asy{os.getpid() % 100000}"
        self._folder = Path(tempfile.mkdtemp(prefix="assay-network-"))

    def __enter__(self) -> Self:
        _ip("netns", "add", self.name)
        _ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        _ip("addr", "add", f"{self.here}/30", "dev", self._cable)
        _ip("-n", self.name, "addr", "add", f"{self.there}/30", "dev", "eth0")
        _ip("-n", self.name, "link", "set", "lo", "up")
        _ip("-n", self.name, "link", "set", "eth0", "up")
        self.mend()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _ip("netns", "del", self.name)
        shutil.rmtree(self._folder, ignore_errors=True)

    def cut(self) -> None:
        """Nothing gets through any more, and nobody is told."""
        _ip("link", "set", self._cable, "down")

    def mend(self) -> None:
        _ip("link", "set", self._cable, "up")

    def wrapper(self, program: str) -> str:
        """Path of a script that starts `program` at the far end."""
        script = self._folder / Path(program).name
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {program} "$@"\n')
        script.chmod(0o755)
        return str(script)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)

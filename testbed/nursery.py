"""Halls that begin at once: a process that has read in everything a hall is made of stands by, and each new one is a fork of it.

Reading in takes most of a second of a processor, and hundreds of tests start a hall of their own. What begins is the same program in a
process of its own, to be killed like any other.
"""

from __future__ import annotations

import json
import os
import runpy
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping

MADE_OF = ("assay.hall.app", "assay.hall.store.postgresql", "assay.front.running", "uvicorn.lifespan.on", "uvloop")


class Child:
    """A process that is not our own child, as `subprocess.Popen` shows one. With what it ended nobody knows."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended = os.pidfd_open(pid)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._look(0)

    def wait(self, seconds: float) -> int:
        if self._look(seconds) is None:
            raise subprocess.TimeoutExpired("a hall", seconds)
        return 0

    def _look(self, seconds: float) -> int | None:
        waiting = select.poll()
        waiting.register(self._ended, select.POLLIN)
        if self.returncode is None and waiting.poll(1000 * seconds):
            os.close(self._ended)
            self.returncode = 0
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._ended, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that stands by; it ends with whoever made it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "testbed.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def child(self, environment: Mapping[str, str]) -> Child:
        """A new hall with this environment."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(dict(environment)), file=self._process.stdin, flush=True)
        return Child(int(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate(timeout=10)


def main() -> None:
    for module in MADE_OF:
        __import__(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _be_a_hall(json.loads(line))
        print(pid, flush=True)


def _be_a_hall(environment: dict[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    os.environ.clear()
    os.environ.update(environment)
    status = 1
    try:
        runpy.run_module("assay.hall", run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()

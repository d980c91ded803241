"""The own lines of hall and gateway as a program for logs reads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta

PROGRAM = """
from assay.front.log_lines import write_json_lines
import structlog
log = structlog.get_logger("hall")
write_json_lines()
log.warning("request failed", path="/x\\n2026-01-01 ERROR forged", error="磁盘已满")
"""


def test_a_line_is_one_line_says_when_by_which_clock_and_can_be_read() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    (line,) = done.stderr.splitlines()
    read = json.loads(line)
    assert (read["event"], read["level"], read["error"]) == ("request failed", "warning", "磁盘已满")
    assert read["path"].endswith("forged")
    assert datetime.fromisoformat(read["timestamp"]).utcoffset() == timedelta()

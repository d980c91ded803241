"""`python -m testbed.on_postgresql COMMAND…`: run a command with ASSAY_TEST_DATABASE on a private PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys

from testbed.postgresql import Postgresql

UNHURRIED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""What is kept here for the length of a test run need not outlast a power cut; what has to is tested on a server of its own."""


def main() -> int:
    with Postgresql(settings=UNHURRIED) as server:
        environment = {**os.environ, "ASSAY_TEST_DATABASE": server.url("office")}
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())

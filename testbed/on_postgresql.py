"""`python -m testbed.on_postgresql COMMAND…`: run a command with ASSAY_TEST_DATABASE on a private PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys

from testbed.postgresql import Postgresql


def main() -> int:
    with Postgresql() as server:
        environment = {**os.environ, "ASSAY_TEST_DATABASE": server.url("office")}
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())

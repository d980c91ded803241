"""Every test run has its own data folder and secrets, made before Django's settings are read."""

from __future__ import annotations

import os
import tempfile

_VAR = tempfile.mkdtemp(prefix="assay-tests-")
os.environ["ASSAY_VAR"] = _VAR
os.environ["ASSAY_SECRETS"] = f"{_VAR}/secrets.json"
os.environ["DATABASE_URL"] = os.environ.get("ASSAY_TEST_DATABASE", f"sqlite:///{_VAR}/tests.sqlite3")

"""What several tests of the kernel need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.kernel import secrets
from assay.kernel.secrets import SecretsStore


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsStore]:
    """A secrets file of this test's own."""
    made = SecretsStore(tmp_path / "secrets.json")
    monkeypatch.setattr(secrets, "store", lambda: made)
    secrets.forget()
    yield made
    monkeypatch.undo()
    secrets.forget()

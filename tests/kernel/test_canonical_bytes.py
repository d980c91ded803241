"""What digests are taken over does not depend on who writes it down."""

from __future__ import annotations

import json

from hypothesis import given

from assay.kernel.ledger import canonical_json
from tests.kernel.json_values import VALUES


@given(VALUES)
def test_a_value_has_the_bytes_of_the_standard_librarys_json(value: object) -> None:
    said = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical_json(value) == said.encode()

"""What digests are taken over does not depend on who writes it down."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from assay.kernel.ledger import canonical_json

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_has_the_bytes_of_the_standard_librarys_json(value: object) -> None:
    said = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical_json(value) == said.encode()

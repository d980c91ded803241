"""What digests are taken over does not depend on who writes it down."""

from __future__ import annotations

import json

from hypothesis import given

from assay.batches.stages import Route, Stage
from assay.kernel.ledger import canonical_json
from assay.kernel.models import OutboxMessage
from assay.kernel.recorded import canonical
from tests.kernel.json_values import VALUES


@given(VALUES)
def test_a_value_has_the_bytes_of_the_standard_librarys_json(value: object) -> None:
    said = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical_json(value) == said.encode()


def test_a_word_of_an_enum_is_recorded_as_its_text() -> None:
    """Its bytes are those of before there were enums, and what is recorded is a plain text before it is read again."""
    said = canonical({Route.EXAM: Stage.REVIEW, "state": [OutboxMessage.State.SENT, {"stage": Stage.EXAM}]})
    assert repr(said) == "{'exam': 'review', 'state': ['sent', {'stage': 'exam'}]}"
    assert canonical_json({Route.EXAM: OutboxMessage.State.SENT}) == b'{"exam":"sent"}'

"""The filed plan on its way to the province, and its decision."""

from __future__ import annotations

from collections.abc import Iterable

from assay.centre.actors import SYSTEM
from assay.filing.acts import record_answer
from assay.filing.models import Filing
from assay.kernel.correspondence import Correspondence, Decision, add_correspondence
from assay.kernel.recorded import Recorded


def _waiting() -> Iterable[Filing]:
    return Filing.objects.filter(state=Filing.State.SENT).only("pk")  # a filed document is long


def _decided(filing: Recorded, said: Decision) -> None:
    assert isinstance(filing, Filing)
    record_answer(
        SYSTEM, filing, state=said.state, reason=said.reason, by=said.by, at=said.at, remote_id=said.remote_id
    )


add_correspondence(Correspondence("filing", "认定计划", "/api/v1/filings", waiting=_waiting, decided=_decided))

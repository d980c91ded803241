"""Results on their way to the province, and its decision."""

from __future__ import annotations

from collections.abc import Iterable

from assay.centre.actors import SYSTEM
from assay.kernel.correspondence import Correspondence, Decision, add_correspondence
from assay.kernel.recorded import Recorded
from assay.results.acts.outcomes import record_answer
from assay.results.models import ResultReport


def _waiting() -> Iterable[ResultReport]:
    return ResultReport.objects.filter(state=ResultReport.State.SENT).only("pk")


def _decided(report: Recorded, said: Decision) -> None:
    assert isinstance(report, ResultReport)
    record_answer(SYSTEM, report, state=said.state, reason=said.reason, at=said.at, remote_id=said.remote_id)


add_correspondence(Correspondence("results", "成绩", "/api/v1/results", waiting=_waiting, decided=_decided))

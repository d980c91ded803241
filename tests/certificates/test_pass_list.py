"""合格人员成绩及证书编号名册: who passed, with marks and the certificate, and why somebody has none."""

from __future__ import annotations

from datetime import date

import pytest

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.certificates.models import Certificate, IssueDecision
from assay.certificates.printing import pass_list
from assay.kernel.clock import now
from assay.results.models import Result
from tests import factories as f
from tests.papers import text_of

pytestmark = pytest.mark.django_db


def passing(batch: Batch, outcome: str = "pass") -> Application:
    application = f.application(batch)
    Result.objects.create(
        batch=batch, application=application, theory="95.0", skill="86.5", outcome=outcome, computed_at=now()
    )
    return application


def certified(application: Application, number: str, **fields: object) -> Certificate:
    of = application.applicant
    return Certificate.objects.create(
        application=application, number=number, name=of.name, id_type=of.id_type, id_number=of.id_number, id_index=of.id_index,
        occupation_code="4-12-01-01", occupation="示例职业", level_code="4", level_title="四级/中级工",
        issued_on=date(2026, 3, 2), **fields,
    )  # fmt: skip


def test_it_bears_marks_and_numbers_of_who_passed_and_says_why_somebody_has_none() -> None:
    f.centre()
    batch = f.batch("exam", stage="certificates")
    first, withdrawn, kept_back, waiting = (passing(batch) for _ in range(4))
    failed = passing(batch, "fail")
    certified(first, "S000041000123264000001")
    certified(withdrawn, "S000041000123264000002", state="withdrawn")
    IssueDecision.objects.create(application=kept_back, verdict="withhold", reason="待查", by="甲", at=now())
    said = text_of(pass_list(batch))
    for piece in (
        "9586.5—S0000410001232640000012026-03-02",
        "S0000410001232640000022026-03-02已撤销",
        "暂不核发",
        "未编制证书",
    ):
        assert piece in said
    for application in (first, withdrawn, kept_back, waiting):
        assert application.applicant.id_number in said
    assert failed.applicant.id_number not in said


def test_nobody_passed_is_said() -> None:
    f.centre()
    assert "本批次没有合格人员" in text_of(pass_list(f.batch("exam", stage="certificates")))

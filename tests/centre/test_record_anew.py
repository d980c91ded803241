"""A database of the version before: its ledger says less of each row than this version covers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from assay.applications.models import Application
from assay.centre.acts import record_anew
from assay.centre.acts.settings import name_days
from assay.centre.models import Department
from assay.certificates.models import Certificate
from assay.kernel import clock
from assay.kernel.acts import Context, act
from assay.kernel.coverage import recorded_models
from assay.kernel.models import LedgerEntry, LedgerLine, OutboxMessage
from assay.kernel.recorded import Recorded
from assay.kernel.verification import Finding, verify
from tests import factories as f

pytestmark = pytest.mark.django_db
OF_OLD: dict[type[Recorded], tuple[tuple[str, ...], tuple[str, ...]]] = {
    Certificate: (("application", "number", "name", "id_type", "state"), ("id_number",)),
    Application: (("batch", "line", "person", "applicant", "state"), ()),
}


@act("tests.record_as_of_old", duty="E1", title="测试登记")
def record(ctx: Context, *rows: Recorded) -> None:
    ctx.record(*rows)


def certificate(application: Application) -> Certificate:
    person = application.person
    return Certificate.objects.create(
        application=application, number="S000041000123264000001", name=person.name, id_type="resident",
        id_number=person.id_number, id_index=person.id_index, occupation_code="4-12-01-01", occupation="汽车维修工",
        level_code="4", level_title="四级/中级工", issued_on=clock.today(),
    )  # fmt: skip


@pytest.fixture
def of_old() -> Certificate:
    """A certificate with all that it leans on, recorded as the version before did, and a message that it did not record at all."""
    made = certificate(f.application(f.batch("exam", stage="review")))
    OutboxMessage.objects.create(
        kind="certificates", key="one", about="batches.batch", about_id="1", payload={"rows": [1]}, created_at=clock.now(),
        next_at=clock.now(),
    )  # fmt: skip
    rows = [row for model in recorded_models() if model is not OutboxMessage for row in model._default_manager.all()]
    with pytest.MonkeyPatch.context() as version:
        for model, (facts, sealed) in OF_OLD.items():
            version.setattr(model, "FACTS", facts)
            version.setattr(model, "SEALED", sealed)
        record(f.actor_with("E1"), *rows)
    return made


def change(table: str, column: str, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])


def told(findings: list[Finding]) -> list[str]:
    return [f"{finding.where} {finding.what}" for finding in findings]


def test_after_the_upgrade_nothing_is_found_and_from_then_on_a_new_column_is_protected(of_old: Certificate) -> None:
    change("certificates_certificate", "occupation_code", "4-12-01-01")
    assert record_anew.is_due()
    assert record_anew.record_anew() == 3
    assert not record_anew.is_due()
    assert verify().findings == []
    for table, column, named in (
        ("certificates_certificate", "occupation_code", "证书 certificates.certificate"),
        ("applications_application", "work_years", "报名 applications.application"),
        ("kernel_outboxmessage", "payload", "省平台消息 kernel.outboxmessage"),
    ):
        change(table, column, 7)
        (finding,) = [one for one in told(verify().findings) if f"“{column}”" in one]
        assert finding.startswith(named)


def test_what_the_version_before_did_not_record_is_no_finding_before_it_is_recorded_anew(of_old: Certificate) -> None:
    assert [one for one in told(verify().findings) if "outboxmessage" not in one] == []


def test_a_change_behind_the_ledgers_back_is_not_made_good_by_the_upgrade(of_old: Certificate) -> None:
    change("certificates_certificate", "name", "王改名")
    Department.objects.create(code="X9", name="私设部门")
    record_anew.record_anew()
    found = told(verify().findings)
    assert len(found) == 2
    assert any("“name”被改动" in one and "王改名" in one for one in found)
    assert any("私设部门" in one and "绕过系统写入" in one for one in found)


def test_a_row_that_cannot_be_read_stays_to_be_found_and_the_others_are_recorded(of_old: Certificate) -> None:
    change("certificates_certificate", "id_number", "no cipher text")
    assert record_anew.record_anew() == 3
    (found,) = told(verify().findings)
    assert "“id_number”内容无法读出" in found
    change("certificates_certificate", "occupation_code", "6-01-01-01")
    assert any("“occupation_code”被改动" in one for one in told(verify().findings))


def test_what_was_open_once_and_is_sealed_now_is_not_written_openly_again(
    of_old: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Certificate, "FACTS", tuple(name for name in Certificate.FACTS if name != "name"))
    monkeypatch.setattr(Certificate, "SEALED", (*Certificate.SEALED, "name"))
    record_anew.record_anew()
    line = LedgerLine.objects.filter(subject="certificates.certificate").order_by("-entry_id")[0]
    assert line.facts is not None
    assert "name" not in line.facts
    assert line.facts["#name"]
    assert verify().findings == []


def test_stopped_halfway_it_goes_on_and_a_second_time_there_is_nothing_to_do(
    of_old: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as halfway:
        halfway.setattr(record_anew, "_note_coverage", stop)
        with pytest.raises(Stopped):
            record_anew.record_anew()
    assert record_anew.is_due()
    assert record_anew.record_anew() == 0
    assert not record_anew.is_due()
    entries = LedgerEntry.objects.count()
    record_anew.record_anew()
    assert LedgerEntry.objects.count() == entries + 1  # that it was looked through, and no row again
    assert verify().findings == []


def test_when_a_later_version_covers_more_it_is_due_again(of_old: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Department, "FACTS", ("code",))
    monkeypatch.setattr(Department, "UNOFFICIAL", {"name": "not thought of in that version"})
    record_anew.record_anew()
    assert not record_anew.is_due()
    monkeypatch.undo()
    assert record_anew.is_due()


def test_a_day_that_is_none_stops_neither_the_start_nor_the_check(of_old: Certificate) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps the column's type")
    name_days(f.actor_with("E1"), [(date(2026, 10, 1), False, "国庆"), (date(2026, 10, 2), False, "国庆")])
    record_anew.record_anew()
    assert verify().findings == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_holiday SET day = '2026-13-45' WHERE day = '2026-10-02'")
    record_anew.record_anew()
    (found,) = told(verify().findings)
    assert found.startswith("节假日安排 kernel.holiday:2026-10-02")
    assert "表中已不见" in found

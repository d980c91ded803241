"""Whatever is changed behind the ledger's back is found and named."""

from __future__ import annotations

from decimal import Decimal
from os import urandom

import pytest
from django.db import connection

from assay.applications.acts import applying as application_acts
from assay.archive.models import Volume, VolumeDocument
from assay.certificates.models import Certificate
from assay.filing.models import Filing
from assay.kernel import files, ledger
from assay.kernel.acts import Context, act
from assay.kernel.coverage import recorded_models
from assay.kernel.models import Checkpoint, LedgerEntry, LedgerLine
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import NotAllowed, Refused
from assay.kernel.verification import verify
from assay.results.models import Result
from tests import factories as f

pytestmark = pytest.mark.django_db


@act("tests.record", duty="E1", title="测试登记")
def record(ctx: Context, *rows: Recorded) -> None:
    ctx.record(*rows)


@pytest.fixture
def batch_with_history():
    """An application reviewed through the real acts, a result and a certificate, everything recorded."""
    f.centre()
    batch = f.batch("exam", stage="review")
    application = f.application(batch, state="first_passed")
    result = Result.objects.create(
        application=application, batch=batch, theory=Decimal("59.5"), skill=Decimal("72.0"), outcome="fail",
        computed_at=ledger.clock.now(),
    )  # fmt: skip
    person = application.person
    certificate = Certificate.objects.create(
        application=application, number="S000041000123264000001", name=person.name, id_type="resident",
        id_number=person.id_number, id_index=person.id_index, occupation_code="4-12-01-01", occupation="汽车维修工",
        level_code="4", level_title="四级/中级工", issued_on=ledger.clock.today(),
    )  # fmt: skip
    everything = [row for model in recorded_models() for row in model._default_manager.all()]
    record(f.actor_with("E1"), *everything)
    application_acts.centre_review(f.actor_with("E4"), [application], verdict="return", reason="照片不清楚")
    ledger.checkpoint()
    return application, result, certificate


def change(table: str, column: str, value: object, where: str = "1=1") -> None:
    """As somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {where}", [value])


def test_an_untouched_database_verifies(batch_with_history) -> None:
    report = verify()
    assert report.findings == []
    assert report.entries == 2
    assert report.checkpoints == 1


@pytest.mark.parametrize(
    ("table", "column", "value", "named"),
    [
        ("results_result", "theory", "60.5", "成绩"),
        ("certificates_certificate", "name", "王改名", "证书"),
        ("certificates_certificate", "number", "S000041000123264000002", "证书"),
        ("applications_reviewdecision", "verdict", "pass", "审核决定"),
        ("applications_application", "state", "approved", "报名"),
        ("kernel_ledgerentry", "actor_name", "别人", "台账第"),
        ("kernel_ledgerentry", "digest", "0" * 64, "台账第"),
        ("kernel_ledgerline", "facts", "{}", "台账第"),
        ("kernel_checkpoint", "root", "0" * 64, "检查点"),
        ("kernel_ledgerhead", "last_digest", "0" * 64, "台账表头"),
    ],
)
def test_a_change_made_in_the_database_is_named(batch_with_history, table, column, value, named) -> None:
    where = "seq = 2" if table == "kernel_ledgerentry" else "id = (SELECT max(id) FROM kernel_ledgerline)"
    change(table, column, value, where if table in ("kernel_ledgerentry", "kernel_ledgerline") else "1=1")
    findings = verify().findings
    assert any(named in finding.where for finding in findings), findings


def test_an_encrypted_id_number_that_was_replaced_is_found(batch_with_history) -> None:
    application, _, _ = batch_with_history
    other = f.person()
    record(f.actor_with("E1"), other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM applications_person WHERE id = %s", [other.pk])
        taken = cursor.fetchone()[0]
    change("applications_person", "id_number", taken, f"id = {application.person_id}")
    assert any("考生" in finding.where and "id_number" in finding.what for finding in verify().findings)


def test_a_sealed_document_is_the_same_in_whatever_order_the_database_gives_its_names(batch_with_history) -> None:
    """PostgreSQL's jsonb gives the names back by length; what was sealed before saving has to verify after loading."""
    document = {"名单": [{"准考证号": "1", "姓名": "甲"}], "批次": "b", "a": {"zz": 1, "y": [2]}}
    application, _, _ = batch_with_history
    filing = Filing(
        batch=application.batch, version=1, document=document, digest="0" * 64, sent_on=ledger.clock.today(),
    )  # fmt: skip
    filing.save()
    record(f.actor_with("E1"), filing)
    assert verify().findings == []
    Filing.objects.update(document=document | {"批次": "c"})
    assert [finding.where for finding in verify().findings] == [f"备案 filing.filing:{filing.pk}（{filing}）"]


@pytest.mark.parametrize(("open_now", "sealed_now"), [(("outcome",), ("theory",)), (("theory",), ())])
def test_a_fact_recorded_open_that_is_sealed_now_or_no_longer_named_still_verifies(
    batch_with_history, monkeypatch, open_now, sealed_now
) -> None:
    monkeypatch.setattr(Result, "FACTS", open_now)
    monkeypatch.setattr(Result, "SEALED", sealed_now)
    assert verify().findings == []
    change("results_result", "theory", "60.5")
    assert ["theory" in finding.what for finding in verify().findings] == [True]


def test_a_byte_changed_in_a_kept_file_is_found_and_the_row_that_points_at_it_named(batch_with_history) -> None:
    application, _, _ = batch_with_history
    kept = files.keep(b"%PDF-1.7 " + urandom(32))
    volume = Volume.objects.create(batch=application.batch, kind="1", title="卷")
    document = VolumeDocument.objects.create(volume=volume, position=1, name="成绩汇总表.pdf", file=kept)
    record(f.actor_with("E1"), volume, document)
    assert verify().findings == []
    path = files.path_of(kept.sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (finding,) = verify().findings
    assert "成绩汇总表.pdf" in finding.where
    assert "被改动" in finding.what
    path.unlink()
    (finding,) = verify().findings
    assert "成绩汇总表.pdf" in finding.where
    assert "不见" in finding.what


def test_a_row_written_around_the_acts_is_found(batch_with_history) -> None:
    f.department(name="私设部门")
    assert any("私设部门" in finding.where and "绕过" in finding.what for finding in verify().findings)


def test_a_row_deleted_behind_the_ledger_is_found(batch_with_history) -> None:
    Result.objects.all().delete()
    assert any("表中已不见" in finding.what for finding in verify().findings)


def test_an_entry_cut_off_the_end_is_found(batch_with_history) -> None:
    LedgerLine.objects.filter(entry_id=2).delete()
    LedgerEntry.objects.filter(seq=2).delete()
    assert any("少了条目" in finding.what for finding in verify().findings)
    assert Checkpoint.objects.count() == 1


def test_an_act_needs_its_duty_and_leaves_nothing_when_it_is_refused(batch_with_history) -> None:
    before = LedgerEntry.objects.count()
    department = f.department()
    with pytest.raises(NotAllowed):
        record(f.actor_with("E2"), department)
    with pytest.raises(Refused):
        application_acts.centre_review(f.actor_with("E4"), [], verdict="pass")
    assert LedgerEntry.objects.count() == before

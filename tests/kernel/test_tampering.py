"""Somebody who may write the whole database, and has no secret, tries to change what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.centre.models import Department
from assay.kernel import heads, ledger, merkle, notes
from assay.kernel.acts import Context, act
from assay.kernel.models import (
    Checkpoint,
    LedgerEntry,
    LedgerHead,
    LedgerLine,
    OutsideHead,
    SecurityLogSeal,
    StoredFile,
)
from assay.kernel.recorded import Recorded
from assay.kernel.verification import Finding, verify
from assay.kernel.verifying_heads import HeldHead
from tests import factories as f

pytestmark = pytest.mark.django_db
ENTRIES, STAGE_ENDS = 14, (5, 9, 13)


@act("tests.name_department", duty="E1", title="测试登记部门")
def name(ctx: Context, row: Recorded) -> None:
    ctx.record(row)


@act("tests.end_stage", duty="E1", title="测试结束环节", signs=True)
def end_stage(ctx: Context, row: Recorded) -> None:
    ctx.record(row)


@dataclass
class History:
    departments: list[Department]
    outside: list[HeldHead]


@pytest.fixture
def history() -> History:
    """Fourteen entries, three of which end a stage; somebody outside holds the heads of the second and third."""
    departments = [f.department(code=f"T{n:02}", name=f"第{n}教研室") for n in range(ENTRIES)]
    for n, department in enumerate(departments, start=1):
        (end_stage if n in STAGE_ENDS else name)(f.actor_with("E1"), department)
    return History(departments, [HeldHead(f"省平台 {p.size}", p.note) for p in Checkpoint.objects.filter(size__gte=9)])


def rewrite_chain() -> None:
    """Chain, tree and head anew over whatever the lines say now: nothing of it needs a secret."""
    previous, peaks, size = "", [], 0
    for entry in LedgerEntry.objects.order_by("seq"):
        size += 1
        header = ledger.Header(
            entry.at, entry.act, entry.duty, entry.actor_id, entry.actor_name, entry.note, entry.simulated
        )
        lines = [ledger.Line(x.subject, x.subject_id, x.facts) for x in entry.lines.order_by("position")]
        digest = ledger.entry_digest(entry.seq, header, lines, previous)
        LedgerEntry.objects.filter(seq=entry.seq).update(digest=digest, previous=previous)
        peaks = merkle.append(peaks, size - 1, merkle.leaf_hash(bytes.fromhex(digest)))
        previous = digest
    LedgerHead.objects.update(size=size, last_digest=previous, peaks=peaks)


def rename(history: History, seq: int) -> None:
    """Another name in the row and in the ledger's line."""
    row = history.departments[seq - 1]
    Department.objects.filter(pk=row.pk).update(name="改过的名字")
    line = LedgerLine.objects.get(entry_id=seq)
    LedgerLine.objects.filter(pk=line.pk).update(facts=line.facts | {"name": "改过的名字"})


def cut(history: History, seq: int) -> None:
    """Everything from entry `seq` on, with the rows that it speaks of."""
    LedgerLine.objects.filter(entry_id__gte=seq).delete()
    LedgerEntry.objects.filter(seq__gte=seq).delete()
    Department.objects.filter(pk__in=[row.pk for row in history.departments[seq - 1 :]]).delete()
    Checkpoint.objects.filter(size__gte=seq).delete()
    OutsideHead.objects.all().delete()


def swap(history: History, seq: int) -> None:
    """Two entries change places."""
    one, other = LedgerLine.objects.get(entry_id=seq), LedgerLine.objects.get(entry_id=seq % ENTRIES + 1)
    for line, to in ((one, other), (other, one)):
        LedgerLine.objects.filter(pk=line.pk).update(subject_id=to.subject_id, facts=to.facts)


def restate(history: History, seq: int) -> None:
    """Somebody else did it."""
    LedgerEntry.objects.filter(seq=seq).update(actor_name="别人", actor_id=None)


DEEDS: dict[str, Callable[[History, int], None]] = {"rename": rename, "cut": cut, "swap": swap, "restate": restate}


def after(tamper: Callable[[], None], outside: list[HeldHead]) -> list[Finding]:
    """What the check finds after the deed, which is then undone."""
    with transaction.atomic():
        tamper()
        found = verify(outside).findings
        transaction.set_rollback(True)
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deed=st.sampled_from(sorted(DEEDS)), seq=st.integers(1, 13), chain=st.booleans(),
    heads_gone=st.sampled_from(["none", "later", "all"]),
)  # fmt: skip
def test_whatever_was_before_a_head_that_others_hold_cannot_be_changed_unnoticed(
    history: History, deed: str, seq: int, chain: bool, heads_gone: str
) -> None:
    def tamper() -> None:
        DEEDS[deed](history, seq)
        if heads_gone != "none":
            Checkpoint.objects.filter(size__gte=seq if heads_gone == "later" else 0).delete()
        if chain:
            rewrite_chain()

    assert verify(history.outside).findings == []
    assert after(tamper, history.outside)


def test_with_the_chain_written_anew_and_no_head_outside_the_missing_heads_of_stages_tell(history: History) -> None:
    def tamper() -> None:
        rename(history, 4)
        rewrite_chain()
        Checkpoint.objects.all().delete()

    told = after(tamper, [])
    assert [finding.where for finding in told] == [f"台账第 {seq} 条" for seq in STAGE_ENDS]
    assert all("检查点不见了" in finding.what for finding in told)
    with_outside = after(tamper, history.outside)
    assert any("台账被改写" in finding.what and "省平台 9" in finding.where for finding in with_outside)


def test_a_stage_that_ended_is_known_by_the_batch_and_not_by_what_the_act_is_called(history: History) -> None:
    batch = f.batch("exam", stage="plan")
    name(f.actor_with("E1"), batch)
    batch.stage = "apply"
    batch.save()
    end_stage(f.actor_with("E1"), batch)
    ended = LedgerEntry.objects.order_by("-seq")[0].seq

    def tamper() -> None:
        LedgerEntry.objects.filter(act="tests.end_stage").update(act="tests.name_department")
        rewrite_chain()
        Checkpoint.objects.all().delete()

    told = [finding for finding in after(tamper, []) if "检查点不见了" in finding.what]
    assert [finding.where for finding in told] == [f"台账第 {ended} 条"]


def test_a_tail_that_was_cut_off_with_all_its_heads_is_told_by_who_holds_a_later_head(history: History) -> None:
    def tamper() -> None:
        cut(history, 10)
        rewrite_chain()

    assert after(tamper, []) == []  # nothing inside can tell
    told = after(tamper, history.outside)
    assert any("签署时有 13 条，现只有 9 条" in finding.what for finding in told)


def test_one_head_taken_away_is_told_with_and_without_others(history: History) -> None:
    def tamper() -> None:
        Checkpoint.objects.filter(size=9).delete()

    assert any("检查点不见了" in finding.what for finding in after(tamper, []))
    assert any("已没有第 9 条处的检查点" in finding.what for finding in after(tamper, history.outside))


def test_a_head_of_which_the_database_knows_that_it_is_outside_is_compared_too(history: History) -> None:
    point = Checkpoint.objects.get(size=9)
    OutsideHead.objects.create(place="省平台", at=point.at, size=9, note=point.note)
    assert verify().findings == []
    assert verify().outside == 1

    def tamper() -> None:
        rename(history, 3)
        rewrite_chain()
        Checkpoint.objects.all().delete()

    assert any("省平台留存的签署点 9" in finding.where for finding in after(tamper, []))


def test_a_head_by_somebody_else_and_what_is_no_head_are_named(history: History) -> None:
    point = heads.read(Checkpoint.objects.get(size=9).note)
    foreign = notes.sign(point.text, point.origin, notes.Ed25519PrivateKey.generate())
    told = verify([HeldHead("U盘", foreign), HeldHead("纸质二维码", "看不清"), HeldHead("空", "")]).findings
    assert [(finding.where, finding.what) for finding in told] == [
        ("U盘", "不是用本系统的密钥签署的"), ("纸质二维码", "不是签署点，或已残缺"), ("空", "不是签署点，或已残缺"),
    ]  # fmt: skip


RUINED = [
    ("kernel_ledgerline", "facts", "'{'", "台账"),
    ("kernel_ledgerline", "facts", "'[1]'", "台账"),
    ("kernel_ledgerentry", "digest", "'ruined'", "台账"),
    ("kernel_ledgerentry", "at", "'yesterday'", "台账"),
    ("kernel_checkpoint", "note", "'ruined'", "检查点"),
    ("kernel_ledgerline", "facts", """'{"name": "\\ud800"}'""", "台账"),
    ("kernel_ledgerline", "facts", "'{\"name\": 123456789012345678901234567890}'", "台账"),
    ("kernel_ledgerline", "facts", """'{"department": 1, "#": 2, "no_such": 3}'""", "台账"),
    ("kernel_ledgerline", "position", "'first'", ""),
    ("kernel_ledgerentry", "actor_id", "'nobody'", "台账"),
    ("kernel_ledgerentry", "actor_name", "X'FF'", "台账"),
    ("kernel_ledgerhead", "size", "'many'", "台账表头"),
    ("kernel_ledgerhead", "peaks", "'['", ""),
    ("kernel_checkpoint", "note", "X'FF'", "检查点"),
    ("kernel_checkpoint", "root", "X'FF'", "检查点"),
    ("kernel_outsidehead", "stamp", "'ruined'", "留存的签署点"),
    ("kernel_outsidehead", "at", "'ruined'", ""),
    ("kernel_outsidehead", "note", "X'FF'", "留存的签署点"),
    ("kernel_storedfile", "sha256", "char(0)", "文件"),
    ("kernel_storedfile", "sha256", "X'FF'", "文件"),
    ("kernel_storedfile", "size", "'ruined'", ""),
    ("kernel_securitylogseal", "first", "'ruined'", "安全日志封存"),
]


KEYS = {"kernel_ledgerline": "entry_id", "kernel_ledgerentry": "seq", "kernel_checkpoint": "size"}


@act("tests.know", duty="E1", title="测试登记")
def know(ctx: Context, *rows: Recorded) -> None:
    ctx.record(*rows)


@pytest.mark.parametrize(("table", "column", "value", "named"), RUINED)
def test_what_can_no_longer_be_read_is_named_and_everything_else_is_checked(
    history: History, table: str, column: str, value: str, named: str
) -> None:
    key = KEYS.get(table, "5")
    point = Checkpoint.objects.get(size=9)
    OutsideHead.objects.create(place="省平台", at=point.at, size=9, note=point.note)
    StoredFile.objects.create(sha256="0" * 64, content_type="", size=1, created_at=point.at)
    seal = SecurityLogSeal.objects.create(first=1, last=1, count=0, digest="0" * 64, at=point.at)
    know(f.actor_with("E1"), seal)

    def tamper() -> None:
        with connection.cursor() as cursor:
            pragma = "PRAGMA ignore_check_constraints" if connection.vendor == "sqlite" else ""
            if pragma:
                cursor.execute(f"{pragma}=ON")
            try:
                cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE {key} = 5")
            except (DataError, ProgrammingError):
                pytest.skip("PostgreSQL keeps the column's type")
            assert cursor.rowcount
            if pragma:  # it is the connection's: other tests have the same one
                cursor.execute(f"{pragma}=OFF")
        Department.objects.filter(pk=history.departments[11].pk).update(name="另一处")

    told = after(tamper, [])
    assert any(named in finding.where for finding in told), told
    assert any("另一处" in finding.where for finding in told)


def test_an_identity_number_that_no_longer_opens_is_named_with_its_row(history: History) -> None:
    persons = [f.person(), f.person()]

    know(f.actor_with("E1"), *persons)

    def ruin(text: str) -> Callable[[], None]:
        def tamper() -> None:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE applications_person SET id_number = %s WHERE id = %s", [text, persons[0].pk])

        return tamper

    for text in ("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "9:AAAA", "no cipher text"):
        told = after(ruin(text), [])
        named = f"考生 applications.person:{persons[0].pk}（{persons[0].name}）"
        assert [finding.where for finding in told] == [named], text
        assert "“id_number”内容无法读出" in told[0].what

"""Two acts that meet end as if one came after the other, with a sentence for the loser: never a broken page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from assay.batches.models import AnnualPlan
from assay.kernel import contention
from assay.kernel.acts import Context, act
from assay.kernel.models import Holiday, LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@act("tests.make_plan", duty="E1", title="试拟计划")
def make_plan(ctx: Context, year: int, wait: Callable[[], object]) -> AnnualPlan:
    if AnnualPlan.objects.filter(year=year).exists():
        raise Refused(f"{year} 年已有年度计划")
    wait()
    plan = AnnualPlan.objects.create(year=year, title="计划")
    ctx.record(plan)
    return plan


@act("tests.touch_both", duty="E1", title="试改两项")
def touch_both(ctx: Context, plans: list[AnnualPlan], wait: Callable[[], object]) -> None:
    """Locks in the order given, so that two of them lock each other out."""
    for n, plan in enumerate(plans):
        row = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
        row.text += "改"
        row.save()
        ctx.record(row)
        if not n:
            wait()


def together(*calls: Callable[[], object]) -> list[object]:
    """What each call came to, run at the same time."""
    ended: list[object] = [None] * len(calls)

    def run(n: int, call: Callable[[], object]) -> None:
        try:
            ended[n] = call()
        except Exception as said:
            ended[n] = said
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ended


def once(barrier: threading.Barrier) -> Callable[[], None]:
    """Wait for the other the first time; a second try does not."""
    waited: list[bool] = []

    def wait() -> None:
        if not waited:
            waited.append(True)
            barrier.wait(10)

    return wait


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_row_that_must_be_one_is_made_once_and_the_loser_reads_why() -> None:
    barrier = threading.Barrier(2)
    who = [f.actor_with("E1"), f.actor_with("E1")]
    ended = together(*(lambda n=n: make_plan(who[n], 2195, once(barrier)) for n in range(2)))
    assert sorted(type(e).__name__ for e in ended) == ["AnnualPlan", "Refused"]
    assert "已有年度计划" in str(next(e for e in ended if isinstance(e, Refused)))
    assert AnnualPlan.objects.filter(year=2195).count() == 1
    assert LedgerEntry.objects.filter(act="tests.make_plan").count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_deadlock_becomes_a_second_try_and_both_deeds_are_done() -> None:
    one, two = f.annual_plan(), f.annual_plan()
    barrier, who = threading.Barrier(2), f.actor_with("E1")
    ended = together(
        lambda: touch_both(who, [one, two], once(barrier)), lambda: touch_both(who, [two, one], once(barrier))
    )
    assert ended == [None, None]
    assert list(AnnualPlan.objects.filter(pk__in=[one.pk, two.pk]).values_list("text", flat=True)) == ["改改", "改改"]


@pytest.mark.django_db
def test_what_is_lost_again_and_again_becomes_a_sentence() -> None:
    tries: list[int] = []

    def doubled() -> None:
        tries.append(1)
        with transaction.atomic():
            Holiday.objects.create(day="2026-01-01", works=False)
            Holiday.objects.create(day="2026-01-01", works=True)

    with pytest.raises(Refused, match="刷新页面"):
        contention.settled(doubled)
    assert len(tries) == contention.TRIES
    assert not Holiday.objects.exists()


@pytest.mark.django_db
def test_a_value_that_the_table_forbids_stays_a_fault_of_ours() -> None:
    def forbidden() -> None:
        with transaction.atomic():
            f.batch(apply_to="2000-01-01", apply_from="2000-01-02")

    with pytest.raises(IntegrityError):
        contention.settled(forbidden)


def test_a_database_that_stays_locked_becomes_a_sentence_and_another_fault_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contention, "connection", SimpleNamespace(in_atomic_block=False))

    def locked() -> None:
        raise OperationalError("database is locked")

    def broken() -> None:
        raise OperationalError("disk I/O error")

    with pytest.raises(Refused, match="稍后再试"):
        contention.settled(locked)
    with pytest.raises(OperationalError):
        contention.settled(broken)

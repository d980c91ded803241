"""Many clicks at once on a database with many writers: one report, no number twice, one withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assay.certificates.acts import issuing
from assay.certificates.models import Certificate, Change, NumberCounter
from assay.kernel.models import LedgerEntry, OutboxMessage
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.certificates.conftest import LEADER, OFFICER, Ready

AT_ONCE = 10
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer"),
]


def all_at_once(deed: Callable[[int], object]) -> list[str]:
    """What each of ten said that did it in the same moment: "" when it was done, else the refusal."""
    barrier = Barrier(AT_ONCE)

    def one(n: int) -> str:
        barrier.wait()
        try:
            deed(n)
        except Refused as refused:
            return refused.message
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.fixture
def batch(transactional_db: None) -> Ready:
    ready = Ready()
    for _ in range(4):
        ready.candidate()
    return ready


def test_ten_reports_at_once_are_one(batch: Ready) -> None:
    issuing.number(OFFICER, batch.batch)
    said = all_at_once(lambda n: issuing.report(OFFICER, batch.batch))
    assert said.count("") == 1
    assert all("已在报送途中" in text for text in said if text)
    assert OutboxMessage.objects.count() == 1
    assert LedgerEntry.objects.filter(act="certificates.report").count() == 1


def test_ten_numberings_at_once_give_each_candidate_one_number(batch: Ready) -> None:
    all_at_once(lambda n: issuing.number(OFFICER, batch.batch))
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert [int(number[-6:]) for number in numbers] == [1, 2, 3, 4]
    assert NumberCounter.objects.get().last == 4


def test_two_batches_numbered_at_once_share_no_number(batch: Ready) -> None:
    other = Ready()
    for _ in range(4):
        other.candidate()
    all_at_once(lambda n: issuing.number(OFFICER, (batch, other)[n % 2].batch))
    assert sorted(int(c.number[-6:]) for c in Certificate.objects.all()) == list(range(1, 9))


def test_a_sheet_printed_ten_times_at_once_is_used_once(batch: Ready) -> None:
    made = issuing.number(OFFICER, batch.batch)
    said = all_at_once(lambda n: issuing.print_certificates(OFFICER, made, first_serial=f"4100{n}001"))
    assert said.count("") == 1
    assert set(Certificate.objects.values_list("printed_times", flat=True)) == {1}


def test_withdrawn_ten_times_at_once_is_told_once(batch: Ready) -> None:
    made = issuing.number(OFFICER, batch.batch)
    Certificate.objects.update(reported=True)
    said = all_at_once(lambda n: issuing.withdraw(LEADER, made[0], reason="核发有误"))
    assert said.count("") == 1
    assert Change.objects.count() == OutboxMessage.objects.filter(kind="certificate_changes").count() == 1


def test_withdrawn_in_the_moment_its_report_is_taken_it_is_told(batch: Ready) -> None:
    made = issuing.number(OFFICER, batch.batch)
    issuing.report(OFFICER, batch.batch)
    taken = [c.number for c in made]

    def deed(n: int) -> None:
        if n % 2:
            issuing.withdraw(LEADER, made[0], reason="核发有误")
        else:
            issuing.mark_reported(f.actor_with("SYS"), batch.batch, accepted=taken, refused={})
            OutboxMessage.objects.filter(kind="certificates").update(state="sent")

    all_at_once(deed)
    made[0].refresh_from_db()
    assert (made[0].state, made[0].reported) == ("withdrawn", True)
    assert Change.objects.count() == OutboxMessage.objects.filter(kind="certificate_changes").count() == 1

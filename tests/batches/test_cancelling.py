"""A batch in which nobody is can be called off, with its reason; it stays in the list and in the ledger; nothing more is done with it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.acts.applying import Entry, hand_in
from assay.batches.acts import advance, cancel, revise_batch
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.kernel import clock
from assay.kernel.models import Checkpoint, LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Account:
    f.centre()
    return f.staff("E1")


def signed_in(account: Account) -> Client:
    browser = Client()
    browser.force_login(account)
    return browser


@pytest.mark.parametrize("stage", ["plan", "apply", "review", "arrange", "filing"])
def test_an_empty_batch_is_called_off_and_what_was_done_stays(officer: Account, stage: str) -> None:
    batch = f.batch(stage=stage)
    f.application(batch, "withdrawn")
    heads = Checkpoint.objects.count()
    done = cancel(f.actor_with("E1", account=officer), batch, reason="没有人报名")
    assert (done.stage, done.cancelled_because) == ("cancelled", "没有人报名")
    assert Checkpoint.objects.count() == heads + 1
    note = LedgerEntry.objects.get(act="batches.cancel").note
    assert note.endswith("→ 已取消：没有人报名")
    page = signed_in(officer).get(batch.get_absolute_url()).content.decode()
    assert "本批次已取消" in page
    assert "没有人报名" in page
    assert "已取消" in signed_in(officer).get(reverse("batches:list")).content.decode()
    assert batch.name not in signed_in(officer).get("/desk/").content.decode()


def test_nothing_more_is_done_with_it(officer: Account) -> None:
    who, batch, person = f.actor_with("E1", account=officer), f.batch(stage="apply"), f.person()
    cancel(who, batch, reason="没有人报名")
    batch = Batch.objects.get()
    with pytest.raises(Refused, match="已取消"):
        cancel(who, batch, reason="再取消")
    with pytest.raises(Refused, match="已取消"):
        advance(who, batch)
    with pytest.raises(Refused, match="现处“已取消”"):
        revise_batch(
            who, batch, name="改名", apply_from=batch.apply_from, apply_to=batch.apply_to,
            lines=[(line.scope_row, line.level, 1) for line in batch.lines.all()], exam_on=batch.exam_on,
        )  # fmt: skip
    with pytest.raises(Refused, match="现处“已取消”，不接受报名"):
        hand_in(f.actor_with("E5"), batch=batch, person=person, entry=Entry(line=batch.lines.get()))
    assert not batch.has_reached("plan")


def test_somebody_in_it_the_province_and_a_missing_reason_keep_it(officer: Account) -> None:
    who, batch = f.actor_with("E1", account=officer), f.batch(stage="review")
    f.application(batch, "returned")
    with pytest.raises(Refused, match="还有 1 份报名：没有人报名的批次才能取消"):
        cancel(who, batch, reason="不办了")
    page = signed_in(officer).get(batch.get_absolute_url()).content.decode()
    assert "还有 1 份报名" in page
    assert 'name="reason"' not in page
    empty = f.batch(stage="filing")
    with pytest.raises(Refused, match="取消批次须写明原因"):
        cancel(who, empty, reason=" ")
    empty.filings.create(version=1, document={"lines": []}, digest="x", sent_on=clock.today())
    with pytest.raises(Refused, match="认定计划已上报"):
        cancel(who, empty, reason="不办了")


@pytest.mark.parametrize("stage", ["tickets", "exam", "results", "closed"])
def test_a_batch_that_went_on_is_not_called_off(officer: Account, stage: str) -> None:
    with pytest.raises(Refused, match="不能再取消"):
        cancel(f.actor_with("E1", account=officer), f.batch(stage=stage), reason="不办了")

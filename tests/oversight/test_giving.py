"""A supervisor is offered the form of a stage exactly when the feedback would be taken, and reads why not otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.batches.models import Batch
from assay.centre.models import Account
from assay.corps.models import Member
from assay.kernel import clock
from assay.kernel.refusals import Refused
from assay.oversight import acts
from assay.oversight.checklists import CHECKLISTS
from assay.oversight.models import Feedback
from assay.rehearsal.calendar import on
from tests import factories as f

pytestmark = pytest.mark.django_db
ALL_WELL = {f"verdict-{n}": "符合" for n in range(len(CHECKLISTS["review"]))}


@pytest.fixture
def batch() -> Batch:
    f.centre()
    return f.batch("exam", "review")


@pytest.fixture
def supervisor() -> Account:
    account = f.staff("Q4")
    f.member("supervisor", account=account)
    return account


def page_of(batch: Batch, who: Account) -> str:
    client = Client()
    client.force_login(who)
    return client.get(reverse("oversight:batch", args=[batch.pk])).content.decode()


def test_the_form_of_each_stage_that_the_batch_has_reached_is_offered(batch: Batch, supervisor: Account) -> None:
    page = page_of(batch, supervisor)
    assert "填写：资格审核" in page
    assert "填写：实施认定" not in page


def test_what_is_filled_in_stands_on_the_page(batch: Batch, supervisor: Account, client: Client) -> None:
    client.force_login(supervisor)
    form = reverse("oversight:give", args=[batch.pk, "review"])
    assert "材料齐全真实" in client.get(form).content.decode()
    page = client.post(form, {**ALL_WELL, "findings": "无", "verdict": "good"}, follow=True).content.decode()
    assert f"资格审核 · {Member.objects.get()}" in page
    assert "规范　<a" in page


def test_who_is_no_supervisor_by_name_reads_so_before_filling_anything_in(batch: Batch, client: Client) -> None:
    who = f.staff("Q4")
    page = page_of(batch, who)
    assert "填写：" not in page
    assert "没有对应的督导员" in page
    client.force_login(who)
    assert client.get(reverse("oversight:give", args=[batch.pk, "review"])).status_code == 409


def test_without_a_card_in_force_nothing_is_offered(batch: Batch, supervisor: Account) -> None:
    Member.objects.get().cards.update(valid_to=clock.today() - timedelta(days=1))
    page = page_of(batch, supervisor)
    assert "填写：" not in page
    assert "没有在有效期内的督导员证卡" in page


def test_who_does_not_supervise_is_offered_nothing_and_told_nothing(batch: Batch) -> None:
    page = page_of(batch, f.staff("Q2"))
    assert "填写：" not in page
    assert "督导员" not in page.split('id="content"')[0].split("page-header")[1]


def test_an_overall_verdict_that_there_is_not_is_refused(batch: Batch, supervisor: Account) -> None:
    who, member = f.actor_with("Q4", account=supervisor), Member.objects.get()
    checks = [{"title": "示例", "verdict": "符合"}]
    with pytest.raises(Refused, match="请选择总体评价"):
        acts.give_feedback(who, batch, "review", member, checks=checks, findings="", verdict="符合")
    assert not Feedback.objects.exists()


def test_nobody_writes_in_the_name_of_another(batch: Batch, supervisor: Account) -> None:
    other = f.actor_with("Q4", account=f.staff("Q4"))
    checks = [{"title": "示例", "verdict": "符合"}]
    with pytest.raises(Refused, match="本人的督导反馈"):
        acts.give_feedback(other, batch, "review", Member.objects.get(), checks=checks, findings="", verdict="good")


def test_of_an_exam_that_has_not_begun_there_is_nothing_to_say_yet(supervisor: Account) -> None:
    f.centre()
    batch = f.batch("exam", "exam")
    assert "填写：实施认定" not in page_of(batch, supervisor)
    who, member = f.actor_with("Q4", account=supervisor), Member.objects.get()
    checks = [{"title": "示例", "verdict": "符合"}]
    with pytest.raises(Refused, match="才开考"):
        acts.give_feedback(who, batch, "exam", member, checks=checks, findings="", verdict="good")
    with on(batch.exam_on):
        assert acts.give_feedback(who, batch, "exam", member, checks=checks, findings="", verdict="good").pk

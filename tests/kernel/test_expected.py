"""A page says what it showed: who comes second is told what was changed, and a doubled click does one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from assay.bank.specifications import acts as bank_acts
from assay.bank.writing.acts import items as bank_items
from assay.bank.writing.acts import life as bank_life
from assay.batches import acts
from assay.batches.models import AnnualPlan, Batch
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.items.row import ItemRow
from assay.items.specification import PointRow
from assay.kernel import clock
from assay.kernel.expected import FIELD, Changed, Repeated, Seen, given_by, if_ticked, token_of
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db


def sent(token: str) -> Seen:
    """As it comes with a page's form."""
    form = QueryDict(mutable=True)
    form[FIELD] = token
    return given_by(form)


def ready_to_leave_apply() -> Batch:
    """A batch whose application time is over and whose only applicant is admitted: nothing keeps it in this stage, nor in the
    next one."""
    today = clock.today()
    batch = f.batch(stage="apply", apply_from=today - timedelta(days=9), apply_to=today - timedelta(days=1))
    f.application(batch, state="approved", department=f.department())
    return batch


def signed_in(*duties: str) -> Client:
    client = Client()
    client.force_login(f.staff(*duties))
    return client


def test_the_later_of_two_editors_is_told_what_the_earlier_one_changed_and_may_then_mean_it() -> None:
    plan = acts.create_annual_plan(actor_of(f.staff("E1")), year=2191, title="旧名称")
    url = reverse("batches:plan_edit", args=[plan.pk])
    first, second = signed_in("E1"), signed_in("E1")
    seen = token_of(plan)
    assert seen in first.get(url).content.decode()
    assert first.post(url, {"year": 2191, "title": "甲的名称", "text": "", FIELD: seen}).status_code == 302
    answer = second.post(url, {"year": 2191, "title": "乙的名称", "text": "说明", FIELD: seen})
    said = answer.content.decode()
    assert "名称 旧名称 → 甲的名称" in said
    assert "乙的名称" in said, "what was typed stays"
    plan.refresh_from_db()
    assert plan.title == "甲的名称"
    fresh = token_of(plan)
    assert fresh in said
    assert second.post(url, {"year": 2191, "title": "乙的名称", "text": "说明", FIELD: fresh}).status_code == 302
    assert AnnualPlan.objects.get(pk=plan.pk).title == "乙的名称"


def test_a_click_that_was_doubled_moves_a_batch_one_stage_and_says_so() -> None:
    batch = ready_to_leave_apply()
    client, url, seen = signed_in("E1"), reverse("batches:advance", args=[batch.pk]), token_of(batch)
    assert client.post(url, {FIELD: seen}).status_code == 302
    again = client.post(url, {FIELD: seen}, headers={"referer": "http://testserver/batches/"}, follow=True)
    assert again.redirect_chain == [("http://testserver/batches/", 302)]
    assert "刚才已由您办理，这次提交没有再办一次" in again.content.decode()
    batch.refresh_from_db()
    assert batch.stage == "review"
    assert LedgerEntry.objects.filter(act="batches.advance").count() == 1


def test_somebody_elses_step_is_named_to_who_comes_later() -> None:
    batch = ready_to_leave_apply()
    url, seen = reverse("batches:advance", args=[batch.pk]), token_of(batch)
    assert signed_in("E1").post(url, {FIELD: seen}).status_code == 302
    said = signed_in("E1").post(url, {FIELD: seen})
    assert said.status_code == 409
    assert "改动了" in said.content.decode()
    assert "阶段 组织报名 → 资格审核" in said.content.decode() or "您的改动没有写入" in said.content.decode()


def test_a_request_that_does_not_say_what_it_saw_is_refused() -> None:
    batch = ready_to_leave_apply()
    assert signed_in("E1").post(reverse("batches:advance", args=[batch.pk])).status_code == 409
    batch.refresh_from_db()
    assert batch.stage == "apply"


def test_an_act_on_a_row_that_the_caller_has_in_an_older_stage_is_refused() -> None:
    batch, who = ready_to_leave_apply(), actor_of(f.staff("E1"))
    stale = Batch.objects.get(pk=batch.pk)
    acts.advance(who, batch)
    with pytest.raises(Repeated):
        acts.advance(who, stale)
    with pytest.raises(Changed):
        acts.advance(actor_of(f.staff("E1")), stale)
    assert Batch.objects.get(pk=batch.pk).stage == "review"


def test_jobs_that_another_added_to_a_plan_are_not_lost_unseen() -> None:
    batch = f.batch(stage="plan")
    line = batch.lines.get()
    given = {"name": batch.name, "apply_from": batch.apply_from, "apply_to": batch.apply_to, "exam_on": batch.exam_on}
    lines = [(line.scope_row, line.level, 30)]
    seen = token_of(batch)
    acts.revise_batch(actor_of(f.staff("E1")), batch, **given, lines=[*lines, (f.scope_row(), f.level("5"), 8)])
    later = replace(actor_of(f.staff("E1")), seen=sent(seen))
    with pytest.raises(Changed, match="改动了"):
        acts.revise_batch(later, batch, **given, lines=lines)
    assert batch.lines.count() == 2


def test_a_parameter_that_another_set_meanwhile_is_said() -> None:
    url = reverse("centre:parameter", args=["exam.late_minutes"])
    first, second = signed_in("L1"), signed_in("L1")
    assert first.post(url, {"value": "15", "document_no": "校发1号", "was": "30"}).status_code == 302
    answer = second.post(url, {"value": "20", "document_no": "校发2号", "was": "30"})
    assert "由 30 改为 15" in answer.content.decode()
    assert second.post(url, {"value": "20", "document_no": "校发2号", "was": "15"}).status_code == 302


@pytest.mark.parametrize(
    "token", ["", "x", "batches.batch:999999:abc", "nowhere.nothing:1:abc", "batches.batch:x:y", "auth:1"]
)
def test_a_token_of_nothing_is_refused_in_words(token: str) -> None:
    who = replace(actor_of(f.staff("E1")), seen=sent(token))
    batch = ready_to_leave_apply()
    with pytest.raises(Refused, match="刷新"):
        acts.advance(who, batch)


def test_a_reviewer_passes_the_wording_that_was_read_and_no_other() -> None:
    row = f.scope_row()
    points = [
        PointRow("A", "", "range", "基本", Decimal(100)),
        PointRow("A-001", "A", "point", "润滑系", None, "X"),
    ]
    specification = bank_acts.install_specification(
        f.actor_with("X4"), occupation=row.occupation, level=f.level("4"), title="示例", rows=points
    )
    author, reviewer, client = f.staff("R4"), f.staff("R4"), Client()
    for account in (author, reviewer):
        bank_items.sign_secrecy(actor_of(account))
    item = bank_items.save_item(
        actor_of(author), None, ItemRow("A-001", "true_false", 2, "先查油位。", (), "对"), specification
    )
    bank_life.submit(actor_of(author), [item])
    client.force_login(reviewer)
    page = client.get(reverse("bank:item", args=[item.pk])).content.decode()
    item.refresh_from_db()
    seen = token_of(item)
    assert seen in page
    bank_life.review(actor_of(an_expert()), [item], passes=False, text="改")
    item.refresh_from_db()
    bank_items.save_item(
        actor_of(author), item, ItemRow("A-001", "true_false", 2, "先查水温。", (), "对"), specification
    )
    bank_life.submit(actor_of(author), [item])
    answer = client.post(reverse("bank:item_act", args=[item.pk]), {"step": "pass", FIELD: seen})
    assert answer.status_code == 409
    item.refresh_from_db()
    assert item.state == "first_review"


def an_expert() -> Account:
    account = f.staff("R4")
    bank_items.sign_secrecy(actor_of(account))
    return account


def test_of_a_list_those_rows_count_whose_boxes_are_ticked() -> None:
    form = QueryDict(mutable=True)
    form.setlist("chosen", ["3", "5"])
    for pk in (3, 4, 5):
        form[if_ticked(pk)] = f"a.b:{pk}:x"
    assert given_by(form).tokens == ("a.b:3:x", "a.b:5:x")

"""Objections that come in numbers are closed together with one reason, each of them answered and in the ledger."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assay.centre.actors import SYSTEM
from assay.kernel.acts import Actor
from assay.kernel.clock import moved_to, now, today
from assay.kernel.models import LedgerEntry, LedgerLine
from assay.kernel.refusals import Refused
from assay.results.acts.notices import answer_objection, answer_objections, close_notice, raise_objection
from assay.results.models import Objection, PublicNotice
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
REASON = "内容相同，已核实名单无误"


@pytest.fixture
def notice() -> PublicNotice:
    f.centre()
    return noticed()


@pytest.fixture
def group() -> Actor:
    """Somebody of the supervision group."""
    return f.actor_with("Q6")


def noticed() -> PublicNotice:
    return PublicNotice.objects.create(
        batch=f.batch("exam", stage="notice"), title="公示", starts_on=today(), ends_on=today() + timedelta(days=7), rows=[],
        digest="0" * 64,
    )  # fmt: skip


def raised(notice: PublicNotice, number: int) -> list[int]:
    return [
        raise_objection(SYSTEM, notice, name=f"群众{n}", contact="139", text=f"名单有误之{n}").pk for n in range(number)
    ]


def test_each_is_answered_with_the_reason_and_recorded(notice: PublicNotice, group: Actor) -> None:
    chosen = raised(notice, 5)
    answer_objections(group, notice, chosen[:4], reason=f" {REASON} ")
    answers = Objection.objects.order_by("pk").values_list("answer", "answered_by")
    assert list(answers) == [(REASON, group.name)] * 4 + [("", "")]
    entry = LedgerEntry.objects.order_by("-pk")[0]
    assert entry.act == "results.answer_objections"
    assert entry.lines.count() == 4


def test_what_was_answered_or_belongs_elsewhere_is_not_answered_again(notice: PublicNotice, group: Actor) -> None:
    chosen, foreign = raised(notice, 2), raised(noticed(), 1)
    with pytest.raises(Refused, match="请勾选"):
        answer_objections(group, notice, [*chosen, *foreign], reason=REASON)
    with pytest.raises(Refused, match="请勾选"):
        answer_objections(group, notice, [], reason=REASON)
    with pytest.raises(Refused, match="理由"):
        answer_objections(group, notice, chosen, reason=" ")
    answer_objection(group, Objection.objects.get(pk=chosen[0]), answer="另有说明")
    with pytest.raises(Refused, match="群众0的异议已处理"):
        answer_objections(group, notice, chosen, reason=REASON)
    assert not Objection.objects.get(pk=chosen[1]).answer


def test_nobody_else_answers_them(notice: PublicNotice) -> None:
    with pytest.raises(Refused):
        answer_objections(f.actor_with("E3"), notice, raised(notice, 2), reason=REASON)


def test_the_page_offers_it_to_the_group_once_there_are_several(notice: PublicNotice) -> None:
    client, page = Client(), f"/results/{notice.batch_id}/"
    client.force_login(f.staff("Q6"), BACKEND)
    chosen = raised(notice, 1)
    assert "一并处理" not in client.get(page).content.decode()
    chosen += [raise_objection(SYSTEM, notice, name="另一人", contact="1", text="另一件").pk]
    assert "一并处理勾选的" in client.get(page).content.decode()
    sent = client.post(f"/results/notices/{notice.pk}/objections/", {"chosen": chosen, "reason": REASON}, follow=True)
    assert "已一并处理 2 件异议" in sent.content.decode()
    assert not Objection.objects.filter(answered_at=None).exists()


def test_a_notice_with_sixty_objections_ends_only_once_the_last_of_them_is_answered(
    notice: PublicNotice, group: Actor
) -> None:
    chosen, officer = raised(notice, 60), f.actor_with("E3")
    answer_objections(group, notice, chosen[:-1], reason=REASON)
    with moved_to(now() + timedelta(days=8)):
        with pytest.raises(Refused, match="还有异议未处理"):
            close_notice(officer, notice.batch)
        assert not PublicNotice.objects.exclude(closed_at=None).exists()
        answer_objection(group, Objection.objects.get(pk=chosen[-1]), answer="另有说明")
        assert close_notice(officer, notice.batch).closed_at is not None
    acts = ("results.answer_objections", "results.answer_objection", "results.close_notice")
    assert list(LedgerEntry.objects.filter(act__in=acts).order_by("pk").values_list("act", flat=True)) == list(acts)
    said = LedgerLine.objects.filter(subject=Objection.subject(), entry__act__in=acts)
    answers = {line.subject_id: (line.facts or {})["answer"] for line in said}
    assert answers == {**dict.fromkeys(map(str, chosen), REASON), str(chosen[-1]): "另有说明"}
    assert said.count() == 60


def test_each_objection_more_costs_one_question_to_the_database(notice: PublicNotice, group: Actor) -> None:
    def asked(number: int) -> Counter[str]:
        other = noticed()
        chosen = raised(other, number)
        with CaptureQueriesContext(connection) as seen:
            answer_objections(group, other, chosen, reason=REASON)
        return Counter(query["sql"].split()[0] for query in seen)

    few, many = asked(6), asked(60)
    assert many - few == Counter(UPDATE=54)

"""Short answers: collected, marked twice without names, decided by a third, and only then a theory mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.bank.models import Paper, Specification
from assay.batches.models import Batch
from assay.bridge import contract
from assay.corps.models import Member
from assay.exam.acts.collecting import record_collection
from assay.exam.models import Publication, TheorySheet, WrittenAnswer
from assay.kernel import clock, verification
from assay.kernel.acts import Actor
from assay.kernel.gates import blockers
from assay.kernel.refusals import Refused
from assay.marking import rules
from assay.marking.acts import written
from assay.results.composition import compose
from tests import factories as f

pytestmark = pytest.mark.django_db


def entry(
    item: int, kind: str, mark: str, stem: str, key: str, options: list[str] | None = None, **more: object
) -> dict[str, object]:
    """An item as it stands on a paper."""
    return {
        "item": item, "version": 1, "type": kind, "mark": mark, "stem": stem, "options": options or [], "premises": [],
        "image": None, "key": key, **more,
    }  # fmt: skip


PARTS = [
    entry(4, "true_false", "5", "先查蓄电池。", "对"), entry(5, "short", "5", "说出检查次序。", "电源、线路、起动机"),
]  # fmt: skip
CONTENT = [
    entry(1, "single", "80", "选", "A", ["甲", "乙"]), entry(2, "short", "10", "简述换油步骤。", "预热、放油、换滤清器"),
    entry(3, "case", "10", "车辆不能起动。", "", parts=PARTS),
]  # fmt: skip
ANSWERS = [
    {"1": "A", "2": "先预热再放油", "4": "对", "5": "先查电源"},
    {"1": "B", "2": "放油", "4": "错", "5": " "},
]


@dataclass
class Marking:
    batch: Batch
    examiners: list[Member]
    sheets: list[TheorySheet]


@pytest.fixture
def marking() -> Marking:
    f.centre()
    row = f.scope_row()
    batch = f.batch("exam", "exam", [(row, "4", 10)])
    specification = Specification.objects.create(occupation=row.occupation, level=f.level("4"), title="示例细目表")
    paper = Paper.objects.create(
        specification=specification, title="示例 A 卷", minutes=60, content=CONTENT, seed=1, digest="0" * 64, state="sealed",
        created_at=clock.now(), sections=[{"type": "single", "count": 1, "mark": "80"}],
    )  # fmt: skip
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=clock.now() - timedelta(hours=2), ends_at=clock.now()
    )
    room = SessionRoom.objects.create(session=session, room=f.room())
    collected = []
    for n, answers in enumerate(ANSWERS, start=1):
        application = f.application(batch, person=f.person(class_name=f"汽修240{n}"))
        Ticket.objects.create(application=application, number=f"2600000{n}", issued_at=clock.now())
        seat = Seating.objects.create(session_room=room, application=application, part="theory", seat=n, paper=paper)
        digest = contract.sheet_digest(str(seat.pk), answers)
        now = datetime.now(UTC)
        collected.append(
            contract.CollectedSitting(
                str(seat.pk), now, now, now, False, answers, {}, contract.receipt_of(digest), digest
            )
        )
    publication = Publication.objects.create(
        session=session, pack_id="p", pack_digest="0" * 64, state="opened", paper_digests={str(paper.pk): paper.digest}
    )
    sheets = record_collection(
        f.actor_with("E8"), publication, contract.Collection("p", True, collected, [], 8, "0" * 64)
    )
    examiners = [f.member("examiner", account=f.staff("R3"), classes=taught) for taught in ([], [], ["汽修2401"])]
    return Marking(batch, examiners, sheets)


def actor(member: Member) -> Actor:
    assert member.account is not None
    return f.actor_with("R3", account=member.account)


def mark_all(marking: Marking, give: Callable[[Member, WrittenAnswer], str]) -> None:
    for member in marking.examiners[:2]:
        for answer in list(written.for_examiner(member, marking.batch)):
            written.mark_written(actor(member), answer, give(member, answer))


def waiting_texts(batch: Batch) -> list[str]:
    return [b.text for b in blockers("exam", batch) if "主观题" in b.text]


def test_a_sheet_with_written_answers_has_no_mark_until_two_have_marked_each(marking: Marking) -> None:
    assert [(s.objective, s.mark) for s in marking.sheets] == [(Decimal("85.0"), None), (Decimal("0.0"), None)]
    assert waiting_texts(marking.batch) == ["3 份主观题答案未由两名考评员评完"]
    marks = {"2": ("8", "9"), "5": ("4", "4.5")}
    mark_all(marking, lambda member, answer: marks[str(answer.item)][marking.examiners.index(member)])
    first, second = TheorySheet.objects.order_by("pk")
    assert (first.mark, second.mark) == (Decimal("97.8"), Decimal("8.5"))
    assert waiting_texts(marking.batch) == []
    assert [values["theory"] for _, values in compose(marking.batch)] == [Decimal("97.8"), Decimal("8.5")]
    names = {"exam.writtenanswer", "marking.writtenmark", "exam.theorysheet"}
    assert not [x for x in verification.verify().findings if any(name in x.where for name in names)]
    first.written.filter(item=2).update(mark=Decimal("10.0"))
    assert any("“mark”被改动" in x.what and "exam.writtenanswer" in x.where for x in verification.verify().findings)


def test_what_was_left_blank_earns_nothing_and_waits_for_nobody(marking: Marking) -> None:
    blank = WrittenAnswer.objects.get(sheet=marking.sheets[1], item=5)
    assert (blank.mark, blank.note) == (Decimal(0), "未作答，记 0 分")
    assert not written.for_examiner(marking.examiners[0], marking.batch).filter(pk=blank.pk).exists()


def test_two_marks_too_far_apart_are_decided_by_a_third_who_says_why(marking: Marking) -> None:
    mark_all(marking, lambda member, answer: ("2", "5")[marking.examiners.index(member)])
    assert waiting_texts(marking.batch) == ["3 份主观题两人评分相差过大，待裁定"]
    answer = written.to_decide(marking.batch)[0]
    head = f.actor_with("X3", account=f.staff("X3"))
    with pytest.raises(Refused, match="理由"):
        written.decide_written(head, answer, "4", " ")
    one_of_both = marking.examiners[0].account
    assert one_of_both is not None
    with pytest.raises(Refused, match="由他人裁定"):
        written.decide_written(f.actor_with("X3", account=one_of_both), answer, "4", "要点齐全")
    for found in list(written.to_decide(marking.batch)):
        written.decide_written(head, found, "4", "要点齐全")
    assert [s.mark for s in TheorySheet.objects.order_by("pk")] == [Decimal("93.0"), Decimal("4.0")]
    with pytest.raises(Refused, match="不需要裁定"):
        written.decide_written(head, answer, "4", "要点齐全")


@pytest.mark.parameter("exam.written_gap_percent")
def test_how_far_two_marks_may_lie_apart_is_what_the_parameters_page_was_told(marking: Marking) -> None:
    one, other = marking.examiners[:2]
    first, second = written.for_examiner(one, marking.batch).filter(item=2).order_by("pk")
    for answer in (first, second):
        written.mark_written(actor(one), answer, "2")
    written.mark_written(actor(other), first, "5")
    f.set_parameter("exam.written_gap_percent", "30")
    written.mark_written(actor(other), second, "5")
    assert [WrittenAnswer.objects.get(pk=a.pk).mark for a in (first, second)] == [None, Decimal("3.5")]


def test_after_the_exam_written_answers_are_neither_marked_nor_decided(marking: Marking) -> None:
    first, second, _ = marking.examiners
    answer = written.for_examiner(first, marking.batch)[0]
    written.mark_written(actor(first), answer, "1")
    written.mark_written(actor(second), answer, "5")
    Batch.objects.update(stage="results")
    head = f.actor_with("X3", account=f.staff("X3"))
    with pytest.raises(Refused, match="主观题不再评阅"):
        written.decide_written(head, answer, "4", "要点齐全")
    with pytest.raises(Refused, match="主观题不再评阅"):
        written.mark_written(actor(first), written.for_examiner(first, marking.batch)[0], "4")


def test_nobody_marks_the_own_answer(marking: Marking) -> None:
    person = marking.sheets[0].application.person
    own = f.member("examiner", account=f.staff("R3"), id_index=person.id_index)
    assert {a.sheet.application.person for a in written.for_examiner(own, marking.batch)} == {
        marking.sheets[1].application.person
    }


def test_nobody_marks_the_own_class_a_third_time_or_twice(marking: Marking) -> None:
    first, second, teacher = marking.examiners
    answer = WrittenAnswer.objects.get(sheet=marking.sheets[0], item=2)
    with pytest.raises(Refused, match="不能评阅"):
        written.mark_written(actor(teacher), answer, "5")
    assert written.for_examiner(teacher, marking.batch).count() == 1
    written.mark_written(actor(first), answer, "5")
    with pytest.raises(Refused, match="不能评阅"):
        written.mark_written(actor(first), answer, "6")
    written.mark_written(actor(second), answer, "5")
    with pytest.raises(Refused, match="不能评阅"):
        written.mark_written(actor(f.member("examiner", account=f.staff("R3"))), answer, "5")


def test_nothing_is_marked_while_others_still_have_the_paper_before_them(marking: Marking) -> None:
    Paper.objects.update(released_at=None)
    assert written.for_examiner(marking.examiners[0], marking.batch).count() == 0


def test_who_has_no_card_for_the_occupation_marks_nothing(marking: Marking) -> None:
    other = f.member("examiner", account=f.staff("R3"), occupations=[f.scope_row().occupation])
    assert written.for_examiner(other, marking.batch).count() == 0
    expired = f.member("examiner", account=f.staff("R3"))
    expired.cards.update(valid_to=clock.today() - timedelta(days=1))
    assert written.for_examiner(expired, marking.batch).count() == 0


def test_the_page_shows_question_and_answer_but_no_name_and_leads_on(marking: Marking) -> None:
    client = Client()
    assert marking.examiners[0].account is not None
    client.force_login(marking.examiners[0].account)
    address = f"/marking/batches/{marking.batch.pk}/written/"
    page = client.get(address).content.decode()
    assert "先预热再放油" in page
    assert "预热、放油、换滤清器" in page
    person = marking.sheets[0].application.person
    assert not any(
        said in page for said in (person.name, marking.sheets[0].application.ticket.number, person.class_name)
    )
    answer = WrittenAnswer.objects.get(sheet=marking.sheets[0], item=2)
    wrong = client.post(address, {"answer": answer.pk, "mark": "7.3"})
    assert wrong.status_code == 422
    assert "0.5 分为一档" in wrong.content.decode()
    for _ in range(3):
        left = written.for_examiner(marking.examiners[0], marking.batch)[0]
        assert client.post(address, {"answer": left.pk, "mark": "3"}).status_code == 302
    assert "没有您可以评阅的答案了" in client.get(address).content.decode()
    assert "案例" not in page
    assert client.get("/desk/").status_code == 200


def test_a_part_of_a_case_is_shown_with_its_case(marking: Marking) -> None:
    part = WrittenAnswer.objects.get(sheet=marking.sheets[0], item=5)
    assert written.question_of(part)["case"] == "车辆不能起动。"


def test_who_gave_one_of_the_two_marks_is_not_offered_to_decide(marking: Marking) -> None:
    mark_all(marking, lambda member, answer: ("2", "5")[marking.examiners.index(member)])
    head, client = f.staff("X3"), Client()
    client.force_login(head)
    address = f"/marking/batches/{marking.batch.pk}/written/progress/"
    assert ">裁定</button>" in client.get(address).content.decode()
    marking.examiners[0].account = head
    marking.examiners[0].save()
    page = client.get(address).content.decode()
    assert "您是两名评阅人之一，请由他人裁定" in page
    assert ">裁定</button>" not in page
    assert "参考答案" in page
    client.force_login(f.staff("E9"))
    assert "参考答案" not in client.get(address).content.decode()


def test_after_the_exam_the_page_says_that_nothing_is_marked_any_more(marking: Marking) -> None:
    client = Client()
    assert marking.examiners[0].account is not None
    client.force_login(marking.examiners[0].account)
    Batch.objects.update(stage="results")
    page = client.get(f"/marking/batches/{marking.batch.pk}/written/").content.decode()
    assert "主观题不再评阅" in page
    assert "提交，评下一份" not in page


def test_the_head_sees_progress_and_decides_on_the_page(marking: Marking) -> None:
    mark_all(marking, lambda member, answer: ("2", "5")[marking.examiners.index(member)])
    client = Client()
    client.force_login(f.staff("X3"))
    page = client.get(f"/marking/batches/{marking.batch.pk}/written/progress/").content.decode()
    assert "两人评分 2.0、5.0" in page
    answer = written.to_decide(marking.batch)[0]
    client.post(f"/marking/written/{answer.pk}/decide/", {"mark": "3.5", "note": "缺一个要点"})
    answer.refresh_from_db()
    assert (answer.mark, answer.note) == (Decimal("3.5"), "缺一个要点")


halves = st.integers(0, 20).map(lambda n: Decimal(n) / 2)


@given(halves, halves, st.integers(0, 100))
def test_two_marks_settle_only_when_near_enough_and_then_between_them(one: Decimal, other: Decimal, gap: int) -> None:
    settled = rules.settled_mark([one, other], Decimal(10), gap)
    near = abs(one - other) * 100 <= 10 * gap
    assert (settled is not None) == near
    if settled is not None:
        assert min(one, other) <= settled <= max(one, other)
    assert rules.settled_mark([one], Decimal(10), 100) is None


@given(st.decimals(-3, 13, places=2, allow_nan=False))
def test_marks_are_given_in_halves_within_the_full_mark(mark: Decimal) -> None:
    good = 0 <= mark <= 10 and mark % Decimal("0.5") == 0
    assert (rules.written_mark_problem(str(mark), Decimal(10)) is None) == good

"""Who is a candidate of a batch serves nowhere in it, told by ID number; who teaches a class stands back from its rooms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.arrangement.acts import arranging, people
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.arrangement.recusal import why_recused
from assay.arrangement.replacing import Corps
from assay.batches.models import Batch
from assay.corps.models import Member
from assay.kernel import clock, gates
from assay.kernel.refusals import Refused
from assay.kernel.sealing import blind_index
from tests import factories as f

pytestmark = pytest.mark.django_db
EVERY_ROLE = ("invigilator", "examiner", "leader", "supervisor", "staff")


@pytest.fixture
def batch() -> Batch:
    f.centre()
    row = f.scope_row()
    made = f.batch("exam", "arrange", [(row, "4", 10)])
    f.room("skill", 10)
    for n in range(5):
        f.application(made, theory="exempt", person=f.person(class_name=f"班{n}"))
    for n in range(4):
        f.member("examiner", name=f"考评{n}", occupations=[row.occupation])
    f.member("supervisor")
    f.member("invigilator")
    return made


def candidate(batch: Batch, member: Member, number: int) -> None:
    """The member applies too, under a name spelt otherwise."""
    index = blind_index("resident", f.resident_number(number, "19990909"))
    member.id_index = index
    member.save()
    person = f.person(
        id_number=f.resident_number(number, "19990909"), name=f"{member.name} ", source="staff", class_name=""
    )
    f.application(batch, theory="exempt", person=person)


def test_an_examiner_who_is_a_candidate_is_on_no_panel_of_the_batch(batch: Batch) -> None:
    own = Member.objects.filter(cards__role="examiner").order_by("pk").first()
    assert own is not None
    candidate(batch, own, 501)
    done = arranging.arrange(f.actor_with("E6"), batch)
    assert done.problems == []
    panel = Assignment.objects.filter(role__in=["examiner", "leader"])
    assert panel.count() == 3
    assert not panel.filter(member=own).exists()


def test_a_batch_that_is_arranged_gives_none_of_its_candidates_any_place_in_any_room(batch: Batch) -> None:
    f.member("supervisor")
    for _ in range(9):
        f.room("theory", 2)
        f.member("invigilator")
    first = [
        Member.objects.filter(cards__role=role).order_by("pk")[0] for role in ("examiner", "supervisor", "invigilator")
    ]
    for number, member in enumerate(first, start=511):
        candidate(batch, member, number)
    batch.applications.update(theory="first")
    assert arranging.arrange(f.actor_with("E6"), batch).problems == []
    assert set(Assignment.objects.values_list("role", flat=True)) == set(EVERY_ROLE)
    assert SessionRoom.objects.filter(session__part="theory").count() > 1
    assert not Assignment.objects.filter(member__in=first).exists()


def test_who_is_a_candidate_cannot_be_put_in_by_hand_and_the_page_says_so_beforehand(batch: Batch) -> None:
    arranging.arrange(f.actor_with("E6"), batch)
    served = set(Assignment.objects.values_list("member_id", flat=True))
    left = Member.objects.filter(cards__role="examiner").exclude(pk__in=served).get()
    candidate(batch, left, 502)
    assignment = Assignment.objects.filter(role="examiner").first()
    assert assignment is not None
    with pytest.raises(Refused, match="是本批次的考生"):
        people.replace_member(f.actor_with("E6"), assignment, member=left, reason="突发疾病")
    found = next(p for p in Corps(assignment.session_room).places(changeable=True) if p.assignment == assignment)
    assert [c.why_not for c in found.unfit if c.member == left] == [f"{left}是本批次的考生，不能在本批次担任工作"]


def test_an_id_number_that_becomes_known_later_stops_the_batch_before_the_exam(batch: Batch) -> None:
    arranging.arrange(f.actor_with("E6"), batch)
    on_panel = Assignment.objects.filter(role="leader").get().member
    candidate(batch, on_panel, 503)
    for stage in ("arrange", "filing", "tickets", "readiness"):
        assert [b.text for b in gates.blockers(stage, batch) if "是本批次的考生" in b.text], stage


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_a_candidate_serves_in_no_role_and_a_teacher_stands_back_where_marks_and_order_are_at_stake(role: str) -> None:
    member = Member(name="甲", classes=["一班"], id_index="x")
    assert "是本批次的考生" in why_recused(member, role, classes=frozenset(), candidates=frozenset({"x"}))
    teaches = why_recused(member, role, classes=frozenset({"一班"}), candidates=frozenset({"y"}))
    assert bool(teaches) == (role in ("invigilator", "examiner", "leader"))


def test_a_rejected_application_keeps_nobody_from_serving(batch: Batch) -> None:
    arranging.arrange(f.actor_with("E6"), batch)
    session = Session.objects.first()
    assert session is not None
    member = Assignment.objects.filter(role="supervisor").first().member  # type: ignore[union-attr]
    member.id_index = blind_index("resident", f.resident_number(504, "19990909"))
    member.save()
    f.application(batch, state="rejected", person=f.person(id_number=f.resident_number(504, "19990909")))
    assert not [b.text for b in gates.blockers("readiness", batch) if "考生，不能" in b.text]
    assert SessionRoom.objects.filter(session=session).exists()
    assert Seating.objects.filter(session_room__session__starts_at__gt=clock.now() + timedelta(days=1)).exists()

"""Who arranges anew reads what is lost by it; neighbours may be of other classes and jobs."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assay.arrangement.acts import arranging, people, seats
from assay.arrangement.by_hand import changes_by_hand, what_is_lost
from assay.arrangement.models import Seating, SessionRoom
from assay.arrangement.planning import Candidate, mixed
from assay.arrangement.proposal import Options
from assay.kernel.refusals import Refused
from tests import factories as f

OFFICER = f.actor_with("E6")
FORM = {"theory_days": "1", "morning": "08:00", "noon": "12:30", "afternoon": "14:00", "evening": "18:30"}


@pytest.mark.django_db
def test_what_was_changed_by_hand_is_named_before_it_is_lost(room: SessionRoom, client: Client) -> None:
    batch = room.session.batch
    assert "（没有手工调整）" in what_is_lost(changes_by_hand(batch))
    own = room.assignments.get()
    former, substitute = own.member, f.member()
    people.replace_member(OFFICER, own, member=substitute, reason="调课")
    seating = seats.move_candidate(OFFICER, room.seatings.get(), session_room=room, seat=5)
    said = changes_by_hand(batch)
    assert said == [
        f"{room.room} 监考员{former}改派为{substitute}",
        f"{seating.application.applicant} 理论知识考试调至 {room.room} 5 号",
    ]
    client.force_login(f.staff("E6"))
    page = client.get(reverse("arrangement:batch", args=[batch.pk])).content.decode()
    assert f"2 处手工调整将丢失，须在编排后重新调整：{'；'.join(said)}。确认？" in page
    assert 'name="losing" value="2"' in page
    address = reverse("arrangement:arrange", args=[batch.pk])
    refused = client.post(address, FORM | {"losing": "1"}).content.decode()
    assert "手工调整有变动，现有 2 处，重新编排会丢失：请刷新页面" in refused
    assert room.seatings.get().seat == 5


@pytest.mark.django_db
def test_arranged_anew_nothing_by_hand_is_left_to_lose() -> None:
    f.centre()
    batch = f.batch("exam", "arrange", [(f.scope_row(), "4", 10)])
    for n in range(8):
        f.application(batch, skill="exempt", person=f.person(class_name=f"班{n % 2}"))
    f.room("theory", 20)
    for role in ("invigilator", "invigilator", "supervisor"):
        f.member(role)
    arranging.arrange(OFFICER, batch, options=Options(mixed=True), losing=0)
    classes = [s.application.applicant.class_name for s in Seating.objects.order_by("seat")]
    assert all(one != other for one, other in pairwise(classes))
    place = SessionRoom.objects.get().assignments.filter(role="invigilator")[0]
    people.replace_member(OFFICER, place, member=f.member(), reason="调课")
    with pytest.raises(Refused, match="现有 1 处"):
        arranging.arrange(OFFICER, batch, losing=0)
    arranging.arrange(OFFICER, batch, losing=1)
    assert changes_by_hand(batch) == []


kinds = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["甲班", "乙班", "丙班"])), max_size=60)


@given(kinds)
def test_nobody_sits_beside_one_of_the_same_class_and_job_where_that_can_be_avoided(found) -> None:
    candidates = [Candidate(n, line, name) for n, (line, name) in enumerate(found)]
    order = mixed(candidates)
    assert sorted(c.application for c in order) == [c.application for c in candidates]
    alike = sum((a.line, a.class_name) == (b.line, b.class_name) for a, b in pairwise(order))
    most = max(Counter(found).values(), default=0)
    assert alike == max(0, most - 1 - (len(found) - most))

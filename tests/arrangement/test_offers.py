"""Pages of the arrangement offer what their acts would do, to whoever may do it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.models import Application
from assay.arrangement.acts import arranging, tickets
from assay.arrangement.models import Assignment, Seating
from assay.batches.models import Batch
from assay.filing.models import Filing
from assay.kernel import clock, gates
from assay.kernel.clock import today
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def shown(client: Client, duty: str, name: str, pk: int) -> str:
    client.force_login(f.staff(duty), BACKEND)
    return client.get(reverse(f"arrangement:{name}", args=[pk])).content.decode()


@pytest.mark.parametrize(
    ("duty", "moves", "replaces"), [("E6", True, True), ("E8", True, True), ("X3", False, True), ("E5", False, False)]
)
def test_each_is_offered_to_change_what_the_own_duty_is(client, room, duty, moves, replaces) -> None:
    page = shown(client, duty, "room", room.pk)
    assert (">调座</button>" in page) == moves
    assert (">改派</button>" in page) == replaces
    assert ("可以改派" in page) == replaces


def test_while_the_exam_goes_on_a_room_is_changed_until_its_own_session_is_over_and_the_page_says_why(
    client, room
) -> None:
    Batch.objects.filter(pk=room.session.batch_id).update(stage="exam")
    page = shown(client, "E6", "room", room.pk)
    for button in ("改派", "增派", "调座", "对调"):
        assert f">{button}</button>" in page
    with clock.moved_to(room.session.ends_at):
        page = shown(client, "E6", "room", room.pk)
        assert "结束，座位不能再调整" in page
        assert "结束，人员不能再变动" in page
        assert "</details>" not in page
        assert "结束，人员不能再变动" not in shown(client, "E5", "room", room.pk)
    Batch.objects.filter(pk=room.session.batch_id).update(stage="results")
    page = shown(client, "E6", "room", room.pk)
    assert page.count("此时不能改动编排") == 1
    assert "</details>" not in page


def test_a_room_with_nobody_in_it_opens(client, room) -> None:
    room.seatings.all().delete()
    room.assignments.all().delete()
    assert "考生（0）" in shown(client, "E6", "room", room.pk)


def test_seats_cost_no_question_each(client, room, django_assert_max_num_queries) -> None:
    for seat in range(2, 22):
        application = f.application(room.session.batch, state="approved")
        Seating.objects.create(session_room=room, application=application, part="theory", seat=seat)
    client.force_login(f.staff("E6"), BACKEND)
    with django_assert_max_num_queries(40):
        client.get(reverse("arrangement:room", args=[room.pk]))


def test_tickets_are_offered_from_the_approval_on_to_whoever_gives_them_out(client, room) -> None:
    batch = room.session.batch
    url = reverse("arrangement:issue", args=[batch.pk])
    assert "省中心审核通过后才能发放准考证" in shown(client, "E5", "tickets", batch.pk)
    Batch.objects.filter(pk=batch.pk).update(stage="tickets")
    page = shown(client, "E5", "tickets", batch.pk)
    assert f'action="{url}"' in page
    assert "发放准考证（1 张）" in page
    assert url not in shown(client, "E6", "tickets", batch.pk)
    batch.refresh_from_db()
    tickets.issue_tickets(f.actor_with("E5"), batch)
    assert url not in shown(client, "E5", "tickets", batch.pk)
    with pytest.raises(Refused, match="没有待发的"):
        tickets.issue_tickets(f.actor_with("E5"), batch)


def test_arranging_anew_asks_first_and_is_not_offered_while_the_province_has_the_plan(client, room) -> None:
    batch = room.session.batch
    url = reverse("arrangement:arrange", args=[batch.pk])
    page = shown(client, "E6", "batch", batch.pk)
    assert f'action="{url}"' in page
    assert 'data-confirm="重新编排会替换现有编排' in page
    assert url not in shown(client, "E5", "batch", batch.pk)
    Batch.objects.filter(pk=batch.pk).update(stage="filing")
    Filing.objects.create(batch=batch, version=1, state="sent", document={}, sent_on=today())
    page = shown(client, "E6", "batch", batch.pk)
    assert url not in page
    assert "认定计划已上报，省中心退回后才能重新编排" in page
    batch.refresh_from_db()
    with pytest.raises(Refused, match="认定计划已上报"):
        arranging.arrange(f.actor_with("E6"), batch)


ARRANGED = "座位、监考、考评、督导都已安排妥当"


def test_all_is_well_only_where_nothing_is_said_against_it(client, room) -> None:
    Assignment.objects.create(session_room=room, member=f.member(), role="invigilator")
    Assignment.objects.create(session_room=room, member=f.member("supervisor"), role="supervisor")
    Application.objects.update(skill="exempt")  # the one seat is all that there is to arrange
    batch = room.session.batch
    page = shown(client, "E6", "batch", batch.pk)
    assert "1 个场次没有工作人员（" in page
    assert "当时都已派在考场" in page
    assert ARRANGED not in page
    assert gates.blockers("arrange", batch) == []  # it keeps nobody
    Assignment.objects.create(session_room=room, member=f.member(), role="staff")
    page = shown(client, "E6", "batch", batch.pk)
    assert "没有工作人员" not in page
    assert "还没有账号，考试当天无法登录" in page
    assert ARRANGED not in page
    for one in Assignment.objects.exclude(role="staff").select_related("member"):
        one.member.account = f.staff("R2", "Q4")
        one.member.save()
    assert ARRANGED in shown(client, "E6", "batch", batch.pk)
    Batch.objects.filter(pk=batch.pk).update(stage="exam")
    assert ARRANGED not in shown(client, "E6", "batch", batch.pk), "said only while it is looked at"

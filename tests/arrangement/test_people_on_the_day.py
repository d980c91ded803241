"""People of a room are replaced, added and released until its session is over, each with a reason; all checks hold for who comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.acts import people
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom, StaffChange
from assay.arrangement.registers import staff_changes_register
from assay.batches.models import Batch
from assay.corps.models import Member
from assay.kernel import clock, gates
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f
from tests.papers import text_of

pytestmark = pytest.mark.django_db
OFFICER = f.actor_with("E8")
WHY = "突发疾病"


def ready(role: str = "invigilator", duty: str = "R2", **fields: object) -> Member:
    """With an account that has the duty of the role."""
    return f.member(role, account=f.staff(duty), **fields)


@pytest.fixture
def room() -> SessionRoom:
    """A theory room of the second session: one candidate of 汽修2301, two invigilators, a supervisor; begun an hour ago."""
    f.centre()
    starts = clock.now() - timedelta(hours=1)
    batch = f.batch("exam", stage="exam")
    session = Session.objects.create(
        batch=batch, part="theory", number=2, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    made = SessionRoom.objects.create(session=session, room=f.room())
    Seating.objects.create(session_room=made, application=f.application(batch), part="theory", seat=7)
    for _ in range(2):
        Assignment.objects.create(session_room=made, member=ready(), role="invigilator")
    Assignment.objects.create(session_room=made, member=ready("supervisor", "Q4"), role="supervisor")
    return made


def first(room: SessionRoom, role: str = "invigilator") -> Assignment:
    return room.assignments.filter(role=role).order_by("pk")[0]


def test_who_falls_ill_in_the_middle_of_the_exam_is_replaced_with_the_reason_kept(room: SessionRoom) -> None:
    ill, substitute = first(room).member, ready()
    people.replace_member(OFFICER, first(room), member=substitute, reason=WHY)
    assert room.assignments.filter(role="invigilator").order_by("pk")[0].member == substitute
    assert StaffChange.objects.get().said() == f"监考员{ill}改派为{substitute}"
    text = text_of(staff_changes_register(room.session.batch)).replace("\n", "")
    assert f"监考员{ill}改派为{substitute}" in text
    assert WHY in text


def test_one_more_comes_and_may_leave_again_but_none_of_the_two_that_the_rules_ask_for(room: SessionRoom) -> None:
    third = people.add_member(OFFICER, room, role="invigilator", member=ready(), reason="考生情况特殊")
    people.release_member(OFFICER, third, reason="情况解除")
    assert room.assignments.filter(role="invigilator").count() == 2
    with pytest.raises(Refused, match="1 名考生，监考员应有 2 名，撤出后只剩 1 名，请改派他人接替"):
        people.release_member(OFFICER, first(room), reason=WHY)
    with pytest.raises(Refused, match="只有 1 名内部督导员，请改派"):
        people.release_member(OFFICER, first(room, "supervisor"), reason=WHY)
    assert [change.kind for change in StaffChange.objects.all()] == ["added", "released"]


def test_everything_that_holds_for_the_arrangement_holds_for_who_comes(room: SessionRoom) -> None:
    teacher, expired, elsewhere = ready(classes=["汽修2301"]), ready(), ready()
    expired.cards.update(valid_to=clock.today() - timedelta(days=1), valid_from=clock.today() - timedelta(days=9))
    other = SessionRoom.objects.create(session=room.session, room=f.room())
    Assignment.objects.create(session_room=other, member=elsewhere, role="invigilator")
    gone, unready = ready(), f.member()
    gone.active = False
    gone.save()
    for member, why in (
        (teacher, "任教汽修2301，应当回避"), (expired, "证卡当日不在有效期内"), (elsewhere, "该时段已安排在"), (gone, "已不在岗"),
        (ready("examiner", "R3"), "没有该岗位的证卡"), (unready, "没有账号"), (ready(duty="R3"), "其岗位没有监考职责"),
        (room.assignments.filter(role="invigilator").order_by("-pk")[0].member, "已是本考场的监考员"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            people.replace_member(OFFICER, first(room), member=member, reason=WHY)
        with pytest.raises(Refused, match=why):
            people.add_member(OFFICER, room, role="invigilator", member=member, reason=WHY)
    assert not StaffChange.objects.exists()


def test_an_examiner_comes_only_to_a_job_that_the_card_covers(room: SessionRoom) -> None:
    batch = room.session.batch
    skill = Session.objects.create(
        batch=batch, part="skill", number=1, starts_at=room.session.starts_at, ends_at=room.session.ends_at
    )
    panel = SessionRoom.objects.create(session=skill, room=f.room("skill", 9), line=batch.lines.get())
    own = batch.lines.get().scope_row.occupation
    other = f.scope_row("另一工种").occupation
    assert other != own
    with pytest.raises(Refused, match="证卡的考评职业不含本考场的职业"):
        people.add_member(
            OFFICER, panel, role="examiner", member=ready("examiner", "R3", occupations=[other]), reason=WHY
        )
    for occupations in ([own], []):
        examiner = ready("examiner", "R3", occupations=occupations)
        assert people.add_member(OFFICER, panel, role="examiner", member=examiner, reason=WHY).pk


def test_a_supervisor_may_look_after_two_rooms_of_one_session_and_nobody_else_may(room: SessionRoom) -> None:
    other = SessionRoom.objects.create(session=room.session, room=f.room())
    supervisor = first(room, "supervisor").member
    assert people.add_member(OFFICER, other, role="supervisor", member=supervisor, reason=WHY).pk
    with pytest.raises(Refused, match="该时段已安排在"):
        people.add_member(OFFICER, other, role="invigilator", member=first(room).member, reason=WHY)


def test_without_a_reason_or_the_duty_or_after_the_end_nobody_is_changed(room: SessionRoom) -> None:
    substitute = ready()
    with pytest.raises(Refused, match="请写明人员变动的原因"):
        people.replace_member(OFFICER, first(room), member=substitute, reason=" ")
    with pytest.raises(NotAllowed):
        people.replace_member(f.actor_with("E5"), first(room), member=substitute, reason=WHY)
    with clock.moved_to(room.session.ends_at), pytest.raises(Refused, match="结束，人员不能再变动"):
        people.replace_member(OFFICER, first(room), member=substitute, reason=WHY)
    with clock.moved_to(room.session.ends_at - timedelta(minutes=1)):
        people.replace_member(OFFICER, first(room), member=substitute, reason=WHY)


def test_all_of_it_is_done_on_the_page_of_the_room(room: SessionRoom, client: Client) -> None:
    client.force_login(f.staff("E8"))
    substitute, third = ready(name="钱一"), ready(name="孙二")
    address = reverse("arrangement:room", args=[room.pk])
    given = {"member": substitute.pk, "reason": WHY}
    ill = first(room).member
    said = client.post(reverse("arrangement:replace", args=[first(room).pk]), given, follow=True).content.decode()
    assert f"监考员{ill}改派为钱一" in said
    given = {"role": "invigilator", "member": third.pk, "reason": "考生情况特殊"}
    page = client.post(reverse("arrangement:add", args=[room.pk]), given, follow=True).content.decode()
    assert "已增派 孙二" in page
    release = reverse("arrangement:release", args=[room.assignments.get(member=third).pk])
    assert f'action="{release}"' in page
    page = client.post(release, {"reason": "情况解除"}, follow=True).content.decode()
    assert "监考员孙二撤出" in page
    assert "不能撤出" in client.get(address).content.decode()
    no_reason = {"member": third.pk, "reason": ""}
    refused = client.post(
        reverse("arrangement:replace", args=[first(room).pk]), no_reason, headers={"referer": address}
    )
    assert "请写明人员变动的原因" in client.get(address).content.decode() + refused.content.decode()


def test_a_panel_of_an_even_number_is_somebodys_task_until_it_is_mended(room: SessionRoom) -> None:
    batch = room.session.batch
    skill = Session.objects.create(
        batch=batch, part="skill", number=1, starts_at=room.session.starts_at, ends_at=room.session.ends_at
    )
    panel = SessionRoom.objects.create(session=skill, room=f.room("skill", 9), line=batch.lines.get())
    Seating.objects.create(session_room=panel, application=f.application(batch), part="skill", seat=1)
    for n in range(3):
        role = "examiner" if n else "leader"
        Assignment.objects.create(session_room=panel, member=ready("examiner", "R3"), role=role)
    said = "1 名考生，考评员 4 名，应有 3 名且为单数"
    fourth = people.add_member(OFFICER, panel, role="examiner", member=ready("examiner", "R3"), reason=WHY)
    assert any(said in todo.text for todo in gates.todos("exam", batch))
    with clock.moved_to(skill.ends_at):
        assert not any(said in todo.text for todo in gates.todos("exam", batch))
    people.release_member(OFFICER, fourth, reason="情况解除")
    assert not any("应有 3 名" in todo.text for todo in gates.todos("exam", batch))


def test_before_the_day_an_account_is_not_asked_for(room: SessionRoom) -> None:
    Batch.objects.filter(pk=room.session.batch_id).update(stage="tickets")
    starts = clock.now() + timedelta(days=9)
    Session.objects.filter(pk=room.session_id).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    room = SessionRoom.objects.select_related("session__batch").get(pk=room.pk)
    assert people.replace_member(OFFICER, first(room), member=f.member(), reason="调课").pk

"""Accounts for people of the corps: made of the corps by one click, before the day on which they are needed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from assay.arrangement.gates import accounts_can_be_made_before_the_day, everybody_assigned_can_sign_in
from assay.arrangement.models import Assignment, Session, SessionRoom
from assay.centre.actors import duties_of
from assay.centre.handed_out import drawn_for
from assay.centre.models import Account, Appointment, Post
from assay.corps.accounts import posts_by_duty, username_for
from assay.corps.acts import open_accounts
from assay.corps.models import Card, Member
from assay.kernel.acts import Actor
from assay.kernel.clock import now, today
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def posts() -> None:
    f.centre(is_demo=False)
    for code, title, duties in (
        ("director", "认定中心主任", ["E1", "R2", "R3"]), ("invigilator", "监考员", ["R2"]), ("examiner", "考评员", ["R3"]),
        ("supervisor", "内部质量督导员", ["Q3", "Q4", "Q5"]), ("author", "命题专家", ["R4"]),
    ):  # fmt: skip
        Post.objects.create(code=code, title=title, group="考试岗位", duties=duties)


def assigned(*members: Member, role: str = "invigilator", days: int = 40) -> SessionRoom:
    starts = now() + timedelta(days=days)
    batch = f.batch("exam", stage="readiness")
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(minutes=90)
    )
    room = SessionRoom.objects.create(session=session, room=f.room())
    for member in members:
        Assignment.objects.create(session_room=room, member=member, role=role)
    return room


def leader(*more: str) -> Client:
    client = Client()
    client.force_login(f.staff("L1", *more), BACKEND)
    return client


def give(*members: Member, actor: Actor | None = None) -> list[str]:
    made = open_accounts(actor or f.actor_with("L1"), drawn_for([one.pk for one in members], hashing=False))
    return [one.username for one in made]


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("曾晓明", [], "zengxiaoming"), ("张三", ["zhangsan"], "zhangsan2"), ("张三", ["zhangsan", "zhangsan2"], "zhangsan3"),
        ("欧", [], "ou"), ("阿依古丽·买买提", [], "ayigulimaimaiti"), ("", [], "renyuan"),
    ],
)  # fmt: skip
def test_the_account_is_the_name_in_pinyin(name: str, taken: list[str], expected: str) -> None:
    assert username_for(name, taken) == expected


@pytest.mark.parametrize(
    ("role", "post"),
    [
        ("invigilator", "invigilator"), ("examiner", "examiner"), ("senior_examiner", "examiner"),
        ("supervisor", "supervisor"), ("expert", "author"),
    ],
)  # fmt: skip
def test_a_card_says_the_post(role: str, post: str) -> None:
    member = f.member(role, name="柳一一")
    assert give(member) == ["liuyiyi"]
    account = Account.objects.get(username="liuyiyi")
    assert [one.post.code for one in account.appointments.all()] == [post]
    assert account.must_change_password
    assert account.password_expires_at is not None
    member.refresh_from_db()
    assert member.account == account


def test_a_card_that_has_run_out_puts_nobody_in_a_post() -> None:
    member = f.member("examiner", name="柳一一")
    Card.objects.update(valid_from=today() - timedelta(days=900), valid_to=today() - timedelta(days=1))
    give(member)
    assert not Appointment.objects.filter(account__username="liuyiyi").exists()


def test_without_a_post_for_them_it_is_said_what_to_do_and_nobody_gets_an_account() -> None:
    Post.objects.filter(code__in=("examiner", "director")).delete()
    first, second = f.member("invigilator"), f.member("examiner")
    with pytest.raises(Refused, match="还没有供考评员担任的岗位"):
        give(first, second)
    assert not Account.objects.exists()
    assert "R3" not in posts_by_duty()


def test_two_of_one_name_get_two_accounts_and_who_has_one_keeps_it() -> None:
    first, second = f.member(name="柳一一"), f.member(name="柳一一")
    assert give(first, second) == ["liuyiyi", "liuyiyi2"]
    with pytest.raises(Refused, match="都已有账号"):
        give(first, second)
    assert Account.objects.filter(kind="staff").count() == 2


def test_only_who_appoints_people_makes_accounts() -> None:
    with pytest.raises(NotAllowed):
        give(f.member(), actor=f.actor_with("E1", "X1"))


def test_the_page_ticks_who_is_put_to_work_and_gives_each_a_password_that_opens() -> None:
    working, idle = f.member(name="柳一一"), f.member(name="柳二二")
    assigned(working)
    client = leader()
    page = client.get("/corps/accounts/").content.decode()
    assert f'value="{working.pk}"\n        aria-label="柳一一" checked' in page
    assert f'value="{idle.pk}"\n        aria-label="柳二二">' in page
    assert "其中 1 人已有安排" in page
    answer = client.post("/corps/accounts/open/", {"member": [working.pk]})
    assert "no-store" in answer["Cache-Control"]
    [password] = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.content.decode())
    account = Account.objects.get(username="liuyiyi")
    assert account.check_password(password)
    assert duties_of(account) == {"R2"}
    left = client.get("/corps/accounts/").content.decode()
    assert "柳一一" not in left
    assert "没有选中任何人" in client.post("/corps/accounts/open/", {}, follow=True).content.decode()


def test_one_person_is_led_there_from_the_own_page() -> None:
    one, other = f.member(name="柳一一"), f.member(name="柳二二")
    assigned(other)
    client = leader("X1")
    link = f"/corps/accounts/?member={one.pk}"
    assert link in client.get(f"/corps/members/{one.pk}/").content.decode()
    page = client.get(link).content.decode()
    assert 'aria-label="柳一一" checked' in page
    assert 'aria-label="柳二二">' in page


def test_the_check_before_the_exam_names_who_cannot_sign_in() -> None:
    with_account, without, disabled, elsewhere = (
        f.member(name=name) for name in ("柳一一", "柳二二", "柳三三", "柳四四")
    )
    for member, duty, active in ((with_account, "R2", True), (disabled, "R2", False), (elsewhere, "E1", True)):
        member.account = f.staff(duty, is_active=active)
        member.save()
    room = assigned(with_account, without, disabled, elsewhere)
    found = list(everybody_assigned_can_sign_in(room.session.batch))
    assert [(one.text, one.duty, one.link) for one in found] == [
        ("已安排的柳二二还没有账号，考试当天无法登录", "L1", "/corps/accounts/"),
        ("已安排的柳三三的账号已停用，考试当天无法登录", "L1", "/centre/accounts/"),
        (
            "已安排的柳四四的账号没有任相应岗位（监考员、考评员、督导员），考试当天无法登录", "L1", "/centre/accounts/",
        ),
    ]  # fmt: skip
    assert list(accounts_can_be_made_before_the_day(room.session.batch)) == found
    give(without)
    assert [one.text for one in everybody_assigned_can_sign_in(room.session.batch)] == [one.text for one in found[1:]]


def test_a_session_that_is_over_and_staff_without_a_task_ask_for_no_account() -> None:
    over, staff = assigned(f.member(), days=-2), assigned(f.member(), role="staff")
    assert list(everybody_assigned_can_sign_in(over.session.batch)) == []
    assert list(everybody_assigned_can_sign_in(staff.session.batch)) == []


def test_a_person_is_entered_in_single_lines_with_the_number_marked_as_needed() -> None:
    page = leader("X1").get("/corps/members/add/").content.decode()
    for name in ("id_number", "phone"):
        assert re.search(rf'<input type="text" name="{name}"', page), name
    assert re.search(r'class="form-label required" for="id_id_number"', page)
    assert "性别、出生日期按身份证号得出" in page

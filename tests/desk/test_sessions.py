"""A session ends by itself, is seen and ended by its holder, and does not come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assay.centre.acts.accounts import end_sessions, set_active, set_password
from assay.centre.acts.settings import set_parameter
from assay.centre.models import Account, OpenSession
from assay.kernel.acts import Actor
from assay.kernel.clock import real_now
from assay.kernel.models import LedgerEntry, SecurityEvent
from tests import factories as f

pytestmark = pytest.mark.django_db
PASSWORD = "kao-ping-2026-x"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


@pytest.fixture
def leader() -> Actor:
    f.centre()
    return f.actor_with("L1", account=f.staff("L1", password=PASSWORD))


@pytest.fixture
def somebody(leader: Actor) -> Account:
    return f.staff("R2", password=PASSWORD)


def enter(account: Account, **request: str) -> Client:
    client = Client(**request)
    assert client.post("/sign-in/", {"username": account.username, "password": PASSWORD}).status_code == 302
    return client


def signed_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def moved_back(account: Account, **passed: timedelta) -> None:
    """Its sessions began, or were last seen, so long ago."""
    OpenSession.objects.filter(account=account).update(**{name: real_now() - ago for name, ago in passed.items()})


def test_who_does_nothing_for_an_hour_is_signed_out_and_told_why(somebody: Account) -> None:
    client = enter(somebody)
    moved_back(somebody, seen=timedelta(minutes=59))
    assert signed_in(client)
    moved_back(somebody, seen=timedelta(minutes=61))
    answer = client.get("/desk/duties/", follow=True)
    assert answer.redirect_chain == [("/sign-in/?next=/desk/duties/", 302)]
    assert "已有 60 分钟没有操作" in answer.content.decode()
    assert not signed_in(client)


def test_every_visit_counts_and_typing_as_well(somebody: Account) -> None:
    client = enter(somebody)
    for _ in range(4):
        moved_back(somebody, seen=timedelta(minutes=50))
        assert client.get("/sessions/alive/").status_code == 200
    assert signed_in(client)
    assert 'data-alive="/sessions/alive/"' in client.get("/desk/").content.decode()


def test_a_live_page_that_asks_by_itself_keeps_nobody_signed_in_and_is_led_to_the_door_whole(leader: Actor) -> None:
    officer = f.staff("E8", password=PASSWORD)
    client = enter(officer)
    assert "X-By-Itself" in client.get("/exam/running/").content.decode()
    by_itself = {"X-By-Itself": "yes", "HX-Request": "true"}
    moved_back(officer, seen=timedelta(minutes=50))
    assert client.get("/exam/running/", headers=by_itself).status_code == 200
    assert OpenSession.objects.get(account=officer).seen < real_now() - timedelta(minutes=49)
    moved_back(officer, seen=timedelta(minutes=61))
    answer = client.get("/exam/running/", headers=by_itself)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["HX-Redirect"] == "/sign-in/?next=/exam/running/"
    assert "已有 60 分钟没有操作" in client.get("/sign-in/").content.decode()


def test_after_twelve_hours_the_busiest_signs_in_again(somebody: Account) -> None:
    client = enter(somebody)
    moved_back(somebody, since=timedelta(hours=11, minutes=59))
    assert signed_in(client)
    moved_back(somebody, since=timedelta(hours=12, minutes=1))
    assert not signed_in(client)
    assert settings.SESSION_COOKIE_AGE >= 24 * 3600  # or the cookie would end before the parameter says


@pytest.mark.parameter("session.idle_minutes")
def test_the_limits_are_parameters_that_shut_nobody_out(leader: Actor, somebody: Account) -> None:
    set_parameter(leader, "session.idle_minutes", "240", "校内规定")
    client = enter(somebody)
    moved_back(somebody, seen=timedelta(minutes=200))
    assert signed_in(client)
    chief = enter(Account.objects.get(pk=leader.account_id))
    given = {"value": "0", "was": "240", "document_no": "校内规定"}
    assert "应填 5 至 720 的整数" in chief.post("/centre/parameters/session.idle_minutes/", given).content.decode()


@pytest.mark.parameter("session.hours")
def test_how_long_a_session_lasts_is_what_the_parameters_page_was_told(somebody: Account) -> None:
    client = enter(somebody)
    moved_back(somebody, since=timedelta(hours=3))
    assert signed_in(client)
    f.set_parameter("session.hours", "2")
    assert "登录已满 2 小时" in client.get("/desk/", follow=True).content.decode()


def test_looking_at_pages_writes_once_a_minute(somebody: Account) -> None:
    client = enter(somebody)
    moved_back(somebody, seen=timedelta(seconds=61))
    for expected in (1, 0, 0):
        with CaptureQueriesContext(connection) as asked:
            client.get("/sessions/alive/")
        written = [q["sql"] for q in asked if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
        assert len(written) == expected, written


def test_the_holder_sees_where_the_account_is_signed_in_and_ends_one_or_all_others(somebody: Account) -> None:
    here = enter(somebody, HTTP_USER_AGENT=DESK, REMOTE_ADDR="192.0.2.7")
    phone, third = enter(somebody, HTTP_USER_AGENT=PHONE), enter(somebody)
    page = here.get("/sessions/").content.decode()
    assert "Edge · Windows" in page
    assert "微信 · 安卓" in page
    assert "192.0.2.7" in page
    assert page.count("这台设备") == 1 + page.count("结束这台设备以外")
    number = OpenSession.objects.get(account=somebody, device="微信 · 安卓").pk
    here.post("/sessions/end/", {"number": number})
    assert [signed_in(one) for one in (here, phone, third)] == [True, False, True]
    here.post("/sessions/end/")
    assert [signed_in(one) for one in (here, phone, third)] == [True, False, False]
    assert "微信 · 安卓" in LedgerEntry.objects.filter(act="desk.end_session").order_by("seq")[0].note


def test_nobody_ends_anothers_session_by_its_number(somebody: Account, leader: Actor) -> None:
    other = f.staff("R2", password=PASSWORD)
    stays, here = enter(other), enter(somebody)
    answer = here.post("/sessions/end/", {"number": OpenSession.objects.get(account=other).pk})
    assert answer.status_code == 409
    assert signed_in(stays)


def test_who_leads_ends_anothers(somebody: Account, leader: Actor) -> None:
    client, chief = enter(somebody), enter(Account.objects.get(pk=leader.account_id))
    assert "现在登录着 1 处" in chief.get(f"/centre/accounts/{somebody.pk}/").content.decode()
    assert chief.post(f"/centre/accounts/{somebody.pk}/sessions/end/").status_code == 302
    assert not signed_in(client)
    assert "现在登录着 0 处" in chief.get(f"/centre/accounts/{somebody.pk}/").content.decode()
    assert LedgerEntry.objects.filter(act="centre.end_sessions").count() == 1


@pytest.mark.parametrize("ends", ["disabled", "password", "ended"])
def test_what_ends_an_account_s_sessions_ends_them_for_good(leader: Actor, somebody: Account, ends: str) -> None:
    client = enter(somebody)
    if ends == "disabled":
        set_active(leader, somebody, False)
        set_active(leader, somebody, True)
    elif ends == "password":
        set_password(leader, somebody, PASSWORD)
    else:
        end_sessions(leader, somebody)
    assert not signed_in(client)


def test_the_same_password_set_once_more_ends_sessions_as_well_as_another(leader: Actor, somebody: Account) -> None:
    before = somebody.get_session_auth_hash()
    set_password(leader, somebody, PASSWORD)
    assert Account.objects.get(pk=somebody.pk).get_session_auth_hash() != before


def test_a_session_that_was_signed_out_does_not_come_back_with_its_cookie(somebody: Account) -> None:
    client = enter(somebody)
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    client.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not signed_in(client)
    kinds = SecurityEvent.objects.filter(account_id=somebody.pk).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["sign_in", "sign_out"]


def test_a_session_of_before_there_were_rows_signs_in_again(somebody: Account) -> None:
    client = enter(somebody)
    OpenSession.objects.all().delete()
    assert not signed_in(client)


def test_a_candidate_sees_the_own_sessions_too(leader: Actor) -> None:
    account = f.candidate(f.person())
    account.set_password(PASSWORD)
    account.save()
    client = enter(account, HTTP_USER_AGENT=PHONE)
    page = client.get("/sessions/").content.decode()
    assert "微信 · 安卓" in page
    assert "两步验证" not in page


def test_own_password_change_keeps_this_session_in_the_list_and_no_other(somebody: Account) -> None:
    here = enter(somebody, HTTP_USER_AGENT=DESK)
    other = enter(somebody, HTTP_USER_AGENT=PHONE)
    new = "another-2026-z"
    here.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    page = here.get("/sessions/").content.decode()
    assert "（1）" in page
    assert "Edge · Windows" in page
    assert not signed_in(other)


def test_a_browser_that_signs_in_anew_stands_in_the_list_once(somebody: Account) -> None:
    client = enter(somebody)
    client.force_login(somebody)
    assert "（1）" in client.get("/sessions/").content.decode()


def test_a_number_that_is_none_ends_nothing(somebody: Account) -> None:
    here, other = enter(somebody), enter(somebody, HTTP_USER_AGENT=PHONE)
    assert "这些登录已经结束了" in here.post("/sessions/end/", {"number": "x"}, follow=True).content.decode()
    assert signed_in(other)

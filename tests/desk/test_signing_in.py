"""The staff's door slows guessing down without shutting anybody out; passwords and sessions end when they should."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from assay.centre.acts.accounts import create_account, set_active, set_password
from assay.centre.models import Account
from assay.kernel import clock
from assay.kernel.acts import Actor
from assay.kernel.limits import OWN_PASSWORD, STAFF_SIGN_IN
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import NotAllowed
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
PASSWORD = "kao-ping-2026-x"


def enter(client: Client, username: str, password: str = PASSWORD, **request: str):
    return client.post("/sign-in/", {"username": username, "password": password}, **request)


def signed_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


@pytest.fixture
def leader() -> Actor:
    f.centre()
    return f.actor_with("L1", account=f.staff("L1"))


def test_a_password_that_was_hashed_weakly_is_hashed_anew_by_an_act_when_it_is_typed(leader: Actor) -> None:
    hasher = Argon2PasswordHasher()
    hasher.time_cost = 1
    account = f.staff("E7")
    account.password = weak = hasher.encode(PASSWORD, hasher.salt())
    account.save()
    assert enter(Client(), account.username, "wrong-2026-x").status_code == 200
    assert not LedgerEntry.objects.filter(act="centre.rehash_password").exists()
    client = Client()
    assert enter(client, account.username).status_code == 302
    assert signed_in(client)
    account.refresh_from_db()
    assert account.password != weak
    assert account.check_password(PASSWORD)
    enter(Client(), account.username)
    assert LedgerEntry.objects.filter(act="centre.rehash_password").count() == 1


def test_wrong_passwords_bring_waits_of_a_minute_at_most_and_never_a_lock(leader: Actor) -> None:
    account = f.staff("E7", password=PASSWORD)
    start = clock.now()
    with clock.moved_to(start):
        statuses = [enter(Client(), account.username, f"wrong-{n}").status_code for n in range(20)]
        held = enter(Client(), account.username)
    assert statuses[: STAFF_SIGN_IN.subject.free] == [200] * STAFF_SIGN_IN.subject.free
    assert statuses[-1] == 429
    assert held.status_code == 429
    wait = int(held.headers["Retry-After"])
    assert 0 < wait <= 60
    assert f"请在 {wait} 秒后再试" in held.content.decode()
    with clock.moved_to(start + timedelta(seconds=60 + 30)):
        assert enter(Client(), account.username).status_code == 302


def test_one_password_at_many_accounts_is_slowed_down(leader: Actor) -> None:
    names = [f.staff("R2", password=PASSWORD).username for _ in range(100)]
    statuses = [enter(Client(), name, "wrong-2026-x").status_code for name in names]
    assert statuses.count(429) > 20
    assert enter(Client(), names[-1], REMOTE_ADDR="192.0.2.9").status_code == 302


def test_seventy_invigilators_behind_one_address_sign_in_with_their_slips(leader: Actor) -> None:
    names = [f.staff("R2", password=PASSWORD).username for _ in range(70)]
    for number, name in enumerate(names):
        if number % 2:
            assert enter(Client(), name, "slip-2026-x").status_code == 200
        assert enter(Client(), name).status_code == 302


def test_the_computer_of_the_paper_keeper_is_not_held_up_by_who_guesses(leader: Actor) -> None:
    keeper = f.staff("E7", password=PASSWORD)
    own = Client()
    assert enter(own, keeper.username).status_code == 302
    own.post("/sign-out/")
    for n in range(12):
        enter(Client(), keeper.username, f"wrong-{n}")
    assert enter(Client(), keeper.username).status_code == 429
    assert enter(own, keeper.username).status_code == 302


def test_an_account_in_use_again_does_not_bring_its_old_sessions_back(leader: Actor) -> None:
    account = f.staff("E7", password=PASSWORD)
    browser = Client()
    enter(browser, account.username)
    assert signed_in(browser)
    set_active(leader, account, False)
    assert not signed_in(browser)
    set_active(leader, account, True)
    assert not signed_in(browser)
    enter(browser, account.username)
    assert signed_in(browser)


def test_a_session_from_before_an_account_was_disabled_is_over_even_when_nobody_used_it_meanwhile(
    leader: Actor,
) -> None:
    account = f.staff("E7", password=PASSWORD)
    browser = Client()
    enter(browser, account.username)
    set_active(leader, account, False)
    set_active(leader, account, True)
    assert not signed_in(browser)


def test_a_password_set_by_the_leader_ends_sessions(leader: Actor) -> None:
    account = f.staff("E7", password=PASSWORD)
    browser = Client()
    enter(browser, account.username)
    set_password(leader, account, "another-2026-z")
    assert not signed_in(browser)


def test_changing_the_own_password_keeps_this_session_and_ends_the_others(leader: Actor) -> None:
    account = f.staff("E7", password=PASSWORD)
    here, elsewhere = Client(), Client()
    enter(here, account.username)
    enter(elsewhere, account.username)
    new = "another-2026-z"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/password/", given).status_code == 302
    assert signed_in(here)
    assert not signed_in(elsewhere)


def test_guessing_the_present_password_at_a_computer_left_signed_in_is_slowed_down(leader: Actor) -> None:
    account = f.staff("E7", password=PASSWORD)
    here = Client()
    enter(here, account.username)
    new = "another-2026-z"
    weak = {"old_password": PASSWORD, "new_password1": "1", "new_password2": "1"}
    assert [here.post("/password/", weak).status_code for _ in range(8)] == [200] * 8
    wrong = {"old_password": "guessed", "new_password1": new, "new_password2": new}
    statuses = [here.post("/password/", wrong).status_code for _ in range(OWN_PASSWORD.subject.free + 3)]
    assert statuses[-1] == 429
    assert statuses[0] == 200


def test_a_ready_hash_typed_as_a_password_is_a_password_like_any_other(leader: Actor) -> None:
    other = f.staff("E7", password=PASSWORD)
    typed = other.password
    made = create_account(leader, username="typed", name="某人", kind="staff", password=typed)
    assert made.password != typed
    assert made.check_password(typed)
    assert not made.check_password(PASSWORD)


# ---- letting the holder in ------------------------------------------------------------------------------------------


def held_up(account: Account) -> None:
    for n in range(STAFF_SIGN_IN.subject.free + 5):
        enter(Client(), account.username, f"wrong-{n}")
    assert enter(Client(), account.username).status_code == 429


def desk_of(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_during_an_exam_the_officer_lets_the_holder_in_with_a_reason(leader: Actor) -> None:
    f.batch("exam", stage="exam")
    keeper = f.staff("E7", password=PASSWORD)
    held_up(keeper)
    desk = desk_of(f.staff("E8"))
    page = desk.get("/desk/held-up/").content.decode()
    assert keeper.username in page
    where = f"/desk/held-up/{keeper.pk}/"
    assert where in page
    assert "必填" in desk.post(where, {"reason": ""}).content.decode()
    assert desk.post(where, {"reason": "本人在考务室，换了电脑"}).status_code == 302
    entry = LedgerEntry.objects.get(act="desk.release_sign_in")
    assert "换了电脑" in entry.note
    assert keeper.username not in desk.get("/desk/held-up/").content.decode()
    assert enter(Client(), keeper.username, "somebody goes on guessing").status_code == 200
    assert enter(Client(), keeper.username).status_code == 302


def test_outside_an_exam_only_the_leader_does(leader: Actor) -> None:
    f.batch("exam", stage="apply")
    keeper = f.staff("E7", password=PASSWORD)
    held_up(keeper)
    where = f"/desk/held-up/{keeper.pk}/"
    page = desk_of(f.staff("E8")).post(where, {"reason": "本人在场"}).content.decode()
    assert "没有批次处于考前准备或考试阶段" in page
    listed = desk_of(f.staff("E8")).get("/desk/held-up/").content.decode()
    assert "没有批次处于考前准备或考试阶段" in listed
    assert where not in listed, "what the act refuses is not offered"
    assert "按账号或姓名查找" in listed
    assert enter(Client(), keeper.username).status_code == 429
    assert desk_of(f.staff("E9")).post(where, {"reason": "本人在场"}).status_code == 403
    chief = desk_of(Account.objects.get(pk=leader.account_id))
    assert where in chief.get(f"/centre/accounts/{keeper.pk}/").content.decode()
    assert chief.post(where, {"reason": "本人在场"}).status_code == 302
    assert enter(Client(), keeper.username).status_code == 302


def test_who_is_held_up_by_the_whole_address_is_found_by_name(leader: Actor) -> None:
    f.batch("exam", stage="exam")
    keeper = f.staff("E7", password=PASSWORD, name="欧阳试卷")
    for n in range(STAFF_SIGN_IN.address.free + 10):
        enter(Client(), f"nobody-{n}", "wrong-2026-x")
    assert enter(Client(), keeper.username).status_code == 429
    desk = desk_of(f.staff("E8"))
    assert f"/desk/held-up/{keeper.pk}/" in desk.get("/desk/held-up/?q=欧阳试卷").content.decode()
    desk.post(f"/desk/held-up/{keeper.pk}/", {"reason": "本人在场"})
    assert enter(Client(), keeper.username).status_code == 302


def test_an_act_without_the_duty_is_refused_and_a_moved_clock_shuts_nobody_out(leader: Actor) -> None:
    from assay.desk.acts import release_sign_in

    keeper = f.staff("E7", password=PASSWORD)
    with pytest.raises(NotAllowed):
        release_sign_in(f.actor_with("E9"), keeper, reason="x")
    with clock.moved_to(datetime(2030, 1, 1, tzinfo=clock.SHANGHAI)):
        held_up(keeper)
    assert enter(Client(), keeper.username).status_code == 302

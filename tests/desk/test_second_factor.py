"""The second step of signing in: set up by the holder, asked of everybody who has it, skipped by no address, lost and replaced."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings

from assay.centre import second_factor
from assay.centre.actors import actor_of
from assay.centre.acts import enrolling
from assay.centre.acts.settings import set_parameter
from assay.centre.models import Account, SecondFactor
from assay.exam.acts.opening import sign_opening
from assay.kernel import clock, totp
from assay.kernel.acts import Actor, declaration_of
from assay.kernel.limits import SECOND_FACTOR
from assay.kernel.models import LedgerEntry, LedgerLine, SecurityEvent
from assay.kernel.refusals import Refused
from assay.kernel.verification import verify
from tests import factories as f

pytestmark = pytest.mark.django_db
PASSWORD = "kao-ping-2026-x"
quickly = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The telephone's clock and the office's: it stands still, and goes on when a test says so."""

    class Clock:
        moment = clock.real_now()

        def on(self, **passed: float) -> None:
            self.moment += timedelta(**passed)

    made = Clock()
    for module in (
        "centre.second_factor",
        "centre.acts.enrolling",
        "centre.signing_in",
        "centre.open_sessions",
        "centre.passwords",
    ):
        monkeypatch.setattr(f"assay.{module}.real_now", lambda: made.moment)
    return made


@pytest.fixture
def leader() -> Actor:
    f.centre()
    return f.actor_with("L1", account=f.staff("L1"))


def needed_by(leader: Actor, who: str, days: int = 14) -> None:
    set_parameter(leader, "second_factor.needed", who, "校内规定")
    set_parameter(leader, "second_factor.grace_days", str(days), "校内规定")


def enrolled(*duties: str) -> tuple[Account, str, list[str]]:
    """Somebody with a telephone: the account, what the telephone keeps, the codes on paper."""
    account, secret, codes = f.staff(*duties, password=PASSWORD), totp.new_secret(), second_factor.new_codes()
    before = clock.real_now() - timedelta(minutes=10)
    code = totp.code_at(secret, before)
    real, enrolling.real_now = enrolling.real_now, lambda: before
    try:
        account = enrolling.enrol(actor_of(account), account, secret=secret, code=code, recovery=codes)
    finally:
        enrolling.real_now = real
    return account, secret, codes


def enter(account: Account, password: str = PASSWORD, client: Client | None = None, **request: str) -> Client:
    client = client or Client()
    client.post("/sign-in/", {"username": account.username, "password": password}, **request)
    return client


def give(client: Client, code: str) -> int:
    return client.post("/sign-in/code/", {"code": code}).status_code


def signed_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def logged(account: Account) -> list[tuple[bool, str]]:
    """What the security log says of the account's codes: whether in vain, and what of."""
    rows = SecurityEvent.objects.filter(account_id=account.pk, kind="second_factor").order_by("pk")
    return list(rows.values_list("failed", "what"))


def shown_secret(page: str) -> str:
    found = re.search(r'<code class="secret-word">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1].replace(" ", "")


# ---- setting up ------------------------------------------------------------------------------------------------------


def test_the_holder_scans_confirms_and_gets_ten_codes_once(now: Any, leader: Actor) -> None:
    account = f.staff("E7", password=PASSWORD)
    here, elsewhere = enter(account), enter(account)
    page = here.get("/second-factor/").content.decode()
    secret = shown_secret(page)
    assert f"secret={secret}" in unescape(page)
    assert 'src="data:image/svg+xml;base64,' in page
    wrong = here.post("/second-factor/", {"code": "000000", "for": "confirm"}).content.decode()
    assert "验证码不对" in wrong
    assert logged(account)[-1] == (True, "启用时验证码不对")
    assert shown_secret(wrong) == secret  # the telephone that was scanned with stays good
    opened_again = here.get("/second-factor/").content.decode()
    assert shown_secret(opened_again) == secret
    answer = here.post("/second-factor/", {"code": totp.code_at(secret, now.moment), "for": "confirm"})
    codes = re.findall(r"<li><code>([0-9A-Z-]+)</code></li>", answer.content.decode())
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert "no-store" in answer["Cache-Control"]
    assert signed_in(here)
    assert not signed_in(elsewhere)
    factor = SecondFactor.objects.get(account=account)
    assert not any(code in str(factor.recovery) for code in codes)
    again = here.get("/second-factor/").content.decode()
    assert "恢复码还剩 10 个" in again
    assert not any(code in again for code in codes)
    assert LedgerEntry.objects.filter(act="centre.enrol_second_factor").count() == 1
    assert not [one for one in verify().findings if "centre.secondfactor" in one.where]


def test_neither_the_secret_nor_a_code_stands_readable_in_the_database(leader: Actor) -> None:
    from django.db import connection

    account, secret, codes = enrolled("E7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, recovery FROM centre_secondfactor")
        stored = str(cursor.fetchall())
    facts = str(list(LedgerLine.objects.filter(subject="centre.secondfactor").values_list("facts", flat=True)))
    for kept in (stored, facts):
        assert secret not in kept
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    SecondFactor.objects.filter(account=account).update(secret=totp.new_secret())
    assert any("secret" in one.what for one in verify().findings)


# ---- the second step -------------------------------------------------------------------------------------------------


def test_password_and_code_let_in_and_lead_to_the_page_that_was_wanted(now: Any, leader: Actor) -> None:
    account, secret, _ = enrolled("E7", "L2")
    client = Client()
    answer = client.post("/sign-in/?next=/desk/ledger/", {"username": account.username, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/code/")
    assert settings.SESSION_COOKIE_NAME in client.cookies
    assert "验证器" in client.get("/sign-in/code/").content.decode()
    answer = client.post("/sign-in/code/", {"code": totp.code_at(secret, now.moment)})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/ledger/")
    assert signed_in(client)
    told = SecurityEvent.objects.filter(account_id=account.pk).order_by("pk").values_list("kind", "failed", "what")
    assert list(told) == [("second_factor", False, "验证码"), ("sign_in", False, "密码和验证码")]


def test_half_signed_in_nothing_opens(now: Any, leader: Actor) -> None:
    account, _, _ = enrolled("E7", "L1")
    client = enter(account)
    for address in ("/desk/", "/password/", "/second-factor/", "/sessions/", "/centre/accounts/", "/desk/ledger/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/"), address
    assert client.post("/second-factor/", {"code": "123456"}).status_code == 302
    assert client.post("/password/", {}).status_code == 302


def test_a_session_that_came_to_be_without_the_code_is_ended(now: Any, leader: Actor) -> None:
    account, _, _ = enrolled("E7")
    client = Client()
    client.force_login(account)
    assert not signed_in(client)


def test_the_candidates_door_asks_for_the_code_as_well(now: Any, leader: Actor) -> None:
    from assay.portal.acts import username_for

    account, secret, _ = enrolled("E7")
    number = f.resident_number(77)
    Account.objects.filter(pk=account.pk).update(username=username_for("resident", number))
    client = Client()
    answer = client.post("/my/sign-in/", {"id_type": "resident", "id_number": number, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/code/")
    assert client.get("/my/").status_code == 302
    assert give(client, totp.code_at(secret, now.moment)) == 302
    assert signed_in(client)


def test_a_code_is_taken_once(now: Any, leader: Actor) -> None:
    account, secret, _ = enrolled("E7")
    code = totp.code_at(secret, now.moment)
    assert give(enter(account), code) == 302
    other = enter(account)
    assert give(other, code) == 200
    assert not signed_in(other)
    assert logged(account)[-1] == (True, "验证码已用过")
    assert give(other, "000000") == 200
    assert logged(account)[-1] == (True, "验证码不对")
    now.on(seconds=30)
    assert give(other, totp.code_at(secret, now.moment)) == 302


def test_a_recovery_code_is_taken_once_as_it_is_typed_by_hand(now: Any, leader: Actor) -> None:
    account, _, codes = enrolled("E7")
    assert give(enter(account), f" {codes[3].lower().replace('-', ' ')} ") == 302
    other = enter(account)
    assert give(other, codes[3]) == 200
    assert logged(account)[-1] == (True, "恢复码已用过")
    assert give(other, codes[4]) == 302
    assert SecondFactor.objects.get(account=account).recovery_left == 8
    stranger, _, _ = enrolled("E7")
    assert give(enter(stranger), codes[5]) == 200


def test_who_signs_in_by_a_recovery_code_is_told_how_many_are_left(now: Any, leader: Actor) -> None:
    account, _, codes = enrolled("E7")
    client = enter(account)
    give(client, codes[0])
    assert "还剩 9 个" in client.get("/desk/").content.decode()


def test_whoever_can_open_papers_signs_in_with_a_code(leader: Actor) -> None:
    """A supervisor is the second of the two who open a paper."""
    needed_by(leader, "sensitive")
    for duty in declaration_of(sign_opening).duties:
        assert second_factor.needed(f.staff(duty)), duty
    assert not second_factor.needed(f.staff("R2"))


@quickly
def test_guessed_codes_are_slowed_down_and_the_right_password_does_not_reset_the_count(now: Any, leader: Actor) -> None:
    account, secret, _ = enrolled("E7")
    account.set_password(PASSWORD)
    account.save()
    statuses = [give(enter(account), f"{n:06d}") for n in range(SECOND_FACTOR.subject.free + 3)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    half = enter(account)
    answer = half.post("/sign-in/code/", {"code": totp.code_at(secret, now.moment)})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    failed = SecurityEvent.objects.filter(kind="second_factor", failed=True, account_id=account.pk)
    assert failed.count() >= SECOND_FACTOR.subject.free


def test_the_password_is_good_for_the_second_step_for_ten_minutes_and_while_it_stays(now: Any, leader: Actor) -> None:
    account, secret, _ = enrolled("E7")
    late = enter(account)
    now.on(minutes=11)
    assert late.post("/sign-in/code/", {"code": totp.code_at(secret, now.moment)})["Location"] == "/sign-in/"
    half = enter(account)
    account.set_password("another-2026-z")
    account.save()
    assert half.post("/sign-in/code/", {"code": totp.code_at(secret, now.moment)})["Location"] == "/sign-in/"
    assert Client().get("/sign-in/code/")["Location"] == "/sign-in/"


def test_the_session_has_a_new_name_after_each_step(now: Any, leader: Actor) -> None:
    account, secret, _ = enrolled("E7")
    client = Client()
    client.get("/sign-in/")
    names = []
    enter(account, client=client)
    names.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    give(client, totp.code_at(secret, now.moment))
    names.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(names)) == 2


# ---- who needs one ---------------------------------------------------------------------------------------------------


def test_for_sensitive_duties_the_desk_reminds_and_afterwards_only_setting_up_is_open(now: Any, leader: Actor) -> None:
    keeper, invigilator = f.staff("E7", password=PASSWORD), f.staff("R2", password=PASSWORD)
    client = enter(keeper)
    page = client.get("/desk/").content.decode()
    assert "还有 14 天" in page
    assert "启用两步验证" not in enter(invigilator).get("/desk/").content.decode()
    now.on(days=13)
    assert "还有 1 天" in enter(keeper).get("/desk/").content.decode()
    now.on(days=1)
    client = enter(keeper)
    for address in ("/desk/", "/bank/", "/sessions/"):
        assert client.get(address)["Location"] == "/second-factor/", address
    assert client.post("/sessions/end/")["Location"] == "/second-factor/"
    secret = shown_secret(client.get("/second-factor/").content.decode())
    assert client.post("/second-factor/", {"code": totp.code_at(secret, now.moment)}).status_code == 200
    assert signed_in(client)


@pytest.mark.parameter("second_factor.needed")
def test_the_parameter_says_of_whom_it_is_asked(now: Any, leader: Actor) -> None:
    invigilator, keeper = f.staff("R2", password=PASSWORD), f.staff("E7", password=PASSWORD)
    needed_by(leader, "everybody", 0)
    assert enter(invigilator).get("/desk/")["Location"] == "/second-factor/"
    needed_by(leader, "nobody")
    assert signed_in(enter(invigilator))
    page = enter(keeper).get("/desk/").content.decode()
    assert "启用两步验证" not in page
    with pytest.raises(Refused, match="不对"):
        set_parameter(leader, "second_factor.needed", "somebody", "x")


@pytest.mark.parameter("second_factor.grace_days")
def test_who_signed_in_before_it_was_needed_goes_on_and_is_reminded(now: Any, leader: Actor) -> None:
    keeper = f.staff("E7", password=PASSWORD)
    needed_by(leader, "nobody")
    client = enter(keeper)
    needed_by(leader, "sensitive", 3)
    assert "还有 3 天" in client.get("/desk/").content.decode()
    assert client.get("/second-factor/").status_code == 200
    needed_by(leader, "sensitive", 0)
    assert client.get("/desk/")["Location"] == "/second-factor/"


def test_the_parameter_is_chosen_by_name(leader: Actor) -> None:
    client = Client()
    client.force_login(Account.objects.get(pk=leader.account_id))
    page = client.get("/centre/parameters/second_factor.needed/").content.decode()
    assert '<option value="sensitive" selected>敏感职责</option>' in page
    given = {"value": "everybody", "was": "sensitive", "document_no": ""}
    assert "与默认值（敏感职责）不同" in client.post("/centre/parameters/second_factor.needed/", given).content.decode()
    given["document_no"] = "校内规定"
    assert client.post("/centre/parameters/second_factor.needed/", given).status_code == 302
    assert "全部工作人员" in client.get("/centre/parameters/").content.decode()


def test_a_candidate_is_never_asked(now: Any, leader: Actor) -> None:
    needed_by(leader, "everybody", 0)
    client = Client()
    client.force_login(f.candidate(f.person()))
    assert client.get("/my/").status_code == 200
    assert client.get("/second-factor/").status_code == 403


# ---- a lost telephone ------------------------------------------------------------------------------------------------


def test_who_leads_takes_it_off_on_the_spot_and_the_password_lets_in(now: Any, leader: Actor) -> None:
    account, _, codes = enrolled("E7")
    old = enter(account)
    give(old, codes[0])
    needed_by(leader, "sensitive", 0)
    desk = Client()
    desk.force_login(f.staff("L2"), backend="django.contrib.auth.backends.ModelBackend")
    needed_by(leader, "nobody", 0)
    found = desk.get(f"/desk/held-up/?q={account.username}").content.decode()
    where = f"/desk/held-up/{account.pk}/second-factor/"
    assert where in found
    assert f'/desk/held-up/{account.pk}/"' not in found  # letting in somebody who mistyped stays with L1 and E8
    assert "必填" in desk.post(where, {"reason": ""}).content.decode()
    needed_by(leader, "sensitive", 0)
    enrolling.reset(f.actor_with("L2", account=f.staff("L2")), account, reason="考试当天手机丢失，本人在场")
    assert not signed_in(old)
    client = enter(account)
    assert signed_in(client)  # for a day at least, whatever the days of grace
    assert "手机丢失" in LedgerEntry.objects.get(act="centre.reset_second_factor").note
    now.on(days=1)
    assert enter(account).get("/desk/")["Location"] == "/second-factor/"


def test_nobody_takes_the_own_one_off(now: Any, leader: Actor) -> None:
    account, _, codes = enrolled("L1")
    with pytest.raises(Refused, match="涉及您本人"):
        enrolling.reset(f.actor_with("L1", account=account), account, reason="换手机")
    assert SecondFactor.objects.filter(account=account).exists()
    client = enter(account)
    give(client, codes[0])
    found = client.get(f"/desk/held-up/?q={account.username}").content.decode()
    assert account.username in found
    assert f"/desk/held-up/{account.pk}/second-factor/" not in found


def test_another_telephone_and_other_codes_take_the_present_code(now: Any, leader: Actor) -> None:
    account, secret, codes = enrolled("E7")
    client = enter(account)
    give(client, codes[0])
    assert "验证码不对" in client.post("/second-factor/", {"code": "000000", "for": "renew"}).content.decode()
    page = client.post("/second-factor/", {"code": totp.code_at(secret, now.moment), "for": "renew"}).content.decode()
    new = shown_secret(page)
    assert new != secret
    assert client.post("/second-factor/", {"code": totp.code_at(new, now.moment), "for": "confirm"}).status_code == 200
    now.on(minutes=1)
    other = enter(account)
    assert give(other, totp.code_at(secret, now.moment)) == 200
    assert give(other, codes[1]) == 200
    assert give(other, totp.code_at(new, now.moment)) == 302
    now.on(minutes=1)
    page = other.post("/second-factor/", {"code": totp.code_at(new, now.moment), "for": "codes"}).content.decode()
    fresh = re.findall(r"<li><code>([0-9A-Z-]+)</code></li>", page)
    assert len(fresh) == 10
    assert give(enter(account), fresh[0]) == 302


def test_confirming_without_having_shown_the_present_code_changes_nothing(now: Any, leader: Actor) -> None:
    """A form of the set-up page, sent by whoever found the computer signed in."""
    account, secret, codes = enrolled("E7")
    client = enter(account)
    give(client, codes[0])
    mine = totp.new_secret()
    page = client.post("/second-factor/", {"code": totp.code_at(mine, now.moment), "for": "confirm"}).content.decode()
    assert "验证码不对" in page
    assert SecondFactor.objects.get(account=account).secret == secret


def test_the_days_are_of_real_time_and_a_rehearsal_does_not_move_them(leader: Actor) -> None:
    with clock.moved_to(datetime(2031, 1, 1, tzinfo=clock.SHANGHAI)):
        keeper = f.staff("E7", password=PASSWORD)
        assert signed_in(enter(keeper))


def test_whoever_runs_the_machine_lets_in_the_head_who_leads_alone(
    now: Any, leader: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    from assay.cli.accounts import reset_second_factor

    account, _, _ = enrolled("L1")
    assert reset_second_factor("nobody-of-this-name", "手机丢失") == 1
    assert reset_second_factor(account.username, " ") == 1
    assert reset_second_factor(account.username, "手机丢失，恢复码被锁在外校") == 0
    assert reset_second_factor(account.username, "再来一次") == 1
    assert "没有启用两步验证" in capsys.readouterr().err
    assert signed_in(enter(account))
    assert LedgerEntry.objects.get(act="centre.reset_second_factor").actor_name == "安装程序"

"""A first password is drawn by lot, seen once, good for some days and for nothing but choosing an own one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assay.centre import passwords
from assay.centre.acts.accounts import create_account
from assay.centre.models import Account
from assay.centre.passwords import WithoutKnownWords, first_password
from assay.kernel.acts import Actor
from assay.kernel.models import LedgerLine, SecurityEvent
from tests import factories as f

pytestmark = pytest.mark.django_db
OWN = "kao-ping-2026-x"


@pytest.fixture
def leader() -> Actor:
    f.centre()
    return f.actor_with("L1", account=f.staff("L1"))


@pytest.fixture
def chief(leader: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=leader.account_id), "django.contrib.auth.backends.ModelBackend")
    return client


def shown(page: str) -> str:
    found = re.search(r'<code class="first-password">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def enter(username: str, password: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": username, "password": password})
    return client


def test_first_passwords_are_long_readable_and_all_different() -> None:
    drawn = {first_password() for _ in range(200)}
    assert len(drawn) == 200
    assert all(re.fullmatch(r"([a-z0-9]{4}-){3}[a-z0-9]{4}", one) for one in drawn)
    assert not set("".join(drawn)) & set("0o1il2z5s8b")


def test_a_new_account_shows_its_password_once_and_wants_another(chief: Client) -> None:
    answer = chief.post("/centre/accounts/add/", {"username": "xinren", "name": "新来", "password": "chosen-by-me-1"})
    drawn = shown(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    account = Account.objects.get(username="xinren")
    assert account.check_password(drawn)
    assert not account.check_password("chosen-by-me-1")
    assert drawn not in chief.get(f"/centre/accounts/{account.pk}/").content.decode()
    assert drawn not in str(list(LedgerLine.objects.values_list("facts", flat=True)))
    client = enter("xinren", drawn)
    assert client.get("/desk/")["Location"] == "/password/"
    new = {"old_password": drawn, "new_password1": OWN, "new_password2": OWN}
    assert client.post("/password/", new).status_code == 302
    assert client.get("/desk/").status_code == 200
    assert Account.objects.get(username="xinren").password_expires_at is None


def test_a_reset_shows_another_each_time_and_the_former_is_good_for_nothing(chief: Client) -> None:
    account = f.staff("R2", password=OWN)
    first, second = (shown(chief.post(f"/centre/accounts/{account.pk}/password/").content.decode()) for _ in range(2))
    assert first != second
    for wrong in (OWN, first):
        assert enter(account.username, wrong).get("/desk/")["Location"].startswith("/sign-in/")
    assert enter(account.username, second).get("/desk/")["Location"] == "/password/"


def test_a_first_password_that_nobody_used_in_time_opens_nothing(chief: Client) -> None:
    account = f.staff("R2", password=OWN)
    drawn = shown(chief.post(f"/centre/accounts/{account.pk}/password/").content.decode())
    ends = Account.objects.get(pk=account.pk).password_expires_at
    assert ends is not None
    assert timedelta(days=13) < ends - passwords.real_now() < timedelta(days=15)
    Account.objects.filter(pk=account.pk).update(password_expires_at=passwords.real_now() - timedelta(seconds=1))
    client = Client()
    page = client.post("/sign-in/", {"username": account.username, "password": drawn}).content.decode()
    assert "初始密码已过期" in page
    assert client.get("/desk/").status_code == 302
    wrong = client.post("/sign-in/", {"username": account.username, "password": "x"}).content.decode()
    assert "过期" not in wrong
    assert SecurityEvent.objects.filter(account_id=account.pk, failed=True, what="初始密码已过期").exists()


@pytest.mark.parameter("password.first_days")
def test_how_long_a_first_password_is_good_is_what_the_parameters_page_was_told(chief: Client) -> None:
    account = f.staff("R2", password=OWN)

    def days() -> int:
        chief.post(f"/centre/accounts/{account.pk}/password/")
        ends = Account.objects.get(pk=account.pk).password_expires_at
        assert ends is not None
        return round((ends - passwords.real_now()) / timedelta(days=1))

    assert days() == 14
    f.set_parameter("password.first_days", "3")
    assert days() == 3


def test_a_hash_is_a_password_like_any_other(leader: Actor) -> None:
    other = f.staff("E7", password=OWN)
    made = create_account(
        leader, username="typed", name="某人", kind="staff", password=other.password, must_change_password=True
    )
    assert made.check_password(other.password)
    assert not made.check_password(OWN)
    assert made.password_expires_at is not None


@pytest.mark.parametrize(
    "weak",
    [
        "short-7", "password123", "12345678", "Assay2026", "考评通2026年", "示例中等专业学校01", "zhanglaoshi1",
        "ZhangLaoShi-9", "张老师2026!", "assay-kaoping-考评",
    ],
)  # fmt: skip
def test_passwords_of_known_words_are_refused(leader: Actor, weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, Account(username="zhanglaoshi", name="张老师"))


@pytest.mark.parametrize(
    "good", [OWN, "another-2026-z", "正确的马电池订书钉", "p" * 30 + "assay" + "q7" * 16, "assay 之外还有八个字符"]
)
def test_long_ones_with_anything_in_them_are_good(leader: Actor, good: str) -> None:
    validate_password(good, Account(username="zhanglaoshi", name="张老师"))
    account = f.staff("R2", password=good)
    assert enter(account.username, good).get("/desk/").status_code == 200


def test_digits_of_the_own_id_number_do_not_count(leader: Actor) -> None:
    number = f.resident_number(123)
    holder = Account(username=number, name="某考生")
    for weak in (number, number[6:14] + "ab", "a" + number[-8:], number[:10]):
        with pytest.raises(ValidationError):
            validate_password(weak, holder)
    validate_password("xk" + number[6:14] + "lwqpmz", holder)


@given(st.text(min_size=8, max_size=64))
def test_what_holds_no_known_word_is_never_refused_for_known_words(text: str) -> None:
    if not any(word in text.casefold() for word in passwords._HOUSE):
        validator = WithoutKnownWords()
        left = text.casefold()
        assert len(left) >= 8
        validator.validate(text, Account(username="", name=""))


def test_staff_reads_of_the_account_that_a_password_is_like() -> None:
    with pytest.raises(ValidationError) as alike:
        validate_password("zhanglaoshi", Account(username="zhanglaoshi", name="张老师"))
    assert "密码与账号太相似，请换一个" in alike.value.messages

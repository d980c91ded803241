"""Whoever guesses is slowed down, says for how long, and is never shut out; whoever has the right is not held up by others."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from assay.kernel import clock, devices, limits, throttle
from assay.kernel.limits import Kind, Limit
from assay.kernel.models import Tries
from assay.kernel.throttle import Wait, enter
from tests.kernel.test_contention import together

pytestmark = pytest.mark.django_db
START = datetime(2026, 12, 20, 8, 0, tzinfo=clock.SHANGHAI)
KIND = Kind(
    "tests",
    subject=Limit(free=3, forgets=60, first=2, longest=40),
    address=Limit(free=10, forgets=30, first=1, longest=20),
)
EVERY = [kind for kind in vars(limits).values() if isinstance(kind, Kind)]


def came(address: str = "10.0.0.1", **headers: str) -> HttpRequest:
    return RequestFactory().post("/", REMOTE_ADDR=address, **headers)


def at(seconds: float):
    return clock.moved_to(START + timedelta(seconds=seconds))


def try_at(seconds: float, subject: str = "li", request: HttpRequest | None = None) -> int:
    """Seconds to wait; 0 when the try is let through."""
    with at(seconds):
        try:
            enter(request or came(), KIND, subject)
        except Wait as wait:
            return wait.seconds
    return 0


def test_some_tries_are_free_and_then_the_waits_grow_up_to_the_longest() -> None:
    assert [try_at(0) for _ in range(4)] == [0, 0, 0, 0]
    now, waits = 0.0, []
    for _ in range(12):
        waits.append(try_at(now))
        now += waits[-1]
        assert try_at(now) == 0
    assert all(wait in (said, said + 1) for wait, said in zip(waits[:5], (2, 4, 8, 16, 32), strict=True))
    assert all(32 <= wait <= 41 for wait in waits[5:]), "no longer than the longest, rounded up"


def test_a_try_during_the_wait_neither_counts_nor_makes_it_longer() -> None:
    for _ in range(4):
        assert try_at(0) == 0
    assert [try_at(0.5) for _ in range(50)] == [2] * 50
    assert try_at(2.1) == 0


def test_a_quiet_time_forgets_everything_however_long_it_was_tried() -> None:
    now = 0.0
    for _ in range(200):
        now += try_at(now)
        try_at(now)
    assert try_at(now) > 0
    quiet = KIND.subject.most * KIND.subject.forgets
    assert [try_at(now + quiet + 1) for _ in range(3)] == [0, 0, 0]


def test_a_clock_that_is_set_back_shuts_nobody_out() -> None:
    for _ in range(5):
        try_at(86_400)
    assert try_at(86_400) > 0
    assert try_at(0) == 0
    with at(0):
        assert throttle.held_up(KIND, ["li"]) in ({}, {"li": Tries.objects.exclude(subject="").get().open_at})


def test_what_is_free_is_free_by_a_clock_that_went_back_a_few_seconds_too() -> None:
    with at(10):
        enter(came(), KIND, "li").right()
    assert [try_at(seconds, subject) for seconds, subject in ((7, "wang"), (4, "li"), (3, "wang"))] == [0, 0, 0]


def test_a_right_try_gives_back_what_was_counted() -> None:
    for _ in range(30):
        with at(0):
            enter(came(), KIND, "li").right()
    assert [try_at(0) for _ in range(4)] == [0, 0, 0, 0]
    assert try_at(0) >= 2


def test_the_right_password_for_the_own_account_does_not_forget_what_was_tried_at_others() -> None:
    for number in range(11):
        assert try_at(0, f"somebody {number}") == 0
        with at(0):
            try:
                enter(came(), KIND, "own").right()
            except Wait:
                break
    assert try_at(0, "yet another") > 0


def test_many_accounts_from_one_address_are_slowed_down_too() -> None:
    passed = [try_at(0, f"account {number}") for number in range(40)]
    assert passed[:11] == [0] * 11
    assert all(wait >= 1 for wait in passed[11:])


def test_another_address_is_not_held_up() -> None:
    for _ in range(20):
        try_at(0)
    assert try_at(0) > 0
    assert try_at(0, request=came("10.0.0.2")) == 0


def test_a_browser_that_signed_in_before_is_not_held_up_by_others_at_the_same_address() -> None:
    response = HttpResponse()
    devices.remember(came(), response, "li")
    known = came()
    known.COOKIES[devices.COOKIE] = response.cookies[devices.COOKIE].value
    for number in range(60):
        try_at(0)
        try_at(0, f"account {number}")
    assert try_at(0) > 0
    assert try_at(0, request=known) == 0
    assert try_at(0, "wang", known) > 0, "the cookie speaks for the account that signed in, for no other"
    for _ in range(10):
        try_at(0, request=known)
    assert try_at(0, request=known) > 0, "with the cookie it is slowed down as well, by its own tries"


def test_the_cookie_is_kept_from_scripts_and_a_forged_one_is_nothing() -> None:
    response = HttpResponse()
    devices.remember(came(), response, "li")
    cookie = response.cookies[devices.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    forged = came()
    forged.COOKIES[devices.COOKIE] = cookie.value[:-2] + "xx"
    assert devices.word_of(forged, "li") == ""


def test_a_browser_of_many_keeps_the_last_few_and_their_words() -> None:
    request, response = came(), HttpResponse()
    for number in range(20):
        devices.remember(request, response, f"account {number}")
        request.COOKIES[devices.COOKIE] = response.cookies[devices.COOKIE].value
    assert devices.word_of(request, "account 0") == ""
    word = devices.word_of(request, "account 19")
    devices.remember(request, response, "account 19")
    request.COOKIES[devices.COOKIE] = response.cookies[devices.COOKIE].value
    assert word
    assert devices.word_of(request, "account 19") == word
    assert len(response.cookies[devices.COOKIE].value) < 1000


def test_a_release_lets_everybody_through_for_a_few_minutes() -> None:
    for number in range(60):
        try_at(0)
        try_at(0, f"account {number}")
    assert try_at(0) > 0
    with at(1):
        assert set(throttle.held_up(KIND, ["li", "wang"])) == {"li"}
        throttle.release(KIND, "li")
        assert throttle.held_up(KIND, ["li"]) == {}
    assert [try_at(2) for _ in range(30)] == [0] * 30
    assert try_at(3, "wang") > 0, "others are not released with it"
    over = 2 + throttle.RELEASED_FOR.total_seconds()
    assert [try_at(over) for _ in range(3)][-1] > 0


def test_what_is_forgotten_leaves_the_table() -> None:
    for number in range(30):
        try_at(0, f"account {number}", came(f"10.0.1.{number}"))
    assert Tries.objects.count() == 60
    try_at(100_000, "somebody")
    try_at(100_001, "somebody else")
    assert Tries.objects.count() <= 4


def test_the_table_says_neither_what_was_tried_nor_from_where() -> None:
    try_at(0, "410105200603150017", came("192.0.2.77"))
    for row in Tries.objects.values():
        assert "410105" not in str(row)
        assert "192.0.2" not in str(row)


@pytest.mark.parametrize(
    ("proxies", "headers", "address"),
    [
        (0, {"HTTP_X_FORWARDED_FOR": "1.2.3.4"}, "10.0.0.1"),
        (1, {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 1.2.3.4"}, "1.2.3.4"),
        (2, {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 1.2.3.4, 10.9.9.9"}, "1.2.3.4"),
        (1, {}, "10.0.0.1"),
        (3, {"HTTP_X_FORWARDED_FOR": "1.2.3.4"}, "1.2.3.4"),
    ],
)
def test_an_address_is_believed_only_from_our_own_proxies(proxies: int, headers: dict[str, str], address: str) -> None:
    with override_settings(PROXIES=proxies):
        assert throttle.address_of(came("10.0.0.1", **headers)) == address


def test_one_network_of_ipv6_is_one_address() -> None:
    assert throttle.address_of(came("2001:db8:1:2::1")) == throttle.address_of(came("2001:db8:1:2:ffff::9"))
    assert throttle.address_of(came("2001:db8:1:2::1")) != throttle.address_of(came("2001:db8:1:3::1"))
    assert throttle.address_of(came("::ffff:192.0.2.1")) == "192.0.2.1"


@given(st.sampled_from(EVERY), st.booleans(), st.integers(0, 400))
def test_no_wait_is_longer_than_what_is_said_and_more_tries_never_wait_less(kind: Kind, own: bool, tries: int) -> None:
    limit = kind.subject if own else kind.address
    assert 0 <= limit.wait(tries) <= limit.wait(tries + 1) <= limit.longest
    assert limit.wait(limit.free) == 0
    assert limit.wait(limit.most) == limit.longest


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
def test_signing_in_waits_a_minute_at_most_and_a_class_fits_behind_one_address(kind: Kind) -> None:
    if kind is not limits.OBJECTION:
        assert max(kind.subject.longest, kind.address.longest) <= 60
    if kind not in (limits.OBJECTION, limits.CERTIFICATE_CHECK):
        assert kind.address.free >= 60


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True])
def test_tries_at_the_same_moment_are_counted_one_by_one(known: bool) -> None:
    if known:
        enter(came(), KIND, "li").right()
    ended = together(*[lambda: enter(came(), KIND, "li") for _ in range(24)])
    assert {type(end) for end in ended} <= {throttle.Turn, Wait}
    assert sum(isinstance(end, throttle.Turn) for end in ended) == KIND.subject.free + 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_class_that_signs_in_at_the_same_moment_gets_in() -> None:
    with clock.moved_to(clock.now() - timedelta(days=1)):
        for n in range(8):
            enter(came(), KIND, f"old {n}")
    ended = together(*[lambda n=n: enter(came(), KIND, f"pupil {n % 8}").right() for n in range(8)])
    assert ended == [None] * 8
    assert Tries.objects.get(subject="").count == 0

"""Wrong tries at signing in slow down who makes them, and keep nobody else out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.hall.wrong_tries import (
    FORGOTTEN_AFTER_S,
    FREE,
    FREE_OF_ADDRESS,
    LONGEST_FOR_ADDRESS_S,
    LONGEST_WAIT_S,
    MOST_KEPT,
    WrongTries,
    wait_after,
)
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack

WRONG = "410105200603159999"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(0, 10_000))
def test_waits_grow_and_are_capped(tries: int) -> None:
    wait, more = (wait_after(n, FREE, LONGEST_WAIT_S) for n in (tries, tries + 1))
    assert 0 <= wait <= more <= LONGEST_WAIT_S
    assert (wait == 0) == (tries < FREE)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 90)), max_size=200))
def test_an_address_that_did_not_fail_never_waits(tries: list[tuple[str, str, int]]) -> None:
    clock = Clock()
    counted = WrongTries(clock)
    for ticket, address, passed in tries:
        clock.now += passed
        assert counted.wait(ticket, "own", 0) == 0
        assert counted.wait(ticket, address, 0) <= LONGEST_WAIT_S
        counted.failed(ticket, address, 0)


def test_one_mistyped_ticket_does_not_hold_up_the_others_of_its_address() -> None:
    counted = WrongTries(Clock())
    for _ in range(500):
        counted.failed("t0", "lab", 0)
    assert counted.wait("t0", "lab", 0) == LONGEST_WAIT_S
    assert counted.wait("t1", "lab", 0) == 0


def test_a_computer_that_tries_many_tickets_is_slowed_gently_and_a_released_ticket_is_not() -> None:
    counted = WrongTries(Clock())
    for n in range(FREE_OF_ADDRESS):
        assert counted.wait("fresh", "bad", 0) == 0
        counted.failed(f"t{n}", "bad", 0)
    assert 0 < counted.wait("fresh", "bad", 0) <= LONGEST_FOR_ADDRESS_S
    assert counted.wait("fresh", "bad", 1) == 0


def test_a_release_makes_good_what_was_counted_and_what_follows_is_counted_anew() -> None:
    counted = WrongTries(Clock())
    for _ in range(FREE):
        counted.failed("t0", "lab", 0)
    assert counted.wait("t0", "lab", 0) > 0
    assert counted.wait("t0", "lab", 1) == 0
    for _ in range(FREE):
        counted.failed("t0", "lab", 1)
    assert counted.wait("t0", "lab", 1) > 0


def test_tries_are_forgotten_after_a_while_and_never_more_than_so_many_are_kept() -> None:
    clock = Clock()
    counted = WrongTries(clock)
    for _ in range(50):
        counted.failed("t0", "lab", 0)
    clock.now += FORGOTTEN_AFTER_S
    assert counted.wait("t0", "lab", 0) == 0
    for n in range(MOST_KEPT + 100):
        counted.failed(f"t{n}", f"a{n}", 0)
    assert len(counted._pairs._counts) == len(counted._addresses._counts) == MOST_KEPT


@pytest.mark.postgres
def test_whatever_others_try_a_candidate_signs_in_at_the_own_computer(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    attacker = Browser(hall.url, address="127.0.0.2")
    codes = [attacker.sign_in(WRONG).status_code for _ in range(15)]
    assert codes == [401] * FREE + [429] * 5
    assert attacker.sign_in().status_code == 429, "nothing is looked at while it has to wait"
    said = attacker.sign_in(WRONG).json()["message"]
    assert "秒后再试" in said
    assert "放行登录" in said
    assert Browser(hall.url, address="127.0.0.3").sign_in().status_code == 200
    assert attacker.sign_in(WRONG).status_code == 429


@pytest.mark.postgres
def test_the_invigilator_sees_where_it_comes_from_and_lets_the_candidate_in(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    console, browser = Console(hall.url), Browser(hall.url, address="127.0.0.2")
    for _ in range(11):
        browser.sign_in(WRONG)
    assert browser.sign_in().status_code == 429
    assert console.sittings()["p1-t0"].wrong == {"127.0.0.2": 10}
    assert re.fullmatch(
        r"1 号 考生0：准考证号被多次输错证件号码（10 次，[\d: 至]+，来自 127\.0\.0\.2）", console.record()[0]
    )
    assert console.do(do="release", sittings=["p1-s0"]).status_code == 200
    assert console.record()[0] == "放行登录：1 号 考生0（此前输错：127.0.0.2 10 次）"
    assert console.sittings()["p1-t0"].wrong == {}
    assert browser.sign_in().status_code == 200


@pytest.mark.postgres
def test_what_a_candidate_mistyped_is_gone_once_he_is_in(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url)
    for _ in range(3):
        browser.sign_in(WRONG)
    assert Console(hall.url).sittings()["p1-t0"].wrong == {"127.0.0.1": 3}
    assert browser.sign_in().status_code == 200
    assert Console(hall.url).sittings()["p1-t0"].wrong == {}


@pytest.mark.postgres
def test_tickets_that_are_nobodys_are_tried_no_faster(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    stranger = Browser(hall.url, address="127.0.0.2")
    for n in range(FREE_OF_ADDRESS):
        stranger.ticket = f"none-{n}"
        assert stranger.sign_in().status_code == 401
    assert stranger.sign_in().status_code == 429
    assert Browser(hall.url).sign_in().status_code == 200

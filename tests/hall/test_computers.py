"""Which computer stands at which seat, and what computers say of themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.contract import Need, Pack, Plan
from assay.hall.computers import Report, number_at, places_of
from assay.hall.state import Hall, LiveRoom
from tests.hall.candidate import Browser
from tests.hall.console import Console, pass_to
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres
TWO = {1: "127.0.0.2", 2: "127.0.0.3"}
REPORT = {"browser": "Chrome 120", "storage": True, "clock_ms": 180.4, "net_ms": 3}


def with_plan(body: Pack, **fields: Any) -> Pack:
    return msgspec.structs.replace(body, rooms=[msgspec.structs.replace(room, **fields) for room in body.rooms])


def test_who_signs_in_at_the_computer_of_another_seat_is_shown(hall: Process, office: HallClient) -> None:
    known = {1: "127.0.0.2", 2: "127.0.0.3"}
    office.publish(with_plan(pack(candidates=4), addresses=known, plan=Plan(2, 2, "left")))
    console = Console(hall.url)
    assert console.room()["plan"] == {"columns": 2, "rows": 2, "front": "left", "door": "", "aisles": []}
    for n, address in enumerate(("127.0.0.3", "127.0.0.2", "127.0.0.4", "127.0.0.3")):
        assert Browser(hall.url, n, address=address).sign_in().status_code == 200
    assert [seat.sits_at for seat in console.sittings().values()] == [2, 1, 0, 2]
    assert "1 号 考生0、4 号 考生3 在 2 号机位的计算机上登录" in console.record()
    console.do(do="give_back", sittings=["p1-s0"], text="换回")
    assert Browser(hall.url, address="127.0.0.2").sign_in().status_code == 200
    assert console.sittings()["p1-t0"].sits_at == 0


def test_whom_the_invigilator_sent_to_another_computer_is_not_at_the_wrong_one(
    hall: Process, office: HallClient
) -> None:
    office.publish(with_plan(pack(candidates=2), addresses=TWO))
    console = Console(hall.url)
    Browser(hall.url, address="127.0.0.2").start()
    console.do(do="move", sittings=["p1-s0"], text="键盘坏")
    assert Browser(hall.url, address="127.0.0.3").sign_in().status_code == 200
    assert where(console)[0] == (2, 2)
    assert needs(office) == 0
    assert "1 号 考生0 在 2 号机位的计算机上重新登录，继续作答" in console.record()


def crosswise(hall: Process) -> None:
    """Each at the other's computer."""
    for n, address in ((0, "127.0.0.3"), (1, "127.0.0.2")):
        assert Browser(hall.url, n, address=address).sign_in().status_code == 200


def where(console: Console) -> list[tuple[int, int]]:
    return [(seat.sits_at, seat.stays_at) for seat in console.sittings().values()]


def needs(office: HallClient) -> int:
    """How many sit at the wrong computer, as the office is told."""
    return office.rooms("p1")[0].needs.get(Need.SWAPPED, 0)


def test_who_signs_in_at_the_wrong_computer_again_after_it_was_given_back_is_shown_again(
    hall: Process, office: HallClient
) -> None:
    office.publish(with_plan(pack(candidates=2, starts_in_s=600), addresses=TWO))
    console = Console(hall.url)
    crosswise(hall)
    assert console.do(do="give_back", sittings=["p1-s0", "p1-s1"], text="坐反座位").status_code == 200
    assert where(console) == [(0, 0), (0, 0)], "they sit nowhere"
    crosswise(hall)
    assert where(console) == [(2, 0), (1, 0)]
    assert needs(office) == 2
    assert console.record()[:2] == [
        "2 号 考生1 在 1 号机位的计算机上重新登录", "1 号 考生0 在 2 号机位的计算机上重新登录",
    ]  # fmt: skip
    hall.kill()
    hall.start()
    assert where(console) == [(2, 0), (1, 0)]


@pytest.mark.parametrize("deed", ["give_back", "move"])
def test_two_who_change_places_after_the_start_are_shown_whatever_let_them_move(
    hall: Process, office: HallClient, deed: str
) -> None:
    office.publish(with_plan(pack(candidates=2), addresses=TWO))
    console = Console(hall.url)
    for n in range(2):
        Browser(hall.url, n, address=f"127.0.0.{n + 2}").start()
    assert where(console) == [(0, 0), (0, 0)]
    assert console.do(do=deed, sittings=["p1-s0", "p1-s1"], text="换座").status_code == 200
    crosswise(hall)
    assert where(console) == [(2, 0), (1, 0)]
    assert "1 号 考生0 在 2 号机位的计算机上重新登录，继续作答" in console.record()


def test_whom_the_invigilator_lets_stay_at_another_seat_s_computer_is_let_alone_until_it_is_given_back(
    hall: Process, office: HallClient
) -> None:
    office.publish(with_plan(pack(candidates=2), addresses=TWO))
    console, both = Console(hall.url), ["p1-s0", "p1-s1"]
    crosswise(hall)
    assert console.do(do="stay", sittings=both).status_code == 400, "with a reason"
    assert console.do(do="stay", sittings=both, text="1 号机键盘坏").status_code == 200
    said = "准许就坐：1 号 考生0 用 2 号机位的计算机、2 号 考生1 用 1 号机位的计算机：1 号机键盘坏"
    assert said in console.record()
    hall.kill()
    hall.start()
    assert (where(console), needs(office)) == ([(2, 2), (1, 1)], 0)
    assert console.do(do="stay", sittings=both, text="再次").status_code == 409
    crosswise(hall)
    assert where(console) == [(2, 2), (1, 1)], "as long as they sit there"
    console.do(do="give_back", sittings=both, text="换回")
    crosswise(hall)
    assert where(console) == [(2, 0), (1, 0)]


def test_computers_are_said_by_their_seats_where_the_hall_knows_them(hall: Process, office: HallClient) -> None:
    office.publish(with_plan(pack(candidates=2), addresses=TWO))
    console = Console(hall.url)
    for address in ("127.0.0.2", "127.0.0.3", "127.0.0.4"):
        Browser(hall.url, 0, address=address).sign_in("410105200603159999")
    assert console.sittings()["p1-t0"].wrong == {"本机（1 号机位）": 1, "2 号机位的计算机": 1, "127.0.0.4": 1}
    assert console.do(do="release", sittings=["p1-s0"]).status_code == 200
    told = "放行登录：1 号 考生0（此前输错：本机（1 号机位） 1 次、2 号机位的计算机 1 次、127.0.0.4 1 次）"
    assert console.record()[0] == told
    Browser(hall.url, 0, address="127.0.0.2").start()
    for address, said in (("127.0.0.2", "本机（1 号机位）"), ("127.0.0.3", "2 号机位的计算机")):
        assert Browser(hall.url, 0, address=address).sign_in().status_code == 409
        assert console.sittings()["p1-t0"].elsewhere_from == said


def test_a_page_that_speaks_from_the_computer_of_another_seat_is_shown(hall: Process, office: HallClient) -> None:
    """The seat's token was carried there, or the computer has got another's address."""
    office.publish(with_plan(pack(candidates=2), addresses=TWO))
    console, browser = Console(hall.url), Browser(hall.url, address="127.0.0.2").start()
    carried = Browser(hall.url, address="127.0.0.3")
    carried.client.headers["authorization"] = browser.client.headers["authorization"]
    assert carried.save("100", "A").status_code == 200
    assert where(console)[0] == (2, 0)
    assert "1 号 考生0 的网络地址由 127.0.0.2 变为 127.0.0.3（在 2 号机位的计算机上）" in console.record()


def test_from_who_began_at_the_wrong_computer_no_place_is_learned(hall: Process, office: HallClient) -> None:
    """Nor when he went back to his own afterwards."""
    office.publish(with_plan(pack(name="p0", candidates=2, starts_in_s=-100), addresses=TWO))
    for n, address in ((0, "127.0.0.3"), (1, "127.0.0.2")):
        Browser(hall.url, n, prefix="p0", address=address).start()
    earlier, both = Console(hall.url), ["p0-s0", "p0-s1"]
    earlier.client.headers["authorization"] = f"Bearer {pass_to('p0')}"
    assert earlier.do(do="admit", sittings=both).status_code == 200
    assert earlier.do(do="give_back", sittings=both, text="坐反座位").status_code == 200
    office.publish(pack(candidates=2))
    for n, address in ((0, "127.0.0.2"), (1, "127.0.0.3")):
        Browser(hall.url, n, prefix="p0", address=address).sign_in()
        Browser(hall.url, n, address=address).sign_in()
    assert [seat.sits_at for seat in Console(hall.url).sittings().values()] == [0, 0]


def test_a_page_hears_which_computer_it_is_wherever_its_candidate_should_sit(hall: Process, office: HallClient) -> None:
    office.publish(with_plan(pack(candidates=2, starts_in_s=600), addresses={1: "127.0.0.2", 2: "127.0.0.3"}))
    first = Browser(hall.url, address="127.0.0.3")
    assert first.client.post("/api/ready", json=REPORT).json() == {"computer": 2}, "before anybody signs in"
    first.sign_in()
    assert first.client.post("/api/ready", json=REPORT).json() == {"computer": 2}
    stranger = Browser(hall.url, address="127.0.0.9")
    assert stranger.client.post("/api/ready", json=REPORT).json() == {"computer": 0}


def told_at(rooms: list[LiveRoom], address: str) -> int:
    hall = Hall()
    for room in rooms:
        hall.packs[room.pack.pack.id] = room.pack
    return number_at(hall, address)


def planned(name: str, **addresses: str) -> LiveRoom:
    body = with_plan(pack(name=name), addresses={int(seat[1:]): at for seat, at in addresses.items()})
    return Hall().admit(body, name).rooms["r0"]


def test_before_the_sign_in_a_computer_is_called_by_its_number_where_all_plans_agree() -> None:
    morning, noon, other = (
        planned("a", s1="A", s2="B"),
        planned("b", s1="A", s2="C"),
        planned("c", s3="A", s4="D", s5="D"),
    )
    assert [told_at([morning, noon], at) for at in "ABCX"] == [1, 2, 2, 0]
    assert told_at([morning, noon, other], "A") == 0, "one of them says it is another one"
    assert told_at([other], "D") == 0, "several behind one address"
    other.facts = msgspec.structs.replace(other.facts, closed_at=1)
    assert told_at([morning, noon, other], "A") == 1, "a room that is closed has no say"
    assert told_at([live("d", -1, {1: "A"})], "A") == 0, "what was learned belongs to a room"


def test_places_are_learned_from_the_last_session_in_the_room(hall: Process, office: HallClient) -> None:
    office.publish(pack(name="p0", candidates=2, starts_in_s=-100))
    for n in range(2):
        Browser(hall.url, n, prefix="p0", address=f"127.0.0.{n + 2}").start().hand_in()
    earlier = Console(hall.url)
    earlier.client.headers["authorization"] = f"Bearer {pass_to('p0')}"
    assert earlier.do(do="admit", sittings=["p0-s0", "p0-s1"]).status_code == 200
    office.publish(pack(candidates=3))
    Browser(hall.url, 0, address="127.0.0.3").sign_in()
    Browser(hall.url, 1, address="127.0.0.3").sign_in()
    Browser(hall.url, 2, address="127.0.0.9").sign_in()
    assert [seat.sits_at for seat in Console(hall.url).sittings().values()] == [2, 0, 0]


def live(name: str, hours: float, places: dict[int, str], **facts: Any) -> LiveRoom:
    """A room in which those seats began from those addresses."""
    body = pack(name=name, candidates=4)
    made = Hall().admit(msgspec.structs.replace(body, starts_at=body.starts_at + timedelta(hours=hours)), name)
    for one in made.sittings.values():
        if one.sitting.seat in places:
            one.facts = msgspec.structs.replace(
                one.facts, **{"begun_from": places[one.sitting.seat], "admitted_at": 1, **facts}
            )
    return made.rooms["r0"]


def test_only_what_is_sure_is_claimed() -> None:
    now = live("p9", 0, {})
    assert places_of(now, [now]) == {}
    assert places_of(now, [now, live("a", -2, {1: "A", 2: "B"}), live("b", -1, {1: "C"})]) == {"C": 1}
    assert places_of(now, [live("a", +1, {1: "A"})]) == {}, "a later session"
    assert places_of(now, [live("a", -1, {1: "N", 2: "N", 3: "C"})]) == {"C": 3}, "several behind one address"
    assert places_of(now, [live("a", -1, {1: "A"}, admitted_at=0)]) == {}, "nobody verified who sat there"
    assert places_of(now, [live("a", -1, {1: "A"}, sits_at=2)]) == {}, "he sat at the wrong one"
    assert places_of(now, [live("a", -1, {1: "A"}, mismatch_at=2)]) == {}, "it was somebody else"


@given(
    st.floats(), st.floats(allow_nan=False), st.text()
)  # JSON has no NaN, but whoever writes the request may try what he likes
def test_whatever_a_page_reports_is_kept_within_bounds(clock: float, net: float, browser: str) -> None:
    try:
        report = msgspec.json.decode(
            msgspec.json.encode({"clock_ms": clock, "net_ms": net, "browser": browser}), type=Report
        )
    except msgspec.ValidationError:
        return
    kept = report.taken(5)
    assert max(abs(kept.clock_ms), abs(kept.net_ms)) <= 10**12
    assert len(kept.browser) <= 120


def test_a_computer_reports_from_the_start_page_and_its_seat_has_it_after_the_sign_in(
    hall: Process, office: HallClient
) -> None:
    office.publish(with_plan(pack(candidates=2, starts_in_s=600), addresses={2: "127.0.0.3"}))
    console, first, second = Console(hall.url), *(Browser(hall.url, n, address=f"127.0.0.{n + 2}") for n in (0, 1))
    for browser in (first, second):
        assert browser.client.post("/api/ready", json=REPORT).status_code == 200
    seats = console.sittings()
    assert seats["p1-t0"].ready is None, "nobody knows yet where it stands"
    told = seats["p1-t1"].ready
    assert told is not None
    assert {**told, "at": 0} == {"browser": "Chrome 120", "storage": True, "clock_ms": 180, "net_ms": 3, "at": 0}
    first.sign_in()
    assert first.client.post("/api/ready", json=REPORT).json() == {"computer": 0}, "nobody knows which one it is"
    assert console.sittings()["p1-t0"].ready
    hall.kill()
    hall.start()
    assert console.sittings()["p1-t0"].ready, "with the seat it is kept"
    first.client.post("/api/ready", json={**REPORT, "storage": False})
    after = console.sittings()["p1-t0"].ready
    assert after is not None
    assert after["storage"] is False
    assert first.client.post("/api/ready", json=[1]).status_code == 400

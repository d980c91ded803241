"""Answers: acknowledged only after they are kept, in any order, from one computer at a time."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count, pairwise

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testbed.programs import Process

from assay.bridge.client import HallClient, HallUnreachable
from assay.bridge.contract import id_digest, own_order, receipt_of, sheet_digest
from tests.hall.candidate import Browser
from tests.hall.console import Console
from tests.hall.packs import pack

pytestmark = pytest.mark.postgres
NUMBER = count()


def test_a_saved_answer_is_in_the_log_and_comes_back_after_a_reload(hall: Process, office: HallClient) -> None:
    """asks 1: acknowledged after the commit, and there after a reload."""
    office.publish(pack())
    browser = Browser(hall.url).start()
    assert browser.save("100", "B").json()["saved"] == {"100": 1}
    assert browser.save("101", "对").status_code == 200
    assert browser.save("100", "C").json()["saved"] == {"100": 2}
    assert browser.state()["answers"] == {"100": [2, "C"], "101": [1, "对"]}
    logged = [(e.item, e.rev, e.choice) for e in office.log("p1")]
    assert logged == [("100", 1, "B"), ("101", 1, "对"), ("100", 2, "C")]


def test_the_same_save_twice_is_acknowledged_twice_and_kept_once(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    for _ in range(2):
        assert browser.save("100", "B", rev=1).json()["saved"] == {"100": 1}
    assert len(office.log("p1")) == 1


def test_a_revision_with_another_choice_is_refused_and_the_first_stays(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    browser.save("100", "B", rev=1)
    assert browser.save("100", "C", rev=1).status_code == 409
    assert browser.state()["answers"]["100"] == [1, "B"]


def test_a_late_older_save_is_logged_and_does_not_undo_the_newer(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    browser.save("100", "C", rev=5)
    assert browser.save("100", "A", rev=2).json()["saved"] == {"100": 2}
    assert browser.state()["answers"]["100"] == [5, "C"]


@pytest.mark.parametrize(("item", "choice"), [("999", "A"), ("100", "AB"), ("100", "E"), ("101", "A"), ("102", "BA")])
def test_what_cannot_be_an_answer_to_the_paper_is_refused(
    hall: Process, office: HallClient, item: str, choice: str
) -> None:
    office.publish(pack())
    assert Browser(hall.url).start().save(item, choice).status_code == 422
    assert office.log("p1") == []


@pytest.mark.parametrize("at", [2**53 + 1, 2**63, 10**30, -(10**30)])
def test_a_time_that_no_store_can_hold_is_refused_and_hurts_nobody_beside_it(
    hall: Process, office: HallClient, at: int
) -> None:
    """It would fail the transaction that it shares with others."""
    office.publish(pack(candidates=2))
    wild, calm = Browser(hall.url).start(), Browser(hall.url, 1).start()
    change = {"item": "100", "choice": "B", "rev": 1, "at": at}
    with ThreadPoolExecutor(2) as beside:
        sent = beside.submit(lambda: [wild.client.post("/api/answers", json={"answers": [change]}) for _ in range(20)])
        saved = [calm.save("100", "ABC"[n % 3]) for n in range(20)]
    assert {reply.status_code for reply in sent.result()} == {400}
    assert {reply.status_code for reply in saved} == {200}
    assert wild.save("100", "C").status_code == 200


def test_an_answer_can_be_cleared_and_does_not_count_then(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url).start()
    browser.save("100", "B")
    browser.save("100", "")
    assert browser.hand_in().json()["answered"] == 0


def test_hand_in_gives_a_receipt_that_the_office_can_compute_from_what_it_collects(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=1))
    browser = Browser(hall.url).start()
    browser.save("100", "B")
    browser.save("102", "ABD")
    receipt = browser.hand_in().json()["receipt"]
    (sitting,) = office.collect("p1").sittings
    assert sitting.answers == {"100": "B", "102": "ABD"}
    assert sitting.receipt == receipt == receipt_of(sheet_digest(sitting.sitting, sitting.answers))
    assert browser.hand_in().json()["receipt"] == receipt
    assert browser.save("100", "A").status_code == 410


def test_answers_on_their_way_when_the_sheet_is_handed_in_are_in_it_or_refused(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(candidates=8, count=60))
    browsers = [Browser(hall.url, n).start() for n in range(8)]

    def work(browser: Browser) -> dict[str, str]:
        items = [str(100 + n) for n in range(0, 60, 3)]
        with ThreadPoolExecutor(6) as pool:
            saves = [(i, pool.submit(browser.save, i, "B", 1)) for i in items]
            done = pool.submit(browser.hand_in)
        assert done.result().status_code == 200
        return {item: "B" for item, save in saves if save.result().status_code == 200}

    with ThreadPoolExecutor(8) as pool:
        acknowledged = list(pool.map(work, browsers))
    sittings = {s.sitting: s for s in office.collect("p1").sittings}
    for n, kept in enumerate(acknowledged):
        sitting = sittings[f"p1-s{n}"]
        assert kept.items() <= sitting.answers.items()
        assert sitting.sheet_digest == sheet_digest(sitting.sitting, sitting.answers)


def test_only_the_computer_that_signed_in_last_may_answer(hall: Process, office: HallClient) -> None:
    """asks 15."""
    office.publish(pack())
    first = Browser(hall.url).start()
    first.save("100", "B")
    second = Browser(hall.url)
    assert second.sign_in().status_code == 409  # the first one is at work: the invigilator must allow the move


def test_nothing_is_given_away_before_the_start(hall: Process, office: HallClient) -> None:
    """asks 8 and 9: the hall's clock alone decides when the paper opens."""
    office.publish(pack(starts_in_s=600))
    browser = Browser(hall.url)
    assert browser.sign_in().status_code == 200
    assert browser.client.post("/api/key", json={}).status_code == 425
    assert browser.save("100", "B").status_code == 425
    sealed = browser.client.get("/api/paper").json()
    assert "items" not in sealed
    assert "示例题" not in sealed["sealed"]


def test_no_reply_ever_holds_a_key_of_the_items(hall: Process, office: HallClient) -> None:
    """The type that is delivered has no field for a key: the opened paper shows it (asks 16)."""
    office.publish(pack())
    browser = Browser(hall.url).start()
    shown = {
        "id",
        "type",
        "stem",
        "options",
        "images",
        "rich",
        "rich_options",
        "premises",
        "rich_premises",
        "blanks",
        "group",
        "lead",
    }
    assert {name for item in browser.opened() for name in item} == shown


def test_a_wrong_id_number_is_refused_and_many_are_slowed_by_ticket_alone(hall: Process, office: HallClient) -> None:
    """asks 14: a lab of equal computers behind one address is never locked out for one mistyped ticket."""
    office.publish(pack())
    browser = Browser(hall.url)
    codes = [browser.sign_in("410105200603159999").status_code for _ in range(12)]
    assert codes[:10] == [401] * 10
    assert codes[-1] == 429
    assert Browser(hall.url, 1).sign_in().status_code == 200


@pytest.mark.parametrize(
    ("ticket", "number"),
    [
        ("ｐ１－ｔ０", "４１０１０５２００６０３１５００００"), ("\u202dp1-t0\u202c", "\u200e410105200603150000\ufeff"),
        (" p1 t 0 ", "410105 20060315 0000"), ("P1–T0", "410105-20060315-0000"), ("p1\u00ad-t0", "'410105200603150000"),
    ],
)  # fmt: skip
def test_what_is_typed_at_the_door_is_read_as_in_the_office(
    hall: Process, office: HallClient, ticket: str, number: str
) -> None:
    office.publish(pack())
    browser = Browser(hall.url)
    browser.ticket = ticket
    assert browser.sign_in(number).status_code == 200
    browser.ticket = "p1-t1"
    assert browser.sign_in(number).status_code == 401, "of another ticket it is the number of another"


@pytest.mark.parametrize(
    ("typed", "status"), [("H01234567", 200), ("h0123456702", 200), ("H0123456801", 401), ("H012345670", 401)]
)
def test_a_permit_that_was_issued_again_opens_with_its_whole_number_too(
    hall: Process, office: HallClient, typed: str, status: int
) -> None:
    made = pack()
    kept = msgspec.structs.replace(made.sittings[0], id_digest=id_digest(made.id_salt, "H01234567"))
    office.publish(msgspec.structs.replace(made, sittings=[kept, *made.sittings[1:]]))
    assert Browser(hall.url).sign_in(typed).status_code == status


def test_without_a_token_nothing_is_said(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    for method, path in (("GET", "/api/state"), ("GET", "/api/paper"), ("POST", "/api/key"), ("POST", "/api/answers")):
        assert httpx.request(method, hall.url + path, json={"answers": []}, trust_env=False).status_code == 401
    for path in ("/office/packs/p1", "/office/packs/p1/log/0", "/room/state"):
        assert httpx.get(hall.url + path, trust_env=False).status_code in (401, 403)


def test_another_pack_under_the_same_name_is_refused(hall: Process, office: HallClient) -> None:
    one = pack()
    assert office.publish(one) == office.publish(one)
    with pytest.raises(HallUnreachable, match="409"):
        office.publish(pack())


def test_an_office_with_another_secret_is_turned_away(hall: Process) -> None:
    with HallClient(hall.url, b"wrong") as stranger, pytest.raises(HallUnreachable, match="403"):
        stranger.publish(pack())


def test_nobody_reaches_what_belongs_to_another(hall: Process, office: HallClient) -> None:
    """asks 17: a token opens its own sitting; another's photo, paper pictures before the start, and console are shut."""
    one = pack(starts_in_s=600)
    sittings = [msgspec.structs.replace(s, photo=f"photo{n}") for n, s in enumerate(one.sittings)]
    office.publish(msgspec.structs.replace(one, sittings=sittings, blobs={f"photo{n}": b"\x89PNG" for n in range(4)}))
    browser = Browser(hall.url)
    browser.sign_in()
    assert browser.client.get("/api/blobs/photo0").status_code == 200
    assert browser.client.get("/api/blobs/photo1").status_code == 404
    assert browser.client.get("/room/state").status_code == 401
    assert browser.client.get("/room/photos/p1-s1").status_code == 401
    assert browser.client.get("/office/packs/p1").status_code == 403


def test_a_time_limit_begins_with_the_exam_and_not_with_the_page(hall: Process, office: HallClient) -> None:
    """asks 10: coming late, reloading or signing in again gives nobody more time."""
    office.publish(pack(starts_in_s=-600, minutes=60))
    browser = Browser(hall.url).start()
    first = browser.state()["left"]
    assert first <= 50 * 60_000
    assert browser.client.post("/api/key", json={}).json()["left"] <= first


def test_a_short_answer_is_kept_to_the_letter_and_has_its_bounds(hall: Process, office: HallClient) -> None:
    office.publish(pack(written=True))
    browser = Browser(hall.url).start()
    text = "先热车，再放油。\n\t“滤清器”要换 😀 =1+1"
    assert browser.save("300", text).status_code == 200
    assert browser.save("302", "字" * 4000).status_code == 200
    assert browser.save("302", "字" * 4001).status_code == 422
    assert browser.save("300", "有\x00字").status_code == 422
    assert browser.state()["answers"] == {"300": [1, text], "302": [1, "字" * 4000]}
    browser.hand_in()
    (sitting,) = [s for s in office.collect("p1").sittings if s.sitting == "p1-s0"]
    assert sitting.answers == {"300": text, "302": "字" * 4000}
    assert sitting.sheet_digest == sheet_digest("p1-s0", sitting.answers)


def test_every_part_of_a_case_is_a_question_to_be_answered(hall: Process, office: HallClient) -> None:
    """Two cases of three parts: the console counts what the candidate answers, not what the paper's sections say."""
    office.publish(pack(written=True))
    console, browser = Console(hall.url), Browser(hall.url).start()
    (seat, *_) = console.room()["sittings"]
    assert seat["items"] == len(browser.opened()) == 12 + 1 + 3
    for item in browser.opened():
        assert browser.save(item["id"], "对" if item["type"] == "true_false" else "A").status_code == 200
    assert (console.sittings()["p1-t0"].answered, console.room()["answer_all"]) == (16, 1)
    assert browser.hand_in().json()["items"] == 16


def test_the_parts_of_a_case_stay_together_and_in_order(hall: Process, office: HallClient) -> None:
    office.publish(pack(written=True))
    seen = set()
    for n in range(4):
        browser = Browser(hall.url, n).start()
        order = [item for item, _ in browser.key["order"]]
        cases = [item for item in order if item in ("301", "302", "303")]
        assert order[-3:] == cases
        assert cases.index("302") == cases.index("301") + 1
        seen.add(tuple(cases))
    sections = [[(str(n), 0) for n in range(9)]]
    groups = {str(n): f"case-{n // 3}" for n in range(9)}
    orders = {tuple(item for item, _ in own_order(seed, sections, groups)) for seed in range(60)}
    assert len(orders) == 6
    assert all(
        groups[a] == groups[b] and int(b) == int(a) + 1 for o in orders for a, b in zip(o[::3], o[1::3], strict=False)
    )


def test_every_candidate_has_an_own_order_and_neighbours_never_the_same() -> None:
    """The order depends on the sitting's seed alone: the same after a reload, another at the next seat."""
    sections = [[(str(n), 4) for n in range(40)], [(str(100 + n), 0) for n in range(20)]]
    orders = [own_order(seed, sections) for seed in range(200)]
    assert orders == [own_order(seed, sections) for seed in range(200)]
    for mine, neighbours in pairwise(orders):
        same_place = sum(a[0] == b[0] for a, b in zip(mine, neighbours, strict=True))
        assert same_place < 12
    for order in orders[:5]:
        assert sorted(item for item, _ in order[:40]) == sorted(str(n) for n in range(40))
        assert all(sorted(options) == [0, 1, 2, 3] for _, options in order[:40])
    firsts = {options for order in orders for item, options in order if item == "0"}
    assert len(firsts) == 24


@given(
    st.lists(st.tuples(st.sampled_from(["100", "103", "106"]), st.sampled_from("ABCD")), min_size=1, max_size=25),
    st.randoms(),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_saves_in_any_order_and_any_number_of_times_end_in_the_same_answers(
    hall: Process, office: HallClient, said: list[tuple[str, str]], chance: random.Random
) -> None:
    """Whatever the network does to requests: the last revision of each item counts."""
    name = f"o{next(NUMBER)}"
    office.publish(pack(name=name, candidates=1))
    browser = Browser(hall.url, prefix=name).start()
    changes, revs = [], dict.fromkeys(("100", "103", "106"), 0)
    for item, choice in said:
        revs[item] += 1
        changes.append((item, choice, revs[item]))
    sent = changes + [chance.choice(changes) for _ in range(5)]
    chance.shuffle(sent)
    for item, choice, rev in sent:
        assert browser.save(item, choice, rev).json()["saved"] == {item: rev}
    last = {item: [rev, choice] for item, choice, rev in changes}
    assert browser.state()["answers"] == last
    assert len(office.log(name)) == len(changes)

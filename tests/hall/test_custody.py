"""Papers in the hall stay sealed until two people have opened them."""

from __future__ import annotations

import asyncio
import os

import msgspec
import pytest
from testbed.postgresql import Postgresql
from testbed.programs import Process

from assay.bridge.client import HallClient, HallUnreachable
from assay.bridge.contract import Keys
from assay.hall.packs import Packs
from tests.hall.candidate import Browser
from tests.hall.morning import Morning
from tests.hall.packs import KEY, pack

pytestmark = pytest.mark.postgres


def test_of_two_packs_with_the_same_tickets_one_is_taken_up_whichever_process_they_come_to(
    postgresql: Postgresql,
) -> None:
    database, body = postgresql.url("hall_packs"), pack(opened=False)

    async def story() -> None:
        processes = Morning(database), Morning(database)
        for one in processes:
            await one.start()
        packs = [msgspec.structs.replace(body, id=name) for name in ("p1", "p2")]
        said = await asyncio.gather(
            *(
                Packs(one.hall, one.committer).publish(msgspec.msgpack.encode(each))
                for one, each in zip(processes, packs, strict=True)
            ),
            return_exceptions=True,
        )
        assert sorted(type(one).__name__ for one in said) == ["Refusal", "str"], said
        for one in processes:
            await one.committer.refresh()
            assert len(one.hall.packs) == 1
            await one.committer.stop()

    asyncio.run(story())


def test_nobody_can_open_a_paper_before_two_people_have(hall: Process, office: HallClient) -> None:
    office.publish(pack(opened=False))
    browser = Browser(hall.url)
    browser.sign_in()
    refused = browser.client.post("/api/key", json={})
    assert (refused.status_code, refused.json()["message"]) == (425, "试卷尚未启封，请等待监考员通知")
    with pytest.raises(HallUnreachable, match="须由两人启封"):
        office.open("p1", Keys({"paper": KEY}, ["试卷保管员"]))
    with pytest.raises(HallUnreachable, match="须由两人启封"):
        office.open("p1", Keys({"paper": KEY}, ["试卷保管员", "试卷保管员"]))
    office.open("p1", Keys({"paper": KEY}, ["试卷保管员", "督导员"]))
    assert browser.client.post("/api/key", json={}).status_code == 200


def test_a_key_that_does_not_fit_the_sealed_paper_is_refused(hall: Process, office: HallClient) -> None:
    office.publish(pack(opened=False))
    with pytest.raises(HallUnreachable, match="密钥与封存的试卷不符"):
        office.open("p1", Keys({"paper": os.urandom(32)}, ["甲", "乙"]))


def test_a_pack_of_a_real_exam_may_not_bring_its_keys_along(hall: Process, office: HallClient) -> None:
    with pytest.raises(HallUnreachable, match="启封后另行送达"):
        office.publish(pack(rehearsal=False))


def test_the_opening_stands_in_the_record_of_every_room_and_survives_a_restart(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(opened=False, rooms=2))
    office.open("p1", Keys({"paper": KEY}, ["试卷保管员", "督导员"]))
    hall.kill()
    hall.start()
    rooms = office.collect("p1").rooms
    assert [[e.text for e in room.incidents] for room in rooms] == [["试卷已启封：试卷保管员、督导员"]] * 2
    assert Browser(hall.url).start().opened()


def test_the_digest_of_the_pack_is_known_before_and_binds_the_papers(hall: Process, office: HallClient) -> None:
    """The office writes this digest to its ledger before the exam."""
    one = pack(opened=False)
    assert office.publish(one) == office.publish(one)
    changed = msgspec.structs.replace(one, papers=[msgspec.structs.replace(one.papers[0], minutes=61)])
    with pytest.raises(HallUnreachable, match="409"):
        office.publish(changed)


def test_a_session_that_is_put_off_is_withdrawn_and_its_candidates_come_with_another_pack(
    hall: Process, office: HallClient
) -> None:
    office.publish(pack(opened=False, starts_in_s=600))
    waiting = Browser(hall.url)
    assert waiting.sign_in().status_code == 200
    later = msgspec.structs.replace(pack(starts_in_s=-1), id="p1-1")
    with pytest.raises(HallUnreachable, match="已在"):
        office.publish(later)
    office.withdraw("p1")
    office.withdraw("p1")
    office.publish(later)
    hall.kill()
    hall.start()
    again = Browser(hall.url)
    assert again.sign_in().status_code == 200
    assert again.client.post("/api/key", json={}).status_code == 200
    assert again.save("100", "B", rev=1).status_code == 200


def test_a_session_that_somebody_has_begun_is_not_withdrawn(hall: Process, office: HallClient) -> None:
    office.publish(pack())
    browser = Browser(hall.url)
    browser.sign_in()
    assert browser.client.post("/api/key", json={}).status_code == 200
    with pytest.raises(HallUnreachable, match="已有考生开始作答"):
        office.withdraw("p1")

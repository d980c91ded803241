"""The stand-in keeps the contract: keys, faults with their place, decisions, certificates by number and name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from testbed import programs

from tests.standin.messages import filing

TOKEN = "standin-token"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("standin")
    process = programs.standin(folder / "standin.sqlite3", TOKEN)
    process.start()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"{process.url}/api/v1", headers=headers, trust_env=False) as client:
        yield client
    process.stop()


def test_a_rehearsal_at_another_moment_moves_the_province_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_REHEARSAL_CLOCK", "2031-05-06T09:00+08:00")
    process = programs.standin(tmp_path / "standin.sqlite3", TOKEN, approve=True)
    process.start()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"{process.url}/api/v1", headers=headers, trust_env=False) as client:
        received = post(client, "/filings", filing(), "moved").json()
        answer = client.get(f"/filings/{received['filing_id']}").json()
    process.stop()
    assert received["filing_id"].startswith("F20310506-")
    assert answer["decided_at"].startswith("2031-05-06T01:")


def post(api: httpx.Client, path: str, body: Any, key: str) -> httpx.Response:
    return api.post(path, json=body, headers={"Idempotency-Key": key})


def test_the_same_key_and_content_give_the_first_answer_again(api) -> None:
    first, again = (post(api, "/filings", filing(), "same") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"


def test_the_same_key_for_something_else_is_refused(api) -> None:
    post(api, "/filings", filing(), "reused")
    assert post(api, "/filings", {**filing(), "version": 2}, "reused").status_code == 409


@pytest.mark.parametrize(
    "part", ["lines", "timetable", "rooms", "invigilators", "examiners", "supervisors", "staff", "scheme"]
)
def test_a_filing_without_one_of_its_parts_is_refused_and_the_part_is_named(api, part: str) -> None:
    reply = post(api, "/filings", {k: v for k, v in filing().items() if k != part}, f"without-{part}")
    assert reply.status_code == 422
    assert part in [p["field"] for p in reply.json()["problems"]]


def test_all_faults_come_at_once(api) -> None:
    body = {**filing(), "route": "walk", "exam_on": "soon", "version": 0}
    assert len(post(api, "/filings", body, "many").json()["problems"]) == 3


def test_without_the_token_nothing_is_taken(api) -> None:
    reply = api.post("/filings", json=filing(), headers={"Authorization": "Bearer wrong", "Idempotency-Key": "x"})
    assert reply.status_code == 401


def test_a_report_that_gives_an_absent_candidate_a_mark_is_refused(api) -> None:
    row = {
        "ticket_no": "1", "name": "赵示例", "id_type": "居民身份证", "id_number": "410105200603150019",
        "occupation": "汽车维修工", "job": None, "level": "4", "theory": "0.0", "theory_absent": True, "skill": "70.0",
        "skill_absent": False, "review": None, "review_absent": False, "outcome": "fail",
    }  # fmt: skip
    reply = post(api, "/results", {"batch_code": "B1", "rows": [row]}, "absent")
    assert reply.status_code == 422
    good = post(api, "/results", {"batch_code": "B1", "rows": [{**row, "theory": None}]}, "absent-2")
    assert good.status_code == 201
    state = api.get(f"/results/{good.json()['results_id']}").json()
    assert state["state"] == "received"


def certificate(serial: int, **changes: Any) -> dict[str, Any]:
    row = {
        "number": f"S000041000123264{serial:06d}", "name": "赵示例", "id_type": "居民身份证",
        "id_number": "410105200603150019", "occupation": "汽车维修工", "job": None, "level": "4",
        "issued_on": "2026-10-01", "print_serial": "00100001", **changes,
    }  # fmt: skip
    said = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return {**row, "digest": sha256(said).hexdigest()}


def test_each_certificate_is_taken_or_refused_by_itself(api) -> None:
    damaged = {**certificate(2), "name": "钱改名"}
    body = {"batch_code": "B1", "rows": [certificate(1), damaged, certificate(3, issued_on="2024-10-01")]}
    reply = post(api, "/certificates", body, "certificates").json()
    assert reply["accepted"] == [certificate(1)["number"]]
    assert {r["number"] for r in reply["rejected"]} == {damaged["number"], certificate(3)["number"]}


def test_a_number_that_is_known_is_taken_again_only_if_nothing_differs(api) -> None:
    post(api, "/certificates", {"batch_code": "B2", "rows": [certificate(9)]}, "nine")
    same = post(api, "/certificates", {"batch_code": "B2", "rows": [certificate(9)]}, "nine-again").json()
    other = post(
        api, "/certificates", {"batch_code": "B2", "rows": [certificate(9, name="孙示例")]}, "nine-other"
    ).json()
    assert same["accepted"] == [certificate(9)["number"]]
    assert other["accepted"] == []


def test_the_public_finds_a_certificate_by_number_and_name_with_the_id_number_masked(api) -> None:
    post(api, "/certificates", {"batch_code": "B3", "rows": [certificate(20)]}, "twenty")
    found = api.get(f"/certificates/{certificate(20)['number']}", params={"name": "赵示例"}).json()
    assert found["occupation"] == "汽车维修工"
    assert "20060315" not in found["id_number"]
    assert api.get(f"/certificates/{certificate(20)['number']}", params={"name": "别人"}).status_code == 404

"""What became of certificates: the stand-in takes it in order, of certificates that it has, and shows it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from testbed import programs

from assay.standin.store import SCHEMA, Store
from tests.standin.test_api import certificate, post

TOKEN = "standin-token"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[programs.Process]:
    folder: Path = tmp_path_factory.mktemp("standin")
    process = programs.standin(folder / "standin.sqlite3", TOKEN, approve=True)
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def api(process: programs.Process) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"{process.url}/api/v1", headers=headers, trust_env=False) as client:
        yield client


def change(serial: int, sequence: int = 1, kind: str = "withdrawn", **other: Any) -> dict[str, Any]:
    row = {k: v for k, v in certificate(serial).items() if k not in ("occupation", "job", "level", "digest")}
    row |= {
        "sequence": sequence, "change": kind, "state": "withdrawn" if kind == "withdrawn" else "valid",
        "reason": "弄虚作假", "changed_on": "2026-11-28", **other,
    }  # fmt: skip
    said = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return {**row, "digest": sha256(said).hexdigest()}


def told(api: httpx.Client, row: dict[str, Any], key: str) -> dict[str, Any]:
    reply = post(api, "/certificate-changes", {"batch_code": "C1", "rows": [row]}, key)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


def taken(api: httpx.Client, serial: int) -> None:
    reply = post(api, "/certificates", {"batch_code": "C1", "rows": [certificate(serial)]}, f"taken-{serial}")
    assert reply.json()["rejected"] == []


def looked_up(api: httpx.Client, serial: int, name: str = "赵示例") -> dict[str, Any]:
    return dict(api.get(f"/certificates/{certificate(serial)['number']}", params={"name": name}).json())


def test_a_withdrawal_is_taken_and_the_look_up_says_so(api) -> None:
    taken(api, 101)
    assert looked_up(api, 101)["state"] == "valid"
    assert told(api, change(101), "withdrawn-101")["accepted"] == [certificate(101)["number"]]
    found = looked_up(api, 101)
    assert (found["state"], found["changed_on"], found["reason"]) == ("withdrawn", "2026-11-28", "弄虚作假")


def test_a_correction_changes_what_the_look_up_finds(api) -> None:
    taken(api, 102)
    told(api, change(102, kind="corrected", name="赵更正"), "corrected-102")
    assert looked_up(api, 102, "赵更正")["name"] == "赵更正"
    number = certificate(102)["number"]
    assert api.get(f"/certificates/{number}", params={"name": "赵示例"}).status_code == 404


def test_a_change_of_a_number_that_is_not_known_is_refused(api) -> None:
    (refused,) = told(api, change(199), "unknown")["rejected"]
    assert "未登记" in refused["reason"]


def test_changes_are_taken_in_their_order_and_none_after_a_withdrawal(api) -> None:
    taken(api, 103)
    assert told(api, change(103, 2, "reprinted"), "103-2")["rejected"] == []
    assert "较早" in told(api, change(103, 1, "corrected"), "103-1")["rejected"][0]["reason"]
    assert told(api, change(103, 2, "reprinted"), "103-2-again")["rejected"] == []
    assert told(api, change(103, 3), "103-3")["rejected"] == []
    assert "已撤销" in told(api, change(103, 4, "corrected"), "103-4")["rejected"][0]["reason"]


def test_a_change_whose_digest_does_not_fit_is_refused(api) -> None:
    taken(api, 104)
    altered = {**change(104, kind="corrected"), "name": "钱改名"}
    assert "摘要" in told(api, altered, "104")["rejected"][0]["reason"]


def test_changes_stand_on_the_pages_in_words(process, api) -> None:
    taken(api, 105)
    number = told(api, change(105), "shown-105")["changes_id"]
    with httpx.Client(base_url=process.url, follow_redirects=True, trust_env=False) as client:
        client.post("/sign-in", data={"token": TOKEN})
        assert number in client.get("/?kind=certificate-changes").text
        page = client.get(f"/received/{number}").text
    assert "证书变更" in page
    assert "撤销" in page
    assert "20060315" not in page


def result(serial: int, outcome: str) -> dict[str, Any]:
    row = certificate(serial)
    return {
        **{k: row[k] for k in ("name", "id_type", "id_number", "occupation", "job", "level")},
        "ticket_no": "1", "theory": "86.0", "theory_absent": False, "skill": "45.0", "skill_absent": False,
        "review": None, "review_absent": False, "outcome": outcome,
    }  # fmt: skip


@pytest.mark.parametrize(("outcome", "accepted"), [("pass", 1), ("fail", 0), ("absent", 0)])
def test_who_did_not_pass_by_approved_results_gets_no_certificate(api, outcome: str, accepted: int) -> None:
    serial, batch = 110 + len(outcome) + accepted, f"R-{outcome}"
    approved = post(
        api, "/results", {"batch_code": batch, "rows": [result(serial, outcome)]}, f"results-{outcome}"
    ).json()
    assert api.get(f"/results/{approved['results_id']}").json()["state"] == "approved"
    reply = post(api, "/certificates", {"batch_code": batch, "rows": [certificate(serial)]}, f"of-{outcome}").json()
    assert len(reply["accepted"]) == accepted
    assert all("不能核发证书" in row["reason"] for row in reply["rejected"])


def test_a_file_of_the_former_form_is_taken_over_whole(tmp_path: Path) -> None:
    former = SCHEMA.replace(
        "kind TEXT NOT NULL,\n    batch_code",
        "kind TEXT NOT NULL CHECK (kind IN ('filings', 'results', 'certificates')),\n    batch_code",
    )
    former = former[: former.index("CREATE TABLE IF NOT EXISTS change")]
    database = tmp_path / "former.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(former)
        connection.execute(
            "INSERT INTO submission (id, kind, batch_code, size, body, reply, received_at, state)"
            " VALUES ('C20261101-000001', 'certificates', 'B1', 1, '{}', '{}', '2026-11-01T00:00:00+00:00', 'accepted')"
        )
        connection.execute("INSERT INTO certificate VALUES ('N1', 'C20261101-000001', '赵', '{}')")
        connection.commit()
    for _ in range(2):
        with Store(database).writing() as book:
            assert book.certificate("N1") == {}
            assert [s.id for s in book.listed("certificates", "", offset=0, limit=9)] == ["C20261101-000001"]
            assert book.next_number() == 2
    process = programs.standin(database, TOKEN)
    process.start()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"{process.url}/api/v1", headers=headers, trust_env=False) as client:
        taken(client, 120)
        assert told(client, change(120), "120")["changes_id"].endswith("000003")
    process.stop()

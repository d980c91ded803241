"""Whoever gets hold of the hall's database reads no paper, no number and no face, before the keys come and afterwards."""

from __future__ import annotations

import base64
import sqlite3
from pathlib import Path

import msgspec
import psycopg
import pytest
from testbed import programs
from testbed.programs import Process

from assay.bridge.client import HallClient
from assay.bridge.contract import Keys, id_digest, pack_digest
from assay.hall.facts import PackFacts
from assay.hall.store.schema import TABLES
from tests.hall.candidate import Browser
from tests.hall.conftest import SECRET
from tests.hall.packs import DOT, KEY, SALT, number_of, pack

pytestmark = pytest.mark.postgres
PHOTO = DOT + b"a face"


def wanted() -> dict[str, bytes]:
    """What would give something away."""
    return {
        "stem": "道示例题".encode(), "option": "选项0-A".encode(), "key": KEY, "key as text": base64.b64encode(KEY),
        "key as hex": KEY.hex().encode(), "number": number_of(0).encode(), "its digest": id_digest(SALT, number_of(0)).encode(),
        "masked": b"410****", "photo": PHOTO[-30:],
    }  # fmt: skip


def lies_in(database: str) -> bytes:
    """Every byte of the database's files, or of all that the server gives."""
    if not database.startswith("postgresql"):
        return b"".join(path.read_bytes() for path in Path(database).parent.glob(f"{Path(database).name}*"))
    with psycopg.connect(database) as connection:
        known = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(known) == sum(text.startswith(("CREATE TABLE", "CREATE {")) for text in TABLES)
        rows = [row for (table,) in known for row in connection.execute(f"SELECT * FROM {table}").fetchall()]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


def found_in(database: str) -> list[str]:
    lies = lies_in(database)
    return [what for what, text in wanted().items() if text in lies]


def a_pack(**more: object) -> object:
    made = pack(opened=False, rehearsal=False, **more)  # type: ignore[arg-type]
    sittings = [msgspec.structs.replace(made.sittings[0], photo="face"), *made.sittings[1:]]
    return msgspec.structs.replace(made, sittings=sittings, blobs={"face": PHOTO})


def test_a_copy_of_the_database_shows_no_paper_and_no_person(
    hall: Process, office: HallClient, hall_database: str
) -> None:
    office.publish(a_pack())  # type: ignore[arg-type]
    assert found_in(hall_database) == []
    office.open("p1", Keys({"paper": KEY}, ["试卷保管员", "督导员"]))
    assert found_in(hall_database) == []
    browser = Browser(hall.url).start()
    assert browser.save("100", "B").status_code == 200
    assert browser.client.get("/api/blobs/face").content == PHOTO
    hall.stop()
    assert found_in(hall_database) == []
    hall.start()
    again = Browser(hall.url)
    again.client.headers["authorization"] = browser.client.headers["authorization"]
    assert again.state()["answers"] == {"100": [1, "B"]}
    assert again.client.get("/api/blobs/face").content == PHOTO


def left_by_an_earlier_version(database: str) -> None:
    """A pack whose papers are open, in the clear."""
    made = a_pack()
    body = msgspec.msgpack.encode(msgspec.structs.replace(made, blobs={}))  # type: ignore[type-var]
    state = msgspec.json.encode(PackFacts({"paper": KEY}, ("甲", "乙"))).decode()
    hall = programs.hall(database, SECRET)
    hall.start()
    hall.stop()
    row, picture = ("p1", pack_digest(body), body, state), ("p1", "face", PHOTO)
    if database.startswith("postgresql"):
        with psycopg.connect(database) as server:
            server.execute("INSERT INTO pack (id, digest, body, state) VALUES (%s, %s, %s, %s)", row)
            server.execute("INSERT INTO blob VALUES (%s, %s, %s)", picture)
        return
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO pack (id, digest, body, state) VALUES (?, ?, ?, ?)", row)
        connection.execute("INSERT INTO blob VALUES (?, ?, ?)", picture)
    connection.close()


def test_what_an_earlier_version_left_in_the_clear_is_sealed_at_the_start(hall_database: str) -> None:
    left_by_an_earlier_version(hall_database)
    assert {"key as text", "masked", "photo"} <= set(found_in(hall_database))
    hall = programs.hall(hall_database, SECRET)
    hall.start()
    try:
        assert found_in(hall_database) == []
        browser = Browser(hall.url).start()
        assert browser.client.get("/api/blobs/face").content == PHOTO
        assert browser.opened()[0]["id"] == "100"
    finally:
        hall.stop()


def test_another_secret_is_told_at_the_start_and_the_former_one_helps(
    hall: Process, office: HallClient, hall_database: str, capfd: pytest.CaptureFixture[str]
) -> None:
    office.publish(a_pack())  # type: ignore[arg-type]
    office.open("p1", Keys({"paper": KEY}, ["试卷保管员", "督导员"]))
    hall.stop()
    changed = programs.hall(hall_database, "another-secret")
    changed.nursery = None  # what a process of our own says is read here; one that is born elsewhere says it there
    with pytest.raises(RuntimeError, match="ended"):
        changed.start()
    assert "考试包 p1 由另一个 ASSAY_HALL_SECRET 封存" in capfd.readouterr().err
    changed.environment["ASSAY_HALL_FORMER_SECRET"] = SECRET
    for _ in range(2):
        changed.start()
        browser = Browser(changed.url)
        assert browser.sign_in().status_code == 200
        assert browser.client.get("/api/blobs/face").content == PHOTO
        changed.stop()
        changed.environment.pop("ASSAY_HALL_FORMER_SECRET", None)  # once is enough

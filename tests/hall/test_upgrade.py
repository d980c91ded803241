"""A hall's store that an earlier version made is taken up as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
from testbed import programs

from assay.bridge.client import HallClient
from assay.bridge.contract import pack_digest
from tests.hall.candidate import Browser
from tests.hall.conftest import SECRET
from tests.hall.packs import pack

OLD = """
CREATE TABLE pack (id TEXT PRIMARY KEY, digest TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE sitting (id TEXT PRIMARY KEY, pack TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE room (pack TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (pack, id));
CREATE TABLE answer_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, pack TEXT NOT NULL, sitting TEXT NOT NULL,
  item TEXT NOT NULL, rev INTEGER NOT NULL, choice TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (sitting, item, rev));
CREATE TABLE event (seq INTEGER PRIMARY KEY AUTOINCREMENT, pack TEXT NOT NULL, room TEXT NOT NULL,
  sitting TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL);
INSERT INTO sitting VALUES ('p1-s0', 'p1', '{"epoch": 1, "arrived_at": 5, "started_at": 6}');
INSERT INTO answer_log (pack, sitting, item, rev, choice, at) VALUES ('p1', 'p1-s0', '100', 1, 'B', 7);
"""


def test_answers_and_papers_of_an_earlier_version_are_still_there(tmp_path: Path) -> None:
    file = tmp_path / "hall.sqlite3"
    body = msgspec.msgpack.encode(pack())
    with sqlite3.connect(file) as old:
        old.executescript(OLD)
        old.execute("INSERT INTO pack VALUES ('p1', ?, ?)", (pack_digest(body), body))
    hall = programs.hall(str(file), SECRET)
    hall.start()
    try:
        with HallClient(hall.url, SECRET.encode()) as office:
            assert [(e.item, e.choice, e.said_at) for e in office.log("p1")] == [("100", "B", 0)]
        browser = Browser(hall.url).start()
        assert browser.state()["answers"] == {"100": [1, "B"]}
        assert browser.save("100", "C", rev=2).status_code == 200
    finally:
        hall.stop()

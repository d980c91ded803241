"""The tables of the hall's store, and every statement that it takes: `?` stands for a value, {} for what differs between databases."""

from __future__ import annotations

TABLES = (
    "CREATE TABLE IF NOT EXISTS pack (id TEXT PRIMARY KEY, digest TEXT NOT NULL, body {blob} NOT NULL,"
    " state TEXT NOT NULL, version {version})",
    "CREATE TABLE IF NOT EXISTS blob (pack TEXT NOT NULL, digest TEXT NOT NULL, content {blob} NOT NULL,"
    " PRIMARY KEY (pack, digest))",
    "CREATE TABLE IF NOT EXISTS sitting (id TEXT PRIMARY KEY, pack TEXT NOT NULL, state TEXT NOT NULL, version {version})",
    "CREATE TABLE IF NOT EXISTS room (pack TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, version {version},"
    " PRIMARY KEY (pack, id))",
    "CREATE TABLE IF NOT EXISTS answer_log (seq {serial}, pack TEXT NOT NULL, sitting TEXT NOT NULL, item TEXT NOT NULL,"
    " rev {integer} NOT NULL, choice TEXT NOT NULL, at {integer} NOT NULL, said_at {integer} NOT NULL,"
    " UNIQUE (sitting, item, rev))",
    "CREATE TABLE IF NOT EXISTS event (seq {serial}, pack TEXT NOT NULL, room TEXT NOT NULL, sitting TEXT NOT NULL,"
    " at {integer} NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS late (sitting TEXT NOT NULL, number {integer} NOT NULL, pack TEXT NOT NULL,"
    " answers TEXT NOT NULL, PRIMARY KEY (sitting, number))",
    "CREATE {unlogged} TABLE IF NOT EXISTS presence (sitting TEXT PRIMARY KEY, pack TEXT NOT NULL, seen {integer} NOT NULL,"
    " saved {integer} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value {integer} NOT NULL)",
    "CREATE TABLE IF NOT EXISTS ended_pass (account TEXT NOT NULL, room TEXT NOT NULL, at {integer} NOT NULL,"
    " version {version}, PRIMARY KEY (account, room))",
    "CREATE TABLE IF NOT EXISTS asked (nonce TEXT PRIMARY KEY, until {integer} NOT NULL)",
    "CREATE INDEX IF NOT EXISTS answer_log_pack ON answer_log (pack, seq)",
    "CREATE INDEX IF NOT EXISTS event_pack ON event (pack, seq)",
)
ADDED = (
    ("pack", "state", "TEXT NOT NULL DEFAULT '{{}}'"),
    ("pack", "version", "{version}"),
    ("sitting", "version", "{version}"),
    ("room", "version", "{version}"),
    ("answer_log", "said_at", "{integer} NOT NULL DEFAULT 0"),
)
"""Columns that stores made by earlier versions lack: (table, column, kind)."""
STATEMENTS = {
    "pack": (
        "INSERT INTO pack (id, digest, body, state) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " digest = excluded.digest, body = excluded.body, state = excluded.state, version = {next}"
    ),
    "pack_state": "UPDATE pack SET state = ?, version = {next} WHERE id = ?",
    "blob": "INSERT INTO blob (pack, digest, content) VALUES (?, ?, ?) ON CONFLICT (pack, digest) DO NOTHING",
    "sitting": (
        "INSERT INTO sitting (id, pack, state) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = {next}"
    ),
    "room": (
        "INSERT INTO room (pack, id, state) VALUES (?, ?, ?)"
        " ON CONFLICT (pack, id) DO UPDATE SET state = excluded.state, version = {next}"
    ),
    "event": "INSERT INTO event (pack, room, sitting, at, kind, text, who) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "answer": (
        "INSERT INTO answer_log (pack, sitting, item, rev, choice, at, said_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (sitting, item, rev) DO NOTHING"
    ),
    "ended_pass": (
        "INSERT INTO ended_pass (account, room, at) VALUES (?, ?, ?)"
        " ON CONFLICT (account, room) DO UPDATE SET at = excluded.at, version = {next}"
    ),
    "blob_content": "UPDATE blob SET content = ? WHERE pack = ? AND digest = ?",
    "late": "INSERT INTO late (sitting, number, pack, answers) VALUES (?, ?, ?, ?)",
}
QUERIES = {
    "packs": "SELECT id, digest, body, state FROM pack WHERE version > ? ORDER BY id",
    "sittings": "SELECT id, pack, state FROM sitting WHERE version > ?",
    "rooms": "SELECT pack, id, state FROM room WHERE version > ?",
    "ended_passes": "SELECT account, room, at FROM ended_pass WHERE version > ?",
    "answers": "SELECT item, rev, choice, said_at FROM answer_log WHERE sitting = ? ORDER BY rev",
    "all_answers": "SELECT sitting, item, rev, choice FROM answer_log WHERE pack = ? ORDER BY seq",
    "log": (
        "SELECT seq, sitting, item, rev, choice, at, said_at FROM answer_log WHERE pack = ? AND seq > ?"
        " ORDER BY seq LIMIT ?"
    ),
    "events": "SELECT room, sitting, at, kind, text, who FROM event WHERE pack = ? ORDER BY seq",
    "room_events": (
        "SELECT sitting, at, kind, text, who FROM event WHERE pack = ? AND room = ? AND kind <> 'sign_in'"
        " ORDER BY seq DESC LIMIT 200"
    ),
    "whole_record": (
        "SELECT sitting, at, kind, text, who FROM event WHERE pack = ? AND room = ? AND kind <> 'sign_in' ORDER BY seq"
    ),
    "blobs": "SELECT digest FROM blob WHERE pack = ?",
    "blob": "SELECT content FROM blob WHERE pack = ? AND digest = ?",
    "late": "SELECT answers FROM late WHERE sitting = ? AND number = ?",
    "presence": "SELECT sitting, seen, saved FROM presence WHERE pack = ? AND seen > ?",
    "present": "SELECT seen, saved FROM presence WHERE sitting = ?",
    "all_present": "SELECT pack, sitting, seen, saved FROM presence",
    "marks": "SELECT name, value FROM mark",
}
MARK = "INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
PRESENCE_NEWER = (
    " ON CONFLICT (sitting) DO UPDATE SET"
    " seen = {greatest}(presence.seen, excluded.seen), saved = {greatest}(presence.saved, excluded.saved)"
)
ASKED = "INSERT INTO asked (nonce, until) VALUES (?, ?) ON CONFLICT (nonce) DO NOTHING"
FORGOTTEN = "DELETE FROM asked WHERE until < ?"
CHANGES = ("packs", "rooms", "sittings", "ended_passes")
"""The queries that fill them, in their order."""

"""The invigilator's console as far as the hall sees it: plain HTTP."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import httpx

from assay.bridge.tokens import DEEDS, RoomPass, room_token
from assay.bridge.trust import well_known
from tests.hall.conftest import SECRET


@dataclass
class Seat:
    """What the seat map says of a seat, in its order."""

    state: str
    answered: int
    end: int
    minutes: int
    admitted: bool
    may_move: bool
    receipt: str
    away: int
    heard: int
    remarks: dict[str, int]
    late: list[dict[str, Any]]
    forced: bool
    due: int
    given: int
    missing: int
    mismatch: int
    by_time: bool
    started: bool
    wrong: dict[str, int]
    other_browser_from: str
    other_browser_at: str
    paused_at: int
    old_computer_since: int
    ready: dict[str, Any] | None
    reopen_until: int
    came_without: str
    late_refused: int
    sits_at: int
    no_show: int
    misconduct: int
    elsewhere_from: str
    elsewhere_at: int
    mismatch_by: str
    stays_at: int
    arrived: bool
    other_computer: str
    kept_out: int
    misconduct_for: str
    grace: int


def pass_to(
    pack: str = "p1",
    room: str = "r0",
    who: str = "监考员甲",
    *,
    account: str = "7",
    kind: str = DEEDS,
    lasts: int = 600,
    made: float = 0.0,
    secret: str = SECRET,
) -> str:
    """A pass to the console as the office makes it."""
    now = int(time.time())
    return room_token(secret.encode(), RoomPass(pack, room, who, account, kind, int(made) or now, now + lasts))


class Console:
    """An invigilator at work in a room of pack p1."""

    def __init__(self, url: str, room: str = "r0", who: str = "监考员甲", **given: Any) -> None:
        token = pass_to("p1", room, who, **given)
        self.client = httpx.Client(
            base_url=url, headers={"authorization": f"Bearer {token}"}, trust_env=False, verify=well_known()
        )

    def do(self, **action: object) -> httpx.Response:
        if "sittings" not in action:
            action.setdefault("room", "r0")
        return self.client.post("/room/act", json=action)

    def sittings(self) -> dict[str, Seat]:
        rooms = self.client.get("/room/state").json()["rooms"]
        return {s["ticket"]: Seat(*s["now"]) for room in rooms for s in room["sittings"]}

    def room(self, room: str = "r0") -> dict[str, Any]:
        """What the picture says of a room."""
        rooms = self.client.get("/room/state").json()["rooms"]
        return dict(next(one for one in rooms if one["id"] == room))

    def record(self, room: str = "r0") -> list[str]:
        """The lines of the room's record, newest first."""
        return [line["text"] for line in self.client.get(f"/room/{room}/record").json()]

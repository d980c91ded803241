"""What an invigilator asks for, and how a deed is written down."""

from __future__ import annotations

import msgspec

from assay import typed
from assay.hall.edit import Edit
from assay.hall.record import Kind
from assay.hall.refusal import Refusal
from assay.hall.state import LiveSitting
from assay.hall.wording import names

MOST_EXTRA_MINUTES = 240
MOST_TEXT = 500


class Action(msgspec.Struct):
    """What an invigilator does: to some sittings, or to a room (`*`: to every room of the pack). `each`: sitting → its own
    minutes, where not all get the same; `places`: sitting → the network address of its computer as the invigilator saw it;
    `misconduct`: what is noted, or what somebody is made to hand in for, is a breach of the rules."""

    do: str
    sittings: list[str] = []
    room: str = ""
    minutes: int = 0
    text: str = ""
    number: int = 0
    accept: bool = False
    each: dict[str, int] = {}
    places: dict[str, str] = {}
    misconduct: bool = False


def say(edit: Edit, chosen: list[LiveSitting], kind: str, text: str, who: str) -> None:
    """One deed is one line: of the sitting when it was for one, else of each room."""
    if len(chosen) == 1:
        edit.said(chosen[0], kind, text, who)
        return
    for room in {id(s.room): s.room for s in chosen}.values():
        edit.noted(room, kind, text, who)


def note_misconduct(edit: Edit, chosen: list[LiveSitting], text: str, who: str) -> None:
    """Into the record, and onto the seats until it is withdrawn."""
    for sitting in chosen:
        since = sitting.facts.misconduct_at or sitting.pack.now()
        edit.sitting(sitting, misconduct_at=since, misconduct_for=text)
    say(edit, chosen, Kind.MISCONDUCT, f"违纪：{names(chosen)}：{text}", who)


def minutes_of(given: int) -> int:
    """Minutes that are added or taken back."""
    if not 1 <= given <= MOST_EXTRA_MINUTES:
        raise Refusal(400, f"时间应为 1 至 {MOST_EXTRA_MINUTES} 分钟")
    return given


def text_of(action: Action) -> str:
    """What has to be said with a deed."""
    text = words(action)
    if not text:
        raise Refusal(400, "请写明内容")
    return text


def because(action: Action) -> str:
    """What may be said with a deed."""
    text = words(action)
    return f"：{text}" if text else ""


def words(action: Action) -> str:
    """What is seen of it: a reason of signs that show nothing is none."""
    return typed.visible(action.text).strip()[:MOST_TEXT]


def decoded(body: bytes) -> Action:
    """The action in a request; Refusal when it is not one."""
    try:
        return msgspec.json.decode(body, type=Action)
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise Refusal(400, "操作无法识别") from unreadable

"""Deeds that were refused because the console's pass is for looking on: in the record of the room that they were meant for, with who asked
for what. Whoever holds such a pass can make so many lines in a room and no more.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from assay.hall.committer import Committer
from assay.hall.deeds import Action
from assay.hall.edit import Edit
from assay.hall.state import LiveRoom, LiveSitting
from assay.hall.wording import names

MOST_REFUSED = 30
FEW = 4
DEEDS = {
    "admit": "核验身份", "extend": "延长时间", "move": "允许换机", "note": "写考场记录", "release": "放行登录",
    "other_browser": "允许不用专用浏览器", "message": "单独通知", "pause": "暂停", "resume": "恢复考试",
    "late_entry": "准许迟到入场", "keep_out": "不准迟到入场", "reopen": "撤销误交", "take_back": "收回延时",
    "mismatch": "记身份不符", "no_show": "记点名未到", "give_back": "释放计算机", "stay": "准许就坐此机", "set_aside": "不再等候旧机",
    "withdraw_misconduct": "撤销违纪记录", "force": "强制交卷",
    "late": "决定迟到的答案", "broadcast": "广播通知", "withdraw": "撤回通知", "reschedule": "终止本场",
    "close": "结束考场", "exam_keys": "登记专用浏览器版本", "outage": "处理考试端中断",
}  # fmt: skip
UNKNOWN = "其他操作"
FILE = "装入答案文件"


async def note_refused(
    committer: Committer, rooms: Sequence[LiveRoom], path: str, body: bytes, account: str, who: str
) -> None:
    """`rooms`: those that the pass shows. The refusal itself does not depend on whether it can be written just now."""
    action = _asked(body)
    chosen = [s for room in rooms for s in room.sittings if s.sitting.id in action.sittings]
    meant = {id(s.room): s.room for s in chosen} or {id(room): room for room in rooms if room.room.id == action.room}
    what = FILE if path == "/room/file" else DEEDS.get(action.do, UNKNOWN)

    def note(edit: Edit, _: object) -> None:
        for room in meant.values() or rooms:
            _note(edit, room, f"只看不办的控制台要办“{what}”{_whom(chosen)}，没有放行", account, who)

    open_still = [room for room in meant.values() or rooms if _has_space(room, account)]
    if not open_still:
        return
    try:
        await committer.change(note)
    except Exception:  # as above
        return


def _note(edit: Edit, room: LiveRoom, text: str, account: str, who: str) -> None:
    if not _has_space(room, account):
        return
    already = room.facts.refused.get(account, 0)
    edit.room(room, refused={**room.facts.refused, account: already + 1})
    edit.noted(room, "refused", text + ("；此人此后再试的不再记" if already + 1 == MOST_REFUSED else ""), who)


def _has_space(room: LiveRoom, account: str) -> bool:
    return not room.facts.closed_at and room.facts.refused.get(account, 0) < MOST_REFUSED


def _whom(chosen: Sequence[LiveSitting]) -> str:
    if not chosen:
        return ""
    return f"（{names(chosen[:FEW])}{f' 等 {len(chosen)} 人' if len(chosen) > FEW else ''}）"


def _asked(body: bytes) -> Action:
    """What was asked for; where it cannot be read, nothing in particular."""
    try:
        return msgspec.json.decode(body, type=Action)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Action("")

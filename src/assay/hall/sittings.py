"""A candidate's way through the hall: signing in, starting, handing in, what was noticed."""

from __future__ import annotations

import hmac
import time
from collections.abc import Sequence
from typing import NamedTuple

from assay.hall.absence import count_return, heard_elsewhere, missing_at_the_end
from assay.hall.committer import Committer
from assay.hall.contract import id_digest, receipt_of, sheet_digest
from assay.hall.edit import Edit
from assay.hall.refusal import Refusal
from assay.hall.state import BY_TIME, MINUTE, OFFLINE_MS, Hall, LivePack, LiveSitting
from assay.hall.store import Finals
from assay.hall.tokens import seat_token
from assay.hall.wording import named, since_text

WRONG_TRIES = 10
WRONG_WINDOW_S = 300
MOST_REMARKS = 300
REMARKS = {
    "focus": "离开考试窗口", "fullscreen": "退出全屏", "paste": "粘贴", "reload": "重新打开页面",
    "address": "更换网络地址", "second_sign_in": "在另一台计算机上登录被拒", "journal": "浏览器不能保存本机记录",
    "mismatch": "报告信息不符", "again": "开考前在另一处登录",
}  # fmt: skip
"""What is noticed and shown to the invigilator as a fact; nothing follows from it by itself."""
CLOSINGS = {"hand_in": "交卷", "forced": "强制交卷", "timed": "到时收卷"}


class Closing(NamedTuple):
    """How a sitting is closed (see CLOSINGS), by whom, and why."""

    kind: str
    by: str
    reason: str = ""


class Sittings:
    """What candidates do besides answering."""

    def __init__(self, hall: Hall, committer: Committer, secret: bytes) -> None:
        self._hall, self._committer, self._secret = hall, committer, secret
        self._wrong: dict[str, list[float]] = {}

    async def sign_in(self, ticket: str, number: str, address: str) -> tuple[LiveSitting, str]:
        """By ticket and ID number; the throttle counts by ticket alone. Returns the sitting and its seat token."""
        ticket = ticket.strip()
        self._throttle(ticket)
        if ticket not in self._hall.by_ticket:
            await self._committer.refresh()
        sitting = self._hall.by_ticket.get(ticket)
        if sitting is None or not hmac.compare_digest(
            id_digest(sitting.pack.pack.id_salt, number), sitting.sitting.id_digest
        ):
            self._wrong.setdefault(ticket, []).append(time.monotonic())
            raise Refusal(401, "准考证号或证件号码不对，请核对后重新输入")
        await heard_elsewhere(self._committer.store, sitting)

        def enter(edit: Edit, _: Finals) -> int:
            """The new epoch; 0 when the sitting is at work on another computer."""
            _may_enter(sitting)
            if _at_work_elsewhere(sitting):
                _remark(edit, sitting, "second_sign_in", f"有人在 {address} 用该准考证登录，未获允许")
                return 0
            facts, now = sitting.facts, sitting.pack.now()
            _say_how_they_came(edit, sitting, now, address)
            edit.sitting(
                sitting, epoch=facts.epoch + 1, arrived_at=facts.arrived_at or now, may_move=False, address=address
            )
            edit.said(sitting, "sign_in", f"第 {facts.epoch + 1} 次登录，{address}", "考生")
            if facts.started_at:
                _moved(edit, sitting, now)
            return facts.epoch + 1

        epoch = await self._committer.change(enter)
        if not epoch:
            raise Refusal(409, "该准考证已在另一台计算机上作答。如需换机，请举手由监考员允许")
        self._hall.heard(sitting)
        return sitting, seat_token(self._secret, sitting.pack.pack.id, sitting.sitting.id, epoch)

    def _throttle(self, ticket: str) -> None:
        recent = [at for at in self._wrong.get(ticket, ()) if time.monotonic() - at < WRONG_WINDOW_S]
        if recent:
            self._wrong[ticket] = recent
        else:
            self._wrong.pop(ticket, None)
        if len(recent) >= WRONG_TRIES:
            raise Refusal(429, "该准考证号输错次数过多，请 5 分钟后再试或请监考员协助")

    async def start(self, sitting: LiveSitting) -> bytes:
        """The key of the paper, once the exam has begun; the start is stored before the key goes out."""
        pack = sitting.pack
        if pack.now() < pack.starts_ms:
            raise Refusal(425, "考试尚未开始")
        if not pack.opened():
            await self._committer.refresh()
        key = pack.facts.paper_keys.get(sitting.sitting.paper)
        if key is None:
            raise Refusal(425, "试卷尚未启封，请等待监考员通知")
        if not sitting.facts.started_at:
            await self._committer.change(lambda edit, _: _begin(edit, sitting))
        return key

    async def hand_in(self, sitting: LiveSitting) -> tuple[str, int]:
        """Close the sitting over what is saved; the receipt and the number of answers. Handing in again gives the same."""
        sheet = sitting.sitting.id

        def close(edit: Edit, finals: Finals) -> tuple[str, int]:
            _may_leave(sitting)
            return close_sheet(edit, sitting, finals.get(sheet, {}), Closing("hand_in", "考生"))

        return await self._committer.change(close, [sheet])

    async def force(self, chosen: Sequence[LiveSitting], closing: Closing) -> None:
        """Close sittings for their candidates: all of them or none."""
        sheets = [sitting.sitting.id for sitting in chosen]

        def close(edit: Edit, finals: Finals) -> None:
            for sitting in chosen:
                if closing.kind == "forced":
                    require_at_work(sitting)
                close_sheet(edit, sitting, finals.get(sitting.sitting.id, {}), closing)

        await self._committer.change(close, sheets)

    async def sweep(self) -> None:
        """Hand in for everybody whose time (with grace) is over."""
        for pack in list(self._hall.packs.values()):
            if not _may_be_over(pack):
                continue
            for room in pack.rooms.values():
                for sitting in room.sittings:
                    facts = sitting.facts
                    if not facts.started_at or facts.handed_in_at or room.facts.closed_at:
                        continue
                    if pack.now() > sitting.deadline() + pack.grace_ms:
                        if sitting.last_seen < sitting.deadline():
                            await heard_elsewhere(self._committer.store, sitting)
                        await self.force([sitting], Closing("timed", BY_TIME))

    async def remark(self, sitting: LiveSitting, kind: str, times: int, text: str) -> None:
        """Note what the page noticed."""
        if kind not in REMARKS:
            raise Refusal(400, "情况无法识别")
        await self._committer.change(lambda edit, _: _remark(edit, sitting, kind, text[:200], max(1, min(times, 100))))


def require_at_work(sitting: LiveSitting) -> None:
    """Refusal when nothing can be done for the sitting any more."""
    if sitting.room.facts.closed_at:
        raise Refusal(409, f"{sitting.room.room.name} 已结束")
    if sitting.facts.handed_in_at:
        raise Refusal(409, f"{named(sitting)} 已交卷，没有办理；请不要选中已交卷的考生")


def _may_enter(sitting: LiveSitting) -> None:
    facts, pack = sitting.facts, sitting.pack
    if facts.handed_in_at:
        raise Refusal(410, "您已交卷")
    if sitting.room.facts.closed_at:
        raise Refusal(410, "本考场已结束")
    late = pack.starts_ms + pack.pack.late_minutes * MINUTE + sitting.room.paused_ms(pack.now())
    if not facts.arrived_at and pack.now() > late and not facts.admitted_at:
        raise Refusal(403, f"开考 {pack.pack.late_minutes} 分钟后不得入场，请联系监考员")


def _at_work_elsewhere(sitting: LiveSitting) -> bool:
    return bool(sitting.facts.started_at) and _holds_the_seat(sitting)


def _holds_the_seat(sitting: LiveSitting) -> bool:
    """Somebody was heard from it just now, and it may not move."""
    return not sitting.facts.may_move and sitting.pack.now() - sitting.last_seen < OFFLINE_MS


def _say_how_they_came(edit: Edit, sitting: LiveSitting, now: int, address: str) -> None:
    """What the room's record says of a sign-in that is not the usual one: late, or from a second place before the start while
    the first is still there; then the identity has to be verified again."""
    facts, late = sitting.facts, now - sitting.pack.starts_ms
    if not facts.arrived_at and late >= MINUTE:
        edit.said(sitting, "late_arrival", f"{named(sitting)} 开考 {late // MINUTE} 分钟后入场", "考试端")
    if facts.arrived_at and not facts.started_at and _holds_the_seat(sitting):
        _remark(edit, sitting, "again", f"{address}，须重新核验身份" if facts.admitted_at else address)
        edit.sitting(sitting, admitted_at=0)


def _moved(edit: Edit, sitting: LiveSitting, now: int) -> None:
    """Into the room's record: answering goes on after another sign-in, and how long the computer had been away."""
    away = count_return(edit, sitting, now)
    stood = f"，{away.text()}" if away is not None else ""
    edit.said(sitting, "moved", f"{named(sitting)} 重新登录继续作答（换机或重新打开）{stood}", "考试端")


def _begin(edit: Edit, sitting: LiveSitting) -> None:
    facts = sitting.facts
    if sitting.room.facts.closed_at:
        raise Refusal(410, "本考场已结束")
    if not facts.started_at and not facts.handed_in_at:
        edit.sitting(sitting, started_at=sitting.pack.now())


def _may_leave(sitting: LiveSitting) -> None:
    pack, facts = sitting.pack, sitting.facts
    if facts.handed_in_at:
        return
    if not facts.started_at:
        raise Refusal(425, "考试尚未开始")
    if sitting.room.facts.paused_at:
        raise Refusal(403, "考场暂停中，恢复后再交卷；已作答的都已保存")
    earliest = pack.starts_ms + pack.pack.earliest_leave_minutes * MINUTE
    if pack.now() < min(earliest, sitting.deadline()) and not pack.pack.rehearsal:
        raise Refusal(403, f"开考 {pack.pack.earliest_leave_minutes} 分钟后才能交卷")


def close_sheet(
    edit: Edit, sitting: LiveSitting, finals: dict[str, tuple[int, str]], closing: Closing
) -> tuple[str, int]:
    """Fix the sheet as it stands in the store; once it is fixed it stays."""
    given = said_finals(finals)
    if sitting.facts.handed_in_at:
        return sitting.facts.receipt, len(given)
    digest = sheet_digest(sitting.sitting.id, given)
    receipt, by_time = receipt_of(digest), closing.kind == "timed"
    missing = 0 if closing.kind == "hand_in" else missing_at_the_end(sitting, by_time=by_time)
    edit.sitting(
        sitting, handed_in_at=sitting.pack.now(), forced=closing.kind != "hand_in", by_time=by_time,
        sheet_digest=digest, receipt=receipt, missing_since=missing,
    )  # fmt: skip
    reason = f"，{closing.reason}" if closing.reason else ""
    text = f"{named(sitting)} {CLOSINGS[closing.kind]}，答 {len(given)} 题，回执 {receipt}{reason}"
    edit.said(sitting, closing.kind, text, closing.by)
    if missing:
        text = f"{named(sitting)} 收卷时离线（{since_text(missing)}），可能有未送达的答案"
        edit.said(sitting, "missing", text, "考试端")
    return receipt, len(given)


def _remark(edit: Edit, sitting: LiveSitting, kind: str, text: str, times: int = 1) -> None:
    remarks = sitting.facts.remarks
    if kind == "mismatch":
        edit.sitting(sitting, mismatch_at=sitting.pack.now())
    elif sum(remarks.values()) >= MOST_REMARKS:
        return
    edit.sitting(sitting, remarks={**remarks, kind: remarks.get(kind, 0) + times})
    edit.said(sitting, kind, f"{named(sitting)}：{REMARKS[kind]}" + (f"（{text}）" if text else ""), "考试端")


def _may_be_over(pack: LivePack) -> bool:
    """A cheap look first: nobody's time can be over before the shortest paper's is."""
    shortest = min((p.paper.minutes for p in pack.papers.values()), default=0)
    return pack.now() > pack.starts_ms + shortest * MINUTE


def said_finals(finals: dict[str, tuple[int, str]]) -> dict[str, str]:
    """The final answers: last revision of each item, cleared ones left out."""
    return {item: choice for item, (_, choice) in finals.items() if choice}

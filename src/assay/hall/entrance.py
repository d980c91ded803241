"""Signing in: whose ticket and number these are, whether there is a way in now, and at which computer."""

from __future__ import annotations

import hmac
import math

from assay import typed
from assay.bridge.contract import id_digest
from assay.bridge.tokens import seat_token
from assay.hall import door_record
from assay.hall.absence import count_return, heard_elsewhere, leaves, may_hold_answers
from assay.hall.committer import Committer
from assay.hall.computers import Computers, at_computer, computer_of, places
from assay.hall.edit import Edit
from assay.hall.locked_rooms import Came, LockedRooms
from assay.hall.record import Kind
from assay.hall.refusal import Refusal
from assay.hall.remarks import Noticed, remark
from assay.hall.state import MINUTE, OFFLINE_MS, Hall, LiveRoom, LiveSitting
from assay.hall.store.contract import Finals
from assay.hall.wording import named, without_pauses
from assay.hall.wrong_tries import WrongTries

AT_WORK_ELSEWHERE = (
    f"该准考证已在另一台计算机上作答。换机请举手由监考员允许；原计算机断开 {OFFLINE_MS // 1000} 秒后可以直接登录"
)
WAITING_ELSEWHERE = (
    "该准考证已在另一台计算机上登录。坐错机位的，关闭那台的考试页面，一分钟后再登录；其他情况请举手由监考员“允许换机”"
)


class Entrance:
    """Where candidates come in."""

    def __init__(
        self, hall: Hall, committer: Committer, locked: LockedRooms, computers: Computers, secret: bytes
    ) -> None:
        self._hall, self._committer, self._locked, self._secret = hall, committer, locked, secret
        self._computers = computers
        self._wrong = WrongTries()

    async def sign_in(self, ticket: str, number: str, how: Came, browser: str = "") -> tuple[LiveSitting, str]:
        """By ticket and ID number; wrong tries slow down the address that makes them. Returns the sitting and its seat token."""
        address = how.address
        sitting = await self._known(typed.number(ticket), number, address)
        await self._note_too_late(sitting, address)
        door = await self._locked.sign_in(sitting, how)
        await heard_elsewhere(self._committer.store, sitting)
        ready = self._computers.ready(address, sitting.room)

        def enter(edit: Edit, _: Finals) -> int:
            """The new epoch; 0 when the sitting is at another computer."""
            _may_enter(sitting)
            if _is_elsewhere(sitting, address):
                door_record.count_refused(edit, sitting, address)
                edit.sitting(sitting, elsewhere_from=address, elsewhere_at=sitting.pack.now())
                return 0
            facts, now, stays_at = sitting.facts, sitting.pack.now(), _may_stay(sitting, address)
            _say_how_they_came(edit, sitting, now, address)
            door_record.came_in(edit, sitting, address)
            _say_where(edit, sitting, address)
            leaves(edit, sitting)
            edit.sitting(
                sitting, epoch=facts.epoch + 1, arrived_at=facts.arrived_at or now, may_move=False, address=address,
                wrong_tries={where: times for where, times in facts.wrong_tries.items() if where != address}, no_show_at=0,
                ready=facts.ready if facts.started_at else ready, elsewhere_from="", elsewhere_at=0, stays_at=stays_at,
                browsers={**facts.browsers, facts.epoch + 1: browser},
            )  # fmt: skip
            if door:  # the locked browser works (again)
                edit.sitting(sitting, other_browser_from="", other_browser_at="")
            edit.said(sitting, Kind.SIGN_IN, f"第 {facts.epoch + 1} 次登录，{computer_of(sitting, address)}", "考生")
            if facts.started_at and facts.address:  # else it was given back, and is waited for already
                may_hold_answers(edit, sitting, facts.epoch)
            return facts.epoch + 1

        epoch = await self._committer.change(enter)
        if not epoch:
            raise Refusal(409, AT_WORK_ELSEWHERE if sitting.facts.started_at else WAITING_ELSEWHERE)
        self._hall.heard(sitting)
        sitting.settled_at = 0  # of this computer nothing is known yet
        return sitting, seat_token(self._secret, sitting.pack.pack.id, sitting.sitting.id, epoch, door)

    async def _known(self, ticket: str, number: str, address: str) -> LiveSitting:
        """Whose ticket and number these are. While an address has to wait nothing that comes from it is looked at."""
        sitting = self._hall.by_ticket.get(ticket)
        releases = sitting.facts.releases if sitting else 0
        wait = math.ceil(self._wrong.wait(ticket if sitting else "", address, releases))
        if wait:
            raise Refusal(429, f"输错次数较多，请 {wait} 秒后再试；请核对准考证和证件号码，或举手请监考员“放行登录”")
        if sitting is None:
            await self._committer.refresh()
            sitting = self._hall.by_ticket.get(ticket)
        if sitting is None:
            self._wrong.unknown(address)
        elif _is_number_of(sitting, number):
            self._wrong.entered(ticket, address)
            return sitting
        else:
            self._wrong.failed(ticket, address, sitting.facts.releases)
            await self._note_wrong_try(sitting, address)
        raise Refusal(401, "准考证号或证件号码不对，请核对后重新输入")

    async def _note_too_late(self, sitting: LiveSitting, address: str) -> None:
        """For the invigilator, who may let in with a reason. Where it cannot be written just now, it is not."""
        if sitting.facts.late_refused_at or not _is_too_late(sitting):
            return
        await self._committer.refresh()

        def note(edit: Edit, _: Finals) -> None:
            if sitting.facts.late_refused_at or not _is_too_late(sitting):
                return
            now = sitting.pack.now()
            edit.sitting(sitting, late_refused_at=now)
            late = f"{sitting.room.exam_ms(now) // MINUTE} 分钟{without_pauses(sitting.room)}后到场"
            edit.said(
                sitting,
                "late_refused",
                f"{named(sitting)} 开考 {late}（{computer_of(sitting, address)}），未准入场",
                "考试端",
            )

        try:
            await self._committer.change(note)
        except Exception:  # the refusal itself must not depend on it
            return

    async def _note_wrong_try(self, sitting: LiveSitting, address: str) -> None:
        """For the invigilator to see. Where it cannot be written just now, it is not."""
        if sitting.facts.handed_in_at or sitting.room.facts.closed_at:
            return

        try:
            await self._committer.change(lambda edit, _: door_record.count(edit, sitting, address))
        except Exception:  # the refusal itself must not depend on it
            return


def _may_enter(sitting: LiveSitting) -> None:
    facts, pack = sitting.facts, sitting.pack
    if facts.handed_in_at:
        open_still = "；补交的答案等待监考员决定，接收后回执会改变" if sitting.undecided() else ""
        raise Refusal(410, f"您已交卷，回执 {facts.receipt}{open_still}")
    if sitting.room.facts.closed_at:
        raise Refusal(410, "本考场已结束")
    if _is_too_late(sitting):
        limit = f"开考 {pack.pack.late_minutes} 分钟后不得入场{without_pauses(sitting.room)}"
        then = "监考员已登记不准入场" if facts.kept_out_at else "已告知监考员，请等待监考员处理"
        raise Refusal(403, f"{limit}，{then}")


def _is_number_of(sitting: LiveSitting, number: str) -> bool:
    """Also the whole number of a permit that was issued again: the office leaves its last digits off."""
    own, salt = sitting.sitting.id_digest, sitting.pack.pack.id_salt
    return any(
        hmac.compare_digest(id_digest(salt, one), own) for one in (number, typed.first_issue(typed.number(number)))
    )


def _is_too_late(sitting: LiveSitting) -> bool:
    """The doors are closed for who has not been in, unless the invigilator lets him in."""
    facts, pack = sitting.facts, sitting.pack
    if facts.arrived_at or facts.late_entry_at or facts.handed_in_at or sitting.room.facts.closed_at:
        return False
    return sitting.room.exam_ms(pack.now()) > pack.pack.late_minutes * MINUTE


def _is_elsewhere(sitting: LiveSitting, address: str) -> bool:
    """Before the start a page that is opened again at the same address is the same computer as far as anybody can tell."""
    facts = sitting.facts
    there = bool(facts.started_at) or (bool(facts.arrived_at) and address != facts.address)
    return there and _holds_the_seat(sitting)


def _holds_the_seat(sitting: LiveSitting) -> bool:
    """Somebody was heard from it just now, and it may not move."""
    return not sitting.facts.may_move and not sitting.silent(sitting.pack.now())


def _say_how_they_came(edit: Edit, sitting: LiveSitting, now: int, address: str) -> None:
    """What the room's record says of a sign-in that is not the usual one: late, or once more from the same address before the
    start while the first page is still there; then the identity has to be verified again."""
    facts, late = sitting.facts, sitting.room.exam_ms(now)
    if not facts.arrived_at and late >= MINUTE:
        said = f"{named(sitting)} 开考 {late // MINUTE} 分钟后入场{without_pauses(sitting.room)}"
        edit.said(sitting, "late_arrival", said, "考试端")
    if facts.arrived_at and not facts.started_at and _holds_the_seat(sitting):
        where = computer_of(sitting, address)
        remark(edit, sitting, Noticed.AGAIN, f"{where}，须重新核验身份" if facts.admitted_at else where)
        edit.sitting(sitting, admitted_at=0)


def _may_stay(sitting: LiveSitting, address: str) -> int:
    """The other seat at whose computer this one signs in by the invigilator's word: he may stay there, or was sent from his own to
    another one, and nobody else's is taken by that. A computer that was given back is no word for any other."""
    facts, seat = sitting.facts, places(sitting.room).get(address, 0)
    if seat in (0, sitting.sitting.seat):
        return 0
    sent = facts.may_move and facts.address and not _is_needed(sitting.room, seat)
    return seat if sent or seat == facts.stays_at else 0


def _is_needed(room: LiveRoom, seat: int) -> bool:
    """Whether the candidate of the seat is there, and was not sent to another one."""
    there = [one.facts for one in room.sittings if one.sitting.seat == seat]
    return any(facts.arrived_at and not facts.handed_in_at and not facts.stays_at for facts in there)


def _say_where(edit: Edit, sitting: LiveSitting, address: str) -> None:
    """Into the room's record: at which computer, where it is another seat's or another one than before; once answering goes on, always,
    and how long the computer had been away."""
    facts, where = sitting.facts, at_computer(sitting, address)
    wrong = places(sitting.room).get(address, sitting.sitting.seat) != sitting.sitting.seat
    if facts.started_at:
        away = count_return(edit, sitting, sitting.pack.now())
        left = "" if address == facts.address else "，旧机可能还有未送达的答案"
        stood = f"，{away.text()}{left}" if away is not None else ""
        edit.said(sitting, "moved", f"{named(sitting)} {where}重新登录，继续作答{stood}", "考试端")
    elif wrong or (facts.arrived_at and address != facts.address):
        again = "重新" if facts.arrived_at else ""
        edit.said(sitting, "wrong_seat" if wrong else "moved", f"{named(sitting)} {where}{again}登录", "考试端")

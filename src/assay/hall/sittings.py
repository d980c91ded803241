"""A candidate's way through the hall once signed in: starting, handing in, what the page noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from assay import typed
from assay.bridge.contract import receipt_of, sheet_digest
from assay.hall.absence import heard_elsewhere, missing_at_the_end
from assay.hall.committer import Committer
from assay.hall.computers import Report, sits_at
from assay.hall.deeds import note_misconduct
from assay.hall.edit import Edit
from assay.hall.facts import Receipt
from assay.hall.refusal import Refusal
from assay.hall.remarks import FROM_PAGE, Noticed, remark
from assay.hall.state import BY_TIME, MINUTE, Ending, Hall, LivePack, LiveSitting
from assay.hall.store.contract import Finals
from assay.hall.wording import named, since_text, without_pauses

CLOSINGS: Mapping[str, str] = {Ending.HAND_IN: "交卷", Ending.FORCED: "强制交卷", Ending.TIMED: "到时收卷"}
ON_TIME_MS = 2000
"""A page hands in by itself when its time is over; its clock may be that much before the hall's."""


class Closing(NamedTuple):
    """How a sitting is closed, by whom, why, and whether for a breach of the rules."""

    kind: Ending
    by: str
    reason: str = ""
    misconduct: bool = False


class Sittings:
    """What candidates do besides answering."""

    def __init__(self, hall: Hall, committer: Committer) -> None:
        self._hall, self._committer = hall, committer

    async def start(self, sitting: LiveSitting, address: str) -> tuple[bytes, bool]:
        """The key of the paper, once the exam has begun, and whether it was asked for the first time: then nothing can have been
        answered yet. The start is stored before the key goes out, and so is that a page goes on whose hand-in was taken back."""
        pack = sitting.pack
        if pack.now() < pack.starts_ms:
            raise Refusal(425, "考试尚未开始")
        if not pack.opened():
            await self._committer.refresh()
        if reason := barred(sitting):
            raise Refusal(403, reason)
        key = pack.facts.paper_keys.get(sitting.sitting.paper)
        if key is None:
            raise Refusal(425, "试卷尚未启封，请等待监考员通知")
        began = not sitting.facts.started_at and await self._committer.change(lambda edit, _: _begin(edit, sitting))
        if sitting.waits_for_any_computer():
            await self._committer.change(lambda edit, _: edit.sitting(sitting, may_move=False, address=address))
        return key, began

    async def hand_in(self, sitting: LiveSitting) -> tuple[str, int]:
        """Close the sitting over what is saved; the receipt and the number of answers. Handing in again gives the same."""
        sheet = sitting.sitting.id

        def close(edit: Edit, finals: Finals) -> tuple[str, int]:
            _may_leave(sitting)
            over = sitting.pack.now() >= sitting.deadline() - ON_TIME_MS
            closing = Closing(Ending.TIMED, "考生机") if over else Closing(Ending.HAND_IN, "考生")
            return close_sheet(edit, sitting, finals.get(sheet, {}), closing, by_page=True)

        return await self._committer.change(close, [sheet])

    async def force(self, chosen: Sequence[LiveSitting], closing: Closing) -> None:
        """Close sittings for their candidates: all of them or none."""
        sheets = [sitting.sitting.id for sitting in chosen]

        def close(edit: Edit, finals: Finals) -> None:
            for sitting in chosen:
                if closing.kind == Ending.FORCED:
                    require_at_work(sitting)
                close_sheet(edit, sitting, finals.get(sitting.sitting.id, {}), closing)
            if closing.misconduct:
                why = closing.reason or CLOSINGS[closing.kind]
                if new := [
                    sitting for sitting in chosen if sitting.facts.misconduct_for != why
                ]:  # else it is noted already
                    note_misconduct(edit, new, why, closing.by)

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
                    if pack.now() > sitting.taken_until(pack.now()):
                        if sitting.last_seen < sitting.deadline():
                            await heard_elsewhere(self._committer.store, sitting)
                        await self.force([sitting], Closing(Ending.TIMED, BY_TIME))

    async def ready(self, sitting: LiveSitting, report: Report) -> None:
        """Keep what its computer says of itself, until the exam has begun; once a minute is enough."""
        said, kept, now = report.taken(sitting.pack.now()), sitting.facts.ready, sitting.pack.now()
        known = kept is not None and (kept.browser, kept.storage) == (said.browser, said.storage)
        if sitting.facts.started_at or (kept is not None and known and now - kept.at < MINUTE):
            return
        await self._committer.change(lambda edit, _: edit.sitting(sitting, ready=said))

    async def remark(self, sitting: LiveSitting, kind: str, times: int, text: str) -> None:
        """Note what the page noticed."""
        if kind not in FROM_PAGE:
            raise Refusal(400, "情况无法识别")
        seen = typed.visible(text).strip()[:200]
        await self._committer.change(
            lambda edit, _: remark(edit, sitting, Noticed(kind), seen, max(1, min(times, 100)))
        )


def barred(sitting: LiveSitting) -> str:
    """Why this one may not begin, however late it is, in words for the candidate; "" when nothing stands in the way."""
    if sitting.facts.mismatch_by and sitting.reported_mismatch():
        return "身份核对不符，不能开始考试，请等待监考员处理"
    return ""


def require_at_work(sitting: LiveSitting) -> None:
    """Refusal when nothing can be done for the sitting any more."""
    if sitting.room.facts.closed_at:
        raise Refusal(409, f"{sitting.room.room.name} 已结束")
    if sitting.facts.handed_in_at:
        raise Refusal(409, f"{named(sitting)} 已交卷，没有办理；请不要选中已交卷的考生")


def _begin(edit: Edit, sitting: LiveSitting) -> bool:
    """True when it begins by this."""
    facts = sitting.facts
    if sitting.room.facts.closed_at:
        raise Refusal(410, "本考场已结束")
    if facts.started_at or facts.handed_in_at:
        return False
    learned_from = "" if sits_at(sitting) else facts.address
    edit.sitting(sitting, started_at=sitting.pack.now(), begun_from=learned_from)
    return True


def _may_leave(sitting: LiveSitting) -> None:
    pack, facts = sitting.pack, sitting.facts
    if facts.handed_in_at:
        return
    if not facts.started_at:
        raise Refusal(425, "考试尚未开始")
    if sitting.paused_since():
        raise Refusal(403, "考场暂停中，恢复后再交卷；已作答的都已保存")
    minutes, now, room = pack.pack.earliest_leave_minutes, pack.now(), sitting.room
    if room.exam_ms(now) < minutes * MINUTE and now < sitting.deadline() and not pack.pack.rehearsal:
        raise Refusal(403, f"开考 {minutes} 分钟后才能交卷{without_pauses(room)}")


def close_sheet(
    edit: Edit, sitting: LiveSitting, finals: dict[str, tuple[int, str]], closing: Closing, *, by_page: bool = False
) -> tuple[str, int]:
    """Fix the sheet as it stands in the store; once it is fixed it stays. `by_page`: the candidate's page, which has sent all that it
    held, closes it, in the candidate's name or because the time is over."""
    given = said_finals(finals)
    if sitting.facts.handed_in_at:
        return sitting.facts.receipt, len(given)
    by_time = closing.kind == Ending.TIMED
    missing = 0 if by_page else missing_at_the_end(sitting, by_time=by_time)
    edit.sitting(
        sitting, handed_in_at=sitting.pack.now(), forced=not by_page, by_time=by_time, missing_since=missing,
        **({"forced_by": closing.by, "forced_why": closing.reason} if closing.kind == Ending.FORCED else {}),
        **(own_pause_ended(sitting) if sitting.facts.paused_at else {}),
    )  # fmt: skip
    receipt = give_receipt(edit, sitting, given, closing.kind)
    reason = f"，{closing.reason}" if closing.reason else ""
    text = f"{named(sitting)} {CLOSINGS[closing.kind]}，答 {len(given)} 题，回执 {receipt}{reason}"
    edit.said(sitting, closing.kind, text, closing.by)
    if missing:
        text = f"{named(sitting)} 收卷时离线（{since_text(missing)}），可能有未送达的答案"
        edit.said(sitting, "missing", text, "考试端")
    return receipt, len(given)


def give_receipt(edit: Edit, sitting: LiveSitting, given: dict[str, str], how: str) -> str:
    """The receipt of a closed sheet; those that it had before are kept."""
    digest = sheet_digest(sitting.sitting.id, given)
    code, facts = receipt_of(digest), sitting.facts
    if code != facts.receipt:
        receipts = (*facts.receipts, Receipt(sitting.pack.now(), code, how))
        edit.sitting(sitting, sheet_digest=digest, receipt=code, receipts=receipts)
    return code


def own_pause_ended(sitting: LiveSitting) -> dict[str, Any]:
    """The facts of a sitting whose own pause ends now."""
    facts = sitting.facts
    return {"paused_at": 0, "pauses": (*facts.pauses, (facts.paused_at, sitting.pack.now()))}


def _may_be_over(pack: LivePack) -> bool:
    """A cheap look first: nobody's time can be over before the shortest paper's is."""
    shortest = min((p.paper.minutes for p in pack.papers.values()), default=0)
    return pack.now() > pack.starts_ms + shortest * MINUTE


def said_finals(finals: dict[str, tuple[int, str]]) -> dict[str, str]:
    """The final answers: last revision of each item, cleared ones left out."""
    return {item: choice for item, (_, choice) in finals.items() if choice}

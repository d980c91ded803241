"""Answers that come after the end, by network or in a carried file: kept for the invigilator's decision, unless the hall
has them already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from assay.hall.absence import heard_elsewhere, old_computer_reported
from assay.hall.answers import Answer, choice_fits
from assay.hall.committer import Committer
from assay.hall.edit import Edit
from assay.hall.judging import judgement, settled_before, what_is_known
from assay.hall.refusal import Refusal
from assay.hall.sittings import give_receipt, said_finals
from assay.hall.state import Late, LiveSitting
from assay.hall.store import Finals
from assay.hall.wording import moment_text, named

MOST_LATE = 20
ROOM_CLOSED, HANDED_IN = "考场已结束", "本人已交卷"
"""Who decided about answers that came when nobody could decide any more, or when there was nothing to decide."""
FOLLOWED = "考生机已送到"
"""Who decided where nothing was left to decide."""
Mark = tuple[str, int, str]


class Arrival(msgspec.Struct):
    """What became of answers that came late: how many the hall had already, how many wait for a decision (given in time,
    given after the end), how many are waiting since an earlier delivery, how many were refused."""

    known: int = 0
    in_time: int = 0
    after: int = 0
    waiting: int = 0
    refused: int = 0


class Way(NamedTuple):
    """How answers came, and when their computer had last told that it held none."""

    source: str
    settled_at: int


class LateAnswers:
    """Takes them in and settles them."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer
        self._may_follow: set[LiveSitting] = set()  # a file was carried for them while they could still send the same

    async def come(self, sitting: LiveSitting, answers: Sequence[Answer], source: str, *, present: bool) -> Arrival:
        """Take late answers in. `present`: they come from the computer the candidate sat at last, or from its file, which
        is therefore not missing any more. No answers at all: that computer says that it holds none."""
        items = sitting.paper.items
        fitting = [a for a in answers if a.item in items and a.rev > 0 and choice_fits(items[a.item], a.choice)]
        if answers and not fitting:
            raise Refusal(400, "没有可以接收的答案")
        await heard_elsewhere(self._committer.store, sitting)
        here = await self._here(sitting)
        earlier = await self._earlier(sitting)
        fresh = [a for a in fitting if not here(a) and _mark(a) not in earlier]
        numbers = [earlier[_mark(a)] for a in fitting if not here(a) and _mark(a) in earlier]

        def take_in(edit: Edit, _: Finals) -> Arrival:
            arrival = Arrival(known=sum(here(a) for a in fitting))
            for late in sitting.facts.late:
                if late.accepted is None:
                    arrival.waiting += numbers.count(late.number)
                else:
                    arrival.refused += numbers.count(late.number)
            if fresh:
                _keep(edit, sitting, fresh, Way(source, settled_before(sitting, source, present=present)), arrival)
            elif source == "file":
                edit.said(
                    sitting, "file", f"{named(sitting)} 的答案文件 {len(fitting)} 题考试端都已收到，不用决定", "考试端"
                )
            if present:
                _found(edit, sitting, len(fitting))
            else:
                old_computer_reported(edit, sitting)
            return arrival

        arrival = await self._committer.change(take_in)
        if fresh and not sitting.facts.handed_in_at:
            self._may_follow.add(sitting)
        return arrival

    async def settle(self) -> None:
        """A file was carried, and then its computer came back and sent the same: nothing is left to decide."""
        for sitting in list(self._may_follow):
            over = bool(sitting.facts.handed_in_at)
            here = await self._here(sitting)
            there: set[int] = set()
            for late in sitting.facts.late:
                if late.accepted is None and all(map(here, await self._delivered(sitting, late.number))):
                    there.add(late.number)
            if there:
                await self._committer.change(partial(_followed, sitting, there))
            if over or not sitting.undecided():
                self._may_follow.discard(sitting)

    async def _here(self, sitting: LiveSitting) -> Callable[[Answer], bool]:
        """Whether an answer is in the log, or a newer one of its item is; the log only grows, so this may be read before."""
        rows = await self._committer.store.read("answers", sitting.sitting.id)
        written = {(item, rev, choice) for item, rev, choice in rows}
        newest: dict[str, int] = {item: rev for item, rev, _ in rows}  # in the order of revisions
        return lambda answer: _mark(answer) in written or newest.get(answer.item, 0) > answer.rev

    async def _earlier(self, sitting: LiveSitting) -> dict[Mark, int]:
        """Answers of earlier late deliveries → the number of the delivery."""
        return {
            _mark(answer): late.number
            for late in sitting.facts.late
            for answer in await self._delivered(sitting, late.number)
        }

    async def _delivered(self, sitting: LiveSitting, number: int) -> list[Answer]:
        rows = await self._committer.store.read("late", sitting.sitting.id, number)
        return msgspec.json.decode(rows[0][0], type=list[Answer]) if rows else []

    async def decide(self, sitting: LiveSitting, number: int, accept: bool, reason: str, who: str) -> None:
        """The invigilator's decision; what is accepted goes into the log and, if it was handed in, into a new sheet."""
        answers = await self._delivered(sitting, number)
        if not answers:
            raise Refusal(404, "没有这份迟到的答案")
        sheet = sitting.sitting.id

        def settle(edit: Edit, finals: Finals) -> None:
            late = next(x for x in sitting.facts.late if x.number == number)
            if late.accepted is not None:
                raise Refusal(409, f"已由 {late.decided_by} 作出决定")
            judge = judgement(sitting, late.settled_at)
            taken = [answer for answer in answers if judge.in_time(answer.at)]
            if accept and not taken:
                raise Refusal(409, f"{named(sitting)} 的这份答案没有时限内的，不能接受")
            decided = msgspec.structs.replace(late, accepted=accept, decided_by=who)
            edit.sitting(sitting, late=tuple(decided if x.number == number else x for x in sitting.facts.late))
            word = f"接受其中时限内的 {len(taken)} 题" if accept else "不接受"
            edit.said(sitting, "late_decided", f"{named(sitting)} 迟到的答案：{word}。{reason}", who)
            if accept:
                _take(edit, sitting, taken, finals.get(sheet, {}))

        await self._committer.change(settle, [sheet])


def _mark(answer: Answer) -> Mark:
    return answer.item, answer.rev, answer.choice


def _keep(edit: Edit, sitting: LiveSitting, fresh: Sequence[Answer], way: Way, arrival: Arrival) -> None:
    """Those that do not count as given in time are kept too, and are never counted. When the room is closed nobody can decide any
    more, and after a hand-in by the candidate there is nothing to decide: they are kept and written down as refused."""
    facts, pack = sitting.facts, sitting.pack
    if len(facts.late) >= MOST_LATE:
        raise Refusal(409, "迟到的答案提交次数过多，请联系监考员")
    judge = judgement(sitting, way.settled_at)
    said = sorted(a.at for a in fresh)
    in_time = sum(judge.in_time(at) for at in said)
    number = len(facts.late) + 1
    late = Late(
        number, pack.now(), way.source, in_time, len(fresh) - in_time, said[0], said[-1],
        page_in_time=sum(at <= sitting.deadline() for at in said), known=what_is_known(sitting), settled_at=way.settled_at,
    )  # fmt: skip
    over = ROOM_CLOSED if sitting.room.facts.closed_at else HANDED_IN if judge.handed_in else ""
    if over:
        late = msgspec.structs.replace(late, accepted=False, decided_by=over)
        arrival.refused += len(fresh)
    else:
        arrival.in_time, arrival.after = late.in_time, late.after
    edit.sitting(sitting, late=(*facts.late, late))
    edit.write("late", sitting.sitting.id, number, pack.pack.id, msgspec.json.encode(list(fresh)).decode())
    edit.said(sitting, "refused" if over else "late", _said(sitting, late), "考试端")


WHEN = {ROOM_CLOSED: "考场结束后", HANDED_IN: "本人交卷后", "": "结束后"}


def _said(sitting: LiveSitting, late: Late) -> str:
    """A delivery as the room's record puts it: what the page says, what of it counts, what the hall knows."""
    way = "答案文件" if late.source == "file" else "网络"
    count = late.in_time + late.after
    outcome = "，未接收，原样保存备查" if late.decided_by else ""
    own = f"（考生页面自记 {late.page_in_time} 题）" if late.page_in_time != late.in_time else ""
    what = f"{WHEN[late.decided_by]}经{way}送到 {count} 题，时限内 {late.in_time} 题{own}{outcome}"
    return f"{named(sitting)} {what}。{late.known}"


def _followed(sitting: LiveSitting, numbers: set[int], edit: Edit, _: Finals) -> None:
    """Deliveries whose answers the hall has by now."""
    done = {late.number: late for late in sitting.facts.late if late.number in numbers and late.accepted is None}
    if not done:
        return
    settled = [
        msgspec.structs.replace(late, accepted=True, decided_by=FOLLOWED) if late.number in done else late
        for late in sitting.facts.late
    ]
    edit.sitting(sitting, late=tuple(settled))
    edit.said(sitting, "late_decided", f"{named(sitting)} 答案文件中的答案已由考生机送到，不用决定", "考试端")


def _found(edit: Edit, sitting: LiveSitting, brought: int) -> None:
    """The computer that was away at the end is back."""
    if not sitting.facts.missing_since:
        return
    edit.sitting(sitting, missing_since=0)
    if not brought:
        text = f"{named(sitting)} 的计算机 {moment_text(sitting.pack.now())} 恢复，没有未送达的答案"
        edit.said(sitting, "found", text, "考试端")


def _take(edit: Edit, sitting: LiveSitting, taken: Sequence[Answer], finals: dict[str, tuple[int, str]]) -> None:
    """Late answers that are accepted into the log; a sheet that was closed gets its new digest and receipt."""
    pack, merged = sitting.pack, dict(finals)
    for answer in taken:
        edit.write(
            "answer", pack.pack.id, sitting.sitting.id, answer.item, answer.rev, answer.choice, pack.now(), answer.at
        )
        if answer.rev > merged.get(answer.item, (0, ""))[0]:
            merged[answer.item] = (answer.rev, answer.choice)
    if sitting.facts.handed_in_at:
        before = sitting.facts.receipt
        receipt = give_receipt(edit, sitting, said_finals(merged), "late")
        if receipt != before:
            edit.said(sitting, "receipt", f"{named(sitting)} 回执由 {before} 改为 {receipt}", "考试端")
    sitting.room.uncounted.add(sitting)

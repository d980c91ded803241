"""Answers that come after the end, by network or in a carried file, and those that a computer still held which the candidate had
left for another: kept for the invigilator's decision, unless the hall has them, or newer ones, already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from assay.hall.absence import heard_elsewhere, without
from assay.hall.answers import Answer, choice_fits
from assay.hall.committer import Committer
from assay.hall.edit import Edit
from assay.hall.facts import Late
from assay.hall.judging import judgement, settled_before, what_is_known
from assay.hall.refusal import Refusal
from assay.hall.sittings import give_receipt, said_finals
from assay.hall.state import LiveSitting
from assay.hall.store.contract import Finals
from assay.hall.wording import moment_text, named

MOST_LATE = 20
ROOM_CLOSED, HANDED_IN = "考场已结束", "本人已交卷"
"""Who decided about answers that came when nobody could decide any more, or when there was nothing to decide."""
FOLLOWED = "考生机已送到"
"""Who decided where nothing was left to decide."""
OLD = "old"
"""Where answers come from that a computer held which the candidate had left."""
Mark = tuple[str, int, str]


class Arrival(msgspec.Struct):
    """What became of answers that came late: how many the hall had already, how many wait for a decision (given in time,
    given after the end), how many are waiting since an earlier delivery, how many were refused."""

    known: int = 0
    in_time: int = 0
    after: int = 0
    waiting: int = 0
    refused: int = 0


class Delivery(msgspec.Struct):
    """Answers that came late, as their candidate is told of them: how they came, how many count as given in time and how many do
    not, and what became of them: `open` (nobody has decided), `accepted`, `refused`, `known` (the hall has them from the page)."""

    source: str
    in_time: int
    after: int
    became: str


def deliveries_of(sitting: LiveSitting) -> list[Delivery]:
    """All that ever came, the oldest first."""
    return [Delivery(late.source, late.in_time, late.after, _became(late)) for late in sitting.facts.late]


def _became(late: Late) -> str:
    if late.accepted is None:
        return "open"
    if late.decided_by == FOLLOWED:
        return "known"
    return "accepted" if late.accepted else "refused"


class Way(NamedTuple):
    """How answers came, of which sign-in their computer is when the candidate had left it (0: it is the last one), and when it
    had last told that it held none."""

    source: str
    old_epoch: int
    settled_at: int


class LateAnswers:
    """Takes them in and settles them."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer
        self._may_follow: set[LiveSitting] = set()  # a file was carried for them while they could still send the same

    async def come(self, sitting: LiveSitting, answers: Sequence[Answer], source: str, epoch: int = 0) -> Arrival:
        """Take late answers in, from the computer of a sign-in (0: from a file, which does not say of which it is). The computer
        that the candidate sat at last is not missing any more then. No answers at all: that computer says that it holds none."""
        items = sitting.paper.items
        fitting = [a for a in answers if a.item in items and a.rev > 0 and choice_fits(items[a.item], a.choice)]
        if answers and not fitting:
            raise Refusal(400, "没有可以接收的答案")
        await heard_elsewhere(self._committer.store, sitting)
        old_epoch = epoch if 0 < epoch < sitting.facts.epoch else 0
        way = Way(OLD if old_epoch else source, old_epoch, 0 if old_epoch else settled_before(sitting, source))
        here = await self._here(sitting, way.source)
        earlier = await self._earlier(sitting, way.source)
        left = [a for a in fitting if not here(a)]
        numbers = [number for a in left if (number := earlier(a))]
        fresh = [a for a in left if not earlier(a)]

        def take_in(edit: Edit, _: Finals) -> Arrival:
            arrival = Arrival(known=sum(here(a) for a in fitting))
            for late in sitting.facts.late:
                if late.accepted is None:
                    arrival.waiting += numbers.count(late.number)
                else:
                    arrival.refused += numbers.count(late.number)
            if fresh:
                _keep(edit, sitting, fresh, way, arrival)
            elif source == "file":
                edit.said(
                    sitting, "file", f"{named(sitting)} 的答案文件 {len(fitting)} 题考试端都已收到，不用决定", "考试端"
                )
            if old_epoch:
                _old_found(edit, sitting, old_epoch, len(fresh))
            else:
                _found(edit, sitting, len(fitting))
            return arrival

        arrival = await self._committer.change(take_in)
        if fresh and not sitting.facts.handed_in_at:
            self._may_follow.add(sitting)
        return arrival

    async def settle(self) -> None:
        """A file was carried, and then its computer came back and sent the same: nothing is left to decide."""
        for sitting in list(self._may_follow):
            over = bool(sitting.facts.handed_in_at)
            there: set[int] = set()
            for late in sitting.facts.late:
                here = await self._here(sitting, late.source)
                if late.accepted is None and all(map(here, await self._delivered(sitting, late.number))):
                    there.add(late.number)
            if there:
                await self._committer.change(partial(_followed, sitting, there))
            if over or not sitting.undecided():
                self._may_follow.discard(sitting)

    async def _here(self, sitting: LiveSitting, source: str) -> Callable[[Answer], bool]:
        """Whether an answer is in the log, or a newer one of its item is; the log only grows, so this may be read before. On one
        computer the revisions tell which is newer, between two of them only the time at which each was given: a page that has not
        heard of the others counts its revisions anew, and may say once more, later, what was said before. That is no answer that is
        here already: what another computer still holds, or brought and waits for a decision, may be from between."""
        rows = await self._committer.store.read("answers", sitting.sitting.id)
        written = {(item, rev, choice): at for item, rev, choice, at in rows}
        newest = {item: (rev, at) for item, rev, _, at in rows}  # in the order of revisions
        one_computer = _one_computer(sitting, source)

        def here(answer: Answer) -> bool:
            rev, at = newest.get(answer.item, (0, 0))
            if _is_said(written.get(_mark(answer)), answer, one_computer):
                return True
            if one_computer:
                return rev > answer.rev
            return (at, rev) > (answer.at, answer.rev)

        return here

    async def _earlier(self, sitting: LiveSitting, source: str) -> Callable[[Answer], int]:
        """The number of the late delivery in which an answer came before; 0 for one that did not."""
        came = {
            _mark(answer): (late.number, answer.at)
            for late in sitting.facts.late
            for answer in await self._delivered(sitting, late.number)
        }
        one_computer = _one_computer(sitting, source)

        def number_of(answer: Answer) -> int:
            number, at = came.get(_mark(answer), (0, None))
            return number if _is_said(at, answer, one_computer) else 0

        return number_of

    async def _delivered(self, sitting: LiveSitting, number: int) -> list[Answer]:
        rows = await self._committer.store.read("late", sitting.sitting.id, number)
        return msgspec.json.decode(rows[0][0], type=list[Answer]) if rows else []

    async def decide(self, sitting: LiveSitting, number: int, accept: bool, reason: str, who: str) -> None:
        """The invigilator's decision; what is accepted goes into the log and, if it was handed in, into a new sheet."""
        answers = await self._delivered(sitting, number)
        if not answers:
            raise Refusal(404, "没有这份迟到的答案")
        sheet = sitting.sitting.id
        source = next(late.source for late in sitting.facts.late if late.number == number)
        here = await self._here(sitting, source)
        known = {item: rev for item, rev, _, _ in await self._committer.store.read("answers", sheet)}

        def settle(edit: Edit, finals: Finals) -> None:
            late = next(x for x in sitting.facts.late if x.number == number)
            if late.accepted is not None:
                raise Refusal(409, f"已由 {late.decided_by} 作出决定")
            judge = judgement(sitting, late.settled_at, old=late.source == OLD and late.left, left_at=late.left_at)
            in_time = [answer for answer in answers if judge.in_time(answer.at)]
            if accept and not in_time:
                raise Refusal(409, f"{named(sitting)} 的这份答案没有时限内的，不能接受")
            given = finals.get(sheet, {})
            taken = [a for a in in_time if not here(a) and given.get(a.item, (0, ""))[0] == known.get(a.item, 0)]
            decided = msgspec.structs.replace(late, accepted=accept, decided_by=who)
            edit.sitting(sitting, late=tuple(decided if x.number == number else x for x in sitting.facts.late))
            word = f"接受其中时限内的 {len(taken)} 题" if accept else "不接受"
            if accept and len(taken) < len(in_time):
                word += f"，另 {len(in_time) - len(taken)} 题考试端已有更新的答案，以其为准"
            old_receipt = sitting.facts.receipt
            if accept:
                _take(edit, sitting, taken, given, _one_computer(sitting, late.source))
            if sitting.facts.receipt != old_receipt:
                word += f"，回执由 {old_receipt} 改为 {sitting.facts.receipt}"
            what = "旧机补来的答案" if late.source == OLD else "迟到的答案"
            edit.said(sitting, "late_decided", f"{named(sitting)} {what}：{word}。{reason}", who)

        await self._committer.change(settle, [sheet])


def _one_computer(sitting: LiveSitting, source: str) -> bool:
    """Whether answers come from the computer that all others come from: its own revisions count on."""
    return source == "network" or (source == "file" and sitting.facts.epoch == 1)


def _is_said(at: int | None, answer: Answer, one_computer: bool) -> bool:
    """Whether what was said at a moment (None: never; 0: nobody knows when) with the same revision is this very answer."""
    return at is not None and (one_computer or not at or at >= answer.at)


def _mark(answer: Answer) -> Mark:
    return answer.item, answer.rev, answer.choice


def _keep(edit: Edit, sitting: LiveSitting, fresh: Sequence[Answer], way: Way, arrival: Arrival) -> None:
    """Those that do not count as given in time are kept too, and are never counted. When the room is closed nobody can decide any
    more, and after a hand-in by the candidate there is nothing to decide: they are kept and written down as refused."""
    facts, pack = sitting.facts, sitting.pack
    if len(facts.late) >= MOST_LATE:
        raise Refusal(409, "迟到的答案提交次数过多，请联系监考员")
    left = way.old_epoch in facts.old_computers  # else it is a page of the computer at which the candidate stayed
    left_at = facts.left_at.get(way.old_epoch, 0)
    judge = judgement(sitting, way.settled_at, old=left, left_at=left_at)
    said = sorted(a.at for a in fresh)
    in_time = sum(judge.in_time(at) for at in said)
    number = len(facts.late) + 1
    late = Late(
        number, pack.now(), way.source, in_time, len(fresh) - in_time, said[0], said[-1],
        page_in_time=sum(at <= sitting.deadline() for at in said), known=what_is_known(sitting, way.old_epoch), settled_at=way.settled_at,
        left=left, left_at=left_at,
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
    count = late.in_time + late.after
    outcome = "，未接收，原样保存备查" if late.decided_by else ""
    own = f"（考生页面自记 {late.page_in_time} 题）" if late.page_in_time != late.in_time else ""
    when = WHEN[late.decided_by]
    came = {
        "file": f"{when}经答案文件送到",
        "network": f"{when}经网络送到",
        OLD: "旧机补来" if late.left else "先前登录的页面补来",
    }[late.source]
    what = f"{came} {count} 题，时限内 {late.in_time} 题{own}{outcome}"
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
    what = (
        "旧机补来的答案考试端已有更新的"
        if {late.source for late in done.values()} == {OLD}
        else "答案文件中的答案已由考生机送到"
    )
    edit.said(sitting, "late_decided", f"{named(sitting)} {what}，不用决定", "考试端")


def _found(edit: Edit, sitting: LiveSitting, brought: int) -> None:
    """The computer that was away at the end is back."""
    if not sitting.facts.missing_since:
        return
    edit.sitting(sitting, missing_since=0)
    if not brought:
        text = f"{named(sitting)} 的计算机 {moment_text(sitting.pack.now())} 恢复，没有未送达的答案"
        edit.said(sitting, "found", text, "考试端")


def _old_found(edit: Edit, sitting: LiveSitting, epoch: int, fresh: int) -> None:
    """A computer that the candidate had left has reported."""
    if epoch not in sitting.facts.old_computers:
        return
    edit.sitting(sitting, old_computers=without(sitting.facts.old_computers, epoch))
    if not fresh:
        text = f"{named(sitting)} 的旧机（第 {epoch} 次登录）{moment_text(sitting.pack.now())} 恢复，没有未送达的答案"
        edit.said(sitting, "found", text, "考试端")


def _take(
    edit: Edit, sitting: LiveSitting, taken: Sequence[Answer], finals: dict[str, tuple[int, str]], one_computer: bool
) -> None:
    """Late answers that are accepted into the log; a sheet that was closed gets its new digest and receipt, and the page of one
    that is open hears of it: nothing that its page gives without knowing of them is saved before it has compared (`Overtaken`)."""
    pack, merged = sitting.pack, dict(finals)
    for answer in taken:
        rev = answer.rev if one_computer else merged.get(answer.item, (0, ""))[0] + 1
        edit.write("answer", pack.pack.id, sitting.sitting.id, answer.item, rev, answer.choice, pack.now(), answer.at)
        merged[answer.item] = (rev, answer.choice)
    edit.sitting(sitting, late_taken=sitting.facts.late_taken + 1)
    if sitting.facts.handed_in_at:
        give_receipt(edit, sitting, said_finals(merged), "late")
    sitting.room.uncounted.add(sitting)

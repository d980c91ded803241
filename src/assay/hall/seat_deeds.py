"""What may be done for one candidate, or for several at once: all of it or nothing, and all of it stands in the record."""

from __future__ import annotations

from collections.abc import Callable

from assay.hall.absence import leaves, may_hold_answers
from assay.hall.computers import computer_of, sits_at, sits_wrong
from assay.hall.deeds import Action, because, minutes_of, note_misconduct, say, text_of
from assay.hall.door_record import tell_refused
from assay.hall.edit import Edit
from assay.hall.notices import tell_one
from assay.hall.record import Kind
from assay.hall.refusal import Refusal
from assay.hall.remarks import Noticed
from assay.hall.sittings import own_pause_ended, require_at_work
from assay.hall.state import MINUTE, LiveSitting
from assay.hall.wording import lasting, moment_text, named, names


def _admit(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    for sitting in chosen:
        facts = sitting.facts
        if not facts.admitted_at or sitting.reported_mismatch():
            edit.sitting(sitting, admitted_at=sitting.pack.now(), mismatch_by="")
    count = f"{len(chosen)} 人" if len(chosen) > 1 else ""
    say(edit, chosen, "admit", f"{count}身份核验通过：{names(chosen)}{because(action)}", who)


def _extend(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    reason = text_of(action)
    alike: dict[tuple[int, int], list[LiveSitting]] = {}
    for sitting in chosen:
        require_at_work(sitting)
        given = minutes_of(action.each.get(sitting.sitting.id, action.minutes))
        before = sitting.minutes()
        extra = sitting.facts.extra_minutes + given
        edit.sitting(sitting, extra_minutes=extra, made_up_ms=_made_up(sitting, given))
        alike.setdefault((before, sitting.minutes()), []).append(sitting)
    lines = [f"{names(some)} 由 {before} 分钟延长至 {after} 分钟" for (before, after), some in alike.items()]
    how = "各按离线时间补：" if action.each else ""
    say(edit, chosen, "extend", f"{how}{'；'.join(lines)}：{reason}", who)


def _made_up(sitting: LiveSitting, given: int) -> int:
    """Who is given time after having been away is not proposed for that again; what somebody still away is given counts
    for the time that goes on."""
    away = sitting.facts.away_ms
    return away + given * MINUTE if sitting.status(sitting.pack.now()) == "offline" else away


def _move(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    reason = text_of(action)
    for sitting in chosen:
        require_at_work(sitting)
        if sitting.facts.started_at and sitting.status(sitting.pack.now()) == "offline":
            may_hold_answers(edit, sitting, sitting.facts.epoch)
        edit.sitting(sitting, may_move=True)
        tell_refused(edit, sitting)
    say(edit, chosen, "move", f"允许换机：{names(chosen)}：{reason}", who)


def _note(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    if action.misconduct:
        note_misconduct(edit, chosen, text_of(action), who)
    else:
        say(edit, chosen, "note", f"{names(chosen)}：{text_of(action)}", who)


def _withdraw_misconduct(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """The wrong seat, or something else than it looked like. What was noted stays in the record, and so does that it was withdrawn."""
    reason = text_of(action)
    for sitting in chosen:
        if not sitting.facts.misconduct_at:
            raise Refusal(409, f"{named(sitting)} 没有违纪记录")
        edit.sitting(sitting, misconduct_at=0, misconduct_for="")
    say(edit, chosen, Kind.MISCONDUCT_WITHDRAWN, f"撤销违纪记录：{names(chosen)}：{reason}", who)


def _release(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """What was mistyped, by whomever, does not hold up the candidate who signs in now."""
    tried = []
    for sitting in chosen:
        facts = sitting.facts
        where = "、".join(f"{computer_of(sitting, address)} {times} 次" for address, times in facts.wrong_tries.items())
        tried.append(f"{named(sitting)}（此前输错：{where or '无'}）")
        edit.sitting(sitting, wrong_tries={}, bursts={}, releases=facts.releases + 1)
    say(edit, chosen, "release", f"放行登录：{'、'.join(tried)}{because(action)}", who)


def _other_browser(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """A computer whose locked browser fails must not cost the exam: that one, by the address that the invigilator was shown."""
    reason, allowed = text_of(action), []
    for sitting in chosen:
        require_at_work(sitting)
        place = sitting.facts.other_browser_from
        if not place or action.places.get(sitting.sitting.id) != place:
            raise Refusal(409, f"{named(sitting)} 的计算机已不是刚才显示的那一台，没有办理；请看清来自哪里后再办")
        edit.sitting(sitting, other_browser_at=place)
        allowed.append(f"{named(sitting)}（{computer_of(sitting, place)}）")
    say(edit, chosen, Noticed.OTHER_BROWSER, f"允许不用专用浏览器：{'、'.join(allowed)}：{reason}", who)


def _message(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    text = text_of(action)
    for sitting in chosen:
        require_at_work(sitting)
        tell_one(edit, sitting, text)
    say(edit, chosen, "message", f"通知 {names(chosen)}：{text}", who)


def _pause(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    reason = text_of(action)
    for sitting in chosen:
        require_at_work(sitting)
        now = sitting.pack.now()
        if not sitting.facts.started_at:
            raise Refusal(409, f"{named(sitting)} 尚未开始作答，不必暂停")
        if sitting.facts.paused_at:
            raise Refusal(409, f"{named(sitting)} 已在暂停中")
        if now > sitting.deadline(now):
            raise Refusal(409, f"{named(sitting)} 的考试时间已到，不能暂停")
        edit.sitting(sitting, paused_at=now)
    say(edit, chosen, "pause", f"暂停 {names(chosen)}：{reason}", who)


def _resume(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    lines = []
    for sitting in chosen:
        require_at_work(sitting)
        began, now = sitting.facts.paused_at, sitting.pack.now()
        if not began:
            raise Refusal(409, f"{named(sitting)} 不在单独暂停中")
        alone = sitting.paused_alone(began, now)
        edit.sitting(sitting, **own_pause_ended(sitting))
        beside = "" if alone == now - began else f"（与全场暂停重叠的不重复计，单独补 {lasting(alone)}）"
        lines.append(f"{named(sitting)} 暂停 {lasting(now - began)}{beside}")
    say(edit, chosen, "resume", f"恢复考试，已补时：{'；'.join(lines)}{because(action)}", who)


def _late_entry(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    reason = text_of(action)
    for sitting in chosen:
        require_at_work(sitting)
        if sitting.facts.arrived_at:
            raise Refusal(409, f"{named(sitting)} 已入场，不必准许")
        edit.sitting(sitting, late_entry_at=sitting.pack.now(), kept_out_at=0)
    say(edit, chosen, "late_entry", f"准许迟到入场：{names(chosen)}：{reason}", who)


def _keep_out(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """The rule is kept: who came too late stays out, and nobody has to be asked again. Letting him in afterwards is still possible."""
    reason = text_of(action)
    for sitting in chosen:
        require_at_work(sitting)
        facts = sitting.facts
        if facts.arrived_at or facts.late_entry_at:
            raise Refusal(409, f"{named(sitting)} 已准许入场")
        if not facts.late_refused_at:
            raise Refusal(409, f"{named(sitting)} 没有在迟到后登录过，不必登记")
        edit.sitting(sitting, kept_out_at=sitting.pack.now())
    say(edit, chosen, "kept_out", f"迟到不准入场：{names(chosen)}：{reason}", who)


def _reopen(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """A hand-in by mistake is taken back while time is left; the receipt stays in the record. The page that handed in had sent all that
    it held, so nothing is waited for there. It asks every few seconds and goes on by itself; until one does any computer will do, and it
    is from now on that one is waited for."""
    reason, lines = text_of(action), []
    for sitting in chosen:
        facts, until = sitting.facts, sitting.reopen_until()
        if not until:
            raise Refusal(409, f"{named(sitting)} 不是本人交卷，或本场已收卷，不能撤销")
        if sitting.pack.now() > until:
            raise Refusal(409, f"{named(sitting)} 交卷已超过 2 分钟或考试时间已到，不能撤销")
        edit.sitting(sitting, handed_in_at=0, receipt="", sheet_digest="", may_move=True, address="")
        sitting.heard(sitting.pack.now())
        lines.append(
            f"{named(sitting)}（{moment_text(facts.handed_in_at)} 交卷，原回执 {facts.receipt}，以重新交卷的为准）"
        )
    say(edit, chosen, "reopen", f"撤销误交，继续作答：{'、'.join(lines)}：{reason}", who)


def _take_back(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """An extension that was too long is shortened, never so far that the time would have ended before now."""
    reason, lines = text_of(action), []
    taken = minutes_of(action.minutes)
    for sitting in chosen:
        require_at_work(sitting)
        before, extra = sitting.minutes(), sitting.facts.extra_minutes - taken
        if extra < 0:
            raise Refusal(409, f"{named(sitting)} 单独延长的只有 {sitting.facts.extra_minutes} 分钟，不能收回更多")
        require_left(sitting, taken)
        edit.sitting(sitting, extra_minutes=extra)
        no_more_made_up_than_given(edit, sitting)
        lines.append(f"{named(sitting)} 由 {before} 分钟改为 {sitting.minutes()} 分钟")
    say(edit, chosen, "take_back", f"收回延时：{'；'.join(lines)}：{reason}", who)


def require_left(sitting: LiveSitting, minutes: int) -> None:
    """Refusal when the time would have ended before now without these minutes."""
    left = max(0, sitting.deadline() - sitting.pack.now())
    if left < minutes * MINUTE:
        raise Refusal(409, f"{named(sitting)} 只剩 {lasting(left)}，最多收回 {left // MINUTE} 分钟")


def no_more_made_up_than_given(edit: Edit, sitting: LiveSitting) -> None:
    """After minutes were taken back: time away that they had made up is proposed again."""
    given = (sitting.facts.extra_minutes + sitting.room.facts.extra_minutes) * MINUTE
    edit.sitting(sitting, made_up_ms=min(sitting.facts.made_up_ms, given))


def _mismatch(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """The roll call found somebody else: nobody begins here until the identity is verified."""
    reason = text_of(action)
    for sitting in chosen:
        require_at_work(sitting)
        edit.sitting(sitting, mismatch_at=sitting.pack.now(), mismatch_by=who, no_show_at=0)
    say(edit, chosen, Noticed.MISMATCH, f"点名不符：{names(chosen)}：{reason}", who)


def _no_show(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    for sitting in chosen:
        require_at_work(sitting)
        if sitting.facts.started_at:
            raise Refusal(409, f"{named(sitting)} 已开始作答，不能登记为未到")
        edit.sitting(sitting, no_show_at=sitting.pack.now())
    say(edit, chosen, "no_show", f"点名未到：{names(chosen)}{because(action)}", who)


def _give_back(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """The computer is free for others: its page is signed out, and the candidate may sign in at any."""
    for sitting in chosen:
        require_at_work(sitting)
        if not sitting.facts.arrived_at:
            raise Refusal(409, f"{named(sitting)} 没有登录")
        if sitting.facts.started_at:
            may_hold_answers(edit, sitting, sitting.facts.epoch)
        tell_refused(edit, sitting)
        leaves(edit, sitting)
        edit.sitting(sitting, epoch=sitting.facts.epoch + 1, may_move=True, address="", stays_at=0)
    say(
        edit, chosen, "give_back", f"释放计算机：{names(chosen)} 已退出登录，可在其他计算机上登录{because(action)}", who
    )


def _stay(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """They sit at others' computers, and it is decided that they go on there: the seat's own is broken, say."""
    reason, lines = text_of(action), []
    for sitting in chosen:
        require_at_work(sitting)
        if not sits_wrong(sitting):
            raise Refusal(409, f"{named(sitting)} 没有坐在其他机位，不必准许")
        edit.sitting(sitting, stays_at=sits_at(sitting))
        lines.append(f"{named(sitting)} 用 {sits_at(sitting)} 号机位的计算机")
    say(edit, chosen, "stay", f"准许就坐：{'、'.join(lines)}：{reason}", who)


def _set_aside(edit: Edit, chosen: list[LiveSitting], action: Action, who: str) -> None:
    """A computer that was left will not be heard of again: nobody waits for it any more. Should it come all the same, what it brings is
    decided about like any other's."""
    reason = text_of(action)
    for sitting in chosen:
        waited_for = sitting.facts.waited_for
        if not waited_for:
            raise Refusal(409, f"{named(sitting)} 没有在等候的旧机")
        edit.sitting(sitting, set_aside=(*sitting.facts.set_aside, *waited_for))
    say(edit, chosen, "set_aside", f"不再等候旧机：{names(chosen)}：{reason}", who)


ON_SITTINGS: dict[str, Callable[[Edit, list[LiveSitting], Action, str], None]] = {
    "admit": _admit, "extend": _extend, "move": _move, "note": _note, "release": _release,
    "other_browser": _other_browser, "message": _message, "pause": _pause, "resume": _resume,
    "late_entry": _late_entry, "keep_out": _keep_out, "reopen": _reopen, "take_back": _take_back, "mismatch": _mismatch,
    "no_show": _no_show, "give_back": _give_back, "stay": _stay, "set_aside": _set_aside, "withdraw_misconduct": _withdraw_misconduct,
}  # fmt: skip

"""The hot path: answers in, acknowledged after commit. Plain ASGI; a framework's router in front would halve it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec

from assay.bridge.contract import Item
from assay.bridge.tokens import read_seat_token
from assay.hall.absence import heard_elsewhere, holds_nothing, notice, same_browser, spell
from assay.hall.committer import Busy, Committer, Outdated, Overtaken
from assay.hall.edit import Edit
from assay.hall.headers import ON_DATA
from assay.hall.locked_rooms import LockedRooms, address_of
from assay.hall.notices import Told, newest, number_of, told
from assay.hall.state import Hall, LiveSitting
from assay.hall.store.contract import Row

LARGEST_BODY = 64 * 1024
MOST_TOKENS = 200_000
MOST_REVISIONS = 1_000_000
TRUTH = {"对", "错", ""}


FURTHEST = 2**53
"""Milliseconds either way: what a page can count, and every store can hold. One number beyond would fail its whole group."""


class Answer(msgspec.Struct):
    """One change: the item, the new choice ('' clears it), its rising revision, when it was made by the page's own count
    of the hall's clock (ms)."""

    item: str
    choice: str
    rev: int
    at: Annotated[int, msgspec.Meta(ge=-FURTHEST, le=FURTHEST)] = 0


class Saves(msgspec.Struct):
    """`late_taken`, `heard`: what the page knows of it, and the number of the notices that it has heard (`Reply`); a page of another
    version does not say."""

    answers: list[Answer]
    late_taken: int | None = None
    heard: int | None = None


class Reply(msgspec.Struct):
    """What is now saved, the hall's clock, milliseconds left, the minutes in all, and what the page must know: whether the
    identity has been verified, and `late_taken`, which rises when the sheet has got answers that did not come from this page. A page
    that has heard of another `message_number` gets all `notices`; `message` is the newest of them, for pages of an earlier version."""

    saved: dict[str, int]
    now: int
    left: int
    minutes: int
    handed_in: bool
    paused: bool
    message: str
    message_number: int
    verified: bool
    late_taken: int
    notices: list[Told] | msgspec.UnsetType = msgspec.UNSET


class Trouble(msgspec.Struct):
    error: str
    message: str
    revs: dict[str, int] = {}


_decoder = msgspec.json.Decoder(Saves)
_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json")


def reply_for(sitting: LiveSitting, saved: dict[str, int], heard: int | None) -> Reply:
    """The answer to a save or a heartbeat of a page that has `heard` notices up to that number."""
    facts, now, number = sitting.facts, sitting.pack.now(), number_of(sitting)
    return Reply(
        saved,
        now,
        max(sitting.deadline(now) - now, 0),
        sitting.minutes(),
        bool(facts.handed_in_at),
        bool(facts.paused_at or sitting.room.facts.paused_at),
        newest(sitting),
        number,
        sitting.verified(),
        facts.late_taken,
        msgspec.UNSET if heard in (None, number) else told(sitting),
    )


def choice_fits(item: Item, choice: str) -> bool:
    """True when a choice can be an answer to the item: letters of its options, sorted; 对/错; in an ordering each letter once or
    `-` for a place left open; in a matching a letter or `-` for each premise; a JSON list of texts for
    blanks; a text for a short answer; '' to clear."""
    kind = item.type
    if kind == "true_false":
        return choice in TRUTH
    if not choice:
        return True
    if kind in _FREE:
        return _FREE[kind](item, choice)
    if kind == "single" and len(choice) != 1:
        return False
    top = 65 + len(item.options)
    previous = 64
    for letter in choice:
        code = ord(letter)
        if not previous < code < top:
            return False
        previous = code
    return True


def _blanks_fit(item: Item, choice: str) -> bool:
    if len(choice) > LONGEST_CHOICE:
        return False
    try:
        texts = msgspec.json.decode(choice, type=list[str])
    except (msgspec.DecodeError, RecursionError):
        return False
    return len(texts) == item.blanks and "\x00" not in choice and "\\u0000" not in choice


def _order_fits(item: Item, choice: str) -> bool:
    placed = choice.replace("-", "")
    return len(choice) == len(item.options) and len(set(placed)) == len(placed) and _letters_fit(item, placed)


def _matches_fit(item: Item, choice: str) -> bool:
    return len(choice) == len(item.premises) and _letters_fit(item, choice.replace("-", ""))


def _letters_fit(item: Item, letters: str) -> bool:
    return all(65 <= ord(letter) < 65 + len(item.options) for letter in letters)


def _text_fits(_: Item, choice: str) -> bool:
    return len(choice) <= LONGEST_CHOICE and "\x00" not in choice


_FREE = {"fill": _blanks_fit, "ordering": _order_fits, "matching": _matches_fit, "short": _text_fits}
LONGEST_CHOICE = 4000
"""Characters of a short answer, or of what is filled into the blanks of one item."""


class Seated(NamedTuple):
    """Whose token a request has, of which sign-in, and the door that it is bound to."""

    sitting: LiveSitting
    epoch: int
    door: str


class AnswerPath:
    """POST /api/answers."""

    def __init__(self, hall: Hall, committer: Committer, locked: LockedRooms, secret: bytes) -> None:
        self._hall, self._committer, self._locked, self._secret = hall, committer, locked, secret
        self._tokens: dict[bytes, Seated] = {}

    async def sitting_of(self, scope: Any) -> Seated | None:
        """Who sits there by the request's token. Newer than memory knows: it was given by another process."""
        found = self._sitting_of(scope)
        if found is None or found.epoch > found.sitting.facts.epoch:
            await self._committer.refresh()
            found = self._sitting_of(scope)
        return found

    def _sitting_of(self, scope: Any) -> Seated | None:
        """Checked once, then remembered."""
        for name, value in scope["headers"]:
            if name == b"authorization":
                known = self._tokens.get(value)
                return known if known is not None else self._check(value)
        return None

    def _check(self, header: bytes) -> Seated | None:
        read = read_seat_token(self._secret, header.removeprefix(b"Bearer ").decode("latin-1"))
        sitting = self._hall.find(read.pack, read.sitting) if read else None
        if read is None or sitting is None:
            return None
        if len(self._tokens) > MOST_TOKENS:
            self._tokens.clear()
        found = self._tokens[header] = Seated(sitting, read.epoch, read.door)
        return found

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":  # it did not come whole, and the page sends it again
                return None
            body += message.get("body", b"")
            if len(body) > LARGEST_BODY:
                return await _send(send, 413, Trouble("too_large", "一次提交的内容过大"))
        status, reply = await self._save(self._sitting_of(scope), body, scope)
        await _send(send, status, reply)

    async def _save(self, found: Seated | None, body: bytes, scope: Any) -> tuple[int, Reply | Trouble]:
        refused = why_closed(found.sitting, found.epoch) if found is not None else None
        if found is None or refused is not None:
            found = await self.sitting_of(scope)
            if found is None:
                return 401, Trouble("token", "登录已失效，请重新登录")
            await self._committer.refresh()
            refused = why_closed(found.sitting, found.epoch)
        if refused is not None:
            return refused
        sitting, epoch, door = found
        if self._locked.looks_wrong(sitting, door, scope):
            reason = await self._locked.why_refused(sitting, door, scope)
            if reason:
                return 403, Trouble("locked", reason)
        try:
            given = _decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return 400, Trouble("unreadable", "提交的内容无法识别")
        pack = sitting.pack
        now = pack.now()
        address = address_of(scope)
        if address != sitting.facts.address or sitting.silent(now):
            await self.notice(sitting, now, address)
        self._hall.heard(sitting)
        rows: list[Row] = []
        saved: dict[str, int] = {}
        items, pack_id, sitting_id = sitting.paper.items, pack.pack.id, sitting.sitting.id
        for answer in given.answers:
            item = items.get(answer.item)
            if item is None or not 0 < answer.rev <= MOST_REVISIONS or not choice_fits(item, answer.choice):
                return 422, Trouble("not_on_paper", "答案不属于本试卷")
            rows.append((pack_id, sitting_id, answer.item, answer.rev, answer.choice, now, answer.at))
            if answer.rev > saved.get(answer.item, 0):
                saved[answer.item] = answer.rev
        if rows:
            try:
                doubles = await self._committer.save(sitting, epoch, given.late_taken, rows)
            except Busy:
                return 503, Trouble("busy", "服务器繁忙，稍后自动重试")
            except Outdated:
                return why_closed(sitting, epoch) or (503, Trouble("not_saved", "暂未保存，稍后自动重试"))
            except Overtaken:
                return 409, Trouble("revision", "答卷中补进了另一台计算机的答案，请先对照")
            except Exception:  # the committer has written down which
                return 503, Trouble("not_saved", "暂未保存，稍后自动重试")
            sitting.last_save = now
            sitting.room.uncounted.add(sitting)
            if doubles:
                return 409, Trouble("revision", "版本号重复", {item: rev for _, item, rev in doubles})
        else:  # a page asks without answers only when it holds none
            sitting.settled_at = now
            if same_browser(sitting):
                await self._note(lambda edit: holds_nothing(edit, sitting))
        return 200, reply_for(sitting, saved, given.heard)

    async def notice(self, sitting: LiveSitting, now: int, address: str) -> None:
        """Note that the computer was away, is not left after all, or speaks from another address. Never in the way of an answer."""
        facts = sitting.facts
        if spell(sitting, now) is None and facts.epoch not in facts.old_computers and address in ("", facts.address):
            return
        try:
            await heard_elsewhere(self._committer.store, sitting)
        except Exception:  # as below
            return
        await self._note(lambda edit: notice(edit, sitting, now, address))

    async def _note(self, noted: Callable[[Edit], None]) -> None:
        with contextlib.suppress(Exception):  # the answer itself will say what is wrong with the store
            await self._committer.change(lambda edit, _: noted(edit))


def why_moved(sitting: LiveSitting) -> str:
    """What a page is told whose sign-in is outdated: by a newer one, or because the computer was given back."""
    if sitting.facts.address:
        return "您已在另一台计算机上登录，本机不能再作答"
    return "监考员已释放这台计算机，请在您的座位上重新登录"


def why_closed(sitting: LiveSitting, epoch: int) -> tuple[int, Trouble] | None:
    """Why the sitting takes no answers from this page now; None when it does."""
    facts, pack = sitting.facts, sitting.pack
    if epoch != facts.epoch:
        return 409, Trouble("moved", why_moved(sitting))
    if facts.handed_in_at:
        return 410, Trouble("handed_in", "已交卷，不能再作答")
    if sitting.room.facts.closed_at:
        return 410, Trouble("closed", "本考场已结束")
    if not facts.started_at:
        return 425, Trouble("not_started", "考试尚未开始")
    now = pack.now()
    if now > sitting.deadline(now) + pack.grace_ms and now > sitting.taken_until(now):
        return 410, Trouble("over", "考试时间已到")
    return None


async def _send(send: Any, status: int, reply: Reply | Trouble) -> None:
    body = _encode(reply)
    headers = [_JSON, *ON_DATA, (b"content-length", b"%d" % len(body))]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

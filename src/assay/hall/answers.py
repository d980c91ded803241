"""The hot path: answers in, acknowledged after commit. Plain ASGI; a framework's router in front would halve it."""

from __future__ import annotations

from typing import Any

import msgspec

from assay.hall.contract import Item, read_seat_token
from assay.hall.state import Hall, LiveSitting
from assay.hall.store import Busy, Operation, Store

LARGEST_BODY = 64 * 1024
MOST_TOKENS = 200_000
TRUTH = {"对", "错", ""}


class Answer(msgspec.Struct):
    """One change: the item, the new choice ('' clears it), its rising revision, the client's own time (ms)."""

    item: str
    choice: str
    rev: int
    at: int = 0


class Saves(msgspec.Struct):
    answers: list[Answer]


class Reply(msgspec.Struct):
    """What is now saved, the hall's clock, milliseconds left, and what the page must know."""

    saved: dict[str, int]
    now: int
    left: int
    handed_in: bool
    paused: bool
    message: str
    message_number: int


class Trouble(msgspec.Struct):
    error: str
    message: str
    revs: dict[str, int] = {}


_decoder = msgspec.json.Decoder(Saves)
_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json")


def reply_for(sitting: LiveSitting, saved: dict[str, int]) -> Reply:
    """The answer to a save or a heartbeat."""
    room = sitting.room.facts
    now = sitting.pack.now()
    return Reply(
        saved,
        now,
        max(sitting.deadline() - now, 0),
        bool(sitting.facts.handed_in_at),
        bool(room.paused_at),
        room.message,
        room.message_number,
    )


def choice_fits(item: Item, choice: str) -> bool:
    """True when a choice can be an answer to the item: letters of its options, sorted; 对/错; or '' to clear."""
    if item.type == "true_false":
        return choice in TRUTH
    if not choice:
        return True
    if item.type == "single" and len(choice) != 1:
        return False
    top = 65 + len(item.options)
    previous = 64
    for letter in choice:
        code = ord(letter)
        if not previous < code < top:
            return False
        previous = code
    return True


class AnswerPath:
    """POST /api/answers."""

    def __init__(self, hall: Hall, store: Store, secret: bytes) -> None:
        self._hall, self._store, self._secret = hall, store, secret
        self._tokens: dict[bytes, tuple[LiveSitting, int]] = {}

    def sitting_of(self, scope: Any) -> tuple[LiveSitting, int] | None:
        """The sitting and epoch of the request's token; checked once, then remembered."""
        for name, value in scope["headers"]:
            if name == b"authorization":
                known = self._tokens.get(value)
                return known if known is not None else self._check(value)
        return None

    def _check(self, header: bytes) -> tuple[LiveSitting, int] | None:
        read = read_seat_token(self._secret, header.removeprefix(b"Bearer ").decode("latin-1"))
        sitting = self._hall.find(read[0], read[1]) if read else None
        if read is None or sitting is None:
            return None
        if len(self._tokens) > MOST_TOKENS:
            self._tokens.clear()
        self._tokens[header] = (sitting, read[2])
        return sitting, read[2]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
            if len(body) > LARGEST_BODY:
                return await _send(send, 413, Trouble("too_large", "一次提交的内容过大"))
        status, reply = await self._save(self.sitting_of(scope), body)
        await _send(send, status, reply)

    async def _save(self, found: tuple[LiveSitting, int] | None, body: bytes) -> tuple[int, Reply | Trouble]:
        if found is None:
            return 401, Trouble("token", "登录已失效，请重新登录")
        sitting, epoch = found
        if epoch != sitting.facts.epoch:
            return 409, Trouble("moved", "您已在另一台计算机上登录，本机不能再作答")
        try:
            answers = _decoder.decode(body).answers
        except (msgspec.DecodeError, UnicodeDecodeError):
            return 400, Trouble("unreadable", "提交的内容无法识别")
        closed = self._closed(sitting)
        if closed is not None:
            return closed
        pack = sitting.pack
        now = pack.now()
        sitting.last_seen = now
        operations: list[Operation] = []
        items, known = sitting.paper.items, sitting.answers
        pack_id, sitting_id = pack.pack.id, sitting.sitting.id
        for answer in answers:
            item = items.get(answer.item)
            if item is None or answer.rev < 1 or not choice_fits(item, answer.choice):
                return 422, Trouble("not_on_paper", "答案不属于本试卷")
            last = known.get(answer.item)
            if last is not None and answer.rev == last[0]:
                if answer.choice != last[1]:
                    return 409, Trouble("revision", "版本号重复", {answer.item: last[0]})
                continue
            operations.append(("answer", (pack_id, sitting_id, answer.item, answer.rev, answer.choice, now)))
        if operations:
            try:
                await self._store.write(operations)
            except Busy:
                return 503, Trouble("busy", "服务器繁忙，稍后自动重试")
            except Exception as broken:
                return 503, Trouble("not_saved", f"暂未保存，稍后自动重试（{type(broken).__name__}）")
            sitting.last_save = now
        saved: dict[str, int] = {}
        for answer in answers:
            last = known.get(answer.item)
            if last is None or answer.rev > last[0]:
                known[answer.item] = (answer.rev, answer.choice)
            elif answer.rev == last[0] and answer.choice != last[1]:
                # Two requests with one revision at once: the store kept the first, so the second is not acknowledged.
                return 409, Trouble("revision", "版本号重复", {answer.item: last[0]})
            saved[answer.item] = known[answer.item][0]
        return 200, reply_for(sitting, saved)

    def _closed(self, sitting: LiveSitting) -> tuple[int, Trouble] | None:
        """Why the sitting takes no answers now; None when it does."""
        pack = sitting.pack
        if sitting.facts.handed_in_at or sitting.closing:
            return 410, Trouble("handed_in", "已交卷，不能再作答")
        if not sitting.facts.started_at:
            return 425, Trouble("not_started", "考试尚未开始")
        if pack.now() > sitting.deadline() + pack.pack.grace_seconds * 1000:
            return 410, Trouble("over", "考试时间已到")
        return None


async def _send(send: Any, status: int, reply: Reply | Trouble) -> None:
    body = _encode(reply)
    headers = [_JSON, (b"content-length", b"%d" % len(body))]
    if status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

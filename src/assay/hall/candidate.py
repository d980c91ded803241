"""What a candidate's page asks for: sign-in, the sealed paper, its key, state, hand-in, late answers, remarks."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from assay import typed
from assay.bridge.contract import own_order
from assay.bridge.tokens import file_key, read_seat_token
from assay.hall.answers import Answer, AnswerPath, Saves, reply_for, why_moved
from assay.hall.computers import Computers, Report, number_at, places
from assay.hall.entrance import Entrance
from assay.hall.late import LateAnswers, deliveries_of
from assay.hall.locked_rooms import LockedRooms, address_of, came
from assay.hall.notices import NOTHING_YET, newest, told
from assay.hall.pictures import picture_response
from assay.hall.refusal import Refusal
from assay.hall.safe_exam_browser import LEAVE, START
from assay.hall.sittings import Sittings, barred
from assay.hall.state import Hall, LivePaper, LiveSitting
from assay.hall.store.contract import Store

T = TypeVar("T", bound=msgspec.Struct)
LONGEST_NAME = 64


class SignIn(msgspec.Struct):
    """`browser`: the name that the page has given its browser; a page of an earlier version, or one that can keep nothing, says none."""

    ticket: str
    id_number: str
    browser: str = ""


class Remark(msgspec.Struct):
    kind: str
    times: int = 1
    text: str = ""


def candidate_routes(
    hall: Hall,
    store: Store,
    entrance: Entrance,
    sittings: Sittings,
    late_answers: LateAnswers,
    answers: AnswerPath,
    locked: LockedRooms,
    computers: Computers,
    secret: bytes,
) -> list[Route]:
    """Routes under /api for candidates."""

    async def sitting_of(request: Request) -> LiveSitting:
        found = await answers.sitting_of(request.scope)
        if found is None:
            raise Refusal(401, "登录已失效，请重新登录")
        sitting, epoch, door = found
        await locked.require(sitting, door, request.scope)
        if epoch != sitting.facts.epoch:
            raise Refusal(409, why_moved(sitting))
        now = sitting.pack.now()
        if sitting.silent(now):  # a page opened anew asks before it answers
            await answers.notice(sitting, now, "")
        hall.heard(sitting)
        return sitting

    async def sign_in(request: Request) -> Response:
        given = await _decoded(request, SignIn, "请填写准考证号和证件号码")
        sitting, token = await entrance.sign_in(
            given.ticket, given.id_number, came(request.scope), typed.one_line(given.browser)[:LONGEST_NAME]
        )
        return JSONResponse({"token": token, **_profile(sitting)})

    async def profile(request: Request) -> Response:
        return JSONResponse(_profile(await sitting_of(request)))

    async def paper(request: Request) -> Response:
        """The sealed paper, any time; it opens with the key."""
        sitting = await sitting_of(request)
        return _json(_sealed_paper(sitting.paper))

    async def key(request: Request) -> Response:
        """The paper's key, once the exam has begun, with everything that is needed to begin (or to go on): one request
        opens the paper."""
        sitting = await sitting_of(request)
        released, began = await sittings.start(sitting, address_of(request.scope))
        saved = Saved({}, {}) if began else await _saved(store, sitting)
        own = file_key(secret, sitting.pack.pack.id, sitting.sitting.id)
        return _json(
            {
                "key": base64.b64encode(released).decode(),
                "file_key": base64.b64encode(own).decode(),
                "order": _order(sitting),
                **_state(sitting, saved),
            }
        )

    async def state(request: Request) -> Response:
        """Saved answers and the clock: what a page needs to go on after a reload."""
        sitting = await sitting_of(request)
        return _json(_state(sitting, await _saved(store, sitting)))

    async def hand_in(request: Request) -> Response:
        sitting = await sitting_of(request)
        receipt, answered = await sittings.hand_in(sitting)
        told = {
            "receipt": receipt,
            "answered": answered,
            "items": sitting.paper.questions,
            "closing": sitting.closing(),
        }
        return JSONResponse(told)

    async def outcome(request: Request) -> Response:
        """What a page shows that has ended: the receipt that counts, those that it replaced, and what was decided of answers that
        came late. Asked for again while something is open, so nothing is read for it."""
        sitting = await sitting_of(request)
        return _json(_outcome(sitting))

    async def late(request: Request) -> Response:
        """Answers that could not be sent before the end, or before the candidate went to another computer: any page of the
        sitting that was ever at work may bring them."""
        sitting, epoch, door = _late_sitting(hall, secret, request)
        await locked.require(sitting, door, request.scope)
        given = await _decoded(request, Saves, "提交的内容无法识别")
        arrival = await late_answers.come(sitting, _unsent(given.answers), "network", epoch)
        return _json({**msgspec.to_builtins(arrival), "receipt": sitting.facts.receipt}, 202)

    async def remark(request: Request) -> Response:
        sitting = await sitting_of(request)
        given = await _decoded(request, Remark, "情况无法识别")
        await sittings.remark(sitting, given.kind, given.times, given.text)
        return JSONResponse({"ok": True})

    async def ready(request: Request) -> Response:
        """What a computer says of itself before the exam: from the start page by its address, after the sign-in by its seat. The
        page hears which of the room's computers it is, where that is known (0: it is not): the candidate's seat does not say so, and who
        is not signed in hears no more than the number of his own computer."""
        report = await _decoded(request, Report, "情况无法识别")
        address = address_of(request.scope)
        computers.reported(address, report)
        if "authorization" not in request.headers:
            return JSONResponse({"computer": number_at(hall, address)})
        sitting = await sitting_of(request)
        await sittings.ready(sitting, report)
        return JSONResponse({"computer": places(sitting.room).get(address, 0)})

    async def blob(request: Request) -> Response:
        """A picture of the paper, or the candidate's own photo."""
        sitting = await sitting_of(request)
        digest = request.path_params["digest"]
        own = digest == sitting.sitting.photo
        on_paper = bool(sitting.facts.started_at) and digest in sitting.paper.pictures
        return await picture_response(store, sitting.pack, digest if own or on_paper else None)

    async def locked_browser(request: Request) -> Response:
        """Where Safe Exam Browser begins: on to the page, by a door of this computer's own."""
        return RedirectResponse(f"/?door={locked.door(address_of(request.scope))}", 303)

    return [
        Route("/api/sign-in", sign_in, methods=["POST"]),
        Route("/api/profile", profile),
        Route("/api/paper", paper),
        Route("/api/key", key, methods=["POST"]),
        Route("/api/state", state),
        Route("/api/hand-in", hand_in, methods=["POST"]),
        Route("/api/outcome", outcome),
        Route("/api/late", late, methods=["POST"]),
        Route("/api/ready", ready, methods=["POST"]),
        Route("/api/remarks", remark, methods=["POST"]),
        Route("/api/blobs/{digest}", blob),
        Route(START, locked_browser),
        Route(LEAVE, locked_browser),  # the locked browser closes itself instead of asking for it
    ]


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def _decoded(request: Request, kind: type[T], complaint: str) -> T:
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as unreadable:
        raise Refusal(400, complaint) from unreadable


def _late_sitting(hall: Hall, secret: bytes, request: Request) -> tuple[LiveSitting, int, str]:
    """By a token of any epoch: the computer that lost the network may have been replaced meanwhile. The sitting, of which
    sign-in the token is, and the door that it is bound to."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    read = read_seat_token(secret, token)
    sitting = hall.find(read.pack, read.sitting) if read else None
    if read is None or sitting is None or not sitting.facts.started_at:
        raise Refusal(401, "登录已失效，请重新登录")
    return sitting, read.epoch, read.door


def _unsent(answers: list[Answer]) -> list[Answer]:
    """One answer for each item, the newest."""
    newest: dict[str, Answer] = {}
    for answer in answers:
        if answer.item not in newest or answer.rev > newest[answer.item].rev:
            newest[answer.item] = answer
    return list(newest.values())


@lru_cache(maxsize=64)
def _sealed(digest: str, sealed: bytes, nonce: bytes) -> tuple[str, str]:
    return base64.b64encode(sealed).decode(), base64.b64encode(nonce).decode()


def _sealed_paper(paper: LivePaper) -> dict[str, Any]:
    """A paper as it travels before the start."""
    one = paper.paper
    sealed, nonce = _sealed(one.digest, one.sealed, one.nonce)
    return {
        "title": one.title, "minutes": one.minutes, "sections": msgspec.to_builtins(one.sections), "digest": one.digest,
        "sealed": sealed, "nonce": nonce,
    }  # fmt: skip


class Saved(NamedTuple):
    """The newest answers (item → revision, choice), and when their pages say that they were given."""

    answers: dict[str, list[Any]]
    given_at: dict[str, int]


async def _saved(store: Store, sitting: LiveSitting) -> Saved:
    rows = await store.read("answers", sitting.sitting.id)
    return Saved(
        {item: [rev, choice] for item, rev, choice, _ in rows}, {item: said_at for item, _, _, said_at in rows}
    )


def _state(sitting: LiveSitting, saved: Saved) -> dict[str, Any]:
    reply = msgspec.to_builtins(reply_for(sitting, {}, NOTHING_YET))
    return {**reply, **saved._asdict(), "receipt": sitting.facts.receipt, "closing": sitting.closing()}


def _outcome(sitting: LiveSitting) -> dict[str, Any]:
    """How a sitting that is closed stands now."""
    facts = sitting.facts
    replaced = dict.fromkeys(one.code for one in facts.receipts if one.code != facts.receipt)
    return {
        "handed_in": bool(facts.handed_in_at), "receipt": facts.receipt, "closing": sitting.closing(), "replaced": list(replaced),
        "late": deliveries_of(sitting),
    }  # fmt: skip


def _profile(sitting: LiveSitting) -> dict[str, Any]:
    """Who sits where, for the candidate to confirm; the rules and the clock."""
    pack, one = sitting.pack.pack, sitting.sitting
    return {
        "sitting": one.id, "pack": pack.id, "name": one.name, "id_masked": one.id_masked, "ticket": one.ticket,
        "photo": one.photo, "room": sitting.room.room.name, "seat": one.seat, "paper": sitting.paper.paper.title,
        "sections": msgspec.to_builtins(sitting.paper.paper.sections),
        "paper_minutes": sitting.paper.paper.minutes, "minutes": sitting.minutes(), "centre": pack.centre_name,
        "batch": pack.batch_name, "session": pack.session_name, "starts": sitting.pack.starts_ms,
        "now": sitting.pack.now(), "earliest_leave_minutes": pack.earliest_leave_minutes, "rehearsal": pack.rehearsal,
        "grace_seconds": pack.grace_seconds, "started": bool(sitting.facts.started_at),
        "handed_in": bool(sitting.facts.handed_in_at), "receipt": sitting.facts.receipt,
        "verified": sitting.verified(), "barred": "" if sitting.facts.started_at else barred(sitting),
        "message": newest(sitting), "notices": msgspec.to_builtins(told(sitting)),
    }  # fmt: skip


def _order(sitting: LiveSitting) -> list[tuple[str, tuple[int, ...]]]:
    """The candidate's own order, in sections as on the paper. Options of true/false stay as they are."""
    return own_order(sitting.sitting.seed, sitting.paper.outline, sitting.paper.groups)

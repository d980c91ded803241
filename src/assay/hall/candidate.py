"""What a candidate's page asks for: sign-in, paper, key, state, hand-in."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assay.hall.answers import AnswerPath, reply_for
from assay.hall.contract import Item, item_order, option_order
from assay.hall.service import HallService, Refusal
from assay.hall.state import LiveSitting


class SignIn(msgspec.Struct):
    ticket: str
    id_number: str


def candidate_routes(service: HallService, answers: AnswerPath) -> list[Route]:
    """Routes under /api for candidates."""

    def sitting_of(request: Request) -> LiveSitting:
        found = answers.sitting_of(request.scope)
        if found is None:
            raise Refusal(401, "登录已失效，请重新登录")
        sitting, epoch = found
        if epoch != sitting.facts.epoch:
            raise Refusal(409, "您已在另一台计算机上登录，本机不能再作答")
        sitting.last_seen = sitting.pack.now()
        return sitting

    async def sign_in(request: Request) -> Response:
        try:
            given = msgspec.json.decode(await request.body(), type=SignIn)
        except msgspec.DecodeError as unreadable:
            raise Refusal(400, "请填写准考证号和证件号码") from unreadable
        sitting, token = await service.sign_in(given.ticket, given.id_number)
        return JSONResponse({"token": token, **_profile(sitting)})

    async def profile(request: Request) -> Response:
        return JSONResponse(_profile(sitting_of(request)))

    async def paper(request: Request) -> Response:
        """The sealed paper, any time; it opens with the key."""
        sitting = sitting_of(request)
        sealed = sitting.paper.paper
        return JSONResponse(
            {
                "title": sealed.title,
                "minutes": sealed.minutes,
                "seed": sitting.sitting.seed,
                "sections": msgspec.to_builtins(sealed.sections),
                "digest": sealed.digest,
                "sealed": base64.b64encode(sealed.sealed).decode(),
                "nonce": base64.b64encode(sealed.nonce).decode(),
                "order": _order(sitting),
            }
        )

    async def key(request: Request) -> Response:
        """The paper's key, once the exam has begun."""
        released = await service.start(sitting_of(request))
        return JSONResponse({"key": base64.b64encode(released).decode()})

    async def items(request: Request) -> Response:
        """The open paper, once the exam has begun: for browsers that may not decrypt (plain http in the room)."""
        sitting = sitting_of(request)
        await service.start(sitting)
        return Response(msgspec.json.encode(list(sitting.paper.items.values())), media_type="application/json")

    async def state(request: Request) -> Response:
        """Saved answers and the clock: what a page needs to go on after a reload."""
        sitting = sitting_of(request)
        saved = {item: [rev, choice] for item, (rev, choice) in sitting.answers.items()}
        reply = msgspec.to_builtins(reply_for(sitting, {}))
        return JSONResponse({**reply, "answers": saved, "receipt": sitting.facts.receipt})

    async def hand_in(request: Request) -> Response:
        sitting = sitting_of(request)
        receipt = await service.hand_in(sitting)
        answered = len(sitting.finals())
        return JSONResponse({"receipt": receipt, "answered": answered, "items": len(sitting.paper.items)})

    async def blob(request: Request) -> Response:
        """A picture of the paper, or the candidate's own photo."""
        sitting = sitting_of(request)
        digest = request.path_params["digest"]
        own = digest == sitting.sitting.photo
        on_paper = bool(sitting.facts.started_at) and any(digest in i.images for i in sitting.paper.items.values())
        content = sitting.pack.pack.blobs.get(digest)
        if content is None or not (own or on_paper):
            raise Refusal(404, "没有这张图片")
        kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
        return Response(content, media_type=kind)

    return [
        Route("/api/sign-in", sign_in, methods=["POST"]),
        Route("/api/profile", profile),
        Route("/api/paper", paper),
        Route("/api/key", key, methods=["POST"]),
        Route("/api/items", items, methods=["POST"]),
        Route("/api/state", state),
        Route("/api/hand-in", hand_in, methods=["POST"]),
        Route("/api/blobs/{digest}", blob),
    ]


def _profile(sitting: LiveSitting) -> dict[str, Any]:
    """Who sits where, for the candidate to confirm; the rules and the clock."""
    pack, one = sitting.pack.pack, sitting.sitting
    return {
        "sitting": one.id, "name": one.name, "id_masked": one.id_masked, "ticket": one.ticket, "photo": one.photo,
        "room": sitting.room.room.name, "seat": one.seat, "paper": sitting.paper.paper.title,
        "minutes": sitting.paper.paper.minutes, "centre": pack.centre_name, "batch": pack.batch_name,
        "session": pack.session_name, "starts": sitting.pack.starts_ms, "now": sitting.pack.now(),
        "earliest_leave_minutes": pack.earliest_leave_minutes, "rehearsal": pack.rehearsal,
        "started": bool(sitting.facts.started_at), "handed_in": bool(sitting.facts.handed_in_at),
        "receipt": sitting.facts.receipt,
    }  # fmt: skip


def _order(sitting: LiveSitting) -> list[list[Any]]:
    """The candidate's own order: [item id, [original option index, …]] in sections as on the paper. Options of
    true/false stay as they are."""
    seed = sitting.sitting.seed
    items: list[Item] = list(sitting.paper.items.values())
    order: list[list[Any]] = []
    for section in sitting.paper.paper.sections:
        ids = [i.id for i in items if i.type == section.type]
        for item_id in item_order(seed, ids):
            count = len(sitting.paper.items[item_id].options)
            order.append([item_id, option_order(seed, item_id, count)])
    return order

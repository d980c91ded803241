"""Pictures of papers and people, read from the store when asked for."""

from __future__ import annotations

from starlette.responses import Response

from assay.hall.refusal import Refusal
from assay.hall.state import LivePack
from assay.hall.store.contract import Store


async def picture_response(store: Store, pack: LivePack, digest: str | None) -> Response:
    """The picture; 404 when the pack does not hold it."""
    rows = await store.read("blob", pack.pack.id, digest) if digest else []
    if not rows:
        raise Refusal(404, "没有这张图片")
    content = bytes(rows[0][0])
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return Response(content, media_type=kind)

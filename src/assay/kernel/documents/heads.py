"""The newest head of the ledger on paper: who keeps the paper keeps a proof of everything before it."""

from __future__ import annotations

from assay.kernel import qr
from assay.kernel.clock import SHANGHAI
from assay.kernel.documents.blocks import Block
from assay.kernel.ledger import newest_head

_PICTURE = "ledger-head.svg"


def printed_head() -> tuple[list[Block], dict[str, bytes]]:
    """Blocks for the end of a paper and the pictures that they use; none while there is no head."""
    point = newest_head()
    if point is None:
        return [], {}
    said = (
        f"台账签署点：截至 {point.at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}，本中心台账共 {point.size} 条。"
        "二维码内是签署原文；日后台账有任何改动或缺失，与本件核对即可发现。请随本件保存。"
    )
    return [{"kind": "head", "text": said, "root": point.root, "picture": _PICTURE}], {_PICTURE: qr.svg(point.note)}

"""How much a request to the hall may bring (`front/counted.py` counts it)."""

from __future__ import annotations

from assay.hall.refusal import Refusal

USUAL = 64 * 1024
ANSWERS = 1024 * 1024
PACK = 512 * 1024 * 1024
LARGEST = {"/api/late": ANSWERS, "/room/file": ANSWERS, "/office/packs": PACK}


def most(path: str) -> int:
    return LARGEST.get(path, USUAL)


def refusal(path: str) -> Refusal:
    return Refusal(413, "一次提交的内容过大")

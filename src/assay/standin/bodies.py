"""How much a request to the stand-in may bring (`front/counted.py` counts it): a form of its pages a little, a message to its API, which
asks for the token before it reads, what a batch of a whole school takes."""

from __future__ import annotations

from assay.standin.failures import Problem

API = "/api/v1"
FORM = 64 * 1024
MESSAGE = 64 * 1024 * 1024


def most(path: str) -> int:
    return MESSAGE if path.startswith(f"{API}/") else FORM


def refusal(path: str) -> Problem:
    if most(path) == FORM:
        return Problem(413, "too_large", "一次提交的内容过大")
    return Problem(413, "too_large", f"报送内容超过 {MESSAGE // 1024 // 1024} MB，请分批报送")

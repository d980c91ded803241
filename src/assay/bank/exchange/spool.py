"""Files that somebody is looking through before they are imported."""

from __future__ import annotations

import secrets

from assay.kernel import aside
from assay.kernel.refusals import Refused


def keep(account: int, name: str, content: bytes, images: bytes | None) -> str:
    """Put a file (and the ZIP of its pictures) aside; the token brings it back."""
    token = secrets.token_urlsafe(16)
    aside.keep(account, _place(token), {"name": name.encode(), "content": content, "images": images or b""})
    return token


def take(account: int, token: str) -> tuple[str, bytes, bytes | None]:
    """(name, content, images); Refused when it is gone or somebody else's."""
    found = aside.take(account, _place(token))
    if found is None:
        raise Refused("上传的文件已过期，请重新选择文件上传")
    return found["name"].decode(), found["content"], found["images"] or None


def drop(account: int, token: str) -> None:
    """The file is no longer wanted."""
    aside.drop(account, _place(token))


def _place(token: str) -> str:
    return f"bank.{token}"

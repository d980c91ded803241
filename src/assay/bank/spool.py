"""Files that somebody is looking through before they are imported: kept enciphered for a day, for that account alone."""

from __future__ import annotations

import base64
import json
import secrets
import time
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from assay.kernel.refusals import Refused
from assay.kernel.sealing import CONTENT, decrypt, encrypt

KEPT_SECONDS = 24 * 3600


def keep(account: int, name: str, content: bytes, images: bytes | None) -> str:
    """Put a file (and the ZIP of its pictures) aside; the token brings it back."""
    _sweep()
    token = secrets.token_urlsafe(16)
    said = {"name": name, "content": _text(content), "images": _text(images) if images else ""}
    path = _folder() / token
    path.write_text(encrypt(json.dumps(said), _context(account, token), CONTENT), encoding="ascii")
    return token


def take(account: int, token: str) -> tuple[str, bytes, bytes | None]:
    """(name, content, images); Refused when it is gone or somebody else's."""
    path = _folder() / token if token.replace("-", "").replace("_", "").isalnum() else None
    try:
        if path is None:
            raise FileNotFoundError
        said = json.loads(decrypt(path.read_text(encoding="ascii"), _context(account, token), CONTENT))
    except (OSError, InvalidTag, ValueError) as gone:
        raise Refused("上传的文件已过期，请重新选择文件上传") from gone
    images = base64.b64decode(said["images"]) if said["images"] else None
    return said["name"], base64.b64decode(said["content"]), images


def drop(token: str) -> None:
    """The file is no longer wanted."""
    (_folder() / token).unlink(missing_ok=True)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _context(account: int, token: str) -> str:
    return f"bank.spool.{account}.{token}"


def _folder() -> Path:
    folder = Path(settings.VAR) / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sweep() -> None:
    for path in _folder().iterdir():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)

"""A roster and its photos that were only checked: kept enciphered for the import that follows, for whoever checked them, in the same
session, for a day at most (`kernel.aside`)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from assay.centre.actors import account
from assay.kernel import aside

LARGEST = 40 * 1024 * 1024
"""Of both together: more is chosen again."""


@dataclass(frozen=True)
class Kept:
    """The files as they came; `photos_name` is '' where there are none."""

    name: str
    content: bytes
    photos_name: str = ""
    photos: bytes | UploadedFile = b""
    """A ZIP as it was kept, or as it comes in: it may be larger than what is held in memory."""

    @property
    def said(self) -> str:
        """What is kept, by name."""
        return "、".join(f"“{name}”" for name in (self.name, self.photos_name) if name)


def keep(request: HttpRequest, files: Kept) -> str:
    """Put them aside; the token brings them back, '' where they are too large to be kept."""
    zipped = files.photos
    if len(files.content) + (len(zipped) if isinstance(zipped, bytes) else zipped.size or 0) > LARGEST:
        return ""
    if not isinstance(zipped, bytes):
        zipped.seek(0)
        zipped = zipped.read()
    token = secrets.token_urlsafe(16)
    parts = {
        "name": files.name.encode(), "content": files.content, "photos_name": files.photos_name.encode(),
        "photos": zipped,
    }  # fmt: skip
    aside.keep(account(request).pk, _place(request, token), parts)
    return token


def take(request: HttpRequest, token: str) -> Kept | None:
    """What was kept under the token; None when it is gone, or another's."""
    found = aside.take(account(request).pk, _place(request, token)) if token else None
    if found is None:
        return None
    return Kept(found["name"].decode(), found["content"], found["photos_name"].decode(), found["photos"])


def drop(request: HttpRequest, token: str) -> None:
    """They are no longer wanted."""
    if token:
        aside.drop(account(request).pk, _place(request, token))


def _place(request: HttpRequest, token: str) -> str:
    return f"roster.{request.session.session_key}.{token}"

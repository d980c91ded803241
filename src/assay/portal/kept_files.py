"""Files of an application that was refused: kept for a day for the candidate alone, so that nobody has to choose them again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from assay.applications.attachments import Upload
from assay.batches.models import Batch
from assay.centre.actors import account
from assay.kernel import aside, files
from assay.kernel.photos import made_fit, photo_problem
from assay.portal.forms import FILES


def upload_of(given: Any) -> Upload | None:
    """A file of a form, read from its beginning: whoever looked at it before left it at its end."""
    if not given:
        return None
    given.seek(0)
    return Upload(given.name, given.read())


def keep(request: HttpRequest, batch: Batch) -> None:
    """Put aside what was sent and could be handed in; what is wrong with a file is said, and it is chosen anew."""
    for name in FILES:
        given = request.FILES.get(name)
        if given is None or files.size_problem(given.size or 0):
            continue
        upload = upload_of(given)
        content, wrong = _as_handed_in(name, upload.content if upload else b"")
        if upload is not None and wrong is None:
            aside.keep(account(request).pk, _place(batch, name), {"name": upload.title.encode(), "content": content})


def _as_handed_in(name: str, content: bytes) -> tuple[bytes, str | None]:
    """The bytes that would be kept for good, and why they would not."""
    if name != "photo":
        return content, files.upload_problem(content)
    fit = made_fit(content)
    return fit, photo_problem(fit)


def kept(request: HttpRequest, batch: Batch) -> dict[str, Upload]:
    """By field what was put aside."""
    found = {name: aside.take(account(request).pk, _place(batch, name)) for name in FILES}
    return {name: Upload(parts["name"].decode(), parts["content"]) for name, parts in found.items() if parts}


def names(request: HttpRequest, batch: Batch) -> dict[str, str]:
    return {name: upload.title for name, upload in kept(request, batch).items()}


def forget(request: HttpRequest, batch: Batch) -> None:
    for name in FILES:
        aside.drop(account(request).pk, _place(batch, name))


def _place(batch: Batch, name: str) -> str:
    return f"apply.{batch.pk}.{name}"

"""Papers and files as HTTP answers."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def pdf(content: bytes, name: str) -> HttpResponse:
    """Shown in the browser, saved under a Chinese name."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name, safe='')}.pdf"
    return response


def from_outside(content: bytes, content_type: str, name: str = "") -> HttpResponse:
    """A file that somebody brought in. Shown by the browser alone in a box of no origin: whatever may hide in it reaches nothing
    of the office, and is never taken for a page."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    if name:
        response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name, safe='')}"
    return response

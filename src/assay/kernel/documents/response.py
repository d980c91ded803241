"""A PDF as an HTTP answer."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def pdf(content: bytes, name: str) -> HttpResponse:
    """Shown in the browser, saved under a Chinese name."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    return response

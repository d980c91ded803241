"""The address of this site as papers carry it: certificates in their QR codes, sheets of activation codes in words."""

from __future__ import annotations

from urllib.parse import urlsplit

from assay.centre import parameters


def address() -> str:
    """Without a slash at its end."""
    return parameters.text("site.url").rstrip("/")


def opened_here_only() -> str:
    """The address when only this computer can open it; else empty. What is printed with it is of no use to anybody."""
    site = parameters.text("site.url")
    return site if urlsplit(site).hostname in ("127.0.0.1", "localhost", "::1", None) else ""

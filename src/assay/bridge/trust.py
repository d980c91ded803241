"""Whose certificate a hall may show when it is reached by https."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path
from urllib.parse import urlparse

import httpx

THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_END = "-----END CERTIFICATE-----"


@cache
def well_known() -> ssl.SSLContext:
    """The authorities that everybody knows: read once, for that takes longer than most requests."""
    return httpx.create_ssl_context()


def trust_for(url: str, authority: str = "", beside: str = "") -> ssl.SSLContext:
    """What `HallClient` trusts at `url`. A hall beside the office is known by its very certificate (the file `beside`), for no
    certificate is made out to 127.0.0.1; every other by its name, vouched for by `authority` (a file of the school's own authority, or
    of a self-made certificate) or by the well-known ones."""
    if beside and urlparse(url).hostname in THIS_MACHINE:
        return _this_certificate(beside)
    return ssl.create_default_context(cafile=authority) if authority else well_known()


def _this_certificate(file: str) -> ssl.SSLContext:
    """The first of the file and no other, not even one that the same authority signed."""
    first = Path(file).read_text().partition(_END)[0] + _END
    context = ssl.create_default_context(cadata=first[first.index("-----BEGIN CERTIFICATE-----") :])
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.check_hostname = False
    return context

"""One-time codes of a telephone: RFC 6238 with SHA-1, 30 seconds and six digits, which is what every authenticator knows."""

from __future__ import annotations

import base64
import hmac
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECONDS, DIGITS = 30, 6
_SECRET_BYTES = 20
_AROUND = (0, -1, 1)
"""Steps beside the present one that are taken: clocks of telephones are a little off, and people type slowly."""


def new_secret() -> str:
    """160 random bits in base32, as it is typed where no camera is at hand."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def address(secret: str, *, issuer: str, holder: str) -> str:
    """What the QR code says."""
    asked = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": SECONDS}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(holder)}?{asked}"


def code_at(secret: str, moment: datetime, digits: int = DIGITS) -> str:
    """The code that a telephone shows at a moment."""
    return _code(secret, step_at(moment), digits)


def step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // SECONDS


def step_of(secret: str, code: str, moment: datetime, after: int = 0) -> int | None:
    """The step that a code belongs to; None when it is wrong, or not later than the step `after`: a code is good once."""
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    fitting = [now for now in (step_at(moment) + n for n in _AROUND) if now > after and _same(secret, now, typed)]
    return max(fitting, default=None)


def _same(secret: str, step: int, typed: str) -> bool:
    return hmac.compare_digest(_code(secret, step, DIGITS).encode(), typed.encode())


def _code(secret: str, step: int, digits: int) -> str:
    # Short keys are those of the RFC's examples; ours have 160 bits.
    key = base64.b32decode(secret)
    return TOTP(key, digits, SHA1(), SECONDS, enforce_key_length=False).generate(step * SECONDS).decode()  # noqa: S303

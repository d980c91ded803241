"""The code on certificates in its second form: a COSE_Sign1 message in base32, so that the QR code needs few modules. Pure.

Signed is the list [1, number, name, occupation, job, level code, days since 1970-01-01, edition, status index], in CBOR. The ID
number is never in it. The format is written down in docs/certificate-codes.md; the first form, which stays good, in `credential`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.certificates import cose

VERSION = 1
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), (date(9999, 12, 31) - date(1970, 1, 1)).days
_TEXTS, _COUNTS = 5, 3


@dataclass(frozen=True)
class Code:
    """What a certificate says, as far as its QR code carries it."""

    number: str
    name: str
    occupation: str
    job: str
    level: str
    """Its code: 5 for 五级/初级工."""
    issued_on: date
    edition: int
    index: int
    """Where the status list says what became of this edition."""


def written(code: Code, key: Ed25519PrivateKey) -> str:
    """The code as the QR code carries it: base32 without padding, for upper-case letters and digits need the fewest modules."""
    said = [
        VERSION, code.number, code.name, code.occupation, code.job, code.level,
        (code.issued_on - _FIRST_DAY).days, code.edition, code.index,
    ]  # fmt: skip
    return base64.b32encode(cose.signed(said, key)).rstrip(b"=").decode()


def read(text: str, publics: Iterable[bytes]) -> Code | None:
    """The code when one of these keys (32 bytes each) has signed it; None otherwise. Small letters are forgiven."""
    try:
        message = cose.taken_apart(_from_base32(text))
        if set(message.header) != {cose.ALG, cose.KEY_ID} or not message.signed_by_named(publics):
            return None
        return _code(cose.decoded(message.payload))
    except cose.NotSigned:
        return None


def address(site: str, written_code: str) -> str:
    """Where the QR code leads. Scheme and host mean the same in capitals; a path is left as it is."""
    parts = urlsplit(site)
    return f"{parts.scheme.upper()}://{parts.netloc.upper()}{parts.path.rstrip('/')}/V/{written_code}"


def _from_base32(text: str) -> bytes:
    upper = text.upper()
    try:
        found = base64.b32decode(upper + "=" * (-len(upper) % 8))
    except (binascii.Error, ValueError) as wrong:
        raise cose.NotSigned("not base32") from wrong
    if base64.b32encode(found).rstrip(b"=").decode() != upper:
        raise cose.NotSigned("bits that mean nothing")
    return found


def _code(said: Any) -> Code | None:
    """From what was signed; None for a version that is not known here."""
    if not isinstance(said, list | tuple) or len(said) != 1 + _TEXTS + _COUNTS or said[0] != VERSION:
        return None
    texts, counts = said[1 : 1 + _TEXTS], said[1 + _TEXTS :]
    if not all(type(text) is str for text in texts) or not all(type(count) is int and count >= 0 for count in counts):
        return None
    days, edition, index = counts
    if days > _LAST_DAY:
        return None
    number, name, occupation, job, level = texts
    return Code(number, name, occupation, job, level, _FIRST_DAY + timedelta(days=days), edition, index)

"""The signed credential in a certificate's QR code: anybody who has the centre's public key can check it, offline too.

Form: base64url(JSON list) "." base64url(Ed25519 signature). The list is [number, name, occupation, job, level, issued
on (ISO)], and from the second edition of a certificate on its edition; the ID number is never in it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import astuple, dataclass, fields

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assay.kernel.secrets import secret


@dataclass(frozen=True)
class Claim:
    """What a certificate says, as far as its QR code carries it."""

    number: str
    name: str
    occupation: str
    job: str
    level: str
    issued_on: str
    edition: int = 1


FIELDS = len(fields(Claim))


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret("certificate"))


def public_key() -> bytes:
    """The 32 bytes that a verifier needs."""
    return _key().public_key().public_bytes_raw()


def sign(claim: Claim) -> str:
    """The token for a QR code."""
    *first, edition = astuple(claim)
    said = json.dumps(first if edition == 1 else [*first, edition], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_encode(said)}.{signature_of(said)}"


def signature_of(said: bytes) -> str:
    """The signature over any other statement of the centre about its certificates, as in a token."""
    return _encode(_key().sign(said))


def check(token: str, key: bytes | None = None) -> Claim | None:
    """The claim when the signature is right (under `key`, else this centre's own); None otherwise."""
    said, _, signature = token.partition(".")
    try:
        text = _decode(said)
        Ed25519PublicKey.from_public_bytes(key or public_key()).verify(_decode(signature), text)
        values = json.loads(text)
        number, name, occupation, job, level, issued_on, edition = values if len(values) == FIELDS else [*values, 1]
        return Claim(str(number), str(name), str(occupation), str(job), str(level), str(issued_on), int(edition))
    except (InvalidSignature, ValueError, TypeError, binascii.Error):
        return None


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

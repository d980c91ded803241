"""The signed credential in a certificate's QR code: anybody who has the centre's public key can check it, offline too.

Form: base64url(JSON list) "." base64url(Ed25519 signature), and "." the id of the key from the second key on. The list is
[number, name, occupation, job, level, issued on (ISO)], and from the second edition of a certificate on its edition; the ID
number is never in it. Signed with the newest key, checked with the one that it names: what was printed stays good.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from assay.kernel.keyring import private, public
from assay.kernel.secrets import current, keys

_SECRET, _FIRST = "certificate", "1"


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


def public_keys() -> dict[str, bytes]:
    """The 32 bytes that a verifier needs, by the keys' ids; the last one is in use."""
    return {key.id: public(key) for key in keys(_SECRET)}


def sign(claim: Claim) -> str:
    """The token for a QR code."""
    *first, edition = astuple(claim)
    said = json.dumps(first if edition == 1 else [*first, edition], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_encode(said)}.{signature_of(said)}"


def signature_of(said: bytes) -> str:
    """The signature over any other statement of the centre about its certificates, as in a token."""
    key = current(_SECRET)
    signature = _encode(private(key).sign(said))
    return signature if key.id == _FIRST else f"{signature}.{key.id}"


def check(token: str, known: Mapping[str, bytes] | None = None) -> Claim | None:
    """The claim when the signature is right under the key that the token names (of `known`, else of this centre's own); None
    otherwise."""
    said, _, signed = token.partition(".")
    try:
        text = _decode(said)
        _require_signed(text, signed, public_keys() if known is None else known)
        values = json.loads(text)
        number, name, occupation, job, level, issued_on, edition = values if len(values) == FIELDS else [*values, 1]
        return Claim(str(number), str(name), str(occupation), str(job), str(level), str(issued_on), int(edition))
    except (InvalidSignature, KeyError, ValueError, TypeError, binascii.Error):
        return None


def is_statement(said: Mapping[str, Any], known: Mapping[str, bytes]) -> bool:
    """Whether a statement (JSON, its names in order when it was signed) bears a right signature of one of `known`."""
    rest = {name: value for name, value in said.items() if name != "signature"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    try:
        _require_signed(text, str(said["signature"]), known)
    except (InvalidSignature, KeyError, ValueError, binascii.Error):
        return False
    return True


def _require_signed(said: bytes, signed: str, known: Mapping[str, bytes]) -> None:
    """Raises InvalidSignature, or KeyError for a key that is not known, or ValueError for what is no signature."""
    signature, _, key_id = signed.partition(".")
    Ed25519PublicKey.from_public_bytes(known[key_id or _FIRST]).verify(_decode(signature), said)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

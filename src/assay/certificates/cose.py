"""COSE_Sign1 with Ed25519 (RFC 9052, RFC 9053), as far as codes on certificates and the status list need it. Pure.

What is signed is the protected header and the payload, under the context "Signature1": no signature of ours over anything else
can be taken for one of these. A key is named by the first four bytes of its thumbprint (RFC 9679).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALG, KEY_ID, TYPE = 1, 4, 16
EDDSA, ED25519 = -8, -19
"""The algorithm as it is written, and its newer, fully specified name (RFC 9864), which is read as well."""
_TAG = 18


class NotSigned(ValueError):
    """No COSE_Sign1 message."""


@dataclass(frozen=True)
class Message:
    """A message taken apart; whether its signature is right is for `signed_by` to say."""

    protected: bytes
    payload: bytes
    signature: bytes
    header: Mapping[Any, Any]

    @property
    def key_id(self) -> bytes:
        """What the protected header names as key; nothing where it names none."""
        named = self.header.get(KEY_ID)
        return named if isinstance(named, bytes) else b""

    def to_be_signed(self, external: bytes = b"") -> bytes:
        """The Sig_structure (RFC 9052 §4.4); a header that says nothing counts as no bytes."""
        return cbor2.dumps(["Signature1", self.protected if self.header else b"", external, self.payload])

    def signed_by(self, public: bytes) -> bool:
        """Whether the protected header says Ed25519 and the signature is that of this key (32 bytes)."""
        if self.header.get(ALG) not in (EDDSA, ED25519):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, self.to_be_signed())
        except InvalidSignature:
            return False
        return True

    def signed_by_named(self, publics: Iterable[bytes]) -> bool:
        """Whether that one of the keys which the message names has signed it."""
        return any(self.signed_by(public) for public in publics if key_id(public) == self.key_id)


def key_id(public: bytes) -> bytes:
    """The first four bytes of the COSE key's thumbprint (RFC 9679): a verifier computes it from the key alone."""
    return sha256(cbor2.dumps({1: 1, -1: 6, -2: public}, canonical=True)).digest()[:4]


def signed(payload: Any, key: Ed25519PrivateKey, *, kind: str = "") -> bytes:
    """The message in bytes, tagged; `kind` becomes the type in its protected header (RFC 9596)."""
    header: dict[int, Any] = {ALG: EDDSA, KEY_ID: key_id(key.public_key().public_bytes_raw())}
    if kind:
        header[TYPE] = kind
    protected, content = cbor2.dumps(header, canonical=True), cbor2.dumps(payload, canonical=True)
    message = Message(protected, content, b"", header)
    return cbor2.dumps(cbor2.CBORTag(_TAG, [protected, {}, content, key.sign(message.to_be_signed())]))


def taken_apart(data: bytes) -> Message:
    """Raises NotSigned for whatever is no tagged COSE_Sign1 message with its payload in it, or has something behind it."""
    found = decoded(data)
    if not isinstance(found, cbor2.CBORTag) or found.tag != _TAG:
        raise NotSigned("not tagged as COSE_Sign1")
    parts = found.value
    if not isinstance(parts, list | tuple) or len(parts) != 4 or not isinstance(parts[1], Mapping):
        raise NotSigned("not four parts")
    protected, _, payload, signature = parts
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise NotSigned("parts that are no bytes")
    header = decoded(protected) if protected else {}
    if not isinstance(header, Mapping):
        raise NotSigned("a header that is no map")
    return Message(protected, payload, signature, header)


def decoded(data: bytes) -> Any:
    """What one CBOR item says. Raises NotSigned when it is written otherwise than we write: with open ends, a key twice, lengths longer
    than they need be, something behind it."""
    try:
        found = cbor2.loads(data, allow_indefinite=False, allow_duplicate_keys=False, max_depth=16)
        whole = len(cbor2.dumps(found)) == len(data)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as wrong:
        raise NotSigned("not CBOR") from wrong
    if not whole:
        raise NotSigned("something behind it, or lengths written longer than they need be")
    return found

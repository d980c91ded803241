"""Signed notes in the form of C2SP (`signed-note`, Ed25519): a text that public tools and witnesses can check. Pure.

A note is its text (each line ended), an empty line, and one line a signature: `— <name> <base64(key id ‖ signature)>`. The key
id is four bytes over the signer's name and public key; a verifier key (`vkey`) says both in one line.
Source: https://c2sp.org/signed-note.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)\n")
_LARGEST = 64 * 1024


class BadNote(ValueError):
    """Not a signed note."""


@dataclass(frozen=True)
class Verifier:
    """Who may have signed: a name and an Ed25519 public key (32 bytes)."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """`<name>+<key id in hex>+<base64(1 ‖ public key)>`."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True)
class Note:
    """A text and those who signed it; whether they did is for `signed_by` to say."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, verifier: Verifier) -> bool:
        """Whether a signature of this verifier is there and every one under its name and key id is right."""
        mine = [one for one in self.signatures if (one.name, one.key_id) == (verifier.name, verifier.key_id)]
        key = Ed25519PublicKey.from_public_bytes(verifier.public)
        return bool(mine) and all(_right(key, one.value, self.text) for one in mine)


def _right(key: Ed25519PublicKey, signature: bytes, text: str) -> bool:
    try:
        key.verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def read_vkey(text: str) -> Verifier:
    """Raises BadNote when it is no verifier key of Ed25519, or its id is not that of its key."""
    name, _, rest = text.strip().partition("+")
    key_id, _, key = rest.partition("+")
    raw = _from_base64(key)
    if raw[:1] != _ED25519 or len(raw) != 33 or not name:
        raise BadNote("not an Ed25519 verifier key")
    found = Verifier(name, raw[1:])
    if found.key_id.hex() != key_id:
        raise BadNote("the key id is another key's")
    return found


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note of `text` (ended by a line feed), signed under `name`."""
    if not text.endswith("\n") or "\n\n" in text or re.search(r"[\s+]", name):
        raise BadNote("the text must be ended lines, none empty; the name without spaces and plus signs")
    verifier = Verifier(name, key.public_key().public_bytes_raw())
    signature = base64.b64encode(verifier.key_id + key.sign(text.encode())).decode()
    return f"{text}\n— {name} {signature}\n"


def read(note: str) -> Note:
    """The note in its parts. Raises BadNote."""
    text, parted, signatures = note.rpartition("\n\n")
    found = list(_SIGNATURE.finditer(signatures))
    if not parted or len(note) > _LARGEST or "".join(one.group(0) for one in found) != signatures or not found:
        raise BadNote("not a signed note")
    return Note(text + "\n", tuple(_signature(one.group(1), one.group(2)) for one in found))


def _signature(name: str, encoded: str) -> Signature:
    raw = _from_base64(encoded)
    if len(raw) < 5:
        raise BadNote("a signature is too short")
    return Signature(name, raw[:4], raw[4:])


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as wrong:
        raise BadNote("not base64") from wrong

"""How a kept file lies on the disk: enciphered in frames, so that a large one is never in memory twice.

    magic · length of the key's id · key's id · check of the key · size in the clear · salt | frame · frame · …

Each file has a key of its own, derived from the CONTENT key and the salt; each frame is AES-256-GCM under its number, bound to
the head and to the digest that is the file's name: frames cannot be changed, swapped, left out or brought from another file.
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from assay.kernel.refusals import Refused
from assay.kernel.sealing import CONTENT
from assay.kernel.secrets import Key, UnknownKey, current, key

MAGIC = b"\x93ASSAY\x01\n"
FRAME = 256 * 1024
_TAG, _SALT, _CHECK = 16, 16, 8
_REST = struct.Struct(f">{_CHECK}sQ{_SALT}s")
_DAMAGED = "文件内容被改动：与登记的校验码不符"
_CUT = "文件不完整：后面一部分已丢失"


class Unreadable(Refused):
    """The file is not what was kept, or not to be opened with our keys; the message says which."""


@dataclass(frozen=True)
class _Head:
    key_id: str
    check: bytes
    size: int
    salt: bytes

    def written(self) -> bytes:
        name = self.key_id.encode()
        return MAGIC + bytes([len(name)]) + name + _REST.pack(self.check, self.size, self.salt)


def is_enciphered(start: bytes) -> bool:
    """By the first bytes of a file: those kept by earlier versions lie in the clear."""
    return start.startswith(MAGIC)


def write(out: IO[bytes], pieces: Iterable[bytes], size: int, digest: str) -> None:
    """Encipher `pieces`, of `size` bytes in all, as the file named `digest`."""
    newest = current(CONTENT)
    head = _Head(newest.id, _check(newest), size, os.urandom(_SALT))
    out.write(head.written())
    cipher, bound = _cipher(newest, head), head.written() + digest.encode()
    for number, frame in enumerate(_framed(pieces)):
        out.write(cipher.encrypt(_nonce(number), frame, bound))


def read(source: IO[bytes], digest: str) -> Iterator[bytes]:
    """The clear bytes, frame by frame. Raises Unreadable."""
    head = _head(source)
    cipher, bound = _cipher(_key_of(head), head), head.written() + digest.encode()
    left, number = head.size, 0
    while left:
        length = min(left, FRAME)
        frame = source.read(length + _TAG)
        try:
            yield cipher.decrypt(_nonce(number), frame, bound)
        except InvalidTag as wrong:
            raise Unreadable(_CUT if len(frame) < length + _TAG else _DAMAGED) from wrong
        left, number = left - length, number + 1
    if source.read(1):
        raise Unreadable(_DAMAGED)


def _head(source: IO[bytes]) -> _Head:
    start = source.read(len(MAGIC) + 1)
    name = source.read(start[-1]) if len(start) > len(MAGIC) else b""
    rest = source.read(_REST.size)
    if len(rest) < _REST.size:
        raise Unreadable(_CUT)
    return _Head(name.decode("latin-1"), *_REST.unpack(rest))


def _key_of(head: _Head) -> Key:
    try:
        found = key(CONTENT, head.key_id)
    except UnknownKey as unknown:
        raise Unreadable(f"文件打不开：{unknown.args[0]}") from unknown
    if not hmac.compare_digest(_check(found), head.check):
        raise Unreadable("文件打不开：由另一套密钥加密，请放回本系统原来的密钥文件")
    return found


def _check(of: Key) -> bytes:
    """By it a foreign key is told from a changed file."""
    return hmac.digest(of.value, b"assay kept file check", "sha256")[:_CHECK]


def _cipher(of: Key, head: _Head) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, head.salt, b"assay kept file").derive(of.value))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _framed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in frames, all but the last full."""
    waiting = b""
    for piece in pieces:
        view = memoryview(waiting + piece if waiting else piece)
        full = len(view) - len(view) % FRAME
        for start in range(0, full, FRAME):
            yield bytes(view[start : start + FRAME])
        waiting = bytes(view[full:])
    if waiting:
        yield waiting

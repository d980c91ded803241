"""Bytes, tags and members changed, cut, doubled, blown up."""

from __future__ import annotations

import io
import random
import zipfile

WORDS = [b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"&x;", b"<script>", b"]]>", b"\x00", b"\xff\xfe", b"{=", b"~", b"}", b"ANSWER: Z", b"::",
         b"99999999999999999999", b"-1", b"<", b">", b"\\(", b"|", b"\n\n", b"PK\x03\x04", "１．".encode(), "（Ａ）".encode()]  # fmt: skip


def bent(content: bytes, chance: random.Random) -> bytes:
    """The file with a few things wrong in it; in a ZIP sometimes within its members."""
    if content[:2] == b"PK" and chance.random() < 0.8:
        return _bent_zip(content, chance)
    return _bent_bytes(content, chance)


def _bent_zip(content: bytes, chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            fate = chance.random()
            if fate < 0.05:
                continue
            member = old.read(name)
            new.writestr(name if fate < 0.97 else f"../{name}", _bent_bytes(member, chance) if fate < 0.5 else member)
    return buffer.getvalue()


def _bent_bytes(content: bytes, chance: random.Random) -> bytes:
    made_of = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made_of) + 1)
        kind = chance.random()
        if kind < 0.3 and made_of:
            made_of[at % len(made_of)] = chance.randrange(256)
        elif kind < 0.6:
            made_of[at:at] = chance.choice(WORDS)
        elif kind < 0.8:
            del made_of[at : at + chance.randint(1, 40)]
        else:
            piece = made_of[at : at + chance.randint(1, 200)]
            made_of[at:at] = piece * chance.randint(1, 5)
    return bytes(made_of)

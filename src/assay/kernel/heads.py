"""A head of the ledger: how many entries there were and the root over them, as a signed note in the form of C2SP
(`tlog-checkpoint`): origin, size, root in base64, a line each. Whoever holds one can tell later whether anything before it was
changed or cut off. Source: https://c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from django.conf import settings

from assay.kernel import notes
from assay.kernel.keyring import private, public
from assay.kernel.secrets import current, keys

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_SECRET = "ledger_signing"  # noqa: S105 - its name


@dataclass(frozen=True)
class Head:
    """`root`: 32 bytes in hex, as the tables keep it."""

    origin: str
    size: int
    root: str

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(bytes.fromhex(self.root)).decode()}\n"


def origin() -> str:
    """The ledger's name among all ledgers: as set (ASSAY_LEDGER_ORIGIN), else by its first key."""
    return settings.LEDGER_ORIGIN or f"assay-{public(keys(_SECRET)[0]).hex()[:16]}/ledger"


def sign(size: int, root: str) -> str:
    """The signed note of a head of our own ledger."""
    name = origin()
    return notes.sign(Head(name, size, root).text, name, private(current(_SECRET)))


def verifiers(name: str) -> list[notes.Verifier]:
    """Of every key that ever signed heads under this name; the last one is in use."""
    return [notes.Verifier(name, public(key)) for key in keys(_SECRET)]


def vkeys() -> list[str]:
    """What others need to check our heads, a line a key."""
    return [one.vkey for one in verifiers(origin())]


def read(note: str) -> Head:
    """The head that a note says. Raises BadNote; whether we signed it is for `ours` to say."""
    lines = notes.read(note).text.splitlines()
    if len(lines) < 3 or not _SIZE.fullmatch(lines[1]):
        raise notes.BadNote("not a head")
    root = base64.b64decode(lines[2])
    if len(root) != 32:
        raise notes.BadNote("a root has 32 bytes")
    return Head(lines[0], int(lines[1]), root.hex())


def as_printed(text: str) -> str:
    """The note in a text that was copied from a paper or typed: there a long line is broken and an empty one lost. What has not the
    parts of a note comes back as it is."""
    lines = [line.strip() for line in text.replace("\u200b", "").splitlines() if line.strip()]
    said, signed = lines[:3], "".join(lines[3:])
    mark, _, rest = signed.partition(said[0] if said else " ")
    if len(said) < 3 or mark.strip() not in ("—", "-", "–") or not rest:
        return text
    return "\n".join(said) + f"\n\n— {said[0]} {rest.replace(' ', '')}\n"


def ours(note: str) -> bool:
    """Whether the note is a head signed with one of our keys."""
    try:
        name, read_note = read(note).origin, notes.read(note)
    except ValueError:
        return False
    return any(read_note.signed_by(one) for one in verifiers(name))

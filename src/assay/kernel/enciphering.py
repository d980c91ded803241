"""Files that an earlier version kept in the clear are enciphered, one after the other. Stopped at any moment it goes on where it was:
each file is replaced as a whole, by a copy that was read again first."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from assay.kernel import cipher_file, durable
from assay.kernel.files import plain_pieces, problem_of

DONE = ".enciphered"
"""Lies in the folder once nothing in it is in the clear; what is kept since then never is."""
ABANDONED_S = 3600
_NAME = re.compile("[0-9a-f]{64}")
_DRAFT = re.compile(r"[0-9a-f]{64}(\.tmp|\..*\.draft)")


@dataclass
class Enciphered:
    """`count` files are enciphered now; `left` stay as they are, each with its reason in Chinese."""

    count: int = 0
    left: list[str] = field(default_factory=list)


def is_due() -> bool:
    """Whether files may still lie in the clear."""
    root = Path(settings.FILES_ROOT)
    return root.exists() and not (root / DONE).exists()


def encipher_kept() -> Enciphered:
    """Encipher whatever lies in the clear, and clear away drafts that nobody finishes any more. A file that is not what its name
    says stays as it is, for whoever has to look into it."""
    done = Enciphered()
    for path in _kept():
        if _lies_enciphered(path):
            continue
        if wrong := problem_of(path.name):
            done.left.append(f"{path}：{wrong}")
            continue
        _encipher(path)
        done.count += 1
    _clear_away_drafts()
    if not done.left:
        durable.put(Path(settings.FILES_ROOT) / DONE, lambda out: None)
    return done


def _kept() -> Iterator[Path]:
    return (path for path in sorted(Path(settings.FILES_ROOT).glob("??/*")) if _NAME.fullmatch(path.name))


def _lies_enciphered(path: Path) -> bool:
    with path.open("rb") as source:
        return cipher_file.is_enciphered(source.read(len(cipher_file.MAGIC)))


def _encipher(path: Path) -> None:
    """Put the enciphered file in the place of the clear one, once it is on the disk and opens to the same bytes."""

    def write(out: durable.Out) -> None:
        with path.open("rb") as clear:
            cipher_file.write(out, plain_pieces(clear), path.stat().st_size, path.name)
        out.seek(0)
        again = sha256()
        for piece in cipher_file.read(out, path.name):
            again.update(piece)
        if again.hexdigest() != path.name:
            raise OSError(f"{path} cannot be enciphered: it changes while it is read")

    durable.put(path, write)


def _clear_away_drafts() -> None:
    """Of writers that were stopped; one that is at work is younger."""
    old = time.time() - ABANDONED_S
    for path in Path(settings.FILES_ROOT).glob("??/*"):
        if _DRAFT.fullmatch(path.name) and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)

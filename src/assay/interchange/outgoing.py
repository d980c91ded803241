"""What is written to a file: items with everything of theirs, and the pictures that they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.items.content import markup


@dataclass(frozen=True)
class OutItem:
    """An item on its way out. Pictures in its markup by their SHA-256; `key` in its normal form."""

    number: int
    kind: str
    stem: str
    options: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()
    key: str = ""
    difficulty: int = 3
    point: str = ""
    explanation: str = ""
    reference: str = ""
    parts: tuple[OutItem, ...] = ()

    def texts(self) -> list[str]:
        """Every marked-up text of the item and its parts."""
        own = [self.stem, *self.options, *self.premises, self.explanation]
        own += [self.key] if self.kind == "short" else []
        return own + [text for part in self.parts for text in part.texts()]


@dataclass(frozen=True)
class Outgoing:
    """A bank, or a part of one. `pictures`: SHA-256 → bytes."""

    title: str
    items: Sequence[OutItem]
    pictures: Mapping[str, bytes]

    def picture_name(self, digest: str) -> str:
        """The file name of a picture."""
        png = self.pictures.get(digest, b"").startswith(b"\x89PNG")
        return f"{digest}.{'png' if png else 'jpg'}"


def pictures_in(item: OutItem) -> list[str]:
    """The digests of the pictures that an item shows, each once, in order."""
    return list(dict.fromkeys(p.source for text in item.texts() for p in markup.parse(text).pictures()))

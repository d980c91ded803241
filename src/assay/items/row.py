"""An item as it comes in, from a form or a file: everything of it in its normal form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.items.content import markup


@dataclass(frozen=True)
class ItemRow:
    """An item as given. Texts are markup with pictures by their SHA-256; `key` normalised; `point` a code of the specification
    or '' when it is to be found later; `parts` the items of a case group; `sheet` that of an operation-skill task."""

    point: str
    type: str
    difficulty: int
    stem: str
    options: tuple[str, ...] = ()
    key: str = ""
    explanation: str = ""
    premises: tuple[str, ...] = ()
    reference: str = ""
    parts: tuple[ItemRow, ...] = ()
    sheet: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def texts(self) -> list[str]:
        """Every marked-up text of the item and its parts."""
        own = [
            self.stem,
            *self.options,
            *self.premises,
            self.explanation,
            *([self.key] if self.type == "short" else []),
        ]
        return own + [text for part in self.parts for text in part.texts()]

    def pictures(self) -> list[str]:
        """The digests of all pictures shown, each once."""
        return list(dict.fromkeys(p.source for text in self.texts() for p in markup.parse(text).pictures()))

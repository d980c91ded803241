"""Blocks of an official paper: what a room's `printing` puts together. Plain data, no layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
OF_EACH_PAGE = "signatures-of-each-page"


def title(text: str, *, above: str = "", below: str = "", whose: str = "") -> Block:
    """The paper's title, with a small line above and below. The foot of every page repeats it with `whose` the paper is: the
    candidate, the room or the batch (what stands below it, unless told otherwise)."""
    return {"kind": "title", "text": text, "above": above, "below": below, "whose": whose or below}


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def text(*paragraphs: str) -> Block:
    return {"kind": "text", "paragraphs": list(paragraphs)}


def pairs(*rows: Sequence[str], photo: str = "") -> Block:
    """A form of labels and values: each row holds label, value, label, value…; an optional photo (file name) on the
    right, an empty frame when it is '-'."""
    return {"kind": "pairs", "rows": [[str(v) for v in row] for row in rows], "photo": photo}


def table(
    head: Sequence[str], rows: Sequence[Sequence[Any]], *, widths: Sequence[str] = (), empty: str = "（无）"
) -> Block:
    """A ruled table whose head repeats on every page (no head when it is empty: `widths` then counts the columns). `widths` are
    millimetres, or shares of what is left: «20mm» «1fr»."""
    filled = [["" if v is None else str(v) for v in row] for row in rows]
    return {"kind": "table", "head": list(head), "rows": filled, "widths": list(widths), "empty": empty}


def box(label: str, content: str, *, height_mm: int = 25, signed: str = "") -> Block:
    """A ruled box with a label on the left, room for writing, and a line for signature at its foot. It grows with its content, over
    pages where it must: `height_mm` is the least."""
    return {"kind": "box", "label": label, "content": content, "height": height_mm, "signed": signed}


def signatures(*names: str) -> Block:
    """Signature lines side by side."""
    return {"kind": "signatures", "names": list(names)}


def signatures_of_each_page(*names: str) -> Block:
    """Signature lines at the foot of every page, for lists whose pages part."""
    return {"kind": OF_EACH_PAGE, "names": list(names)}


def closing(*lines: str, said: Sequence[str] = ()) -> Block:
    """The end of a notice, which stays together: what is `said` last, and on the right who issues it and when, with room for the seal."""
    return {"kind": "closing", "lines": list(lines), "said": list(said)}


def signs(*lines: str) -> Block:
    """Lines for machines, such as keys and signatures; each breaks anywhere."""
    return {"kind": "signs", "lines": [line for line in lines if line]}


def space(mm: int) -> Block:
    return {"kind": "space", "height": mm}

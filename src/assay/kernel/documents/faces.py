"""Which face sets a text, and which signs no face has.

Entries of certificates are set in 仿宋 (rules.md §7). The free one that set-up fetches, FandolFang, has the 6,763 characters of GB 2312
and some more; 喆 and 堃 are not among them. An entry is never set in two faces: it is in 仿宋 where that has all of its signs, else in
Noto Serif. Typst does not say what a font has, so its table of signs (cmap) is read here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import typst

FANG = "FandolFang R"
HOUSE = "Noto Serif CJK SC"
_OWN = Path(__file__).parent / "fonts"


@cache
def installed() -> typst.Fonts:
    """The system's fonts and those that set-up put beside the templates, found once per process."""
    return typst.Fonts(font_paths=[_OWN] if _OWN.is_dir() else [])


@cache
def _files() -> dict[str, Path]:
    """A file of each family; what Typst brings itself has none."""
    return {font.family: Path(font.path) for font in installed().fonts() if font.path}


def has_fang() -> bool:
    return FANG in _files()


def in_fang(text: str) -> bool:
    """Whether an entry is set in 仿宋."""
    return has_fang() and _signs_of(text) <= _has(_files()[FANG])


def missing(text: str) -> str:
    """The signs of a text that no installed font has: they would be printed as empty boxes."""
    left = _signs_of(text)
    for file in _most_likely_first():
        if not left:
            break
        left = left - _has(file)
    return "".join(sign for sign in dict.fromkeys(text) if ord(sign) in left)


def said_missing(title: str, signs: str) -> str:
    return f"{title}中的“{signs}”本机没有字体可印，请先安装含有此字的字体，或核对所填的字"


def _most_likely_first() -> Iterable[Path]:
    return dict.fromkeys(sorted(_files().values(), key=lambda file: file != _files().get(HOUSE)))


def _signs_of(text: str) -> frozenset[int]:
    return frozenset(ord(sign) for sign in text if not sign.isspace())


@cache
def _has(file: Path) -> frozenset[int]:
    """The code points that a font has glyphs for (OpenType, cmap); of a collection, its first font."""
    data = file.read_bytes()
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", data, start + 4)[0]
    places = {
        data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0]
        for at in range(start + 12, start + 12 + 16 * tables, 16)
    }
    return frozenset(_mapped(data, places[b"cmap"])) if b"cmap" in places else frozenset()


def _mapped(data: bytes, cmap: int) -> Iterator[int]:
    for n in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * n)[0]
        match struct.unpack_from(">H", data, at)[0]:
            case 4:
                yield from _segments(data, at)
            case 12:
                yield from _groups(data, at)


def _segments(data: bytes, at: int) -> Iterator[int]:
    """Format 4: segments of the basic plane; glyph 0 is no glyph."""
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, at + 14 + shift * 2 * count + (2 if shift else 0)) for shift in range(4)
    )
    for n, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        place = at + 16 + 6 * count + 2 * n + offset
        for sign in range(first, min(last, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", data, place + 2 * (sign - first))[0] if offset else sign
            if glyph and (glyph + delta) & 0xFFFF:
                yield sign


def _groups(data: bytes, at: int) -> Iterator[int]:
    """Format 12: groups of all planes."""
    for n in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last = struct.unpack_from(">II", data, at + 16 + 12 * n)
        yield from range(first, last + 1)

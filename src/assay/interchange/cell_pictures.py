"""Pictures that lie in an Excel sheet: over a cell (drawings), or in one (WPS's DISPIMG). By sheet, row and column."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml import etree

from assay.interchange.drafts import Unreadable
from assay.interchange.safety import LARGEST_PICTURE, Package, inside, local, xml

_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_IN_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[^>]*>[^<]*DISPIMG\((?:&quot;|")([^"&]{1,80})(?:&quot;|")'
)

Cell = tuple[int, int]
"""Row as the user sees it, column from 0."""


def read(package: Package) -> tuple[dict[str, dict[Cell, list[str]]], dict[str, bytes], list[str]]:
    """(sheet → cell → names of pictures, name → bytes, what could not be read)."""
    found: dict[str, dict[Cell, list[str]]] = {}
    pictures: dict[str, bytes] = {}
    lost: list[str] = []
    in_cells = _in_cell_images(package)
    for name, member in _sheets(package).items():
        cells: dict[Cell, list[str]] = defaultdict(list)
        for cell, picture in [*_drawn(package, member), *_displayed(package, member, in_cells)]:
            try:
                pictures.setdefault(picture, package.read(picture, LARGEST_PICTURE))
            except Unreadable as broken:
                lost.append(f"第 {cell[0]} 行的图片：{broken}")
                continue
            cells[cell].append(picture)
        if cells:
            found[name] = dict(cells)
    return found, pictures, lost


def _targets(package: Package, member: str) -> dict[str, str]:
    """Relation id → member."""
    folder, _, name = member.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in package:
        return {}
    targets = {}
    for relation in xml(package.read(relations)):
        target = relation.get("Target") or ""
        if relation.get("TargetMode") != "External":
            targets[relation.get("Id") or ""] = target[1:] if target.startswith("/") else inside(member, target)
    return targets


def _sheets(package: Package) -> dict[str, str]:
    """Name of a sheet → its member."""
    if "xl/workbook.xml" not in package:
        return {}
    targets = _targets(package, "xl/workbook.xml")
    return {
        e.get("name") or "": targets[e.get(_ID) or ""]
        for e in xml(package.read("xl/workbook.xml")).iter()
        if local(e.tag) == "sheet" and (e.get(_ID) or "") in targets
    }


def _drawn(package: Package, sheet: str) -> list[tuple[Cell, str]]:
    drawings = [
        t for t in _targets(package, sheet).values() if re.fullmatch(r"xl/drawings/[^/]+\.xml", t) and t in package
    ]
    found = []
    for drawing in drawings:
        targets = _targets(package, drawing)
        for anchor in xml(package.read(drawing)):
            start = next((e for e in anchor if local(e.tag) == "from"), None)
            blips = [e.get(_EMBED) for e in anchor.iter() if local(e.tag) == "blip"]
            if start is not None and blips and (blips[0] or "") in targets:
                found.append(((_number(start, "row") + 1, _number(start, "col")), targets[blips[0] or ""]))
    return found


def _number(start: etree._Element, name: str) -> int:
    words = next((e.text or "" for e in start if local(e.tag) == name), "")
    return int(words) if words.strip().isdecimal() else 0


def _in_cell_images(package: Package) -> dict[str, str]:
    """WPS: the id that DISPIMG names → member."""
    member = "xl/cellimages.xml"
    if member not in package:
        return {}
    targets = _targets(package, member)
    found = {}
    for image in xml(package.read(member)):
        names = [e.get("name") for e in image.iter() if local(e.tag) == "cNvPr"]
        blips = [e.get(_EMBED) for e in image.iter() if local(e.tag) == "blip"]
        if names and blips and (blips[0] or "") in targets:
            found[names[0] or ""] = targets[blips[0] or ""]
    return found


def _displayed(package: Package, sheet: str, images: dict[str, str]) -> list[tuple[Cell, str]]:
    if not images:
        return []
    found = []
    for letters, row, name in _IN_CELL.findall(package.read(sheet)):
        member = images.get(name.decode(errors="replace"))
        if member:
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            found.append(((int(row), column - 1), member))
    return found

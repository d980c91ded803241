"""An item as HTML, the way a candidate will see it: for the editor's preview, for reviewers, for papers looked through."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from assay.bank.models import Item
from assay.items import answers
from assay.items.content import formulas, markup
from assay.items.content.html import to_html
from assay.items.content.markup import Picture
from assay.items.row import ItemRow
from assay.items.sheet import SIDES, allowance, total


@dataclass(frozen=True)
class Shown:
    """`options`: (letter, HTML, is right). `key`: as a reader says it. `parts`: the items of a case group.
    `sheet`: of an operation-skill task."""

    kind: str
    stem: SafeString
    options: list[tuple[str, SafeString, bool]]
    premises: list[SafeString]
    key: SafeString
    explanation: SafeString
    parts: list[Shown]
    sheet: Mapping[str, Any]


def html(text: str) -> SafeString:
    """A marked-up text as HTML: only what the markup knows can come out of it."""
    written = to_html(markup.parse(text), _picture, formula)
    return mark_safe(written)  # noqa: S308 - `to_html` escapes every text


def _picture(picture: Picture) -> str:
    if len(picture.source) == 64 and picture.source.isalnum():
        return reverse("bank:picture", args=[picture.source])
    return ""


def formula(tex: str) -> str:
    """A formula as an inline drawing; one that is not understood as its TeX, marked."""
    try:
        drawn = formulas.draw(tex)
    except formulas.NotAFormula as unknown:
        return f'<code class="text-danger" title="{escape(str(unknown))}">{escape(tex)}</code>'
    data = base64.b64encode(drawn.svg).decode()
    place = f'data-height="{drawn.height}em" data-drop="{drawn.drop}em"'
    return f'<img class="formula" alt="{escape(tex)}" {place} src="data:image/svg+xml;base64,{data}"/>'


def row_of(item: Item) -> ItemRow:
    """An item of the bank as it would be written again; a picture of the old kind stands in its text."""
    stem = item.stem + (f"\n![]({item.image_id})" if item.image_id else "")
    return ItemRow(
        item.point.code if item.point else "", item.type, item.difficulty, stem, tuple(item.options), item.key,
        item.explanation, tuple(item.premises), item.reference,
        tuple(row_of(part) for part in item.live_parts()) if item.type == "case" else (), dict(item.sheet),
    )  # fmt: skip


def shown(row: ItemRow) -> Shown:
    return Shown(
        answers.TYPES.get(row.type, row.type),
        html(row.stem),
        [(letter, html(o), letter in row.key) for letter, o in zip(answers.LETTERS, row.options, strict=False)]
        if row.type in answers.LETTERED
        else [],
        [html(p) for p in row.premises],
        _key(row),
        html(row.explanation),
        [shown(part) for part in row.parts],
        sheet_shown(row.sheet) if row.sheet else {},
    )


def shown_entry(entry: dict[str, Any]) -> Shown:
    """An entry of a paper's frozen content."""
    stem = entry["stem"] + (f"\n![]({entry['image']})" if entry.get("image") else "")
    row = ItemRow("", entry.get("type", "single"), 3, stem, tuple(entry["options"]), entry["key"])
    row = replace(row, premises=tuple(entry.get("premises", [])))
    found = shown(replace(row, sheet=entry.get("sheet", {})))
    return replace(found, parts=[shown_entry(part) for part in entry.get("parts", [])])


def sheet_shown(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """An operation-skill task's sheet with everything said in words."""
    sides = {side: title for title, side in SIDES.items()}
    return {
        **sheet,
        "points": [{**point, "allowance": allowance(point)} for point in sheet["points"]],
        "materials": [{**thing, "side": sides[thing["side"]]} for thing in sheet.get("materials", [])],
        "total": total(sheet),
    }


def _key(row: ItemRow) -> SafeString:
    if row.type == "short":
        return html(row.key)
    if row.type == "matching":
        pairs: Sequence[str] = [f"{n}—{letter}" for n, letter in enumerate(row.key, start=1)]
        return conditional_escape("，".join(pairs))
    if row.type == "fill":
        blanks = [" 或 ".join(words) for words in answers.blanks_of(row.key)]
        return conditional_escape("；".join(blanks))
    return conditional_escape(row.key)

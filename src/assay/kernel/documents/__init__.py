"""Official papers as PDF, by Typst.

A paper is either a list of blocks in the house style (`render_blocks`; see `blocks`), or a template of its own
(`render`). Data travel as JSON, pictures as files beside it; nothing of the data is ever read as Typst source.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typst

from assay.kernel.documents import faces
from assay.kernel.documents.blocks import OF_EACH_PAGE

HERE = Path(__file__).parent
FORMS = HERE / "forms.typ"
TAGGED_UP_TO = 50
"""Papers in one file; larger files are for the archive and the printer."""


def render(
    template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None, *, title: str = "",
    on: date | None = None, tagged: bool = True,
) -> bytes:  # fmt: skip
    """PDF of `template` with `data`; `files` are pictures by the names that the data use. `title` is what a reader's window shows, `on`
    the day of its facts: the same facts give the same file. What has a day is PDF/A. `tagged` lets screen readers follow it, at the
    price of several times the size. Raises typst.TypstError."""
    with tempfile.TemporaryDirectory(prefix="assay-paper-") as folder:
        root = Path(folder)
        for source in {*HERE.glob("*.typ"), template}:
            (root / source.name).write_bytes(source.read_bytes())
        about = {"title": title, "on": [on.year, on.month, on.day] if on else []}
        (root / "data.json").write_text(json.dumps({**data, "about": about}, ensure_ascii=False))
        for name, content in (files or {}).items():
            (root / name).write_bytes(content)
        compiler = typst.Compiler(root / template.name, root=root, font_paths=faces.installed())
        return _compiled(compiler, tagged, archival=on is not None)


def _compiled(compiler: typst.Compiler, tagged: bool, *, archival: bool) -> bytes:
    """By the standard for archives, and where it is tagged that for readers too. What can be no such file (a sign in it has no glyph)
    is better an ordinary one than none."""
    if archival:
        try:
            return _pdf(
                compiler.compile(format="pdf", pdf_tags=tagged, pdf_standards=["a-2a", "ua-1"] if tagged else "a-2u")
            )
        except typst.TypstError:
            pass
    return _pdf(compiler.compile(format="pdf", pdf_tags=tagged))


def _pdf(made: object) -> bytes:
    assert isinstance(made, bytes)
    return made


def render_blocks(
    papers: Sequence[Sequence[Mapping[str, Any]]],
    *,
    files: Mapping[str, bytes] | None = None,
    landscape: bool = False,
    demo: bool = False,
    on: date | None = None,
) -> bytes:
    """PDF of one or many papers, each a list of blocks and starting on a page of its own. The foot of each page says what paper it
    is, whose, and which page of how many. `on`: the day of their facts."""
    shown = [_shown(paper) for paper in papers]
    data = {"papers": shown, "landscape": landscape, "demo": demo}
    return render(FORMS, data, files, title=_title(papers), on=on, tagged=len(papers) <= TAGGED_UP_TO)


def _shown(paper: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A paper as the template takes it: what stands once, and what stands at the foot of each of its pages."""
    signed = [name for block in paper if block["kind"] == OF_EACH_PAGE for name in block["names"]]
    blocks = [block for block in paper if block["kind"] != OF_EACH_PAGE]
    return {"blocks": blocks, "signed": signed, "foot": "　".join(_called(paper))}


def _title(papers: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    """Of one paper what it is and whose; of many what they are."""
    called = [_called(paper) for paper in papers]
    return "　".join(called[0]) if len(called) == 1 else "、".join(dict.fromkeys(names[0] for names in called if names))


def _called(paper: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a paper is called and whose it is, by its title."""
    said = next((block for block in paper if block["kind"] == "title"), None)
    return [part for part in (said["text"], said["whose"]) if part] if said else []

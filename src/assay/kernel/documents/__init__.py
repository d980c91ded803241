"""Official papers as PDF, by Typst.

A paper is either a list of blocks in the house style (`render_blocks`; see `blocks`), or a template of its own
(`render`). Data travel as JSON, pictures as files beside it; nothing of the data is ever read as Typst source.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
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
    template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None, *, tagged: bool = True
) -> bytes:
    """PDF of `template` with `data`; `files` are pictures by the names that the data use. `tagged` lets screen readers
    follow it, at the price of several times the size. Raises typst.TypstError."""
    with tempfile.TemporaryDirectory(prefix="assay-paper-") as folder:
        root = Path(folder)
        for source in {*HERE.glob("*.typ"), template}:
            (root / source.name).write_bytes(source.read_bytes())
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False))
        for name, content in (files or {}).items():
            (root / name).write_bytes(content)
        compiler = typst.Compiler(root / template.name, root=root, font_paths=faces.installed())
        made = compiler.compile(format="pdf", pdf_tags=tagged)
    assert isinstance(made, bytes)
    return made


def render_blocks(
    papers: Sequence[Sequence[Mapping[str, Any]]],
    *,
    files: Mapping[str, bytes] | None = None,
    landscape: bool = False,
    demo: bool = False,
) -> bytes:
    """PDF of one or many papers, each a list of blocks and starting on a page of its own. The foot of each page says what paper it
    is, whose, and which page of how many."""
    shown = [_shown(paper) for paper in papers]
    data = {"papers": shown, "landscape": landscape, "demo": demo}
    return render(FORMS, data, files, tagged=len(papers) <= TAGGED_UP_TO)


def _shown(paper: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A paper as the template takes it: what stands once, and what stands at the foot of each of its pages."""
    signed = [name for block in paper if block["kind"] == OF_EACH_PAGE for name in block["names"]]
    blocks = [block for block in paper if block["kind"] != OF_EACH_PAGE]
    return {"blocks": blocks, "signed": signed, "foot": "　".join(_called(paper))}


def _called(paper: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a paper is called and whose it is, by its title."""
    said = next((block for block in paper if block["kind"] == "title"), None)
    return [part for part in (said["text"], said["whose"]) if part] if said else []

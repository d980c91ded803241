"""Content as data for those who draw it: the hall's page and the documents. Formulas come as drawings, so that neither needs
to know TeX; pictures by their digest. Pure.

A block is `{"p": runs}` or `{"t": rows of cells of runs}`. A run is a text, or `{"t": text, "s": styles}`,
`{"f": SVG, "alt": TeX, "h": height, "d": drop}` in em, `{"i": digest, "alt": description}`.
"""

from __future__ import annotations

from typing import Any

from assay.items.content import formulas
from assay.items.content.markup import Content, Formula, Line, Paragraph, Picture, Run


def blocks_of(content: Content) -> list[dict[str, Any]]:
    """The blocks of a content; NotAFormula when one of its formulas cannot be drawn."""
    return [
        {"p": _runs(block.runs)}
        if isinstance(block, Paragraph)
        else {"t": [[_runs(cell) for cell in row] for row in block.rows]}
        for block in content.blocks
    ]


def _runs(line: Line) -> list[Any]:
    return [_run(run) for run in line]


def _run(run: Run) -> Any:
    if isinstance(run, Formula):
        drawn = formulas.draw(run.tex)
        return {"f": drawn.svg.decode(), "alt": run.tex, "h": drawn.height, "d": drawn.drop}
    if isinstance(run, Picture):
        return {"i": run.source, "alt": run.description}
    return {"t": run.text, "s": sorted(run.styles)} if run.styles else run.text

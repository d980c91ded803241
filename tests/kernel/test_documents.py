"""Official papers: what a table is given as data stays data."""

from __future__ import annotations

import pytest
import typst

from assay.kernel.documents import blocks, render_blocks


def drawn(*widths: str) -> bytes:
    return render_blocks([[blocks.table(["#panic(1)"] * len(widths), [["=甲"] * len(widths)], widths=widths)]])


def test_widths_are_millimetres_and_shares() -> None:
    assert drawn("20mm", "1fr", "12.5mm", "0.5fr").startswith(b"%PDF")


@pytest.mark.parametrize("width", ["10mm + 10mm", "calc.max(1, 2) * 1mm", "{ let a = 1mm; a }", "auto", "1", ""])
def test_a_width_is_never_run(width: str) -> None:
    with pytest.raises(typst.TypstError):
        drawn(width)

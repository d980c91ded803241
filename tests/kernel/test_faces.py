"""仿宋 for what it has whole, Noto Serif for the rest, and what no font has."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from assay.kernel.documents import faces, render

fetched = pytest.mark.skipif(not faces.has_fang(), reason="scripts/fetch-fonts has not fetched 仿宋")
SHOWN = """#import "house.typ": *
#let data = json("data.json")
#for one in data.entries [#text(font: if one.fang { fang } else { serif }, one.said) #pagebreak(weak: true)]"""


@fetched
@pytest.mark.parametrize("said", ["王小明", "阿卜杜热合曼·买买提明江", "S000041000123264000001", "四级/中级工", "--"])
def test_what_fang_has_whole_is_set_in_it(said: str) -> None:
    assert faces.in_fang(said)


@pytest.mark.parametrize("said", ["李喆", "欧阳堃", "王𠮷", "张一①②𬭎"])
def test_an_entry_with_one_sign_that_fang_lacks_is_set_in_the_other_face_whole(said: str) -> None:
    assert not faces.in_fang(said)
    assert faces.missing(said) == ""


@fetched
@pytest.mark.parametrize(("said", "families"), [("王小明", {"FandolFang"}), ("王小喆", {"NotoSerifCJKsc"})])
def test_no_name_is_set_in_two_faces(said: str, families: set[str], tmp_path: Path) -> None:
    template = tmp_path / "one.typ"
    template.write_text(SHOWN)
    (tmp_path / "one.pdf").write_bytes(render(template, {"entries": [{"said": said, "fang": faces.in_fang(said)}]}))
    fonts = subprocess.run(["pdffonts", "one.pdf"], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    assert {line.split("+")[1].split("-")[0] for line in fonts.splitlines()[2:]} == families


def test_signs_that_no_font_has_are_named_each_once() -> None:
    assert faces.missing("王𠀀𪚥𠀀明 ·𬭎") == "𠀀𪚥"
    assert faces.missing("") == ""


def test_the_table_of_signs_agrees_with_what_typst_finds() -> None:
    """What is said to be there is set without a box: papers of the archive are refused by Typst with one."""
    common = "".join(bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF))
    assert len(common) == 39 * 94
    assert faces.missing(common) == ""
    assert not faces.has_fang() or faces.in_fang(common)

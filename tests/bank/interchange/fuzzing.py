"""Sound files of items in every format, and what has to come of bent ones."""

from __future__ import annotations

import io
import zipfile

from assay.interchange import export, reading
from assay.interchange.checking import Against, check
from assay.items.row import ItemRow
from tests.bank.interchange import made

ROWS = [
    ItemRow("A-A-001", "single", 2, "选\\(x^2\\)", ("甲", "乙", "丙", "丁"), "B", "见 \\(\\frac{1}{2}\\)"),
    ItemRow("", "multiple", 3, f"图 ![]({next(iter(made.PICTURES))})", ("H<sub>2</sub>O", "乙", "丙"), "AC"),
    ItemRow("", "true_false", 3, "对不对", (), "对"),
    ItemRow("B-A-001", "fill", 3, "填 ____ 与 ____", (), "25±0.5；甲|乙"),
    ItemRow("", "ordering", 3, "排", ("一", "二", "三"), "CAB"),
    ItemRow("", "matching", 3, "配", ("一", "二", "三"), "CA", premises=("甲", "乙")),
    ItemRow("", "short", 3, "答\n| 甲 | 乙 |\n| 1 | 2 |", (), "如此"),
    ItemRow("", "case", 3, "案", parts=(ItemRow("", "true_false", 3, "小题", (), "错"),)),
]


def seeds() -> list[tuple[str, bytes]]:
    """One sound file of every format."""
    bank = made.outgoing(ROWS)
    files = [export.write(bank, form) for form in export.FORMATS]
    with zipfile.ZipFile(io.BytesIO(files[0][1])) as bundle:
        files.append(("题库.xlsx", bundle.read("试题.xlsx")))
    files.append(("题库.csv", "题型,题干,选项A,选项B,答案\n单选,问,甲,乙,A\n".encode("gb18030")))
    files.append(
        ("题库.gift", "::一:: 问 {=对的 ~错的 #不\n}\n\n二 {#25:0.5}\n\n三 {=a -> b =c -> d}\n\n四 {T}".encode())
    )
    files.append(("题库.txt", "问\nA. 甲\nB. 乙\nANSWER: B\n".encode()))
    files.append(("题.txt", "一、单选题\n1. 问（ A ）\nA.甲 B.乙\n2、问\nA、甲\nB、乙\n答案\n1-2 AB\n".encode()))
    files.append(("题库.docx", document()))
    return files


def document() -> bytes:
    """A Word document of two questions, with a subscript and a formula."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    m = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    lines = ["1. 水是（ A ）", "A. H2O  B. CO2", "答案：A", "2. 求值：", "A. 一", "B. 二", "答案：B"]
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    formula = "<w:p><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></w:p>"
    xml = f'<w:document xmlns:w="{w}" xmlns:m="{m}"><w:body>{body}{formula}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", xml)
    return buffer.getvalue()


def survives(name: str, content: bytes) -> None:
    """Reading ends in items and named problems, never in anything else."""
    found = check(reading.read(name, content), Against(made.POINTS))
    assert found.items or found.problems, "a file with nothing in it says so"
    assert all(p.message and p.file for p in found.problems)

"""Which kind of file it is, by its content and not by its name, and its reader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from assay.interchange import aiken, gift, moodle, numbered, qti, tabular, word
from assay.interchange.drafts import Reading, Unreadable
from assay.interchange.safety import LARGEST_FILE, Package, local, text, xml
from assay.items.content import markup
from assay.kernel.separated import no_table

FORMATS = "Excel（.xlsx/.xls）、CSV、Word（.docx）、文本（.txt）、QTI 2.1/2.2/3.0、Moodle XML、GIFT、Aiken"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(file: str, content: bytes, images: bytes | None = None, mapping: Mapping[str, str] | None = None) -> Reading:
    """The items of a file of any known kind. `images`: a ZIP of pictures that the cells of a table name; `mapping`: what the
    user says columns of a table are."""
    try:
        if len(content) > LARGEST_FILE:
            raise Unreadable(f"文件超过 {LARGEST_FILE // 1024 // 1024} MB，请分成几个文件")
        if not content.strip():
            raise Unreadable("文件是空的")
        named, lost = tabular.pictures_in_zip(Package(images)) if images else ({}, [])
        reading = _read(file, content, named, mapping or {})
    except Unreadable as broken:
        return Reading().failed(file, str(broken))
    for what in lost:
        reading.failed(file, f"图片压缩包：{what}")
    return reading


def _read(file: str, content: bytes, images: dict[str, bytes], mapping: Mapping[str, str]) -> Reading:
    if content[:2] == b"PK":
        return _read_package(file, content, images, mapping)
    if content[:8] == _OLE:
        if PurePosixPath(file).suffix.lower() == ".doc":
            raise Unreadable("旧的 .doc 文件读不出，请在 Word 中另存为 .docx")
        return tabular.read(file, content, images, mapping)
    if content.startswith(_PICTURES):
        raise Unreadable(f"这是图片，不是试题文件；可导入：{FORMATS}")
    if content[:5] == b"%PDF-":
        raise Unreadable("PDF 不能导入，请用原来的 Word 或 Excel 文件")
    if other := no_table(content):
        raise Unreadable(other)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _read_xml(file, content)
    return _read_text(file, content, images, mapping)


def _read_package(file: str, content: bytes, images: dict[str, bytes], mapping: Mapping[str, str]) -> Reading:
    package = Package(content)
    names = package.names()
    if any(n.rpartition("/")[2] == "imsmanifest.xml" for n in names):
        return qti.read_package(file, package)
    if "word/document.xml" in package:
        return word.read(file, package)
    if any(n.startswith("xl/") for n in names):
        return tabular.read(file, content, images, mapping)
    return _read_bundle(file, package, images, mapping)


def _read_bundle(file: str, package: Package, images: dict[str, bytes], mapping: Mapping[str, str]) -> Reading:
    """A ZIP that holds one file of items, and the pictures that it names."""
    kept = [n for n in package.names() if not n.startswith("__MACOSX/") and not n.rpartition("/")[2].startswith(".")]
    inner = [
        n
        for n in kept
        if PurePosixPath(n).suffix.lower() in (".xlsx", ".xls", ".csv", ".docx", ".xml", ".txt", ".gift")
    ]
    if len(inner) != 1:
        raise Unreadable(f"压缩包里应有一个试题文件，现有 {len(inner)} 个；可导入：{FORMATS}")
    content = package.read(inner[0])
    if content[:2] == b"PK" and not {"word/document.xml", "xl/workbook.xml"} & set(Package(content).names()):
        raise Unreadable("压缩包里又是压缩包，请解开后再上传")
    pictures, lost = tabular.pictures_in_zip(package)
    reading = _read(inner[0], content, images | pictures, mapping)
    for what in lost:
        reading.failed(file, what)
    return reading


def _read_xml(file: str, content: bytes) -> Reading:
    root = xml(content)
    name = local(root.tag)
    if name == "quiz":
        return moodle.read(file, root)
    if qti.name_of(root) == "assessmentItem":
        return qti.read_item(file, root)
    if name == "questestinterop":
        raise Unreadable("这是 QTI 1.2，请从原系统导出为 QTI 2.1 以上或 Moodle XML")
    if qti.name_of(root) in ("assessmentTest", "manifest"):
        raise Unreadable("请上传整个 QTI 压缩包（.zip），而不是其中的一个文件")
    raise Unreadable(f"不认识的 XML（根元素 {name[:40]}）；可导入：{FORMATS}")


def _read_text(file: str, content: bytes, images: dict[str, bytes], mapping: Mapping[str, str]) -> Reading:
    words = text(content)
    suffix = PurePosixPath(file).suffix.lower()
    if suffix == ".csv":
        return tabular.read(file, content, images, mapping)
    if suffix == ".gift" or (suffix != ".txt" and gift.looks_like(words)):
        return gift.read(file, words)
    if aiken.looks_like(words):
        return aiken.read(file, words)
    if gift.looks_like(words):
        return gift.read(file, words)
    first = next((line for line in words.splitlines() if line.strip()), "")
    if any(sign in first for sign in ",;\t") and any(title in first for title in ("题干", "题目", "试题", "答案")):
        return tabular.read(file, content, images, mapping)
    lines = enumerate(words.replace("\r\n", "\n").split("\n"), start=1)
    return numbered.read(file, ((row, markup.write(markup.parse(line))) for row, line in lines))

"""The Excel template of items: offered for download, filled in, read back with every problem named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import xlsxwriter

from assay.bank import rules
from assay.bank.acts import ItemRow
from assay.bank.models import Item, Specification
from assay.kernel import files
from assay.kernel.models import StoredFile
from assay.kernel.tables import Heading, Problem, Row, Table, as_decimal, read_tables

HEADINGS = (
    Heading("point", "鉴定点代码", required=True, aliases=("鉴定点", "知识点", "知识点代码")),
    Heading("type", "题型", required=True),
    Heading("difficulty", "难度", aliases=("难度(1-5)", "难易度")),
    Heading("stem", "题干", required=True, aliases=("试题内容", "题目")),
    *[Heading(letter, f"选项{letter}", aliases=(letter,)) for letter in rules.LETTERS],
    Heading("key", "答案", required=True, aliases=("正确答案", "参考答案")),
    Heading("explanation", "解析", aliases=("答案解析",)),
    Heading("image", "图片文件名", aliases=("图片",)),
)
_TYPE_WORDS = {
    "单项选择题": "single", "单选题": "single", "单选": "single", "选择题": "single", "single": "single",
    "判断题": "true_false", "判断": "true_false", "true_false": "true_false",
    "多项选择题": "multiple", "多选题": "multiple", "多选": "multiple", "multiple": "multiple",
}  # fmt: skip
Wrong = Callable[[str, str], None]
LARGEST_IMAGE = 5 * 1024 * 1024


@dataclass
class ItemFile:
    """What was read: sound items, and every problem. `items` counts the filled rows, sound or not."""

    rows: list[ItemRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    items: int = 0


def read_items(file: str, content: bytes, specification: Specification, images: bytes | None = None) -> ItemFile:
    """Read an Excel or CSV file of items against a specification; `images` is a ZIP of the pictures named in it."""
    found = ItemFile()
    pictures = _pictures(images, found, file)
    points = set(specification.points.values_list("code", flat=True))
    known = set(Item.objects.filter(point__specification=specification).values_list("stem_digest", flat=True))
    seen: dict[str, int] = {}
    for table in read_tables(file, content, HEADINGS):
        found.problems += table.problems
        for row in table.rows:
            found.items += 1
            _read_row(table, row, points, known, seen, pictures, found)
    return found


def _pictures(content: bytes | None, found: ItemFile, file: str) -> dict[str, bytes]:
    if content is None:
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            small = [i for i in archive.infolist() if not i.is_dir() and i.file_size <= LARGEST_IMAGE]
            return {PurePosixPath(i.filename).name: archive.read(i) for i in small}
    except (zipfile.BadZipFile, RuntimeError):
        found.problems.append(Problem(file, "", 0, "图片", "图片压缩包打不开，请重新压缩成 ZIP"))
        return {}


def _read_row(
    table: Table,
    row: Row,
    points: set[str],
    known: set[str],
    seen: dict[str, int],
    pictures: dict[str, bytes],
    found: ItemFile,
) -> None:
    problems: list[Problem] = []

    def wrong(key: str, message: str) -> None:
        problems.append(table.problem(row.number, key, message))

    kind = _TYPE_WORDS.get(row.text("type"), row.text("type"))
    options = _options(row)
    key = rules.normal_key(kind, row.text("key"))
    difficulty = _difficulty(row, wrong)
    if row.text("point") not in points:
        wrong("point", f"细目表中没有鉴定点“{row.text('point') or '未填'}”")
    for message in rules.item_problems(kind, row.text("stem"), options, key, difficulty):
        wrong(_column_of(message), message)
    digest = rules.stem_digest(kind, row.text("stem"))
    if digest in known:
        wrong("stem", "题干与题库中已有试题重复")
    elif digest in seen:
        wrong("stem", f"题干与第 {seen[digest]} 行重复")
    seen.setdefault(digest, row.number)
    image = _image(row, pictures, wrong)
    found.problems += problems
    if not problems:
        found.rows.append(
            ItemRow(row.text("point"), kind, difficulty, row.text("stem"), options, key, row.text("explanation"), image)
        )


def _options(row: Row) -> tuple[str, ...]:
    """Options A, B, C… up to the last that is filled; a gap stays as an empty text and is reported."""
    texts = [row.text(letter) for letter in rules.LETTERS]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _difficulty(row: Row, wrong: Wrong) -> int:
    try:
        given = as_decimal(row.values.get("difficulty", ""))
        return 3 if given is None else int(given)
    except ValueError:
        wrong("difficulty", f"难度“{row.text('difficulty')}”应为 1 至 5 的整数")
        return 3


def _column_of(message: str) -> str:
    for key, word in (("type", "题型"), ("difficulty", "难度"), ("key", "答案"), ("A", "选项"), ("stem", "题干")):
        if word in message[:6]:
            return key
    return "key" if "答案" in message else "stem"


def _image(row: Row, pictures: dict[str, bytes], wrong: Wrong) -> StoredFile | None:
    name = row.text("image")
    if not name:
        return None
    content = pictures.get(name)
    if content is None:
        wrong("image", f"图片压缩包里没有“{name}”")
        return None
    if files.kind_of(content) not in ("image/png", "image/jpeg"):
        wrong("image", f"“{name}”不是 PNG 或 JPG 图片")
        return None
    return files.keep(content)


def template(specification: Specification) -> bytes:
    """The template for a specification: headings, three worked lines, the points, and how to fill it in."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True})
    sheet = book.add_worksheet("试题")
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading.title, bold)
    sheet.set_column(0, len(HEADINGS), 14)
    sheet.set_column(3, 3, 60)
    sheet.data_validation(1, 1, 5000, 1, {"validate": "list", "source": list(rules.TYPES.values())})
    sheet.freeze_panes(1, 0)
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 100)
    for line, text in enumerate(_NOTES):
        notes.write_string(line, 0, text)
    listed = book.add_worksheet("说明-鉴定点")
    for line, point in enumerate(specification.points.order_by("code")):
        listed.write_row(line, 0, [point.code, point.name, point.importance])
    book.close()
    return buffer.getvalue()


_NOTES = (
    "一、每题一行，从“试题”工作表第 2 行起填写，表头不要改动，不要合并单元格，不要使用公式。",
    "二、鉴定点代码见“说明-鉴定点”工作表。",
    "三、题型填 单项选择题、判断题、多项选择题；难度填 1（易）至 5（难），不填按 3。",
    "四、单选答案填一个字母，如 B；多选填几个字母，如 ABD；判断填 对 或 错（√/×、正确/错误 亦可），判断题不填选项。",
    "五、有图片的题在“图片文件名”中填文件名，图片压缩成 ZIP 与本表一起上传。",
    "六、有任何一行有问题，整个文件都不会导入；改正后重新上传即可，不会重复。",
)

"""Rosters as real files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter
from PIL import Image, ImageDraw

HEAD = (
    "姓名", "证件号码", "文化程度", "院系", "专业", "班级", "学号", "入学年月", "预计毕业年月", "职业编码", "工种名称", "等级",
)  # fmt: skip


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    """An .xlsx of (name, rows); a value that begins with = becomes a formula, a tuple (text, n) merges n cells."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.merge_range(number, column, number, column + value[1] - 1, value[0])
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(number, column, value, None, "4")
                else:
                    sheet.write(number, column, value)
    book.close()
    return buffer.getvalue()


def photo(colour: str = "tan", who: int = 0) -> bytes:
    """Somebody in a colour on a white ground; no two of `who` are alike."""
    buffer = io.BytesIO()
    image = Image.new("RGB", (295, 413), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 90, 235, 413), colour)
    draw.rectangle((60, 90, 61 + who, 100), "black")
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def photos(names: Sequence[str], colour: str = "tan") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for who, name in enumerate(names):
            archive.writestr(name, photo(colour, who))
    return buffer.getvalue()

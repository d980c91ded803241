"""The Excel template of items, and a bank written in it: what was exported is imported the same, pictures included."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from assay.interchange.outgoing import Outgoing, OutItem
from assay.interchange.tabular import HEADINGS
from assay.items import answers
from assay.items.content import markup
from assay.kernel.tables import Heading

COLUMNS = tuple(h for h in HEADINGS if h.key != "options" and h.key not in answers.LETTERS[6:])
_WIDTHS = {"stem": 60, "key": 18, "explanation": 40, "premises": 24, "reference": 24}
NOTES = (
    "一、每题一行，从“试题”工作表第 2 行起填写，表头不要改动，不要合并单元格，不要使用公式。",
    "二、鉴定点代码见“说明-鉴定点”工作表；暂时不填的，导入后为待归点的草稿。",
    f"三、题型填 {'、'.join(answers.TYPES.values())}；难度填 1（易）至 5（难），不填按 3。",
    "四、单选答案填一个字母，如 B；多选填几个字母，如 ABD；判断填 对 或 错（√/×、正确/错误 亦可），判断题不填选项。",
    "五、填空题的空用下划线 ____ 表示；各空答案用；分开，同一空的几种写法用 | 分开，带误差的数值写成 25±0.5。",
    "六、排序题把选项按正确次序写成 CABD；匹配题的左列项每行一个（Alt+Enter 换行），答案依次写各项对应的选项字母。",
    "七、案例分析题自己一行，下面各小题每题一行，“案例编号”填同一个编号；小题不填鉴定点。",
    "八、公式写成 \\( \\) 之间的 TeX，如 \\(\\frac{a}{b}\\)；上标 <sup>2</sup>，下标 <sub>2</sub>；表格每行写成 | 甲 | 乙 |。",
    "九、图片可以直接插在题目所在行的单元格上（放在某个选项列上的是该选项的图），也可以在“图片文件名”中填文件名，图片压缩成 ZIP 一起上传。",
    "十、有任何一行有问题，先全部不导入并列出问题；改正后重新上传，或选择只导入没有问题的题。已在题库中的题不会重复导入。",
)


def template(points: Sequence[tuple[str, str, str]]) -> bytes:
    """The template, empty. `points`: (code, name, importance) for its help sheet."""
    return _book((), None, points)


def write(bank: Outgoing) -> bytes:
    """All items of a bank in the template's columns, their pictures beside them by name in a sheet of its own."""
    return _book(bank.items, bank, ())


def _book(items: Sequence[OutItem], bank: Outgoing | None, points: Sequence[tuple[str, str, str]]) -> bytes:
    buffer = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, settings)
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True, "valign": "vcenter"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("试题")
    columns = COLUMNS if all(len(o.options) <= 6 for i in items for o in (i, *i.parts)) else _with_all_letters()
    for column, heading in enumerate(columns):
        sheet.write_string(0, column, heading.title, bold)
        sheet.set_column(column, column, _WIDTHS.get(heading.key, 14))
    types = {"validate": "list", "source": list(answers.TYPES.values()), "ignore_blank": True}
    sheet.data_validation(
        1, [h.key for h in columns].index("type"), 20_000, [h.key for h in columns].index("type"), types
    )
    sheet.freeze_panes(1, 0)
    row = 0
    for item in items:
        for line, group in [
            (item, str(item.number) if item.parts or item.kind == "case" else ""),
            *[(p, str(item.number)) for p in item.parts],
        ]:
            row += 1
            for column, heading in enumerate(columns):
                words = group if heading.key == "group" else _cell(line, heading.key, bank)
                if words:
                    sheet.write_string(row, column, words, body)
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 120)
    for at, words in enumerate(NOTES):
        notes.write_string(at, 0, words)
    if points:
        listed = book.add_worksheet("说明-鉴定点")
        listed.set_column(0, 1, 30)
        for at, point in enumerate(points):
            listed.write_row(at, 0, point)
    book.close()
    return buffer.getvalue()


def _with_all_letters() -> tuple[Heading, ...]:
    return tuple(h for h in HEADINGS if h.key != "options")


def _cell(item: OutItem, key: str, bank: Outgoing | None) -> str:
    if key in answers.LETTERS:
        at = answers.LETTERS.index(key)
        return _named(item.options[at], bank) if at < len(item.options) else ""
    said = {
        "point": item.point, "type": answers.TYPES[item.kind], "difficulty": str(item.difficulty), "stem": _named(item.stem, bank),
        "premises": "\n".join(_named(p, bank) for p in item.premises), "key": _key(item, bank),
        "explanation": _named(item.explanation, bank), "reference": item.reference,
    }  # fmt: skip
    return said.get(key, "")


def _key(item: OutItem, bank: Outgoing | None) -> str:
    return _named(item.key, bank) if item.kind == "short" else item.key


def _named(text: str, bank: Outgoing | None) -> str:
    """Markup whose pictures go by their file names."""
    shown = markup.parse(text).pictures()
    if not shown or bank is None:
        return text
    return markup.Renaming({p.source: bank.picture_name(p.source) for p in shown}).of(text)

"""The roster template: columns, drop-downs for the batch's own jobs and conditions, and how to fill it in."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from assay.applications.people import EDUCATIONS, ETHNIC_GROUPS
from assay.applications.roster_lookup import Lookup
from assay.applications.roster_rows import HEADINGS
from assay.batches.models import Batch, BatchLine
from assay.batches.stages import Route
from assay.catalogue.models import Major
from assay.centre.models import Department
from assay.kernel.identity import ID_TYPES
from assay.kernel.tables import Heading

_BY_ROUTE = {
    Route.EXAM: {"condition", "theory", "skill", "work_years", "prior_certificate"},
    Route.DIRECT: {"x_certificate", "x_level", "x_number"},
    Route.PROCESS: {"courses"},
    Route.CONTEST: {"contest", "rank", "score"},
}
_NOTES = (
    "一、每人一行，从第 2 行起填写；不要改动表头，不要合并单元格，不要使用公式。",
    "二、证件号码列请设为文本；身份证号的校验码、出生日期、性别由系统核对。",
    "三、出生日期、入学年月、预计毕业年月填成 2023-09-01 的样子。",
    "四、照片放在一个 ZIP 里，命名为“姓名_身份证号.jpg”，与本表一起上传。",
    "五、有任何一行填错，整个文件都不会导入；改正后重新上传即可，同一人不会重复。",
    "六、填写无误但不符合申报条件的，导入后是草稿，不会提交；“只核对，不导入”会先列出这些行。",
    "七、文化程度、等级等列请从下拉列表中选择，不要简写（如“中专”应选“中等专业学校”）。",
)
_NOTE_OF_ROUTE: dict[str, str] = {Route.PROCESS: "八、课程成绩写成“汽车维护=85；发动机构造=78”。"}
_EXAMPLE = {
    "name": "张示例", "id_type": "居民身份证", "id_number": "410105200803150011", "sex": "男", "birth": "2008-03-15",
    "ethnic": "汉族", "education": "中等专业学校", "phone": "13900000000", "class_name": "示例2401",
    "student_no": "20240101", "enrolled_on": "2024-09-01", "graduates_on": "2027-07-01", "theory": "新考",
    "skill": "新考", "work_years": "0", "x_number": "X100200300", "courses": "汽车维护=85；发动机构造=78", "rank": "2",
    "score": "88",
}  # fmt: skip
LAST_ROW = 5000
LONGEST_LIST = 250
"""Excel takes a list written into the cell's rule up to 255 characters; longer ones stand on a sheet of their own, hidden."""
LISTS = "说明-选项"
_MAY_BE_TYPED = {"condition", "ethnic"}
"""Where shorter words than those of the list are understood: another one is asked about, not stopped."""


def template(batch: Batch, rows: Sequence[Mapping[str, Any]] = (), *, left_out: int = 0) -> bytes:
    """An .xlsx for one batch: only the columns of its route. `rows`: what it says already, by heading; `left_out`: how many are not
    among them because no roster changes them any more."""
    others = set().union(*(keys for route, keys in _BY_ROUTE.items() if route != batch.route))
    headings = [h for h in HEADINGS if h.key not in others]
    lines = list(batch.lines.select_related("scope_row__occupation", "level").order_by("scope_row__no"))
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True})
    lookup = Lookup(batch)
    roster, notes, jobs = (book.add_worksheet(name) for name in ("名册", "说明", "说明-本批次工种"))
    lists = book.add_worksheet(LISTS)
    _roster(roster, lists, headings, _choices(lines, lookup), (bold, book.add_format({"num_format": "@"})))
    _fill(roster, headings, rows, book.add_format({"num_format": "yyyy-mm-dd"}))
    _notes(notes, batch, lookup, headings, lines, bold, left_out)
    _lines(jobs, lines, lookup, bold)
    lists.hide()
    book.close()
    return buffer.getvalue()


def _roster(
    sheet: Worksheet,
    lists: Worksheet,
    headings: Sequence[Heading],
    choices: Mapping[str, list[str]],
    formats: tuple[Format, Format],
) -> None:
    """The empty sheet to fill in, with a drop-down wherever only some words are understood."""
    bold, text = formats
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, _title(heading), bold)
        sheet.set_column(column, column, 22 if heading.key == "id_number" else 13, text)
        words = choices.get(heading.key, [])
        if words:
            short = len(",".join(words)) < LONGEST_LIST and not any("," in word for word in words)
            source = words if short else _on_a_sheet(lists, column, words)
            rule = {"validate": "list", "source": source}
            if heading.key in _MAY_BE_TYPED:
                rule |= {
                    "error_type": "warning",
                    "error_title": "不在列表中",
                    "error_message": "列表中没有所填的内容，仍要这样填吗？",
                }
            sheet.data_validation(1, column, LAST_ROW, column, rule)
    sheet.freeze_panes(1, 1)


def _fill(sheet: Worksheet, headings: Sequence[Heading], rows: Sequence[Mapping[str, Any]], of_a_day: Format) -> None:
    """One person a row; whatever is no day is text, as in a sheet that was filled in by hand."""
    for number, values in enumerate(rows, start=1):
        for column, heading in enumerate(headings):
            value = values.get(heading.key, "")
            if isinstance(value, date):
                sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), of_a_day)
            elif value != "":
                sheet.write_string(number, column, str(value))


def _on_a_sheet(lists: Worksheet, column: int, words: Sequence[str]) -> str:
    """The words one below the other, and where they stand."""
    lists.write_column(0, column, words)
    letters = xl_col_to_name(column, col_abs=True)
    return f"='{LISTS}'!{letters}$1:{letters}${len(words)}"


def _title(heading: Heading) -> str:
    return f"{heading.title}{'*' if heading.required else ''}"


def _choices(lines: Sequence[BatchLine], lookup: Lookup) -> dict[str, list[str]]:
    return {
        "ethnic": list(ETHNIC_GROUPS),
        "major": list(Major.objects.values_list("name", flat=True)),
        "condition": _conditions(lines, lookup),
        "sex": ["男", "女"],
        "id_type": list(ID_TYPES.values()),
        "education": list(EDUCATIONS),
        "source": list(lookup.admitted),
        "department": list(Department.objects.values_list("name", flat=True)),
        "job": list(dict.fromkeys(line.scope_row.job for line in lines if line.scope_row.job)),
        "level": list(dict.fromkeys(str(line.level) for line in lines)),
        "theory": ["新考", "补考", "免考"],
        "skill": ["新考", "补考", "免考"],
    }


def _conditions(lines: Sequence[BatchLine], lookup: Lookup) -> list[str]:
    """By their codes, with what they say where that is the same for all jobs of the batch."""
    said: dict[str, set[str]] = {}
    for line in lines:
        for code, condition in lookup.conditions(line).items():
            said.setdefault(code, set()).add(" ".join(condition.text.split()))
    return [f"{code} {next(iter(texts))}" if len(texts) == 1 else code for code, texts in sorted(said.items())]


def _notes(
    sheet: Worksheet,
    batch: Batch,
    lookup: Lookup,
    headings: Sequence[Heading],
    lines: Sequence[BatchLine],
    bold: Format,
    left_out: int,
) -> None:
    """How to fill it in, and one person as an example: on this sheet, for the roster's own rows are all imported."""
    said = [*_NOTES, *([_NOTE_OF_ROUTE[batch.route]] if batch.route in _NOTE_OF_ROUTE else [])]
    if left_out:
        said.append(f"另有 {left_out} 人已通过审核，名册不能再更改，没有列在本表中；有误的由认定中心退回或更正。")
    for number, note in enumerate([*said, "", "填写示例（本页不会导入）："]):
        sheet.write_string(number, 0, note)
    values = {**_EXAMPLE, "source": next(iter(lookup.admitted)), **(_example_of(lines[0]) if lines else {})}
    for column, heading in enumerate(headings):
        sheet.write_string(len(said) + 2, column, _title(heading), bold)
        sheet.write_string(len(said) + 3, column, values.get(heading.key, ""))
        sheet.set_column(column, column, 22 if heading.key == "id_number" else 13)


def _example_of(line: BatchLine) -> dict[str, str]:
    """What the example says of the job: the batch's first."""
    row = line.scope_row
    major = row.majors.select_related("department").first()
    return {
        "occupation_code": row.occupation.code, "occupation": row.occupation.name, "job": row.job,
        "level": str(line.level), "major": major.name if major else "",
        "department": str(major.department) if major and major.department else "",
    }  # fmt: skip


def _lines(sheet: Worksheet, lines: Sequence[BatchLine], lookup: Lookup, bold: Format) -> None:
    sheet.write_row(0, 0, ["职业编码", "职业名称", "工种名称", "等级", "对应专业", "申报条件"], bold)
    for number, line in enumerate(lines, start=1):
        row = line.scope_row
        majors = "、".join(row.majors.values_list("name", flat=True))
        conditions = "；".join(f"{c.code} {c.text}" for c in lookup.conditions(line).values())
        values = [row.occupation.code, row.occupation.name, row.job, str(line.level), majors, conditions]
        sheet.write_row(number, 0, values)
    sheet.autofit()

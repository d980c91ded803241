"""A score sheet (评分记录表) as an Excel table: offered as an example, filled in, read back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from assay.kernel.tables import Heading, Problem, Row, Table, as_decimal, read_tables
from assay.marking import rules

HEADINGS = (
    Heading("task", "任务", required=True),
    Heading("minutes", "时间（分钟）", aliases=("时间", "分钟")),
    Heading("kind", "类别"),
    Heading("title", "内容", required=True, aliases=("考核要点", "评分点")),
    Heading("full", "配分"),
    Heading("rule", "评分标准"),
)
POINT, VETO = "评分点", "否定项"
EXAMPLE = (
    ("作业准备", "20", POINT, "工具、材料、场地准备", "10", "缺一项扣 2 分"),
    ("作业准备", "20", POINT, "安全防护与着装", "10", "不符合要求每处扣 5 分"),
    ("操作实施", "80", POINT, "操作步骤与工艺", "40", "步骤错漏每处扣 3 分"),
    ("操作实施", "80", POINT, "操作质量与结果", "40", "超差或不合格每项扣 5 分"),
    ("操作实施", "80", VETO, "违反安全操作规程造成人身或设备事故", "", "本任务记 0 分"),
)
Tasks = list[dict[str, Any]]


def write(tasks: Sequence[dict[str, Any]] | None) -> bytes:
    """The sheet as a table, or the example."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("评分记录表")
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading.title, bold)
    for line, values in enumerate(EXAMPLE if tasks is None else _rows(tasks), start=1):
        for column, value in enumerate(values):
            sheet.write_string(line, column, value)
    sheet.set_column(0, 2, 14)
    sheet.set_column(3, 5, 40)
    book.close()
    return buffer.getvalue()


def _rows(tasks: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for task in tasks:
        minutes = str(task.get("minutes", ""))
        found += [(task["title"], minutes, POINT, p["title"], p["full"], p["rule"]) for p in task["points"]]
        found += [(task["title"], minutes, VETO, v["title"], "", "") for v in task.get("vetoes", [])]
    return found


def read(file: str, content: bytes) -> tuple[Tasks, list[Problem]]:
    """Tasks in the order of the file, and every problem with its place; codes are given by position."""
    tasks: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for table in read_tables(file, content, HEADINGS):
        problems += table.problems
        for row in table.rows:
            _take(table, row, tasks, problems)
    found = list(tasks.values())
    if not problems:
        problems += [Problem(file, "", 0, "", text) for text in rules.sheet_problems(found)]
    return found, problems


def _take(table: Table, row: Row, tasks: dict[str, dict[str, Any]], problems: list[Problem]) -> None:
    title = row.text("task")
    task = tasks.setdefault(
        title, {"code": str(len(tasks) + 1), "title": title, "minutes": 0, "points": [], "vetoes": []}
    )
    minutes = _number(row, "minutes")
    if minutes is not None:
        task["minutes"] = int(minutes)
    kind = row.text("kind") or POINT
    if kind == VETO:
        task["vetoes"].append({"code": f"V{task['code']}-{len(task['vetoes']) + 1}", "title": row.text("title")})
        return
    full = _number(row, "full")
    if kind != POINT:
        problems.append(table.problem(row.number, "kind", f"“{kind}”不认识，可填 {POINT} 或 {VETO}"))
    elif full is None or not 0 < full <= rules.FULL:
        problems.append(table.problem(row.number, "full", f"配分“{row.text('full')}”应为 0 至 100 的数"))
    else:
        code = f"{task['code']}-{len(task['points']) + 1}"
        point = {
            "code": code,
            "title": row.text("title"),
            "full": str(full.quantize(rules.TENTH)),
            "rule": row.text("rule"),
        }
        task["points"].append(point)


def _number(row: Row, key: str) -> Decimal | None:
    try:
        return as_decimal(row.values.get(key))
    except ValueError:
        return None

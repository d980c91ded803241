"""成绩: what a result report must hold (工作方案 四(一)7(2))."""

from __future__ import annotations

from datetime import date
from typing import Any

from assay.standin.checking import Field, Findings, check_record, check_table, is_count, is_flag, is_mark, one_of
from assay.standin.wording import LEFT_OUT, OUTCOMES

PARTS = {"theory": "理论", "skill": "技能", "review": "综合评审"}

HEAD = (
    Field("batch_code", "批次编号"),
    Field("filing_id", "认定计划受理号", required=False),
    Field("version", "版次", is_count, required=False),
)
ROW = (
    Field("ticket_no", "准考证号", required=False),
    Field("name", "姓名"),
    Field("id_type", "证件类型"),
    Field("id_number", "证件号码"),
    Field("occupation", "职业名称"),
    Field("job", "工种", required=False),
    Field("level", "等级"),
    *(Field(key, f"{title}成绩", is_mark, required=False) for key, title in PARTS.items()),
    *(Field(f"{key}_absent", f"{title}缺考", is_flag, required=False) for key, title in PARTS.items()),
    *(Field(f"{key}_left_out", f"{title}免考", one_of(list(LEFT_OUT)), required=False) for key, title in PARTS.items()),
    Field("outcome", "结论", one_of(list(OUTCOMES))),
)
SHOWN = tuple(f for f in ROW if not f.key.endswith(("_absent", "_left_out")))
"""Columns of the page: an absence is shown in the place of the mark, and beside it that it is an earlier one."""


def check_results(body: dict[str, Any], today: date) -> Findings:
    """Each row whole, no mark for an absent candidate, nobody twice. `today` does not matter here."""
    findings = Findings()
    check_record(body, HEAD, findings)
    if not check_table(body, "rows", "成绩", ROW, findings):
        return findings
    first: dict[tuple[Any, ...], int] = {}
    for n, row in enumerate(body["rows"]):
        _check_absences(row, n, findings)
        who = tuple(row.get(key) for key in ("id_type", "id_number", "occupation", "job", "level"))
        if (seen := first.setdefault(who, n)) != n:
            findings.add(f"rows[{n}].id_number", f"成绩第 {n + 1} 行与第 {seen + 1} 行是同一考生的同一工种、等级")
    return findings


def _check_absences(row: dict[str, Any], n: int, findings: Findings) -> None:
    for key, title in PARTS.items():
        if row.get(f"{key}_absent") and row.get(key) is not None:
            findings.add(f"rows[{n}].{key}", f"成绩第 {n + 1} 行“{title}”缺考，不应有成绩")

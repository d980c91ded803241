"""认定计划: what a filing must hold (工作方案 四(一)4), and by when it should arrive."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from assay.standin.checking import (
    Field,
    Findings,
    check_record,
    check_table,
    day_of,
    is_count,
    is_day,
    is_moment,
    is_remark,
    is_size,
    matches,
    moment_of,
    one_of,
)
from assay.standin.wording import ROUTES

LEAD_WORKING_DAYS = 10
SATURDAY = 5

HEAD = (
    Field("centre_code", "机构代码"),
    Field("centre_name", "机构名称"),
    Field("batch_code", "批次编号"),
    Field("batch_name", "批次名称"),
    Field("route", "认定方式", one_of(list(ROUTES))),
    Field("exam_on", "考核首日", is_day),
    Field("version", "版次", is_count),
    Field("scheme", "实施方案"),
)
_PERSON = (
    Field("name", "姓名"),
    Field("card_no", "证卡编号", is_remark, required=False),
    Field("department", "部门", is_remark, required=False),
    Field("title", "职称", is_remark, required=False),
)
TABLES: dict[str, tuple[str, tuple[Field, ...]]] = {
    "lines": (
        "工种、等级、人数",
        (
            Field("occupation_code", "职业编码", matches(r"\d-\d{2}-\d{2}-\d{2}", "应如 4-12-01-01")),
            Field("occupation", "职业名称"),
            Field("job", "工种", required=False),
            Field("level", "等级"),
            Field("candidates", "人数", is_count),
        ),
    ),
    "timetable": (
        "时间安排",
        (
            Field("part", "科目", required=False),
            Field("number", "场次", is_count, required=False),
            Field("starts_at", "开始时间", is_moment),
            Field("ends_at", "结束时间", is_moment),
        ),
    ),
    "rooms": (
        "考场安排",
        (
            Field("session", "场次", required=False),
            Field("room", "考场"),
            Field("line", "工种、等级", required=False),
            Field("candidates", "人数", is_size, required=False),
        ),
    ),
    "invigilators": ("监考人员", _PERSON),
    "examiners": ("考评员", _PERSON),
    "supervisors": ("内部督导员", _PERSON),
    "staff": ("工作人员", _PERSON),
}


def check_filing(body: dict[str, Any], today: date) -> Findings:
    """Every part that 四(一)4 lists must be there; a late filing and an examiner without a card only draw warnings.

    `today` is the day of receipt in Shanghai.
    """
    findings = Findings()
    check_record(body, HEAD, findings)
    sound = {key: check_table(body, key, title, fields, findings) for key, (title, fields) in TABLES.items()}
    if sound["timetable"]:
        _check_order(body["timetable"], findings)
    if sound["examiners"]:
        cardless = [p["name"] for p in body["examiners"] if not (p.get("card_no") or "").strip()]
        findings.warnings += [f"考评员 {name} 未填证卡编号" for name in cardless]
    exam_on = day_of(body.get("exam_on"))
    if exam_on is not None and today > (last := last_day(exam_on)):
        findings.warnings.append(
            f"距考核首日不足 {LEAD_WORKING_DAYS} 个工作日：最迟应于 {last:%Y-%m-%d} 报送（按周一至周五计，未计节假日）"
        )
    return findings


def _check_order(timetable: list[dict[str, Any]], findings: Findings) -> None:
    for n, row in enumerate(timetable):
        starts, ends = moment_of(row["starts_at"]), moment_of(row["ends_at"])
        if starts is not None and ends is not None and starts >= ends:
            findings.add(f"timetable[{n}].ends_at", f"时间安排第 {n + 1} 行“结束时间”应晚于“开始时间”")


def last_day(exam_on: date, lead: int = LEAD_WORKING_DAYS) -> date:
    """The last day to file: `lead` working days before `exam_on`, Monday to Friday, holidays unknown here."""
    day = exam_on
    while lead:
        day -= timedelta(days=1)
        lead -= day.weekday() < SATURDAY
    return day

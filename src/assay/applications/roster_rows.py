"""The columns of a roster, and what a sound row says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.applications.people import PersonData
from assay.batches.models import BatchLine
from assay.catalogue.models import EntryCondition
from assay.kernel.tables import Heading

HEADINGS = (
    Heading("name", "姓名", required=True, aliases=("考生姓名",)),
    Heading("id_type", "证件类型"),
    Heading("id_number", "证件号码", required=True, aliases=("身份证号", "身份证号码", "证件号")),
    Heading("sex", "性别"),
    Heading("birth", "出生日期"),
    Heading("ethnic", "民族"),
    Heading("education", "文化程度", aliases=("学历",)),
    Heading("phone", "手机号码", aliases=("联系电话", "电话", "手机")),
    Heading("source", "考生来源"),
    Heading("department", "院系", required=True, aliases=("系部", "院系部门", "部门")),
    Heading("major", "专业", aliases=("所学专业",)),
    Heading("class_name", "班级"),
    Heading("student_no", "学号", aliases=("工号", "学号/工号")),
    Heading("enrolled_on", "入学年月", aliases=("入学时间",)),
    Heading("graduates_on", "预计毕业年月", aliases=("毕业时间", "预计毕业时间")),
    Heading("occupation_code", "职业编码"),
    Heading("occupation", "职业名称", aliases=("职业",)),
    Heading("job", "工种名称", aliases=("工种", "申报工种")),
    Heading("level", "等级", required=True, aliases=("申报等级", "级别")),
    Heading("condition", "申报条件"),
    Heading("theory", "理论"),
    Heading("skill", "技能"),
    Heading("work_years", "工作年限", aliases=("本职业工作年限",)),
    Heading("prior_certificate", "原证书编号"),
    Heading("x_certificate", "1+X证书名称"),
    Heading("x_level", "1+X证书等级"),
    Heading("x_number", "1+X证书编号"),
    Heading("courses", "课程成绩"),
    Heading("contest", "竞赛名称"),
    Heading("rank", "竞赛名次"),
    Heading("score", "竞赛成绩"),
)


@dataclass
class RosterRow:
    """A sound row, ready to become an application."""

    number: int
    person: PersonData
    line: BatchLine
    condition: EntryCondition | None
    theory: str
    skill: str
    work_years: int
    prior_certificate: str
    route_facts: dict[str, Any]
    photo: bytes | None = None

"""The sheets of the set-up workbook in the order in which they refer to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.catalogue import notation
from assay.catalogue.acts import (
    CONDITIONS,
    CONTEST_SCHEMES,
    CREDIT_SCHEMES,
    DIRECT_MAPPINGS,
    LEVELS,
    MAJORS,
    OCCUPATIONS,
    PATTERNS,
    SCOPE_ROWS,
    STANDARD_LEVELS,
    STANDARDS,
    WEIGHTS,
)
from assay.catalogue.parts import Part
from assay.centre.acts.accounts import DEPARTMENTS, POSTS
from assay.centre.acts.reference import Kind
from assay.centre.acts.settings import PARAMETER_VALUES
from assay.centre.duties import DUTIES
from assay.corps.acts import CARDS, MEMBERS
from assay.corps.models import Card
from assay.kernel.recorded import Recorded
from assay.setup import columns as c
from assay.sites.acts import ROOMS
from assay.sites.models import Room


@dataclass(frozen=True)
class Sheet:
    """A sheet: the kind of row that it brings in, the fields that tell one row from another, its columns."""

    title: str
    kind: Kind[Any]
    key: tuple[str, ...]
    columns: tuple[c.Col, ...]
    about: str = ""
    """The column that the kind's own check is about."""

    @property
    def model(self) -> type[Recorded]:
        return self.kind.model


def _duties(text: str) -> list[str]:
    codes = notation.words(text)
    unknown = [code for code in codes if code not in DUTIES]
    if unknown:
        raise ValueError(f"没有职责 {'、'.join(unknown)}")
    return codes


_DEPARTMENT = c.refer("部门", "department", c.department, lambda d: d.name, required=False)
_LEVEL = c.refer("等级", "level", c.level, lambda lv: lv.code)
_SCOPE = c.refer("范围序号", "scope_row", c.scope_row, lambda r: str(r.no))
_STANDARD_LEVEL = c.refer(
    "标准/等级", "standard_level", c.standard_level, lambda s: f"{s.standard.title}/{s.level.code}"
)
_JOINED = "、".join
_ROLES = {title: code for code, title in Card.ROLES}
_KINDS = {title: code for code, title in Room.KINDS}

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "参数",
        PARAMETER_VALUES,
        ("key",),
        (c.text("参数", "key", required=True), c.text("值", "value", required=True), c.text("依据文号", "document_no")),
        "值",
    ),
    Sheet(
        "部门", DEPARTMENTS, ("code",), (c.text("代码", "code", required=True), c.text("名称", "name", required=True))
    ),
    Sheet(
        "岗位",
        POSTS,
        ("code",),
        (
            c.text("代码", "code", required=True),
            c.text("岗位", "title", required=True),
            c.text("组别", "group"),
            c.notation("职责代码", "duties", _duties, _JOINED),
        ),
        "职责代码",
    ),
    Sheet("专业", MAJORS, ("name",), (c.text("专业", "name", required=True), _DEPARTMENT)),
    Sheet(
        "等级",
        LEVELS,
        ("code",),
        (
            c.text("代码", "code", required=True),
            c.text("名称", "title", required=True),
            c.text("英文", "title_en"),
            c.text("证书上的写法", "certificate_title", required=True),
            c.whole("高低次序", "rank"),
            c.yes("须综合评审", "needs_review"),
        ),
    ),
    Sheet(
        "职业",
        OCCUPATIONS,
        ("dictionary", "code"),
        (
            c.text("大典版本", "dictionary", required=True),
            c.text("职业编码", "code", required=True),
            c.text("职业名称", "name", required=True),
            c.text("英文", "name_en"),
        ),
    ),
    Sheet(
        "标准",
        STANDARDS,
        ("occupation", "edition"),
        (
            c.refer("职业", "occupation", c.occupation, lambda o: o.code),
            c.text("标准名称", "title", required=True),
            c.text("版本", "edition", required=True),
            c.text("文号", "document_no"),
        ),
    ),
    Sheet(
        "标准等级",
        STANDARD_LEVELS,
        ("standard", "level"),
        (
            c.refer("标准", "standard", c.standard, lambda s: s.title),
            _LEVEL,
            c.whole("理论分钟", "theory_minutes", default=90),
            c.whole("技能分钟", "skill_minutes", default=120),
            c.whole("评审分钟", "review_minutes", default=0),
            c.whole("技能考评配比", "skill_candidates_per_examiner", default=5),
            c.whole("考评组至少", "panel_minimum", default=3),
        ),
    ),
    Sheet(
        "权重",
        WEIGHTS,
        ("standard_level", "part", "name"),
        (
            _STANDARD_LEVEL,
            c.choice("部分", "part", {"理论": Part.THEORY.value, "技能": Part.SKILL.value}),
            c.text("类别", "group"),
            c.text("项目", "name", required=True),
            c.decimal("权重", "percent"),
            c.whole("次序", "position", default=1),
        ),
        "权重",
    ),
    Sheet(
        "申报条件",
        CONDITIONS,
        ("standard_level", "code"),
        (
            _STANDARD_LEVEL,
            c.text("编号", "code", required=True),
            c.text("条件", "text", required=True),
            c.text("所需证明", "evidence"),
            c.notation("可核对", "rule", notation.parse_rule, notation.format_rule),
        ),
    ),
    Sheet(
        "组卷结构",
        PATTERNS,
        ("standard_level", "name"),
        (
            _STANDARD_LEVEL,
            c.text("名称", "name", required=True),
            c.whole("时长", "minutes", default=90),
            c.notation("题型结构", "sections", notation.parse_sections, notation.format_sections),
        ),
    ),
    Sheet(
        "认定范围",
        SCOPE_ROWS,
        ("no",),
        (
            c.whole("序号", "no"),
            c.refer("职业", "occupation", c.occupation, lambda o: o.code),
            c.text("工种", "job"),
            c.text("工种英文", "job_en"),
            c.text("别称", "also_called"),
            c.refer("标准", "standard", c.standard, lambda s: s.title),
            c.refer_many("等级", "levels", c.level, lambda lv: lv.code),
            c.refer_many("对应专业", "majors", c.major, lambda m: m.name),
            c.day("备案生效", "valid_from", required=True),
            c.day("备案截止", "valid_to"),
            c.text("备案文号", "document_no"),
        ),
        "标准",
    ),
    Sheet(
        "学分办法",
        CREDIT_SCHEMES,
        ("scope_row", "level", "name"),
        (
            _SCOPE,
            _LEVEL,
            c.text("名称", "name", required=True),
            c.notation("应修课程", "courses", notation.parse_courses, notation.format_courses),
            c.decimal("应修学分", "credits_needed"),
            c.text("文号", "document_no"),
        ),
    ),
    Sheet(
        "竞赛办法",
        CONTEST_SCHEMES,
        ("scope_row", "level", "contest"),
        (
            _SCOPE,
            _LEVEL,
            c.text("竞赛名称", "contest", required=True),
            c.day("举办日期", "held_on", required=True),
            c.whole("名次不低于", "max_rank"),
            c.decimal("成绩不低于", "min_score"),
            c.text("文号", "document_no"),
        ),
    ),
    Sheet(
        "1+X对应",
        DIRECT_MAPPINGS,
        ("scope_row", "certificate", "certificate_level"),
        (
            _SCOPE,
            _LEVEL,
            c.text("1+X证书", "certificate", required=True),
            c.text("培训评价组织", "issuer"),
            c.choice("证书等级", "certificate_level", {x: x for x in ("初级", "中级", "高级")}),
            c.text("文号", "document_no"),
        ),
    ),
    Sheet(
        "人员",
        MEMBERS,
        ("id_index",),
        (
            c.text("姓名", "name", required=True),
            c.choice("性别", "sex", {"男": "男", "女": "女"}),
            c.text("身份证号", "id_number", required=True),
            c.text("文化程度", "education"),
            c.text("职称", "title"),
            c.text("职业资格", "qualification"),
            c.text("荣誉", "honours"),
            c.whole("从业年限", "years", default=0),
            c.text("单位", "employer"),
            _DEPARTMENT,
            c.text("电话", "phone"),
            c.notation("任教班级", "classes", notation.words, _JOINED),
        ),
        "身份证号",
    ),
    Sheet(
        "证卡",
        CARDS,
        ("number",),
        (
            c.text("证卡编号", "number", required=True),
            c.refer("人员身份证号", "member", c.member, lambda m: m.id_number),
            c.choice("类别", "role", _ROLES),
            c.day("发证日期", "valid_from", required=True),
            c.day("有效期至", "valid_to", required=True),
            c.refer_many("考评职业", "occupations", c.occupation, lambda o: o.code),
        ),
        "考评职业",
    ),
    Sheet(
        "场地",
        ROOMS,
        ("code",),
        (
            c.text("编号", "code", required=True),
            c.text("名称", "name", required=True),
            c.text("楼宇", "building"),
            c.choice("类别", "kind", _KINDS),
            c.whole("机位/工位", "workstations"),
            c.decimal("面积", "area_m2"),
            c.whole("每排机位", "columns", default=8),
            c.refer_many("适用职业", "occupations", c.occupation, lambda o: o.code),
            c.whole("摄像头", "cameras", default=0),
        ),
    ),
)

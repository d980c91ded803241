"""The sheets of the set-up workbook in the order in which they refer to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assay.applications.people import EDUCATIONS
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
from assay.centre.parameters import PARAMETERS
from assay.corps.acts import CARDS, MEMBERS
from assay.corps.models import Card
from assay.kernel.citing import basis
from assay.kernel.recorded import Recorded
from assay.kernel.tables import as_text
from assay.setup import called, completing
from assay.setup import columns as c
from assay.setup.duty_lines import duties_of_a_post, groups
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
    complete: Callable[[completing.Values], completing.Wrong] = completing.nothing_more
    says_nothing: Callable[[completing.Values], bool] = lambda values: False
    """Whether a line of which there is no row yet needs none."""

    @property
    def model(self) -> type[Recorded]:
        return self.kind.model


def _parameter(value: Any) -> str:
    """The key of a parameter, by its title."""
    said = as_text(value)
    return {one.title: key for key, one in PARAMETERS.items()}.get(said, said)


def _parameter_title(key: str) -> str:
    return PARAMETERS[key].title if key in PARAMETERS else key


def _parameter_value(row: Any) -> str:
    return PARAMETERS[row.key].shown(row.value) if row.key in PARAMETERS else row.value


def _parameter_titles() -> list[str]:
    return [one.title for one in PARAMETERS.values()]


def _usual(row: Any) -> str:
    """What a parameter is unless the centre sets it, and where that comes from."""
    one = PARAMETERS[row.key]
    choices = f"（可填 {'、'.join(title for _, title in one.choices)}）" if one.choices else ""
    return f"{one.shown(one.default)} {one.unit}".strip() + choices


_DEPARTMENT = c.refer("部门", "department", called.DEPARTMENT, required=False)
_LEVEL = c.refer("等级", "level", called.LEVEL)
_SCOPE = c.refer("范围序号", "scope_row", called.SCOPE_ROW)
_OCCUPATION = c.refer("职业", "occupation", called.OCCUPATION)
_OF_A_STANDARD = (
    c.refer("标准", "standard", called.STANDARD, of="standard_level.standard"),
    c.refer("等级", "level", called.LEVEL, of="standard_level.level"),
)
JOINED = "、".join
_ROLES = {title: code for code, title in Card.ROLES}
_KINDS = {title: code for code, title in Room.KINDS}
_SIDES = {title: code for code, title in Room.SIDES}

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "参数",
        PARAMETER_VALUES,
        ("key",),
        (
            c.Col("参数", "key", _parameter, _parameter_title, required=True, suggested=_parameter_titles),
            c.Col("值", "value", as_text, required=True, of=_parameter_value),
            c.text("依据文号", "document_no"),
            c.shown("默认值", _usual),
            c.shown("来源", lambda row: basis().source_of_number(PARAMETERS[row.key].source)),
        ),
        "值",
        completing.parameter,
        completing.changes_no_default,
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
            c.text("组别", "group", required=True, suggested=groups),
            c.Col("职责代码", "duties", duties_of_a_post, "、".join),
        ),
        "岗位",
    ),
    Sheet("专业", MAJORS, ("name",), (c.text("专业", "name", required=True), _DEPARTMENT)),
    Sheet(
        "等级",
        LEVELS,
        ("code",),
        (
            c.text("代码", "code", required=True),
            c.text("名称", "title", required=True),
            c.text("英文", "title_en", required=True),
            c.text("证书上的写法", "certificate_title", required=True),
            c.whole("高低次序", "rank", required=True),
            c.yes("须综合评审", "needs_review", default=False),
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
            _OCCUPATION,
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
            c.refer("标准", "standard", called.STANDARD),
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
            *_OF_A_STANDARD,
            c.choice("部分", "part", {"理论": Part.THEORY.value, "技能": Part.SKILL.value}),
            c.text("类别", "group"),
            c.text("项目", "name", required=True),
            c.decimal("权重", "percent", required=True),
            c.whole("次序", "position", default=1),
        ),
        "权重",
        completing.at_level,
    ),
    Sheet(
        "申报条件",
        CONDITIONS,
        ("standard_level", "code"),
        (
            *_OF_A_STANDARD,
            c.text("编号", "code", required=True),
            c.text("条件", "text", required=True),
            c.text("所需证明", "evidence"),
            c.notation("可核对", "rule", notation.parse_rule, notation.format_rule),
        ),
        complete=completing.at_level,
    ),
    Sheet(
        "组卷结构",
        PATTERNS,
        ("standard_level", "name"),
        (
            *_OF_A_STANDARD,
            c.text("名称", "name", required=True),
            c.whole("时长", "minutes", default=90),
            c.notation("题型结构", "sections", notation.parse_sections, notation.format_sections, required=True),
        ),
        complete=completing.at_level,
    ),
    Sheet(
        "认定范围",
        SCOPE_ROWS,
        ("no",),
        (
            c.whole("序号", "no", required=True),
            _OCCUPATION,
            c.text("工种", "job"),
            c.text("工种英文", "job_en"),
            c.text("别称", "also_called"),
            c.refer("标准", "standard", called.STANDARD),
            c.refer_many("等级", "levels", called.LEVEL, required=True),
            c.refer_many("对应专业", "majors", called.MAJOR),
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
            c.notation("应修课程", "courses", notation.parse_courses, notation.format_courses, required=True),
            c.decimal("应修学分", "credits_needed", required=True),
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
            c.choice("性别", "sex", {"男": "男", "女": "女"}, default=""),
            c.text("身份证号", "id_number", required=True),
            c.text("文化程度", "education", suggested=lambda: EDUCATIONS),
            c.text("职称", "title"),
            c.text("职业资格", "qualification"),
            c.text("荣誉", "honours"),
            c.whole("从业年限", "years", default=0),
            c.text("单位", "employer"),
            _DEPARTMENT,
            c.text("电话", "phone"),
            c.notation("任教班级", "classes", notation.words, JOINED),
            c.yes("在岗", "active"),
        ),
        "身份证号",
        completing.person,
    ),
    Sheet(
        "证卡",
        CARDS,
        ("number",),
        (
            c.text("证卡编号", "number", required=True),
            c.refer("人员身份证号", "member", called.MEMBER),
            c.choice("类别", "role", _ROLES),
            c.day("发证日期", "valid_from", required=True),
            c.day("有效期至", "valid_to", required=True),
            c.refer_many("考评职业", "occupations", called.OCCUPATION),
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
            c.text("走道", "aisles"),
            c.choice("讲台位置", "front", _SIDES, default="上方"),
            c.choice("门的位置", "door", _SIDES, default=""),
            c.refer_many("适用职业", "occupations", called.OCCUPATION),
            c.whole("摄像头", "cameras", default=0),
            c.yes("须用考试专用浏览器", "locked_browser", default=False),
            c.yes("启用", "active"),
        ),
    ),
)

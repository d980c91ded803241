"""What can be assessed, kept on screen: the filed scope, standards with their rules, schemes of the other routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.catalogue import acts, forms, notation
from assay.catalogue.models import Level, Occupation, ScopeRow, Standard, StandardLevel
from assay.centre.editing import Editor
from assay.kernel.listing import Column, Filter

READERS = ("L1", "L2", "E1", "E2", "E4", "E5", "R1", "X4", "Q5")
SCOPE_TABS = (
    ("认定范围", "catalogue:scope_list"),
    ("职业", "catalogue:occupations_list"),
    ("等级", "catalogue:levels_list"),
    ("专业", "catalogue:majors_list"),
)
STANDARD_TABS = (
    ("职业标准", "catalogue:standards_list"),
    ("标准等级", "catalogue:standard_levels_list"),
    ("权重", "catalogue:weights_list"),
    ("申报条件", "catalogue:conditions_list"),
    ("组卷结构", "catalogue:patterns_list"),
)
ROUTE_TABS = (
    ("1+X 对应", "catalogue:mappings_list"),
    ("学分认定办法", "catalogue:credits_list"),
    ("竞赛办法", "catalogue:contests_list"),
)


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _levels() -> Sequence[Filter]:
    return [Filter("level", "等级", list(Level.objects.values_list("pk", "title")), "level")]


def _of_standard(lookup: str) -> Sequence[Filter]:
    return [Filter("standard", "标准", list(Standard.objects.values_list("pk", "title")), lookup)]


def _in_scope() -> Any:
    return Occupation.objects.filter(scope__isnull=False).distinct()


def _standard_levels() -> Any:
    return StandardLevel.objects.select_related("standard", "level")


levels: Editor[Any] = Editor(
    acts.LEVELS, "levels", forms.LevelForm,
    [
        Column("代码", lambda x: x.code, "code"), Column("名称", lambda x: x.title, "title"),
        Column("证书上的写法", lambda x: x.certificate_title), Column("综合评审", lambda x: _yes(x.needs_review)),
    ],
    readers=READERS, order="rank", tabs=SCOPE_TABS,
    hint="等级是数据：新八级工制的特级技师、首席技师等可在此增加。",
)  # fmt: skip
majors: Editor[Any] = Editor(
    acts.MAJORS, "majors", forms.MajorForm,
    [Column("专业", lambda x: x.name, "name"), Column("所属系部", lambda x: str(x.department or ""))],
    rows=lambda: acts.MAJORS.model.objects.select_related("department"),
    readers=READERS, search=("name",), order="name", tabs=SCOPE_TABS,
)  # fmt: skip
occupations: Editor[Any] = Editor(
    acts.OCCUPATIONS, "occupations", forms.OccupationForm,
    [
        Column("职业编码", lambda x: x.code, "code"), Column("职业名称", lambda x: x.name, "name"),
        Column("大典版本", lambda x: x.dictionary, "dictionary"), Column("英文", lambda x: x.name_en),
    ],
    readers=READERS, search=("code", "name"), order="code", tabs=SCOPE_TABS,
)  # fmt: skip
scope: Editor[Any] = Editor(
    acts.SCOPE_ROWS, "scope", forms.ScopeRowForm,
    [
        Column("序号", lambda x: x.no, "no"), Column("职业编码", lambda x: x.occupation.code),
        Column("职业", lambda x: x.occupation.name), Column("工种/职业方向", lambda x: x.job or "--", "job"),
        Column("等级", lambda x: "、".join(v.code for v in x.levels.all())),
        Column("对应专业", lambda x: "、".join(v.name for v in x.majors.all())),
        Column("备案生效", lambda x: str(x.valid_from), "valid_from", lambda x: x.valid_from),
        Column("备案截止", lambda x: str(x.valid_to or "长期"), "valid_to", lambda x: x.valid_to or "长期"),
    ],
    rows=lambda: ScopeRow.objects.select_related("occupation").prefetch_related("levels", "majors"),
    filters=lambda: [Filter("occupation", "职业", list(_in_scope().values_list("pk", "name")), "occupation")],
    readers=READERS, search=("job", "occupation__name", "occupation__code", "also_called"), order="no", tabs=SCOPE_TABS,
    hint="备案的认定范围：范围之外的职业、工种、等级不能列入认定计划（工作方案 二(三)）。",
)  # fmt: skip
standards: Editor[Any] = Editor(
    acts.STANDARDS, "standards", forms.StandardForm,
    [
        Column("标准名称", lambda x: x.title, "title"), Column("版本", lambda x: x.edition, "edition"),
        Column("职业", lambda x: str(x.occupation)), Column("文号", lambda x: x.document_no),
    ],
    rows=lambda: Standard.objects.select_related("occupation"),
    readers=READERS, search=("title",), order="title", tabs=STANDARD_TABS,
)  # fmt: skip
standard_levels: Editor[Any] = Editor(
    acts.STANDARD_LEVELS, "standard_levels", forms.StandardLevelForm,
    [
        Column("标准", lambda x: x.standard.title, "standard__title"), Column("等级", lambda x: str(x.level)),
        Column("理论", lambda x: f"{x.theory_minutes} 分钟"), Column("技能", lambda x: f"{x.skill_minutes} 分钟"),
        Column("评审", lambda x: f"{x.review_minutes} 分钟" if x.review_minutes else "--"),
        Column("技能考评配比", lambda x: f"1:{x.skill_candidates_per_examiner}"),
        Column("考评组至少", lambda x: x.panel_minimum),
    ],
    rows=_standard_levels, filters=lambda: [*_of_standard("standard"), *_levels()],
    readers=READERS, search=("standard__title",), order="standard", tabs=STANDARD_TABS,
)  # fmt: skip
weights: Editor[Any] = Editor(
    acts.WEIGHTS, "weights", forms.WeightForm,
    [
        Column("标准等级", lambda x: str(x.standard_level)), Column("部分", lambda x: x.get_part_display()),
        Column("类别", lambda x: x.group), Column("项目", lambda x: x.name),
        Column("权重（%）", lambda x: str(x.percent), plain=lambda x: x.percent),
    ],
    rows=lambda: acts.WEIGHTS.model.objects.select_related("standard_level__standard", "standard_level__level"),
    filters=lambda: _of_standard("standard_level__standard"),
    readers=READERS, search=("name",), order="standard_level", tabs=STANDARD_TABS,
    hint="同一标准等级、同一部分的权重合计应为 100%。",
)  # fmt: skip
conditions: Editor[Any] = Editor(
    acts.CONDITIONS, "conditions", forms.ConditionForm,
    [
        Column("标准等级", lambda x: str(x.standard_level)), Column("编号", lambda x: x.code, "code"),
        Column("条件", lambda x: x.text), Column("可核对的部分", lambda x: notation.format_rule(x.rule)),
    ],
    rows=lambda: acts.CONDITIONS.model.objects.select_related("standard_level__standard", "standard_level__level"),
    filters=lambda: _of_standard("standard_level__standard"),
    readers=READERS, search=("text", "code"), order="standard_level", tabs=STANDARD_TABS,
    hint="满足其中任一条即可申报。新旧两代标准的条件都在这里。",
)  # fmt: skip
patterns: Editor[Any] = Editor(
    acts.PATTERNS, "patterns", forms.PatternForm,
    [
        Column("标准等级", lambda x: str(x.standard_level)), Column("名称", lambda x: x.name),
        Column("时长", lambda x: f"{x.minutes} 分钟"), Column("题型结构", lambda x: notation.format_sections(x.sections)),
    ],
    rows=lambda: acts.PATTERNS.model.objects.select_related("standard_level__standard", "standard_level__level"),
    filters=lambda: _of_standard("standard_level__standard"),
    readers=READERS, order="standard_level", tabs=STANDARD_TABS,
)  # fmt: skip
mappings: Editor[Any] = Editor(
    acts.DIRECT_MAPPINGS, "mappings", forms.DirectMappingForm,
    [
        Column("1+X 证书", lambda x: x.certificate, "certificate"), Column("证书等级", lambda x: x.certificate_level),
        Column("工种", lambda x: x.scope_row.title), Column("认定等级", lambda x: str(x.level)),
        Column("文号", lambda x: x.document_no), Column("启用", lambda x: _yes(x.active)),
    ],
    rows=lambda: acts.DIRECT_MAPPINGS.model.objects.select_related("scope_row__occupation", "level"), filters=_levels,
    readers=READERS, search=("certificate",), order="certificate", tabs=ROUTE_TABS,
    hint="直接认定：1+X 证书初级对应四级，中级对应三级（工作方案 二(四)2）。",
)  # fmt: skip
credits: Editor[Any] = Editor(
    acts.CREDIT_SCHEMES, "credits", forms.CreditSchemeForm,
    [
        Column("办法", lambda x: x.name, "name"), Column("工种", lambda x: x.scope_row.title),
        Column("等级", lambda x: str(x.level)), Column("应修学分", lambda x: str(x.credits_needed), plain=lambda x: x.credits_needed),
        Column("课程", lambda x: notation.format_courses(x.courses)), Column("启用", lambda x: _yes(x.active)),
    ],
    rows=lambda: acts.CREDIT_SCHEMES.model.objects.select_related("scope_row__occupation", "level"), filters=_levels,
    readers=READERS, search=("name",), order="scope_row__no", tabs=ROUTE_TABS,
)  # fmt: skip
contests: Editor[Any] = Editor(
    acts.CONTEST_SCHEMES, "contests", forms.ContestSchemeForm,
    [
        Column("竞赛", lambda x: x.contest, "contest"), Column("工种", lambda x: x.scope_row.title),
        Column("等级", lambda x: str(x.level)), Column("举办日期", lambda x: str(x.held_on), "held_on", lambda x: x.held_on),
        Column("名次不低于", lambda x: x.max_rank),
        Column("成绩不低于", lambda x: x.min_score and str(x.min_score), plain=lambda x: x.min_score),
        Column("启用", lambda x: _yes(x.active)),
    ],
    rows=lambda: acts.CONTEST_SCHEMES.model.objects.select_related("scope_row__occupation", "level"), filters=_levels,
    readers=READERS, search=("contest",), order="contest", tabs=ROUTE_TABS,
)  # fmt: skip
ALL = (
    scope, occupations, levels, majors, standards, standard_levels, weights, conditions, patterns, mappings, credits,
    contests,
)  # fmt: skip

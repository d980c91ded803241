"""What can be assessed (the filed scope) and by what rules (standards as data)."""

from __future__ import annotations

from datetime import date

from django.db import models

from assay.catalogue.parts import Part
from assay.centre.models import Department
from assay.kernel.recorded import Recorded


class Level(Recorded):
    """A skill level. Data, not an enum of five: the eight-level system adds more (rules.md §1)."""

    FACTS = ("code", "title", "title_en", "certificate_title", "rank", "needs_review")
    code = models.CharField("代码", max_length=2, unique=True)
    title = models.CharField("名称", max_length=20)
    title_en = models.CharField("英文", max_length=60)
    certificate_title = models.CharField("证书上的写法", max_length=20)
    rank = models.IntegerField("高低次序", unique=True)
    needs_review = models.BooleanField("须综合评审", default=False)

    class Meta:
        verbose_name = "等级"
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.title


class Major(Recorded):
    FACTS = ("name", "department")
    name = models.CharField("专业", max_length=60, unique=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name="所属系部")

    class Meta:
        verbose_name = "专业"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Occupation(Recorded):
    """An entry of a version of the national classification (2015, 2022): codes change between versions."""

    FACTS = ("dictionary", "code", "name", "name_en")
    dictionary = models.CharField("大典版本", max_length=10, default="2015")
    code = models.CharField("职业编码", max_length=12)
    name = models.CharField("职业名称", max_length=60)
    name_en = models.CharField("英文", max_length=120, blank=True)

    class Meta:
        verbose_name = "职业"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["dictionary", "code"],
                name="occupation_once",
                violation_error_message="这个版本的大典里已有同一职业编码",
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^\d-\d{2}-\d{2}-\d{2}$"),
                name="occupation_code_form",
                violation_error_message="职业编码应写成 4-12-01-01 的样子",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Standard(Recorded):
    """An edition of a national occupational standard; which generation of entry conditions it has is data below."""

    FACTS = ("occupation", "edition", "title", "document_no")
    occupation = models.ForeignKey(Occupation, models.PROTECT, related_name="standards", verbose_name="职业")
    title = models.CharField("标准名称", max_length=100)
    edition = models.CharField("版本", max_length=20)
    document_no = models.CharField("文号", max_length=80, blank=True)

    class Meta:
        verbose_name = "职业标准"
        constraints = [
            models.UniqueConstraint(
                fields=["occupation", "edition"],
                name="standard_edition_once",
                violation_error_message="这个职业已有同一版本的标准",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.edition}）"


class StandardLevel(Recorded):
    """What a standard asks for at one level: times in minutes, marks, staffing ratios (§1.9 of the standard)."""

    FACTS = (
        "standard", "level", "theory_minutes", "skill_minutes", "review_minutes", "pass_mark",
        "skill_candidates_per_examiner", "panel_minimum", "theory_candidates_per_invigilator",
        "theory_minimum_invigilators",
    )  # fmt: skip
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="levels", verbose_name="标准")
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="等级")
    theory_minutes = models.PositiveIntegerField("理论时长（分钟）", default=90)
    skill_minutes = models.PositiveIntegerField("技能时长（分钟）", default=120)
    review_minutes = models.PositiveIntegerField("综合评审时长（分钟）", default=0)
    pass_mark = models.DecimalField("合格线", max_digits=4, decimal_places=1, default=60)
    theory_candidates_per_invigilator = models.PositiveIntegerField("理论监考配比 1:", default=15)
    theory_minimum_invigilators = models.PositiveIntegerField("每考场监考至少", default=2)
    skill_candidates_per_examiner = models.PositiveIntegerField("技能考评配比 1:", default=5)
    panel_minimum = models.PositiveIntegerField("考评组至少", default=3)

    class Meta:
        verbose_name = "标准等级"
        ordering = ["standard", "level__rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "level"],
                name="standard_level_once",
                violation_error_message="这个标准已有这个等级",
            )
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.level}"


class Weight(Recorded):
    """A row of the weight tables: each column (part × level) adds up to 100."""

    FACTS = ("standard_level", "part", "name", "percent", "position", "group")
    standard_level = models.ForeignKey(StandardLevel, models.CASCADE, related_name="weights", verbose_name="标准等级")
    part = models.CharField(
        "部分", max_length=10, choices=[(Part.THEORY.value, "理论知识"), (Part.SKILL.value, "技能要求")]
    )
    group = models.CharField("类别", max_length=40, blank=True)
    name = models.CharField("项目", max_length=60)
    percent = models.DecimalField("权重（%）", max_digits=5, decimal_places=1)
    position = models.PositiveIntegerField("次序")

    class Meta:
        verbose_name = "权重"
        ordering = ["standard_level", "part", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard_level", "part", "name"],
                name="weight_once",
                violation_error_message="同一部分里项目名称重复",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100),
                name="weight_range",
                violation_error_message="权重应在 0 到 100 之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.percent}%"


class EntryCondition(Recorded):
    """One of the conditions any of which lets a candidate apply (申报条件). `rule` holds what code can check."""

    FACTS = ("standard_level", "code", "text", "evidence", "rule")
    standard_level = models.ForeignKey(
        StandardLevel, models.CASCADE, related_name="conditions", verbose_name="标准等级"
    )
    code = models.CharField("编号", max_length=10)
    text = models.TextField("条件")
    evidence = models.CharField("所需证明", max_length=200, blank=True)
    rule = models.JSONField("可核对的部分", default=dict, blank=True)
    """Keys, all optional: min_age, work_years, holds_level, held_years, education: [..], major_related: bool,
    final_year: bool (a final-year student counts as a graduate), staff_only, students_only, title."""

    class Meta:
        verbose_name = "申报条件"
        ordering = ["standard_level", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard_level", "code"],
                name="condition_once",
                violation_error_message="这个标准等级已有同一编号的申报条件",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class PaperPattern(Recorded):
    """How a theory paper is made: sections [{"type","count","mark"}], marks add up to 100."""

    FACTS = ("standard_level", "name", "minutes", "sections")
    standard_level = models.ForeignKey(StandardLevel, models.CASCADE, related_name="patterns", verbose_name="标准等级")
    name = models.CharField("名称", max_length=40)
    minutes = models.PositiveIntegerField("时长（分钟）", default=90)
    sections = models.JSONField("题型结构")

    class Meta:
        verbose_name = "组卷结构"

    def __str__(self) -> str:
        return self.name


class ScopeRow(Recorded):
    """A row of the filed scope: occupation, job (may be absent), levels, majors, dates in force (plan §二(三))."""

    FACTS = (
        "no", "occupation", "job", "standard", "valid_from", "valid_to", "levels", "majors", "job_en",
        "also_called", "document_no",
    )  # fmt: skip
    no = models.PositiveIntegerField("序号", unique=True)
    occupation = models.ForeignKey(Occupation, models.PROTECT, related_name="scope", verbose_name="职业")
    job = models.CharField("工种/职业方向", max_length=60, blank=True)
    job_en = models.CharField("工种英文", max_length=120, blank=True)
    also_called = models.CharField("别称", max_length=60, blank=True)
    standard = models.ForeignKey(Standard, models.PROTECT, verbose_name="评价标准")
    levels = models.ManyToManyField(Level, verbose_name="等级")
    majors = models.ManyToManyField(Major, verbose_name="对应专业", blank=True)
    valid_from = models.DateField("备案生效")
    valid_to = models.DateField("备案截止", null=True, blank=True)
    document_no = models.CharField("备案文号", max_length=80, blank=True)

    class Meta:
        verbose_name = "认定范围"
        ordering = ["no"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="scope_dates",
                violation_error_message="备案截止早于备案生效",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The job, or the occupation where the job is absent."""
        return self.job or self.occupation.name

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class CreditScheme(Recorded):
    """Process assessment (plan §二(四)3): which courses and how many credits certify which level."""

    FACTS = ("scope_row", "level", "name", "courses", "credits_needed", "pass_mark", "active", "document_no")
    scope_row = models.ForeignKey(ScopeRow, models.PROTECT, related_name="credit_schemes", verbose_name="工种")
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="认定等级")
    name = models.CharField("学分认定办法", max_length=80)
    courses = models.JSONField("应修课程")
    """[{"name", "kind": "theory"|"skill", "credits": "4.0", "required": true}]"""
    credits_needed = models.DecimalField("应修学分", max_digits=5, decimal_places=1)
    pass_mark = models.DecimalField("课程合格线", max_digits=4, decimal_places=1, default=60)
    document_no = models.CharField("文号", max_length=80, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "学分认定办法"

    def __str__(self) -> str:
        return self.name


class ContestScheme(Recorded):
    """Competition route (plan §二(四)4): rank or score thresholds of the school's own contest."""

    FACTS = ("scope_row", "level", "contest", "held_on", "max_rank", "min_score", "active", "document_no")
    scope_row = models.ForeignKey(ScopeRow, models.PROTECT, related_name="contest_schemes", verbose_name="工种")
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="认定等级")
    contest = models.CharField("竞赛名称", max_length=80)
    held_on = models.DateField("举办日期")
    max_rank = models.PositiveIntegerField("名次不低于", null=True, blank=True)
    min_score = models.DecimalField("成绩不低于", max_digits=5, decimal_places=1, null=True, blank=True)
    document_no = models.CharField("文号", max_length=80, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "竞赛办法"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(max_rank=None, min_score=None),
                name="contest_has_a_threshold",
                violation_error_message="名次和成绩至少要规定一项",
            )
        ]

    def __str__(self) -> str:
        return self.contest


class DirectMapping(Recorded):
    """Direct recognition (plan §二(四)2): a 1+X certificate of a level gives a level of a job (初级 → 四级)."""

    FACTS = ("scope_row", "level", "certificate", "issuer", "certificate_level", "active", "document_no")
    scope_row = models.ForeignKey(ScopeRow, models.PROTECT, related_name="direct_mappings", verbose_name="工种")
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="认定等级")
    certificate = models.CharField("1+X 证书", max_length=80)
    issuer = models.CharField("培训评价组织", max_length=80, blank=True)
    certificate_level = models.CharField(
        "证书等级", max_length=4, choices=[("初级", "初级"), ("中级", "中级"), ("高级", "高级")]
    )
    document_no = models.CharField("文号", max_length=80, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "直接认定对应"
        constraints = [
            models.UniqueConstraint(
                fields=["scope_row", "certificate", "certificate_level"],
                name="direct_mapping_once",
                violation_error_message="这个工种已有同一 1+X 证书同一等级的对应",
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate}（{self.certificate_level}）"

"""Skill exam and comprehensive review: score sheets, examiners' independent marks, the panel's mark."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from assay.applications.models import Application
from assay.arrangement.models import Seating, SessionRoom
from assay.bank.models import Paper
from assay.catalogue.models import Level, Occupation
from assay.catalogue.parts import BY_PANEL, IN_FULL, choices
from assay.corps.models import Member
from assay.exam.models import WrittenAnswer
from assay.kernel.fields import EncryptedJSON
from assay.kernel.recorded import Recorded
from assay.kernel.sealing import CONTENT


class SheetTemplate(Recorded):
    """A score sheet (评分记录表) of a job and level for skill or review: tasks with weights, points with full marks."""

    FACTS = ("occupation", "job", "level", "part", "title", "active")
    SEALED = ("tasks",)
    occupation = models.ForeignKey(Occupation, models.PROTECT, verbose_name="职业")
    job = models.CharField("工种", max_length=60, blank=True)
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="等级")
    part = models.CharField("部分", max_length=8, choices=choices(IN_FULL, BY_PANEL))
    title = models.CharField("名称", max_length=80)
    tasks = EncryptedJSON("考核任务", purpose=CONTENT)
    """[{"code","title","minutes","points":[{"code","title","full":"10.0","rule"}],"vetoes":[{"code","title"}]}]; all
    `full` marks of a sheet add up to 100."""
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "评分表"

    def __str__(self) -> str:
        return self.title


class SkillDraw(Recorded):
    """The version of the operation-skill paper that was drawn by lot for the candidates of one room: among which versions,
    before whom. Its content is here from then on, for the panel and the candidates' papers."""

    FACTS = ("session_room", "paper", "among", "witness", "by", "at", "confirmed_by", "confirmed_at")
    SEALED = ("content",)
    session_room = models.OneToOneField(
        SessionRoom, models.PROTECT, related_name="skill_draw", verbose_name="考场"
    )  # fmt: skip
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="draws", verbose_name="抽中的试卷")
    among = models.JSONField("参加抽签的各套")
    """[[number of the paper, form, digest]]"""
    content = EncryptedJSON("试卷内容", purpose=CONTENT)
    """As in `bank.Paper`: tasks with their sheets."""
    witness = models.CharField("抽签见证人", max_length=60)
    by = models.CharField("操作人", max_length=60)
    at = models.DateTimeField("抽签时间")
    confirmed_by = models.CharField("见证确认人", max_length=60, blank=True)
    """Who was there and says so with an own sign-in: one of the panel or a supervisor, never who drew."""
    confirmed_at = models.DateTimeField("见证确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "技能试卷抽签"

    def __str__(self) -> str:
        return f"{self.session_room} {self.paper.form} 卷"

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """As in `SheetTemplate`; points also say how they are marked (`bank.skill.sheet`)."""
        return [
            {"code": e["code"], **{k: e["sheet"][k] for k in ("title", "minutes", "points", "vetoes")}}
            for e in self.content
        ]


class PanelSheet(Recorded):
    """One candidate before one panel: state, attendance, and the panel's mark once all examiners have locked. What is marked
    is the paper that was drawn, or the job's score sheet where the bank has no operation-skill papers."""

    FACTS = ("seating", "application", "part", "template", "draw", "absent", "mark", "settled_at", "settle_note")
    seating = models.OneToOneField(Seating, models.PROTECT, related_name="panel_sheet", verbose_name="工位")
    application = models.ForeignKey(Application, models.PROTECT, related_name="panel_sheets", verbose_name="报名")
    part = models.CharField("部分", max_length=8, choices=choices(IN_FULL, BY_PANEL))
    template = models.ForeignKey(SheetTemplate, models.PROTECT, null=True, blank=True, verbose_name="评分表")
    draw = models.ForeignKey(
        SkillDraw, models.PROTECT, null=True, blank=True, related_name="panel_sheets", verbose_name="抽签"
    )
    absent = models.BooleanField("缺考", default=False)
    mark = models.DecimalField("成绩", max_digits=5, decimal_places=1, null=True, blank=True)
    settled_at = models.DateTimeField("合成时间", null=True, blank=True)
    settle_note = models.CharField("复议说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "考评记录"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mark=None) | models.Q(mark__gte=0, mark__lte=100), name="panel_mark_range"
            ),
            models.CheckConstraint(condition=models.Q(absent=False) | models.Q(mark=None), name="absent_no_panel_mark"),
            models.UniqueConstraint(fields=["application", "part"], name="one_panel_sheet_a_part"),
            models.CheckConstraint(
                condition=models.Q(template=None, draw__isnull=False) | models.Q(template__isnull=False, draw=None),
                name="panel_marks_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.application)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """What is marked: tasks with points and veto items."""
        source = self.draw or self.template
        assert source is not None  # by constraint
        return source.tasks

    @property
    def locked_by(self) -> list[int]:
        """The examiners who have locked, whether they sit on the panel still or not."""
        return [s.member_id for s in self.scores.all() if s.locked_at is not None]

    @property
    def locked_totals(self) -> list[Decimal]:
        """What the examiners came to who have locked; nothing for who was absent."""
        locked = [s.total for s in self.scores.all() if s.locked_at is not None and s.total is not None]
        return [] if self.absent else locked


class ExaminerScore(Recorded):
    """One examiner's own marks for one candidate; nobody else sees them until all are locked."""

    FACTS = ("sheet", "member", "marks", "observed", "vetoes", "total", "locked_at", "remarks")
    sheet = models.ForeignKey(PanelSheet, models.PROTECT, related_name="scores", verbose_name="考评记录")
    member = models.ForeignKey(Member, models.PROTECT, related_name="scores", verbose_name="考评员")
    marks = models.JSONField("得分", default=dict)
    """{point code: "8.5"}"""
    observed = models.JSONField("检测结果", default=dict, blank=True)
    """{point code: faults counted "2", or what was measured "24.97"}; the marks of these points follow from it."""
    vetoes = models.JSONField("否定项", default=list)
    remarks = models.CharField("备注", max_length=300, blank=True)
    total = models.DecimalField("合计", max_digits=5, decimal_places=1, null=True, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)

    class Meta:
        verbose_name = "考评员评分"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "member"], name="one_score_an_examiner"),
            models.CheckConstraint(
                condition=models.Q(total=None) | models.Q(total__gte=0, total__lte=100),
                name="examiner_total_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.member}"


class Remarking(Recorded):
    """A settled sheet marked again from its paper record because a score check was asked for: by one examiner who had no part
    in the first marking. It stands beside the former marks and changes none of them."""

    FACTS = ("sheet", "member", "marks", "observed", "vetoes", "remarks", "total", "at")
    sheet = models.ForeignKey(PanelSheet, models.PROTECT, related_name="remarkings", verbose_name="考评记录")
    member = models.ForeignKey(Member, models.PROTECT, related_name="remarkings", verbose_name="重评考评员")
    marks = models.JSONField("得分", default=dict)
    observed = models.JSONField("检测结果", default=dict, blank=True)
    vetoes = models.JSONField("否定项", default=list)
    remarks = models.CharField("备注", max_length=300, blank=True)
    total = models.DecimalField("合计", max_digits=5, decimal_places=1)
    at = models.DateTimeField("重评时间")

    class Meta:
        verbose_name = "复核重评"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "member"], name="one_remarking_an_examiner"),
            models.CheckConstraint(condition=models.Q(total__gte=0, total__lte=100), name="remarking_total_range"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.member}"


class WrittenMark(Recorded):
    """One examiner's mark of a written answer, given without knowing whose it is or what the other gave."""

    FACTS = ("answer", "member", "mark", "at")
    answer = models.ForeignKey(WrittenAnswer, models.PROTECT, related_name="marks", verbose_name="主观题答案")
    member = models.ForeignKey(Member, models.PROTECT, related_name="written_marks", verbose_name="考评员")
    mark = models.DecimalField("评分", max_digits=4, decimal_places=1)
    at = models.DateTimeField("评阅时间")

    class Meta:
        verbose_name = "主观题评分"
        constraints = [
            models.UniqueConstraint(fields=["answer", "member"], name="written_mark_once_an_examiner"),
            models.CheckConstraint(condition=models.Q(mark__gte=0), name="written_mark_not_below_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.member}"

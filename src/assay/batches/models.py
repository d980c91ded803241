"""Annual plans and batches: a batch is one round of assessment by one route, moving through stages."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse

from assay.batches.stages import ROUTE_CHOICES, STAGE_CHOICES, Route, Stage, stages_of
from assay.catalogue.models import Level, ScopeRow
from assay.kernel.recorded import Recorded


class AnnualPlan(Recorded):
    """年度计划: made by exam affairs (E1), approved by the leading group (L2)."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订"
        SUBMITTED = "submitted", "待审核"
        APPROVED = "approved", "已批准"
        RETURNED = "returned", "退回"

    FACTS = ("year", "title", "text", "state", "reason")
    year = models.PositiveIntegerField("年度", unique=True)
    title = models.CharField("名称", max_length=80)
    text = models.TextField("说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "年度计划"
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.title

    @property
    def was_returned(self) -> bool:
        """The leading group gave it back; `reason` says why."""
        return self.state == self.State.RETURNED


class Batches(models.Manager["Batch"]):
    def with_exam(self) -> models.QuerySet[Batch]:
        """Those whose candidates sit exams: the other routes have neither rooms nor papers."""
        return self.filter(route=Route.EXAM)

    def taking_applications(self) -> models.QuerySet[Batch]:
        """Those that candidates may apply for."""
        return self.filter(stage=Stage.APPLY)


class Batch(Recorded):
    """认定批次. `stage` is where it stands; only `batches.acts.advance` moves it, when no gate blocks."""

    FACTS = (
        "plan", "code", "name", "route", "stage", "apply_from", "apply_to", "exam_on", "exam_to", "scheme",
        "notice_text", "revision", "is_demo", "cancelled_because",
    )  # fmt: skip
    HEADED = "stage"
    objects = Batches()
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="batches", verbose_name="年度计划")
    code = models.CharField("批次编号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=80)
    route = models.CharField("认定方式", max_length=10, choices=ROUTE_CHOICES)
    stage = models.CharField("阶段", max_length=16, choices=STAGE_CHOICES, default=Stage.PLAN.value)
    apply_from = models.DateField("报名开始")
    apply_to = models.DateField("报名截止")
    exam_on = models.DateField("考核首日", null=True, blank=True)
    exam_to = models.DateField("考核末日", null=True, blank=True)
    notice_text = models.TextField("认定公告", blank=True)
    scheme = models.TextField("实施方案", blank=True)
    is_demo = models.BooleanField("演示批次", default=False)
    revision = models.PositiveIntegerField("修订次数", default=0)
    """Counts what was written of the plan, its jobs too: who revises it says which of them was seen."""
    cancelled_because = models.CharField("取消原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "认定批次"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(apply_to__gte=models.F("apply_from")), name="apply_dates"),
            models.CheckConstraint(
                condition=models.Q(exam_on=None) | models.Q(exam_on__gt=models.F("apply_to")),
                name="exam_after_apply",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("batches:cockpit", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.stage == Stage.CLOSED

    @property
    def is_cancelled(self) -> bool:
        return self.stage == Stage.CANCELLED

    @property
    def exam_lasts_to(self) -> date | None:
        """The last day of the exam where it is not the first one too."""
        return self.exam_to if self.exam_to != self.exam_on else None

    @property
    def stages(self) -> list[Stage]:
        return stages_of(self.route)

    def has_reached(self, stage: str) -> bool:
        """True when the batch stands at `stage` or beyond."""
        order = self.stages
        return stage in order and self.stage in order and order.index(Stage(self.stage)) >= order.index(Stage(stage))


class BatchLine(Recorded):
    """A job and level that the batch assesses, with the planned number of candidates."""

    FACTS = ("batch", "scope_row", "level", "planned")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines", verbose_name="批次")
    scope_row = models.ForeignKey(ScopeRow, models.PROTECT, verbose_name="工种")
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="等级")
    planned = models.PositiveIntegerField("拟报人数")

    class Meta:
        verbose_name = "批次工种"
        ordering = ["batch", "scope_row__no"]
        constraints = [models.UniqueConstraint(fields=["batch", "scope_row", "level"], name="batch_line_once")]

    def __str__(self) -> str:
        return f"{self.scope_row.title} {self.level}"

    @property
    def in_full(self) -> str:
        """With the occupation that the job is of."""
        return f"{self.scope_row.occupation.name} · {self.scope_row.job or '--'} · {self.level}"

"""Outcomes, their review above, score checks, public notice."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from assay.applications.eligibility import parts_taken
from assay.applications.models import Application
from assay.applications.parts import How, LeftOut, parts_of
from assay.batches.models import Batch
from assay.catalogue.parts import SHORT, Part, choices
from assay.centre.models import Account
from assay.exam.models import TheorySheet
from assay.items import marks
from assay.kernel.clock import shown, shown_day
from assay.kernel.correspondence import Standing
from assay.kernel.recorded import Recorded
from assay.results.rules import OUTCOME_CHOICES


def attendance() -> models.Prefetch:
    """Who came without answering, for the marks of many results as people read them."""
    return models.Prefetch(
        "application__theory_sheets", TheorySheet.objects.only("application", "absent", "came_without")
    )


def _of_a_hundred(column: str, name: str) -> models.CheckConstraint:
    within = models.Q(**{f"{column}__gte": 0, f"{column}__lte": 100})
    return models.CheckConstraint(condition=models.Q(**{column: None}) | within, name=name)


class Result(Recorded):
    """An application's outcome. A part's mark is null when not taken; `*_absent` is not zero. A part that was left out on an
    earlier pass has that pass's mark."""

    FACTS = (
        "application", "theory", "theory_absent", "skill", "skill_absent", "review", "review_absent", "basis",
        "outcome", "released_at", "batch", "computed_at",
    )  # fmt: skip
    application = models.OneToOneField(Application, models.PROTECT, related_name="result", verbose_name="报名")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="results", verbose_name="批次")
    theory = models.DecimalField("理论", max_digits=5, decimal_places=1, null=True, blank=True)
    theory_absent = models.BooleanField("理论缺考", default=False)
    skill = models.DecimalField("技能", max_digits=5, decimal_places=1, null=True, blank=True)
    skill_absent = models.BooleanField("技能缺考", default=False)
    review = models.DecimalField("综合评审", max_digits=5, decimal_places=1, null=True, blank=True)
    review_absent = models.BooleanField("评审缺考", default=False)
    basis = models.JSONField("免考依据", default=dict, blank=True)
    """On what parts were left out (`LeftOut`), by part: {"kind": "kept", "result", "mark", "on"}, the mark being that of the earlier
    result; or {"kind": "exemption", "exemption", "number"}, which has no mark; or, where there was nothing to leave it out on and
    that was decided, {"kind": "lapsed", "reason", "by"}, which counts as missed."""
    outcome = models.CharField("结论", max_length=12, choices=OUTCOME_CHOICES, db_index=True)
    computed_at = models.DateTimeField("合成时间")
    released_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "成绩"
        ordering = ["id"]
        constraints = [
            *(_of_a_hundred(part, f"result_{part}_range") for part in Part),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{part}_absent": False}) | models.Q(**{part: None}),
                    name=f"result_{part}_absent_no_mark",
                )
                for part in Part
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.get_outcome_display()}"

    def said(self, part: str) -> str:
        """A part's mark as people read it, and whether it was left out; empty when there is none."""
        mark, kind = getattr(self, part), self.basis.get(part, {}).get("kind")
        if kind == LeftOut.EXEMPTION:
            return "免考"
        if kind == LeftOut.LAPSED:
            return "免考失效"
        if kind == LeftOut.KEPT:
            return f"{marks.read(mark)}（保留）"
        if getattr(self, f"{part}_absent"):
            return "到场未作答" if part == Part.THEORY and self._came() else "缺考"
        return marks.read(mark)

    def written(self, part: str) -> Decimal | str:
        """The same for a table that is added up: a mark is a number, a kept one as well."""
        kept = self.basis.get(part, {}).get("kind") == LeftOut.KEPT
        return getattr(self, part) if kept or self.said(part) == str(getattr(self, part)) else self.said(part)

    @property
    def kept_said(self) -> str:
        """Which marks were kept from an earlier batch."""
        return "、".join(title for part, title in SHORT.items() if self.basis.get(part, {}).get("kind") == LeftOut.KEPT)

    def _came(self) -> bool:
        """Whether who is noted as absent from the theory exam was there, and left without answering."""
        return any(sheet.came_without for sheet in self.application.theory_sheets.all())

    @property
    def parts_said(self) -> list[tuple[str, str]]:
        """(title, what is said of it) of each part of the assessment."""
        return [(SHORT[part], self.said(part)) for part in parts_of(self.application.line.level.needs_review)]

    def parts_without_basis(self) -> list[tuple[str, str]]:
        """(part, title) of what the application leaves out on nothing: the outcome is incomplete for it."""
        taken = parts_taken(self.application)
        return [(part, SHORT[part]) for part, how in taken.items() if how == How.EXEMPT and part not in self.basis]

    def was_sat(self, part: str) -> bool:
        """Whether the part was sat in this assessment, or its candidate noted as absent."""
        return part not in self.basis and (getattr(self, part) is not None or getattr(self, f"{part}_absent"))

    def unchecked_parts(self) -> list[tuple[str, str]]:
        """(part, title) of what the candidate sat, or is noted as absent from, and has not asked to be checked."""
        asked = {check.part for check in self.checks.all()}
        return [(part, title) for part, title in SHORT.items() if part not in asked and self.was_sat(part)]


class ResultReport(Recorded):
    """成绩上报: the batch's results as sent to the province, and its answer."""

    class State(models.TextChoices):
        SENT = Standing.SENT.value, "已上报"
        APPROVED = Standing.APPROVED.value, "审核通过"
        RETURNED = Standing.RETURNED.value, "已退回"

    FACTS = ("batch", "version", "digest", "state", "reason", "remote_id", "decided_at", "count", "sent_at")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="result_reports", verbose_name="批次")
    version = models.PositiveIntegerField("版次")
    digest = models.CharField("内容摘要", max_length=64)
    count = models.PositiveIntegerField("人数")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.SENT)
    reason = models.CharField("退回原因", max_length=300, blank=True)
    remote_id = models.CharField("省平台编号", max_length=40, blank=True)
    sent_at = models.DateTimeField("上报时间")
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)

    class Meta:
        verbose_name = "成绩上报"
        ordering = ["batch", "-version"]
        constraints = [models.UniqueConstraint(fields=["batch", "version"], name="result_report_once")]

    def __str__(self) -> str:
        return f"{self.batch} 成绩第 {self.version} 版"

    @property
    def said(self) -> str:
        """What went up and what became of it, as a sentence."""
        what = f"成绩第 {self.version} 版（{self.count} 人）{self.get_state_display()}"
        return f"{what}，{shown(self.sent_at)} 上报。{self.reason}"


class ScoreCheck(Recorded):
    """成绩复核: asked for by the candidate within the window, answered with a finding, in force once another person has
    confirmed it. `after` is the mark that marking the sheet again came to and that is taken over; null when the mark is kept."""

    class State(models.TextChoices):
        ASKED = "asked", "待复核"
        ANSWERED = "answered", "待复核人确认"
        KEPT = "kept", "维持原成绩"
        CORRECTED = "corrected", "更正"

    FACTS = (
        "result", "part", "reason", "state", "before", "after", "finding", "by", "by_account", "sent_back",
        "confirmed_by", "confirmed_account", "confirmed_at", "asked_at", "answered_at", "sent_back_at",
    )  # fmt: skip
    result = models.ForeignKey(Result, models.PROTECT, related_name="checks", verbose_name="成绩")
    part = models.CharField("科目", max_length=8, choices=choices(SHORT))
    reason = models.CharField("申请理由", max_length=300)
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    before = models.DecimalField("原成绩", max_digits=5, decimal_places=1, null=True)
    after = models.DecimalField("复核成绩", max_digits=5, decimal_places=1, null=True, blank=True)
    finding = models.CharField("复核意见", max_length=300, blank=True)
    by = models.CharField("答复人", max_length=60, blank=True)
    by_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人账号"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    sent_back = models.CharField("退回重办原因", max_length=300, blank=True)
    sent_back_at = models.DateTimeField("退回时间", null=True, blank=True)
    confirmed_by = models.CharField("复核人", max_length=60, blank=True)
    confirmed_account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人账号"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "成绩复核"
        constraints = [
            models.UniqueConstraint(fields=["result", "part"], name="one_check_a_part"),
            _of_a_hundred("after", "check_after_range"),
            models.CheckConstraint(
                condition=models.Q(confirmed_account=None) | ~models.Q(confirmed_account=models.F("by_account")),
                name="check_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.get_part_display()}复核"

    @property
    def is_asked(self) -> bool:
        """Whether it waits to be answered."""
        return self.state == self.State.ASKED

    @property
    def is_answered(self) -> bool:
        """Whether an answer waits for the person who confirms it."""
        return self.state == self.State.ANSWERED

    @property
    def in_force(self) -> bool:
        """Whether the answer counts: before that nobody but those who work on it reads it."""
        return self.state in (self.State.KEPT, self.State.CORRECTED)

    @property
    def of_absence(self) -> bool:
        """Whether it asks about a part that the candidate is noted as absent from: there is no work to mark."""
        return bool(getattr(self.result, f"{self.part}_absent"))

    @property
    def before_said(self) -> str:
        """The mark as it was before, as people read it."""
        if self.of_absence:
            return "缺考"
        return "无" if self.before is None else str(self.before)

    @property
    def corrects(self) -> bool:
        """Whether the answer changes the mark."""
        return self.after is not None and self.after != self.before


class PublicNotice(Recorded):
    """校内公示: the list of those who pass, shown for the working days set, objections answered before it ends."""

    FACTS = ("batch", "title", "starts_on", "ends_on", "rows", "digest", "closed_at")
    batch = models.OneToOneField(Batch, models.PROTECT, related_name="notice", verbose_name="批次")
    title = models.CharField("标题", max_length=100)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("截止")
    rows = models.JSONField("名单（脱敏）")
    """[{"name","id_masked","occupation","job","level","marks"?}]"""
    digest = models.CharField("名单摘要", max_length=64)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "公示"

    def __str__(self) -> str:
        return self.title

    @property
    def said(self) -> str:
        """From when to when it is up and for how many, as a sentence."""
        period = f"公示 {shown_day(self.starts_on)} 至 {shown_day(self.ends_on)}，{len(self.rows)} 人"
        return f"{period}，已结束。" if self.closed_at else f"{period}。"


class Objection(Recorded):
    """An objection raised during public notice; open ones keep the notice from ending."""

    FACTS = ("notice", "text", "answer", "answered_at", "answered_by", "at")
    SEALED = ("name", "contact")
    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections", verbose_name="公示")
    name = models.CharField("反映人", max_length=60)
    contact = models.CharField("联系方式", max_length=60)
    text = models.TextField("内容")
    at = models.DateTimeField("时间")
    answer = models.TextField("处理结果", blank=True)
    answered_at = models.DateTimeField("处理时间", null=True, blank=True)
    answered_by = models.CharField("处理人", max_length=60, blank=True)

    class Meta:
        verbose_name = "公示异议"

    def __str__(self) -> str:
        return self.text[:20]

"""The theory exam as the office knows it: readiness, publication to the hall, what was collected, marks."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models

from assay.applications.models import Application
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bridge import contract
from assay.centre.models import Account
from assay.kernel import clock
from assay.kernel.quick_json import QuickJSONField
from assay.kernel.recorded import Recorded


class ReadinessCheck(Recorded):
    """考前检查 of one room of a session: who found what (plan §四(一)6(1))."""

    FACTS = ("session_room", "checks", "ready", "by", "at", "remark")
    session_room = models.OneToOneField(SessionRoom, models.PROTECT, related_name="readiness", verbose_name="考场")
    checks = models.JSONField("检查项目")
    """[{"title", "ok"}]"""
    ready = models.BooleanField("符合要求")
    remark = models.CharField("说明", max_length=200, blank=True)
    by = models.CharField("检查人", max_length=60)
    at = models.DateTimeField("检查时间")

    class Meta:
        verbose_name = "考前检查"

    def __str__(self) -> str:
        return str(self.session_room)

    def found(self) -> str:
        """What was found, for people."""
        return "符合" if self.ready else f"不符合：{self.remark}"


PATIENCE = timedelta(minutes=2)
"""A publication on its way for longer than that has broken off."""


ATTEMPT = "how an attempt to publish goes on, for the page; what came of it is recorded"


class Publication(Recorded):
    """A theory session handed to the hall: the pack's digest is in the ledger before the exam. Every attempt at publishing has a
    pack of its own; `left_behind` are packs of attempts that came to nothing here, which a hall may hold all the same: [[hall,
    pack]]. `preparing_*` says who is at it, `trouble` why the last attempt came to nothing."""

    class State(models.TextChoices):
        PREPARED = "prepared", "待发布"
        PUBLISHED = "published", "已发布，待启封"
        OPENED = "opened", "已启封"
        COLLECTED = "collected", "已收卷"

    FACTS = (
        "session", "pack_id", "pack_digest", "paper_digests", "state", "log_digest", "hall", "published_at",
        "opened_at", "collected_at", "left_behind",
    )  # fmt: skip
    SEALED = ("paper_keys",)
    UNOFFICIAL = {
        "preparing_since": ATTEMPT,
        "preparing_by": ATTEMPT,
        "trouble": ATTEMPT,
    }
    session = models.OneToOneField(Session, models.PROTECT, related_name="publication", verbose_name="场次")
    pack_id = models.CharField("考试包", max_length=40, unique=True)
    pack_digest = models.CharField("考试包摘要", max_length=64)
    paper_digests = models.JSONField("试卷摘要", default=dict)
    paper_keys = models.TextField("试卷密钥（加密）", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PREPARED)
    hall = models.CharField("考试端", max_length=40, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    opened_at = models.DateTimeField("启封时间", null=True, blank=True)
    collected_at = models.DateTimeField("收卷时间", null=True, blank=True)
    log_digest = models.CharField("作答日志摘要", max_length=64, blank=True)
    preparing_since = models.DateTimeField("正在发布", null=True, blank=True)
    preparing_by = models.CharField("发布人", max_length=60, blank=True)
    trouble = models.CharField("未成原因", max_length=400, blank=True)
    left_behind = models.JSONField("未撤回的考试包", default=list, blank=True)

    class Meta:
        verbose_name = "考试发布"

    def __str__(self) -> str:
        return str(self.session)

    def on_its_way(self) -> bool:
        """True while somebody publishes it just now."""
        return self.preparing_since is not None and abs(clock.now() - self.preparing_since) < PATIENCE

    def unfinished(self) -> str:
        """What is not as it should be with publishing, and what to do; "" when nothing is."""
        if self.state != self.State.PREPARED:
            halls = "、".join(sorted({hall for hall, _ in self.left_behind}))
            return f"先前发布到考试端 {halls} 的一份尚未撤回，连上后自动撤回" if self.left_behind else ""
        begun = f"{self.preparing_by} {clock.shown(self.preparing_since)} " if self.preparing_since else ""
        if begun:
            doing = "开始发布，正在进行，请稍候刷新本页" if self.on_its_way() else "的发布没有完成，请重新发布"
            return begun + doing
        return f"上次发布没有成功，请重新发布：{self.trouble}" if self.trouble else ""

    @property
    def was_published(self) -> bool:
        """Whether a hall has it or had it."""
        return self.state != self.State.PREPARED

    @property
    def is_at_the_hall(self) -> bool:
        """From being published until it is collected."""
        return self.state in (self.State.PUBLISHED, self.State.OPENED)

    @property
    def is_sealed(self) -> bool:
        """Whether the hall has it and not the keys of its papers."""
        return self.state == self.State.PUBLISHED

    def signed_by_two(self) -> bool:
        """Whether both have signed that its papers are opened."""
        return self.openings.count() == len(Signature.SIDES)

    def sealed_still(self) -> str:
        """What is missing before its papers are open, in Chinese."""
        names = [opening.name for opening in self.openings.all()]
        left = ("须两人启封", f"{'、'.join(names)}已启封，尚缺一人", "两人已启封，密钥尚未送达考试端")[len(names)]
        return f"试卷未启封（{left}）"


def publication_of(session: Session) -> Publication | None:
    """What was made of a session for a hall, if anything."""
    return getattr(session, "publication", None)


class EndedPass(Recorded):
    """A right to consoles that has ended: passes of the account, to one room (its number) or to any, made until then are good no
    more. `told_at`: when the hall had heard of it. Moments are Unix seconds of the real clock, as in the passes."""

    FACTS = ("account", "room", "hall", "until")
    UNOFFICIAL = {
        "told_at": "when a hall was reached; it is asked again until then, which is no official fact",
    }
    account = models.ForeignKey(Account, models.PROTECT, verbose_name="账号")
    room = models.CharField("考场", max_length=20, blank=True)
    hall = models.CharField("考试端", max_length=40, blank=True)
    until = models.BigIntegerField("失效时刻")
    told_at = models.BigIntegerField("送达时刻", null=True, blank=True)

    class Meta:
        verbose_name = "控制台链接失效"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.account} {self.room or '全部考场'}"


class Signature(Recorded):
    """One of two people who let the papers of a session out of their seal: who keeps them, and who sees to it."""

    SIDES: ClassVar = [("keeper", "试卷保管"), ("witness", "考务或督导见证")]
    side = models.CharField("身份", max_length=8, choices=SIDES)
    account = models.ForeignKey(Account, models.PROTECT, verbose_name="启封人账号")
    name = models.CharField("启封人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True


class Opening(Signature):
    """Of the papers of a session, for the hall."""

    FACTS = ("publication", "side", "account", "name", "at")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="openings", verbose_name="考试发布")

    class Meta:
        verbose_name = "试卷启封"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "side"], name="opening_once_a_side"),
            models.UniqueConstraint(fields=["publication", "account"], name="opening_by_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.publication} {self.name}"


class PaperExam(Recorded):
    """A theory room that goes on with printed papers because its computers fail. `printed`: copies so far; each has a number of its
    own."""

    FACTS = ("session_room", "reason", "printed")
    session_room = models.OneToOneField(SessionRoom, models.PROTECT, related_name="paper_exam", verbose_name="考场")
    reason = models.CharField("原因", max_length=200)
    printed = models.PositiveIntegerField("印制份数", default=0)

    class Meta:
        verbose_name = "纸质考试"

    def __str__(self) -> str:
        return f"{self.session_room} 纸质考试"

    def is_signed(self) -> bool:
        """By two people."""
        return self.signatures.count() == len(Signature.SIDES)


def paper_exam_of(session_room: SessionRoom) -> PaperExam | None:
    """What was signed for printed papers in a room, if anything."""
    return getattr(session_room, "paper_exam", None)


class PaperExamSignature(Signature):
    """Of the papers of a room, to be printed."""

    FACTS = ("paper_exam", "side", "account", "name", "at")
    paper_exam = models.ForeignKey(PaperExam, models.PROTECT, related_name="signatures", verbose_name="纸质考试")

    class Meta:
        verbose_name = "纸质考试签署"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["paper_exam", "side"], name="paper_exam_once_a_side"),
            models.UniqueConstraint(fields=["paper_exam", "account"], name="paper_exam_by_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_exam} {self.name}"


class PaperEntry(Recorded):
    """What one of two people has typed of a candidate's paper answer sheet. `agreed`: the other had typed the same, and the
    candidate has a sheet."""

    FACTS = ("seating", "account", "name", "at", "agreed")
    SEALED = ("answers",)
    seating = models.ForeignKey(Seating, models.PROTECT, related_name="paper_entries", verbose_name="座位")
    account = models.ForeignKey(Account, models.PROTECT, verbose_name="录入人账号")
    name = models.CharField("录入人", max_length=60)
    at = models.DateTimeField("时间")
    answers = QuickJSONField("作答", default=dict)
    agreed = models.BooleanField("两人一致", default=False)

    class Meta:
        verbose_name = "纸质答卷录入"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["seating", "account"], name="paper_entry_by_two_people"),
            models.UniqueConstraint(
                fields=["seating"], condition=models.Q(agreed=True), name="paper_entry_agreed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seating} {self.name}"


class TheorySheet(Recorded):
    """A candidate's theory answers as collected, and the mark computed from them. Absent is not zero; `came_without` says why
    somebody came all the same and did not answer (see the hall's contract). `objective` is what the items earn that need no
    examiner; while written answers wait for theirs there is no `mark`."""

    FACTS = (
        "seating", "application", "absent", "came_without", "sheet_digest", "handed_in_at", "forced",
        "objective", "mark", "receipt", "started_at",
    )  # fmt: skip
    SEALED = ("answers",)
    seating = models.OneToOneField(Seating, models.PROTECT, related_name="sheet", verbose_name="座位")
    application = models.ForeignKey(Application, models.PROTECT, related_name="theory_sheets", verbose_name="报名")
    absent = models.BooleanField("缺考")
    came_without = models.CharField("到场未作答", max_length=20, blank=True, choices=contract.REASON_CHOICES)
    answers = QuickJSONField("作答", default=dict)
    sheet_digest = models.CharField("答卷摘要", max_length=64, blank=True)
    receipt = models.CharField("交卷回执", max_length=40, blank=True)
    started_at = models.DateTimeField("开始作答", null=True, blank=True)
    handed_in_at = models.DateTimeField("交卷时间", null=True, blank=True)
    forced = models.BooleanField("到时收卷", default=False)
    objective = models.DecimalField("客观题得分", max_digits=5, decimal_places=1, null=True, blank=True)
    mark = models.DecimalField("理论成绩", max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        verbose_name = "理论答卷"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mark=None) | models.Q(mark__gte=0, mark__lte=100), name="theory_mark_range"
            ),
            models.CheckConstraint(condition=models.Q(absent=False) | models.Q(mark=None), name="absent_has_no_mark"),
        ]

    def __str__(self) -> str:
        return str(self.application)

    def absence(self) -> str:
        """Why there are no answers, for people; "" when there are."""
        if self.came_without:
            return f"到场未作答（{self.get_came_without_display()}）"
        return "缺考" if self.absent else ""


class WrittenAnswer(Recorded):
    """A short answer as collected, with its mark once it has one: by two examiners, or by who decides between them (room
    `marking`). What was left blank has earned nothing and waits for nobody."""

    FACTS = ("sheet", "item", "text", "full", "mark", "settled_at", "note")
    sheet = models.ForeignKey(TheorySheet, models.PROTECT, related_name="written", verbose_name="理论答卷")
    item = models.PositiveBigIntegerField("试题")
    """Number of the item; what it asked stands in the paper."""
    text = models.TextField("答案", blank=True)
    full = models.DecimalField("满分", max_digits=4, decimal_places=1)
    mark = models.DecimalField("得分", max_digits=4, decimal_places=1, null=True, blank=True)
    settled_at = models.DateTimeField("定分时间", null=True, blank=True)
    note = models.CharField("裁定说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "主观题答案"
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item"], name="written_answer_once"),
            models.CheckConstraint(
                condition=models.Q(mark=None) | models.Q(mark__gte=0, mark__lte=models.F("full")),
                name="written_mark_range",
            ),
        ]

    def __str__(self) -> str:
        return f"主观题答案 {self.pk}"


class RoomRecord(Recorded):
    """《职业技能等级认定考场记录表》: the record of a room, numbers filled in from the hall or by the panel."""

    FACTS = ("session_room", "expected", "present", "absent", "came", "incidents", "closed_by", "closed_at")
    session_room = models.OneToOneField(SessionRoom, models.PROTECT, related_name="record", verbose_name="考场")
    expected = models.PositiveIntegerField("应考")
    present = models.PositiveIntegerField("实考")
    absent = models.PositiveIntegerField("未作答")
    """Everybody who did not sit: who was absent, and who came all the same (`came`)."""
    came = models.PositiveIntegerField("到场未作答", default=0)
    incidents = models.JSONField("情况记录", default=list)
    """[{"at", "kind", "text", "by"}]"""
    closed_by = models.CharField("记录人", max_length=60)
    closed_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "考场记录"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expected=models.F("present") + models.F("absent")),
                name="room_record_adds_up",
            )
        ]

    def __str__(self) -> str:
        return str(self.session_room)

    def attendance(self) -> str:
        """The numbers as people read them."""
        came = f"，到场未作答 {self.came}" if self.came else ""
        return f"应考 {self.expected}，实考 {self.present}{came}，缺考 {self.absent - self.came}"


class RecordAddition(Recorded):
    """What is put right in a room's record, or added to it, after it was written: the record itself stays as it is. It counts once
    a second person has signed it as well."""

    class Kind(models.TextChoices):
        CORRECTED = "corrected", "更正"
        ADDED = "added", "补充"

    FACTS = ("record", "kind", "text", "by", "account", "at", "agreed", "answer", "decided_by", "decided_at")
    record = models.ForeignKey(RoomRecord, models.PROTECT, related_name="additions", verbose_name="考场记录")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    text = models.CharField("内容", max_length=500)
    by = models.CharField("提出人", max_length=60)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, verbose_name="提出人账号")
    at = models.DateTimeField("提出时间")
    agreed = models.BooleanField("同意", null=True, blank=True)
    """None while it waits for the second person."""
    answer = models.CharField("会签意见", max_length=200, blank=True)
    decided_by = models.CharField("会签人", max_length=60, blank=True)
    decided_at = models.DateTimeField("会签时间", null=True, blank=True)

    class Meta:
        verbose_name = "考场记录更正补充"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.record} {self.get_kind_display()}"

    def standing(self) -> str:
        """How far it is, for people."""
        if self.agreed is None:
            return "待另一人会签"
        said = f"（{self.answer}）" if self.answer else ""
        return f"{self.decided_by}{'会签同意' if self.agreed else '不同意'}{said}"


def record_of(session_room: SessionRoom) -> RoomRecord | None:
    """The record of a room, if there is one."""
    return getattr(session_room, "record", None)

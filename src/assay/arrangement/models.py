"""Sessions, seats, invigilators, panels, supervisors, staff, tickets."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assay.applications.models import Application
from assay.bank.models import Paper
from assay.batches.models import Batch, BatchLine
from assay.batches.stages import OVER
from assay.catalogue import parts
from assay.corps.models import Member
from assay.kernel.recorded import Recorded
from assay.sites.models import Room


class Session(Recorded):
    """场次: one part of the assessment in a time slot."""

    FACTS = ("batch", "part", "number", "starts_at", "ends_at", "postponed")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="sessions", verbose_name="批次")
    part = models.CharField("部分", max_length=8, choices=parts.choices(parts.IN_FULL))
    number = models.PositiveIntegerField("场次")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    postponed = models.PositiveSmallIntegerField("改期次数", default=0)

    class Meta:
        verbose_name = "场次"
        ordering = ["starts_at", "part", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "part", "number"], name="session_once"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_times"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}第 {self.number} 场"


class SessionRoom(Recorded):
    """A room used in a session. Skill venues serve one line at a time (`line`); theory rooms may mix jobs."""

    FACTS = ("session", "room", "line")
    session = models.ForeignKey(Session, models.CASCADE, related_name="rooms", verbose_name="场次")
    room = models.ForeignKey(Room, models.PROTECT, verbose_name="考场")
    line = models.ForeignKey(BatchLine, models.PROTECT, null=True, blank=True, verbose_name="工种")
    jobs: str
    """What its candidates are assessed in, for people; said by `tell_jobs`."""

    class Meta:
        verbose_name = "场次考场"
        ordering = ["session", "room__code", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "room", "line"], name="session_room_once")]

    def __str__(self) -> str:
        return f"{self.session} {self.room}"


class Seating(Recorded):
    """A candidate's seat for one part; the paper for a theory seat."""

    FACTS = ("session_room", "application", "seat", "paper", "part")
    session_room = models.ForeignKey(SessionRoom, models.CASCADE, related_name="seatings", verbose_name="考场")
    application = models.ForeignKey(Application, models.PROTECT, related_name="seatings", verbose_name="报名")
    part = models.CharField("部分", max_length=8, choices=parts.choices(parts.IN_FULL))
    seat = models.PositiveIntegerField("座位/工位号")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, verbose_name="试卷")

    class Meta:
        verbose_name = "座位"
        ordering = ["session_room", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["session_room", "seat"], name="seat_once"),
            models.UniqueConstraint(fields=["application", "part"], name="one_seat_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.application.applicant} {self.seat} 号"


class Assignments(models.Manager["Assignment"]):
    def of_open_batches(self) -> models.QuerySet[Assignment]:
        """All but those of batches that are over."""
        return self.exclude(session_room__session__batch__stage__in=OVER)


class Assignment(Recorded):
    """Who does what in a session room: invigilators, examiners (the panel; one leads), supervisor, staff."""

    ROLES: ClassVar = [
        ("invigilator", "监考员"), ("examiner", "考评员"), ("leader", "考评组长"),
        ("supervisor", "内部督导员"), ("staff", "工作人员"),
    ]  # fmt: skip
    FACTS = ("session_room", "member", "role")
    objects = Assignments()
    session_room = models.ForeignKey(SessionRoom, models.CASCADE, related_name="assignments", verbose_name="考场")
    member = models.ForeignKey(Member, models.PROTECT, related_name="assignments", verbose_name="人员")
    role = models.CharField("岗位", max_length=12, choices=ROLES)

    class Meta:
        verbose_name = "人员安排"
        ordering = ["session_room", "role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session_room", "member"], name="one_role_in_a_room"),
            models.UniqueConstraint(
                fields=["session_room"], condition=models.Q(role="leader"), name="one_leader_in_a_room"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}（{self.get_role_display()}）"


class StaffChange(Recorded):
    """人员变动: after a room was arranged somebody came, left, took another's place, or was made the panel's leader. Who comes into a
    place that was given up before has the one who left it as `former`."""

    class Kind(models.TextChoices):
        REPLACED = "replaced", "改派"
        ADDED = "added", "增派"
        RELEASED = "released", "撤出"
        LED = "led", "改任组长"

    FACTS = ("session_room", "kind", "role", "former", "member", "reason", "by", "at")
    session_room = models.ForeignKey(
        SessionRoom, models.CASCADE, related_name="staff_changes", verbose_name="考场"
    )  # fmt: skip
    kind = models.CharField("变动", max_length=8, choices=Kind.choices)
    role = models.CharField("岗位", max_length=12, choices=Assignment.ROLES)
    former = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="places_left", verbose_name="原人员"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="places_taken", verbose_name="现人员"
    )
    reason = models.CharField("原因", max_length=200)
    by = models.CharField("办理人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "人员变动"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(former__isnull=False) | models.Q(member__isnull=False),
                name="staff_change_of_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.said()

    def said(self) -> str:
        """What happened, for people."""
        role = self.get_role_display()
        if self.kind == self.Kind.RELEASED:
            return f"{role}{self.former}撤出"
        if self.kind == self.Kind.REPLACED:
            return f"{role}{self.former}改派为{self.member}"
        if self.kind == self.Kind.LED:
            return f"考评组长由{self.former}改为{self.member}" if self.former else f"{self.member}任考评组长"
        return f"增派{role}{self.member}" + (f"（接替已撤出的{self.former}）" if self.former else "")


class Ticket(Recorded):
    """准考证: number and when it was issued. Given out once the filing is approved (plan §四(一)5)."""

    FACTS = ("application", "number", "issued_at")
    application = models.OneToOneField(Application, models.PROTECT, related_name="ticket", verbose_name="报名")
    number = models.CharField("准考证号", max_length=20, unique=True)
    issued_at = models.DateTimeField("发放时间")

    class Meta:
        verbose_name = "准考证"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

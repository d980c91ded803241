"""Places: theory rooms with computers, skill venues with work stations."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from assay.catalogue.models import Occupation
from assay.kernel.recorded import Recorded
from assay.sites import addresses, aisles


class Room(Recorded):
    """A theory room or a skill venue. `occupations` limit a skill venue to what it is equipped for."""

    SIDES: ClassVar = [("top", "上方"), ("bottom", "下方"), ("left", "左侧"), ("right", "右侧")]
    KINDS: ClassVar = [("theory", "理论考场"), ("skill", "技能考场"), ("office", "办公用房")]
    FACTS = (
        "code", "name", "kind", "workstations", "area_m2", "active", "occupations", "building", "columns",
        "front", "door", "aisles", "addresses", "cameras", "locked_browser",
    )  # fmt: skip
    code = models.CharField("编号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60)
    building = models.CharField("楼宇", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=10, choices=KINDS)
    workstations = models.PositiveIntegerField("机位/工位", null=True, blank=True)
    area_m2 = models.DecimalField("面积（㎡）", max_digits=8, decimal_places=1, null=True, blank=True)
    columns = models.PositiveIntegerField("每排机位", default=8)
    front = models.CharField("讲台（俯视图中）", max_length=6, choices=SIDES, default="top")
    door = models.CharField("门（俯视图中）", max_length=6, choices=SIDES, blank=True)
    aisles = models.CharField("走道（在第几列之后）", max_length=60, blank=True)
    """After which seats of a row one walks (see `aisles.py`)."""
    addresses = models.TextField("机位的网络地址", blank=True)
    """Seat and network address of its computer, a line each (see `addresses.py`)."""
    occupations = models.ManyToManyField(Occupation, verbose_name="适用职业", blank=True)
    cameras = models.PositiveIntegerField("监控摄像头", default=0)
    locked_browser = models.BooleanField("须用考试专用浏览器", default=False)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "考场"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        wrong = {
            "aisles": aisles.problems_of(self.aisles, self.columns or 0),
            "addresses": addresses.problems_of(self.addresses, self.workstations or 0),
        }
        if any(wrong.values()):
            raise ValidationError({field: said for field, said in wrong.items() if said})


class BrokenStation(Recorded):
    """A work station that must not be seated until it is repaired."""

    FACTS = ("room", "number", "fault", "repaired_on", "reported_on")
    room = models.ForeignKey(Room, models.CASCADE, related_name="broken", verbose_name="考场")
    number = models.PositiveIntegerField("机位号")
    fault = models.CharField("故障", max_length=100)
    reported_on = models.DateField("报修日期")
    repaired_on = models.DateField("修复日期", null=True, blank=True)

    class Meta:
        verbose_name = "故障机位"
        constraints = [
            models.UniqueConstraint(
                fields=["room", "number"],
                condition=models.Q(repaired_on=None),
                name="station_broken_once",
                violation_error_message="这个机位已报修，尚未修复",
            )
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.number} 号"

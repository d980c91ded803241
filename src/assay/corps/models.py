"""The three corps (examiners, supervisors, experts) and the invigilators: people, cards, what they teach."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from assay.catalogue.models import Occupation
from assay.centre import parameters
from assay.centre.models import Account, Department
from assay.corps.cards import last_day
from assay.kernel.fields import EncryptedText
from assay.kernel.recorded import Recorded


class Member(Recorded):
    """A person of the corps. `classes` are the classes taught: recusal is decided by them (考评员回避制度)."""

    FACTS = (
        "name", "sex", "title", "qualification", "department", "classes", "active", "education", "honours",
        "years", "employer", "account",
    )  # fmt: skip
    SEALED = ("id_number", "phone", "id_index", "birth")
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=2, choices=[("男", "男"), ("女", "女")])
    id_number = EncryptedText("身份证号", blank=True)
    id_index = models.CharField(max_length=64, unique=True)
    birth = models.DateField("出生日期", null=True, blank=True)
    education = models.CharField("文化程度", max_length=20, blank=True)
    title = models.CharField("职称", max_length=30, blank=True)
    qualification = models.CharField("职业资格", max_length=40, blank=True)
    honours = models.CharField("荣誉", max_length=100, blank=True)
    years = models.PositiveIntegerField("从业年限", default=0)
    employer = models.CharField("单位", max_length=60, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name="部门")
    phone = EncryptedText("电话", blank=True)
    classes = models.JSONField("任教班级", default=list, blank=True)
    account = models.OneToOneField(
        Account, models.PROTECT, null=True, blank=True, verbose_name="账号", related_name="member"
    )
    active = models.BooleanField("在岗", default=True)

    class Meta:
        verbose_name = "队伍人员"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Card(Recorded):
    """A card (证卡) of one role; a member may hold several. Those of examiners and supervisors are good for so many years at
    most (parameter `card.years`)."""

    ROLES: ClassVar = [
        ("examiner", "考评员"), ("senior_examiner", "高级考评员"), ("supervisor", "内部质量督导员"),
        ("expert", "专家"), ("invigilator", "监考人员"),
    ]  # fmt: skip
    LIMITED: ClassVar = ("examiner", "senior_examiner", "supervisor")
    FACTS = ("member", "role", "number", "valid_from", "valid_to", "occupations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="cards", verbose_name="人员")
    role = models.CharField("类别", max_length=16, choices=ROLES)
    number = models.CharField("证卡编号", max_length=30, unique=True)
    valid_from = models.DateField("发证日期")
    valid_to = models.DateField("有效期至")
    occupations = models.ManyToManyField(Occupation, verbose_name="考评职业", blank=True)

    class Meta:
        verbose_name = "证卡"
        ordering = ["number"]
        indexes = [models.Index(fields=["role", "valid_to"], name="card_role_valid")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")),
                name="card_dates",
                violation_error_message="有效期至应晚于发证日期",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_role_display()}"

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to

    def too_long(self, years: int) -> bool:
        """Whether it is in force longer than a card of its role may be."""
        return self.role in self.LIMITED and self.valid_to > last_day(self.valid_from, years)

    def clean(self) -> None:
        years = parameters.number("card.years")
        if self.valid_from and self.valid_to and self.too_long(years):
            latest = last_day(self.valid_from, years)
            said = f"{self.get_role_display()}证卡有效期不超过 {years} 年：{self.valid_from} 发证，最迟到 {latest}"
            raise ValidationError({"valid_to": said})

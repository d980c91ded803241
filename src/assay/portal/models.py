"""Who says to be a candidate, until somebody vouches for it: claims, and codes handed out by the department."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from assay.applications.models import Person
from assay.applications.people import PersonData
from assay.catalogue.models import Major
from assay.centre.models import Account, Department
from assay.kernel.fields import EncryptedText
from assay.kernel.identity import ID_TYPES, mask
from assay.kernel.recorded import Recorded

CLAIM_LASTS = timedelta(days=30)
CODE_LASTS = timedelta(days=30)


class ClaimState(models.TextChoices):
    """`Claim.State`: apart, since a constraint of its table speaks of it."""

    WAITING = "waiting", "待核实"
    CONFIRMED = "confirmed", "已确认"
    REFUSED = "refused", "已退回"
    EXPIRED = "expired", "已过期"


class Claim(Recorded):
    """A sign-up: what somebody unknown says to be. It ties nothing to any person until the department confirms it."""

    State = ClaimState
    FACTS = (
        "id_type", "source", "department", "state", "at", "decided_by", "decided_at", "reason", "sex",
        "education", "major", "class_name", "graduates_on", "decided_by_account",
    )  # fmt: skip
    SEALED = ("name", "id_number", "phone", "student_no", "number", "id_index", "ethnic", "password", "address_index")
    number = models.CharField("受理号", max_length=12, unique=True)
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=2)
    id_type = models.CharField("证件类型", max_length=20, choices=list(ID_TYPES.items()))
    id_number = EncryptedText("证件号码")
    id_index = models.CharField(max_length=64, db_index=True)
    ethnic = models.CharField("民族", max_length=20)
    education = models.CharField("文化程度", max_length=20)
    phone = EncryptedText("手机号码")
    source = models.CharField("考生来源", max_length=10, choices=Person.SOURCES)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="院系部门")
    major = models.ForeignKey(Major, models.PROTECT, null=True, blank=True, verbose_name="专业")
    class_name = models.CharField("班级", max_length=40, blank=True)
    student_no = models.CharField("学号/工号", max_length=30)
    graduates_on = models.DateField("预计毕业年月", null=True, blank=True)
    password = models.CharField(max_length=128, blank=True)
    """Hashed; empty once decided."""
    at = models.DateTimeField("提交时间")
    address_index = models.CharField(max_length=64)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    reason = models.CharField("原因", max_length=300, blank=True)
    decided_by = models.CharField("核实人", max_length=60, blank=True)
    decided_by_account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("核实时间", null=True, blank=True)

    class Meta:
        verbose_name = "考生注册"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ClaimState.WAITING) | models.Q(decided_at__isnull=False, password=""),
                name="decided_claim_keeps_no_password",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（受理号 {self.number}）"

    @property
    def id_masked(self) -> str:
        return mask(self.id_number)

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided over it."""
        return self.state == self.State.WAITING

    @property
    def is_confirmed(self) -> bool:
        """Somebody vouched for it: it became an account."""
        return self.state == self.State.CONFIRMED

    def person(self) -> PersonData:
        """What was said, as a person."""
        return PersonData(
            name=self.name, id_type=self.id_type, id_number=self.id_number, sex=self.sex, ethnic=self.ethnic,
            education=self.education, phone=self.phone, source=self.source, department=self.department_id,
            major=self.major_id, class_name=self.class_name, student_no=self.student_no,
            graduates_on=self.graduates_on,
        )  # fmt: skip


class ActivationCode(Recorded):
    """A code with which a person of a department makes the own account; the newest one only."""

    FACTS = ("person", "made_by", "made_at", "expires_at", "used_at")
    SEALED = ("digest",)
    person = models.OneToOneField(Person, models.PROTECT, related_name="activation", verbose_name="考生")
    digest = models.CharField(max_length=64)
    made_by = models.CharField("发放人", max_length=60)
    made_at = models.DateTimeField("发放时间")
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "激活码"

    def __str__(self) -> str:
        return f"{self.person} 的激活码"

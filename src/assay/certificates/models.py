"""Certificates: numbers, issue, verification."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assay.applications.models import Application
from assay.kernel.fields import EncryptedText
from assay.kernel.identity import ID_TYPES
from assay.kernel.models import StoredFile
from assay.kernel.recorded import Recorded


class NumberCounter(Recorded):
    """The last serial used for (body code, year, level); a number is never used twice (rules.md §6)."""

    FACTS = ("body_code", "year", "level_code", "last")
    body_code = models.CharField(max_length=13)
    year = models.PositiveIntegerField()
    level_code = models.CharField(max_length=2)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "证书序号"
        constraints = [models.UniqueConstraint(fields=["body_code", "year", "level_code"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.body_code} {self.year} {self.level_code}: {self.last}"


class SpoiledSheet(Recorded):
    """废证: a blank sheet that was printed and is the certificate no more; its serial is never used again."""

    FACTS = ("certificate", "serial", "reason", "at", "by")
    certificate = models.ForeignKey("Certificate", models.PROTECT, related_name="spoiled", verbose_name="证书")
    serial = models.CharField("印制流水码", max_length=20, unique=True)
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField("时间")
    by = models.CharField("经办人", max_length=60)

    class Meta:
        verbose_name = "废证"
        ordering = ["at", "serial"]

    def __str__(self) -> str:
        return self.serial


class Certificate(Recorded):
    """A certificate as issued: its own copy of every printed field, so later changes elsewhere do not touch it."""

    STATES: ClassVar = [("numbered", "已编号"), ("issued", "已发放"), ("withdrawn", "已撤销")]
    FACTS = (
        "application", "number", "name", "id_type", "occupation", "job", "level_code", "level_title", "issued_on",
        "print_serial", "photo", "state", "handed_to", "handed_at", "withdrawn_reason",
    )  # fmt: skip
    SEALED = ("id_number",)
    application = models.OneToOneField(Application, models.PROTECT, related_name="certificate", verbose_name="报名")
    number = models.CharField("证书编号", max_length=22, unique=True)
    name = models.CharField("姓名", max_length=60)
    id_type = models.CharField("证件类型", max_length=20, choices=list(ID_TYPES.items()))
    id_number = EncryptedText("证件号码")
    id_index = models.CharField(max_length=64, db_index=True)
    occupation_code = models.CharField("职业编码", max_length=12)
    occupation = models.CharField("职业名称", max_length=60)
    job = models.CharField("工种/职业方向", max_length=60, blank=True)
    level_code = models.CharField("等级代码", max_length=2)
    level_title = models.CharField("职业技能等级", max_length=20)
    issued_on = models.DateField("发证日期")
    print_serial = models.CharField("印制流水码", max_length=20, blank=True)
    printed_times = models.PositiveIntegerField("打印次数", default=0)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="照片")
    state = models.CharField("状态", max_length=10, choices=STATES, default="numbered")
    handed_to = models.CharField("领取人", max_length=60, blank=True)
    handed_at = models.DateTimeField("领取时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)
    reported = models.BooleanField("已报送省平台", default=False)

    class Meta:
        verbose_name = "证书"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^[A-Z][0-9]{14}[0-9A-Z][0-9]{6}$"),
                name="certificate_number_form",
            ),
            models.UniqueConstraint(
                fields=["print_serial"], condition=~models.Q(print_serial=""), name="print_serial_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number

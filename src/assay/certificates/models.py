"""Certificates: numbers, issue, what becomes of one afterwards, verification."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.certificates.layouts import SAID_SHORT
from assay.kernel.clock import shown
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


class GivenNumber(Recorded):
    """省中心给号: a number that the province gave, and the certificate that bears it once there is one."""

    FACTS = ("number", "year", "level_code", "certificate", "source", "by", "at")
    number = models.CharField("证书编号", max_length=22, unique=True)
    year = models.PositiveSmallIntegerField("年份")
    level_code = models.CharField("等级代码", max_length=2)
    certificate = models.OneToOneField(
        "Certificate", models.PROTECT, null=True, related_name="given_number", verbose_name="证书"
    )
    source = models.CharField("来源", max_length=200)
    by = models.CharField("导入人", max_length=60)
    at = models.DateTimeField("导入时间")

    class Meta:
        verbose_name = "省中心编号"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number


class BlankReceipt(Recorded):
    """领入: blank sheets that came into the house, one after the other from the first serial to the last."""

    FACTS = ("first", "last", "count", "received_on", "source", "by", "at")
    first = models.CharField("起始流水码", max_length=20, unique=True)
    last = models.CharField("终止流水码", max_length=20)
    count = models.PositiveIntegerField("张数")
    received_on = models.DateField("领入日期")
    source = models.CharField("来源", max_length=100)
    by = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "空白证书领入"
        ordering = ["received_on", "pk"]

    def __str__(self) -> str:
        return f"{self.first}～{self.last}"


class Destruction(Recorded):
    """销毁: spoiled sheets that were destroyed together, by one person before another."""

    FACTS = ("destroyed_on", "how", "count", "by", "witness", "at")
    destroyed_on = models.DateField("销毁日期")
    how = models.CharField("地点、方式", max_length=100)
    count = models.PositiveIntegerField("张数")
    by = models.CharField("销毁人", max_length=60)
    witness = models.CharField("监销人", max_length=60)
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "废证销毁"
        ordering = ["destroyed_on", "pk"]

    def __str__(self) -> str:
        return f"{self.destroyed_on:%Y-%m-%d} {self.count} 张"


class SpoiledSheet(Recorded):
    """废证: a sheet that is no certificate, or is the certificate no more; its serial is never used again. Of a sheet that was never
    printed there is no certificate."""

    FACTS = ("certificate", "serial", "reason", "at", "by", "returned_at", "destruction")
    certificate = models.ForeignKey(
        "Certificate", models.PROTECT, null=True, related_name="spoiled", verbose_name="证书"
    )  # fmt: skip
    serial = models.CharField("印制流水码", max_length=20, unique=True)
    reason = models.CharField("原因", max_length=300)
    at = models.DateTimeField("时间")
    by = models.CharField("经办人", max_length=60)
    returned_at = models.DateTimeField("收回时间", null=True, blank=True)
    """Since when it lies in the house; empty while its holder has it, or lost it."""
    destruction = models.ForeignKey(Destruction, models.PROTECT, null=True, related_name="sheets", verbose_name="销毁")

    class Meta:
        verbose_name = "废证"
        ordering = ["at", "serial"]

    def __str__(self) -> str:
        return self.serial

    @property
    def where_said(self) -> str:
        """Where the sheet is."""
        if self.destruction_id:
            return "已销毁"
        return "在库待销毁" if self.returned_at else "未收回"


def certificate_of(application: Application) -> Certificate | None:
    """The certificate in force of an application, else the one that was withdrawn last; the application may bring them along."""
    rows = sorted(application.certificates.all(), key=lambda row: (not row.is_withdrawn, row.pk))
    return rows[-1] if rows else None


class CertificateState(models.TextChoices):
    """`Certificate.State`: apart, since a constraint of its table speaks of it."""

    NUMBERED = "numbered", "已编号"
    ISSUED = "issued", "已发放"
    WITHDRAWN = "withdrawn", "已撤销"


class Certificates(models.Manager["Certificate"]):
    def in_force(self) -> models.QuerySet[Certificate]:
        """All but those withdrawn."""
        return self.exclude(state=Certificate.State.WITHDRAWN)


class Certificate(Recorded):
    """A certificate as issued: its own copy of every printed field, so later changes elsewhere do not touch it."""

    State = CertificateState
    GROUNDS: ClassVar = [
        ("fraud", "以弄虚作假等不正当手段取得"), ("misconduct", "考核中违规违纪"), ("mistaken", "核发有误"),
        ("asked", "持证人申请注销"), ("other", "其他原因"),
    ]  # fmt: skip
    """Why a certificate was withdrawn, as the public may read it; the reason in full stays in the house."""
    FOR_GOOD: ClassVar = ("fraud", "misconduct")
    """Who lost a certificate for one of these gets no other for the same application."""
    FACTS = (
        "application", "number", "name", "id_type", "occupation", "job", "level_code", "level_title",
        "issued_on", "print_serial", "photo", "state", "handed_to", "handed_at", "withdrawn_reason",
        "withdrawn_ground", "withdrawn_at", "edition", "reported", "refusal", "occupation_code",
        "printed_times", "reissued_on",
    )  # fmt: skip
    SEALED = ("id_number", "id_index")
    objects = Certificates()
    application = models.ForeignKey(Application, models.PROTECT, related_name="certificates", verbose_name="报名")
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
    reissued_on = models.DateField("补发日期", null=True, blank=True)
    """When its sheet was printed anew because the holder's was lost or damaged; the sheet says so (dossier F1.26)."""
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="照片")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.NUMBERED)
    handed_to = models.CharField("领取人", max_length=60, blank=True)
    handed_at = models.DateTimeField("领取时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)
    withdrawn_ground = models.CharField("撤销事由（公开）", max_length=12, choices=GROUNDS, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    edition = models.PositiveSmallIntegerField("版次", default=1)
    """One more with every correction; a sheet of an older edition is not the certificate any more."""
    reported = models.BooleanField("已报送省平台", default=False)
    refusal = models.CharField("省平台未接收的原因", max_length=300, blank=True)

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
            models.UniqueConstraint(
                fields=["application"],
                condition=~models.Q(state=CertificateState.WITHDRAWN),
                name="one_certificate_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_corrected(self) -> bool:
        return self.edition > 1

    @property
    def serial_said(self) -> str:
        """The serial of its sheet, and which printing that is once there were several."""
        times = f"（第 {self.printed_times} 次打印）" if self.printed_times > 1 else ""
        return f"{self.print_serial or '未登记打印'}{times}"

    @property
    def handed_said(self) -> str:
        """When it was handed out, and to whom."""
        return f"{shown(self.handed_at)}，领取人 {self.handed_to}" if self.handed_at else "未发放"

    def others_of(self, id_index: str) -> models.QuerySet[Certificate]:
        """Other certificates in force for the same job and level whose holder is the one with this index."""
        same = Certificate.objects.filter(
            id_index=id_index, occupation_code=self.occupation_code, job=self.job, level_code=self.level_code
        )
        return same.exclude(state=self.State.WITHDRAWN).exclude(pk=self.pk)


class CodeIndex(Recorded):
    """状态位: where the status list says what became of one edition of a certificate. Drawn by lot, never used twice; what was numbered
    before there was a list has none, and its code is of the first form."""

    FACTS = ("certificate", "edition", "index")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="code_indexes", verbose_name="证书")
    edition = models.PositiveSmallIntegerField("版次")
    index = models.PositiveIntegerField("状态位", unique=True)

    class Meta:
        verbose_name = "证书状态位"
        ordering = ["certificate", "edition"]
        constraints = [models.UniqueConstraint(fields=["certificate", "edition"], name="index_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.certificate} {self.index}"


class PrintRun(Recorded):
    """打印记录: certificates that were drawn up for the printer together: by whom, when, which, how."""

    FACTS = ("batch", "layout", "count", "first", "last", "again", "unregistered", "reason", "digest", "by", "at")
    SEALED = ("sheets",)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="print_runs", verbose_name="批次")
    layout = models.CharField("版式", max_length=8, choices=[(str(one), said) for one, said in SAID_SHORT.items()])
    count = models.PositiveIntegerField("本数")
    first = models.CharField("首本编号", max_length=22)
    last = models.CharField("末本编号", max_length=22)
    again = models.PositiveIntegerField("其中已发放的", default=0)
    unregistered = models.PositiveIntegerField("其中未登记打印的", default=0)
    reason = models.CharField("重印原因", max_length=200, blank=True)
    sheets = models.JSONField("所印证书")
    """Of each certificate: its number, its edition and the serial of its sheet, as they were printed."""
    digest = models.CharField("文件校验码", max_length=64)
    by = models.CharField("打印人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "证书打印记录"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.batch} {self.first}～{self.last}"

    @property
    def said(self) -> str:
        """What was printed, in words."""
        which = self.first if self.count == 1 else f"{self.first} 至 {self.last}"
        more = [
            *([f"其中已发放的 {self.again} 本，原因：{self.reason}"] if self.again else []),
            *([f"其中未登记打印的 {self.unregistered} 本"] if self.unregistered else []),
        ]
        return "；".join([f"{self.get_layout_display()} {self.count} 本：{which}", *more])


class CorrectionState(models.TextChoices):
    """`Correction.State`: apart, since a constraint of its table speaks of it."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已更正"
    REJECTED = "rejected", "不予更正"


class Correction(Recorded):
    """更正: a misprint put right. One person proposes it with the paper that shows what is right, another decides. Before and
    after of the printed fields stand here, so that every edition of the certificate can be read again."""

    State = CorrectionState
    FACTS = (
        "certificate", "reason", "paper", "former_photo", "photo", "state", "proposed_by", "proposed_account",
        "proposed_at", "decided_by", "decided_account", "decided_at", "remark", "edition",
    )  # fmt: skip
    SEALED = ("before", "after")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="corrections", verbose_name="证书")
    before = EncryptedText("更正前")
    """JSON of the changed fields: name, id_type, id_number, issued_on."""
    after = EncryptedText("更正后")
    former_photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="原照片")
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="新照片")
    """Null: the photo stays."""
    reason = models.CharField("更正理由", max_length=200)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="证明材料")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.CharField("提出人", max_length=60)
    proposed_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.CharField("审批人", max_length=60, blank=True)
    decided_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    remark = models.CharField("审批意见", max_length=200, blank=True)
    edition = models.PositiveSmallIntegerField("更正后的版次", null=True, blank=True)

    class Meta:
        verbose_name = "证书更正"
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(state=CorrectionState.PROPOSED),
                name="one_correction_at_a_time",
            ),
            models.UniqueConstraint(fields=["certificate", "edition"], name="edition_once"),
            models.CheckConstraint(
                condition=models.Q(decided_account=None) | ~models.Q(decided_account=models.F("proposed_account")),
                name="correction_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.get_state_display()}"

    @property
    def is_proposed(self) -> bool:
        """Whether it waits to be decided."""
        return self.state == self.State.PROPOSED

    @property
    def worked_on_said(self) -> str:
        """Who proposed it, and who decided it and when."""
        decided = f"，{self.decided_by} 审批，{shown(self.decided_at)}" if self.decided_by and self.decided_at else ""
        return f"（{self.proposed_by} 提出{decided}）"

    @property
    def was(self) -> dict[str, Any]:
        return dict(json.loads(self.before))

    @property
    def will_be(self) -> dict[str, Any]:
        return dict(json.loads(self.after))


class Change(Recorded):
    """What became of a certificate that the province has to hear of, because it has the certificate or its data were on their
    way: told in this order."""

    KINDS: ClassVar = [("withdrawn", "撤销"), ("corrected", "更正"), ("reprinted", "流水码变更")]
    FACTS = ("certificate", "sequence", "kind", "reason", "at", "sendings", "told_at", "refusal")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="changes", verbose_name="证书")
    sequence = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("变更", max_length=12, choices=KINDS)
    reason = models.CharField("原因", max_length=300)
    at = models.DateTimeField("时间")
    sendings = models.PositiveSmallIntegerField("报送次数", default=0)
    told_at = models.DateTimeField("省平台接收时间", null=True, blank=True)
    refusal = models.CharField("省平台未接收的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "证书变更"
        ordering = ["certificate", "sequence"]
        constraints = [models.UniqueConstraint(fields=["certificate", "sequence"], name="change_in_order")]

    def __str__(self) -> str:
        return f"{self.certificate} {self.get_kind_display()}"

    @property
    def told_said(self) -> str:
        """Whether the province has heard of it."""
        return "已报送" if self.told_at else "未接收" if self.refusal else "待报送"

    @property
    def since_said(self) -> str:
        """Since when it has, or since when there is something to hear of."""
        return f"（{shown(self.told_at)}）" if self.told_at else f"（{shown(self.at)} 起）"


class IssueDecision(Recorded):
    """核发决定: what the director decided of somebody whose right to a certificate was in doubt when it was to be numbered."""

    class Verdict(models.TextChoices):
        WITHHOLD = "withhold", "暂不核发"
        LIFTED = "lifted", "恢复核发"
        AGAIN = "again", "撤销后重新核发"

    FACTS = ("application", "verdict", "reason", "by", "at")
    application = models.OneToOneField(
        Application, models.PROTECT, related_name="issue_decision", verbose_name="报名"
    )  # fmt: skip
    verdict = models.CharField("决定", max_length=10, choices=Verdict.choices)
    reason = models.CharField("理由", max_length=200)
    by = models.CharField("决定人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "核发决定"

    def __str__(self) -> str:
        return f"{self.application} {self.get_verdict_display()}"

    @property
    def said(self) -> str:
        """Of whom it was decided what, and why."""
        return f"{self.application.applicant.name}：{self.get_verdict_display()}，{self.reason}"

    @property
    def keeps_back(self) -> bool:
        """Whether the candidate gets no certificate for now."""
        return self.verdict == self.Verdict.WITHHOLD

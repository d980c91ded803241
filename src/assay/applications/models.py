"""People who apply, their applications by the four routes, evidence, and reviews."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assay.applications import sources
from assay.applications.parts import HOW_CHOICES, How
from assay.applications.reviews import STEP_CHOICES, VERDICT_CHOICES
from assay.batches.models import Batch, BatchLine
from assay.catalogue import parts
from assay.catalogue.models import EntryCondition, Major
from assay.centre.models import Account, Department
from assay.kernel.fields import EncryptedText
from assay.kernel.identity import ID_TYPES, mask
from assay.kernel.models import StoredFile
from assay.kernel.recorded import Recorded


class ApplicationState(models.TextChoices):
    """`Application.State`: apart, since the constraints of its table speak of it."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待初审"
    FIRST_PASSED = "first_passed", "待复审"
    RETURNED = "returned", "退回补正"
    APPROVED = "approved", "审核通过"
    REJECTED = "rejected", "不予通过"
    WITHDRAWN = "withdrawn", "已撤回"


UNDECIDED = (ApplicationState.DRAFT, ApplicationState.RETURNED, ApplicationState.SUBMITTED)
"""States of an application over which nobody has decided, or which was given back: its applicant follows the person."""
DECIDED = (ApplicationState.FIRST_PASSED, ApplicationState.APPROVED)
"""States that rest on a review: what was reviewed changes only by an act that says so."""
ENDED = (ApplicationState.WITHDRAWN, ApplicationState.REJECTED)
"""States of an application that counts no more: its person may apply again in the batch."""


class Identity(Recorded):
    """What is said of a candidate: of the person as known today, and of each application as it was handed in."""

    SOURCES: ClassVar = list(sources.TITLES.items())
    """Of those whom only this centre admits the word itself is kept (`sources.py`)."""
    FACTS: ClassVar[tuple[str, ...]] = (
        "id_type", "sex", "source", "education", "major", "department", "class_name", "enrolled_on",
        "graduates_on", "photo", "photo_on",
    )  # fmt: skip
    SEALED: ClassVar[tuple[str, ...]] = (
        "name",
        "id_number",
        "birth",
        "ethnic",
        "student_no",
        "phone",
        "sort_key",
        "id_index",
    )
    name = models.CharField("姓名", max_length=60)
    sort_key = models.CharField(max_length=120, db_index=True)
    sex = models.CharField("性别", max_length=2, choices=[("男", "男"), ("女", "女")])
    id_type = models.CharField("证件类型", max_length=20, choices=list(ID_TYPES.items()), default="resident")
    id_number = EncryptedText("证件号码")
    id_index = models.CharField(max_length=64, db_index=True)
    birth = models.DateField("出生日期", null=True, blank=True)
    ethnic = models.CharField("民族", max_length=20, default="汉族")
    education = models.CharField("文化程度", max_length=20, blank=True)
    phone = EncryptedText("手机号码", blank=True)
    source = models.CharField("考生来源", max_length=10, choices=SOURCES, default="student")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name="院系部门")
    major = models.ForeignKey(Major, models.PROTECT, null=True, blank=True, verbose_name="专业")
    class_name = models.CharField("班级", max_length=40, blank=True)
    student_no = models.CharField("学号/工号", max_length=30, blank=True)
    enrolled_on = models.DateField("入学年月", null=True, blank=True)
    graduates_on = models.DateField("预计毕业年月", null=True, blank=True)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="照片")
    photo_on = models.DateField("照片提交日期", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def id_masked(self) -> str:
        return mask(self.id_number)

    def take(self, other: Identity) -> None:
        """Say of oneself what `other` says, with the related rows that it has at hand."""
        for field in IDENTITY:
            at_hand = isinstance(field, models.ForeignKey) and field.is_cached(other)
            name = field.name if at_hand else field.attname
            setattr(self, name, getattr(other, name))


IDENTITY = tuple(Identity._meta.local_fields)
"""The columns that a person and an applicant share."""


class Person(Identity):
    """A candidate as a person: a registered student or serving member of staff (plan §二(一)). Who this is, over all
    batches; what a batch says of the person stands in the application's applicant."""

    FACTS = (*Identity.FACTS, "account")
    SEALED = (*Identity.SEALED, "email", "address")
    id_index = models.CharField(max_length=64, unique=True)
    email = models.EmailField("电子邮箱", blank=True)
    address = models.CharField("通讯地址", max_length=120, blank=True)
    account = models.OneToOneField(Account, models.PROTECT, null=True, blank=True, related_name="person")

    class Meta:
        verbose_name = "考生"
        ordering = ["sort_key"]


class Applicant(Identity):
    """What one application says of its person, as it was handed in and decided. Everything of a batch speaks from it, so
    that nothing that happens to the person later changes what was reviewed (ADR 16)."""

    class Meta:
        verbose_name = "报名考生信息"
        ordering = ["sort_key"]


class Applications(models.Manager["Application"]):
    def approved(self) -> models.QuerySet[Application]:
        """Admitted to the assessment."""
        return self.filter(state=Application.State.APPROVED)


class Application(Recorded):
    """One application: a person, a job and level of a batch, the condition relied on, and where it stands."""

    State = ApplicationState
    FACTS = (
        "batch", "line", "person", "applicant", "state", "condition", "theory", "skill", "review", "reason",
        "prior_certificate", "route_facts", "again", "department", "work_years", "pledged", "entered_by",
        "submitted_at",
    )  # fmt: skip
    objects = Applications()
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="applications", verbose_name="批次")
    line = models.ForeignKey(BatchLine, models.PROTECT, related_name="applications", verbose_name="工种等级")
    person = models.ForeignKey(Person, models.PROTECT, related_name="applications", verbose_name="考生")
    applicant = models.OneToOneField(Applicant, models.PROTECT, related_name="application", verbose_name="报名考生信息")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name="初审系部")
    condition = models.ForeignKey(EntryCondition, models.PROTECT, null=True, blank=True, verbose_name="申报条件")
    theory = models.CharField("理论", max_length=8, choices=HOW_CHOICES, default=How.FIRST.value)
    skill = models.CharField("技能", max_length=8, choices=HOW_CHOICES, default=How.FIRST.value)
    review = models.CharField("综合评审", max_length=8, choices=HOW_CHOICES, default=How.FIRST.value)
    work_years = models.PositiveIntegerField("本职业工作年限", default=0)
    prior_certificate = models.CharField("原证书编号", max_length=40, blank=True)
    route_facts = models.JSONField("认定依据", default=dict, blank=True)
    """By route. direct: {"certificate","certificate_level","number","score"}; process: {"courses": [{"name","mark"}]};
    contest: {"contest","rank","score"}."""
    again = models.JSONField("持证再次认定", default=dict, blank=True)
    """The centre's decision to admit somebody who holds the same job and level already: {"numbers": [certificate], "reason",
    "by", "on"}. It speaks of the certificates named and of no other."""
    state = models.CharField("状态", max_length=14, choices=State.choices, default=State.DRAFT, db_index=True)
    reason = models.CharField("审核意见", max_length=300, blank=True)
    pledged = models.BooleanField("已签诚信承诺", default=False)
    entered_by = models.CharField("录入人", max_length=60, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)

    class Meta:
        verbose_name = "报名"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["batch", "state"], name="application_batch_state"),
            models.Index(fields=["department", "state"], name="application_dept_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "person"],
                condition=~models.Q(state__in=ENDED),
                name="one_live_application_in_a_batch",
            )
        ]

    def __str__(self) -> str:
        return f"{self.applicant} {self.line}"


class Evidence(Recorded):
    """A paper that shows what an application says."""

    FACTS = ("application", "title", "file")
    application = models.ForeignKey(Application, models.CASCADE, related_name="evidence", verbose_name="报名")
    title = models.CharField("材料", max_length=80)
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="文件")

    class Meta:
        verbose_name = "证明材料"

    def __str__(self) -> str:
        return self.title


class Exemption(Recorded):
    """免考: a part that need not be taken, by a rule or decision that is named, with its paper."""

    FACTS = ("application", "part", "basis", "number", "file", "by", "at")
    application = models.ForeignKey(Application, models.PROTECT, related_name="exemptions", verbose_name="报名")
    part = models.CharField("科目", max_length=8, choices=parts.choices(parts.SHORT))
    basis = models.CharField("免考依据", max_length=200)
    number = models.CharField("文件编号", max_length=60)
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="文件")
    by = models.CharField("登记人", max_length=60)
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "免考登记"
        ordering = ["part"]
        constraints = [models.UniqueConstraint(fields=["application", "part"], name="one_exemption_a_part")]

    def __str__(self) -> str:
        return f"{self.get_part_display()}免考：{self.basis}（{self.number}）"


class ReviewDecision(Recorded):
    """One decision on one application: the department's first review or the centre's review."""

    FACTS = ("application", "step", "verdict", "reason", "by", "at", "by_account")
    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions", verbose_name="报名")
    step = models.CharField("环节", max_length=10, choices=STEP_CHOICES)
    verdict = models.CharField("结论", max_length=10, choices=VERDICT_CHOICES)
    reason = models.CharField("意见", max_length=300, blank=True)
    by = models.CharField("审核人", max_length=60)
    by_account = models.ForeignKey(Account, models.PROTECT, null=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审核决定"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_step_display()}{self.get_verdict_display()}"

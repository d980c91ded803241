"""The centre: who it is, its departments, posts, accounts, and the parameters it set for itself."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.utils.crypto import salted_hmac

from assay.kernel.basis import KINDS, Basis, Kind
from assay.kernel.clock import shown_day
from assay.kernel.fields import EncryptedText
from assay.kernel.recorded import Recorded

AT_EVERY_SIGN_IN = "written at every sign-in, which is no act; the security log remembers those"


class Centre(Recorded):
    """The one centre of this installation (a province runs an installation for each)."""

    FACTS = ("name", "name_en", "school", "body_code", "number_source", "address", "phone", "is_demo")
    name = models.CharField("名称", max_length=80)
    name_en = models.CharField("英文名称", max_length=160)
    school = models.CharField("学校", max_length=80)
    address = models.CharField("地址", max_length=120, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    body_code = models.CharField("机构代码（证书编号前 13 位）", max_length=13)
    number_source = models.CharField(
        "证书编号来源",
        max_length=10,
        choices=[("generated", "本中心编号"), ("imported", "省中心给号")],
        default="generated",
    )
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "认定中心"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_centre"),
            models.CheckConstraint(
                condition=models.Q(body_code__regex=r"^[A-Z][0-9]{12}$"),
                name="body_code_form",
                violation_error_message="机构代码应为 1 个大写字母加 12 位数字（证书编号的前 13 位，由省中心给定）",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParameterValue(Recorded):
    """A parameter that the centre set otherwise than its default (see `centre.parameters`)."""

    FACTS = ("key", "value", "document_no")
    key = models.CharField("参数", max_length=60, unique=True)
    value = models.CharField("值", max_length=200)
    document_no = models.CharField("依据文号", max_length=80, blank=True)

    class Meta:
        verbose_name = "参数"

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class BasisVersion(Recorded):
    """On what the rules rest from a day on (`kernel.basis`): a document and where in it each clause stands. A row is never changed: what
    is otherwise from now on is another row, and what was said before was said by the rows of then."""

    FACTS = ("kind", "title", "document_no", "since", "entered_at")
    SEALED = ("numbers",)
    kind = models.CharField("依据", max_length=10, choices=[(kind.value, KINDS[kind]) for kind in Kind])
    title = models.CharField("文件名称", max_length=60, blank=True)
    document_no = models.CharField("文号", max_length=60, blank=True)
    since = models.DateField("施行日期", null=True, blank=True)
    """None: from the beginning."""
    entered_at = models.DateTimeField("录入时间")
    numbers = models.JSONField("条款号", default=dict, blank=True)

    class Meta:
        verbose_name = "规则依据"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.OWN.value) | ~models.Q(title=""),
                name="own_basis_has_a_title",
                violation_error_message="以本校文件为依据的，请填写文件名称",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{f'{shown_day(self.since)}起' if self.since else '自始'}）"

    @property
    def basis(self) -> Basis:
        """What is shown by it."""
        return Basis(self.kind, self.title, self.numbers)

    @property
    def name(self) -> str:
        return self.basis.name


class Department(Recorded):
    FACTS = ("code", "name")
    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)

    class Meta:
        verbose_name = "部门"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Post(Recorded):
    """A post of the centre; holding it means owing its duties."""

    FACTS = ("code", "title", "group", "duties")
    code = models.CharField("代码", max_length=30, unique=True)
    title = models.CharField("岗位", max_length=60)
    group = models.CharField("组别", max_length=40)
    duties = models.JSONField("职责代码", default=list)

    class Meta:
        verbose_name = "岗位"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser, Recorded):
    """A sign-in: of staff (with posts) or of a candidate (with none)."""

    FACTS = (
        "username", "name", "kind", "is_active", "department", "vouched", "must_change_password",
        "session_epoch", "password_expires_at",
    )  # fmt: skip
    SEALED = ("password",)
    UNOFFICIAL = {
        "last_login": AT_EVERY_SIGN_IN,
        "second_factor_by": "days of grace, counted from the sign-in that first asked for one, which is no act",
    }
    KINDS: ClassVar = [("staff", "工作人员"), ("candidate", "考生")]
    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=KINDS)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name="部门")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    vouched = models.BooleanField("已核实身份", default=True)
    """Somebody answers for it that the holder is who the account says. Candidates once made accounts by themselves."""
    session_epoch = models.PositiveIntegerField(default=0)
    """Sessions of an earlier epoch are over."""
    password_expires_at = models.DateTimeField(null=True, blank=True)
    """Until then a password that somebody else set lets the holder in to choose an own one."""
    second_factor_by = models.DateField(null=True, blank=True)
    """The last day without a second factor, since the day on which the holder was first asked for one."""

    USERNAME_FIELD = "username"
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff_member(self) -> bool:
        """Works here, with posts; otherwise a candidate's own sign-in."""
        return self.kind == "staff"

    def check_password(self, raw_password: str | None) -> bool:
        """Without hashing it anew in passing, as Django does: whatever changes a password is an act (`rehashing`)."""
        return check_password(raw_password, self.password)

    def end_sessions(self) -> None:
        """Whoever is signed in has to sign in again (once it is saved), also after a time out of use."""
        self.session_epoch += 1

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What ties a session to the password (as Django has it) and to the epoch."""
        told = f"{self.password}\x1f{self.session_epoch}"
        return salted_hmac("assay.centre.Account.session", told, secret=secret, algorithm="sha256").hexdigest()


class SecondFactor(Recorded):
    """The telephone that a member of staff signs in with besides the password, and the codes for the day when it is lost."""

    FACTS = ("account", "since")
    SEALED = ("secret", "recovery")
    UNOFFICIAL = {
        "used": AT_EVERY_SIGN_IN,
        "last_step": AT_EVERY_SIGN_IN,
    }
    account = models.OneToOneField(Account, models.CASCADE, related_name="second_factor", verbose_name="账号")
    secret = EncryptedText("密钥")
    recovery = models.JSONField("恢复码", default=list)
    """Keyed digests of the recovery codes as they were handed out."""
    used = models.JSONField(default=list)
    """Those of them that were used: each is good once."""
    last_step = models.BigIntegerField(default=0)
    """The step of the last code that was taken: none of it or of an earlier one is taken again."""
    since = models.DateTimeField("启用时间")

    class Meta:
        verbose_name = "两步验证"

    def __str__(self) -> str:
        return f"{self.account}的两步验证"

    @property
    def recovery_left(self) -> int:
        return len(set(self.recovery) - set(self.used))


class OpenSession(models.Model):
    """Somebody signed in at some browser. What is written at every visit is no official fact."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="open_sessions")
    fingerprint = models.CharField(max_length=32)
    """Of the account's password and epoch as they were: with others the session is over."""
    second_factor = models.BooleanField(default=False)
    since = models.DateTimeField()
    seen = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=64)
    device = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["account", "seen"], name="open_session_seen")]


class Appointment(Recorded):
    """An account holds a post from a day to a day (open when null)."""

    FACTS = ("account", "post", "since", "until")
    account = models.ForeignKey(Account, models.PROTECT, related_name="appointments", verbose_name="账号")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name="岗位")
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "post"], condition=models.Q(until=None), name="one_open_appointment"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="appointment_order",
                violation_error_message="免职日期早于任职日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}：{self.post}"

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class KeyPeriod(Recorded):
    """A key of the installation and the day since which it is used; what is kept of the key itself tells only whether another
    one is the same. Of signing keys it is the public key."""

    FACTS = ("name", "key_id", "check_value", "since")
    name = models.CharField("密钥", max_length=40)
    key_id = models.CharField("编号", max_length=8)
    check_value = models.CharField("校验值", max_length=64)
    since = models.DateField("启用日期")

    class Meta:
        verbose_name = "密钥期间"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["name", "key_id"], name="one_period_a_key")]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.key_id} 号"

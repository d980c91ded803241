"""Tables of the kernel: ledger, outbox, stored files, tries, security log, named days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models

from assay.kernel.fields import EncryptedJSON
from assay.kernel.quick_json import QuickJSONField
from assay.kernel.recorded import Recorded


class LedgerHead(models.Model):
    """One row: the state of the ledger that the next entry builds on. `peaks` is the compact Merkle frontier."""

    size = models.BigIntegerField(default=0)
    last_digest = models.CharField(max_length=64, default="")
    peaks = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="ledger_has_one_head")]


class LedgerEntry(models.Model):
    """One act: who, when, what; its facts are in the lines. `digest` covers the header, the lines and `previous`."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=80, db_index=True)
    duty = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    simulated = models.BooleanField(default=False)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)


class LedgerLine(models.Model):
    """What one act recorded of one subject: its facts after the act (null: the row was removed)."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines")
    position = models.IntegerField()
    subject = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    facts = QuickJSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="ledger_line_position")]
        indexes = [models.Index(fields=["subject", "subject_id"], name="ledger_line_subject")]


class Checkpoint(models.Model):
    """A signed tree head (RFC 9162): whoever holds one can prove that nothing before it was changed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    """The head as a signed note; of checkpoints made before there were notes nothing, and their signature beside."""
    signature = models.CharField(max_length=128, blank=True)


class OutsideHead(models.Model):
    """A signed head that is known to be kept outside the house: with whom, since when. What the ledger says now must fit it."""

    place = models.CharField(max_length=120)
    at = models.DateTimeField()
    size = models.BigIntegerField(db_index=True)
    note = models.TextField()
    stamp = models.BinaryField(blank=True)
    """The answer of a time stamp authority over the note, as it came; of other places nothing."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "size"], name="one_head_of_a_size_a_place")]


TRYING = "delivery is tried again by itself, which is no act; that a message was sent or refused is one"


class OutboxMessage(Recorded):
    """A message that must reach an outside system; written in the act that causes it, sent by the gateway. `about` and `about_id`
    name the row that it speaks of."""

    FACTS = ("kind", "key", "about", "about_id", "state", "created_at", "sent_at")
    SEALED = ("payload", "reply")
    UNOFFICIAL = {
        "attempts": TRYING,
        "next_at": TRYING,
        "last_error": f"{TRYING}; a refusal stands in the entry that notes it",
    }

    class State(models.TextChoices):
        PENDING = "pending", "待发送"
        SENT = "sent", "已送达"
        REFUSED = "refused", "被拒收"

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80, unique=True)
    about = models.CharField(max_length=80)
    about_id = models.CharField(max_length=40)
    payload = EncryptedJSON()
    """Names people with their identity numbers."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    reply = models.JSONField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "省平台消息"
        indexes = [models.Index(fields=["state", "next_at"], name="outbox_due")]

    def __str__(self) -> str:
        return self.key

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    @property
    def trying_said(self) -> str:
        """What became of it so far, while it has not been taken."""
        return f"发送队列：{self.get_state_display()}，已尝试 {self.attempts} 次。{self.last_error}"


class StoredFile(models.Model):
    """A file by its content: the digest is its name on disk, so equal files are kept once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    created_at = models.DateTimeField()


class Tries(models.Model):
    """How often something was tried lately (see `throttle`). Keys are keyed digests; `subject` is empty where an address alone
    counts."""

    key = models.CharField(max_length=64, primary_key=True)
    subject = models.CharField(max_length=64, db_index=True)
    count = models.FloatField(default=0)
    at = models.DateTimeField()
    open_at = models.DateTimeField(db_index=True)
    forgotten_at = models.DateTimeField(db_index=True)


class SecurityEvent(models.Model):
    """Who came, was refused, or took personal data away (see `security_log`). The database lets nobody change or remove a row.
    `account_id` is no foreign key: a line outlives what it speaks of."""

    at = models.DateTimeField(db_index=True)
    kind = models.CharField("事件", max_length=20)
    failed = models.BooleanField("未成功", default=False)
    account_id = models.BigIntegerField(null=True)
    who = models.CharField("账号", max_length=80)
    address = models.CharField("来源地址", max_length=64)
    device = models.CharField("设备", max_length=60, blank=True)
    page = models.CharField("页面", max_length=200, blank=True)
    what = models.CharField("内容", max_length=200, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        verbose_name = "安全日志"
        indexes = [
            models.Index(fields=[name, "id"], name=f"security_event_{name}")
            for name in ("kind", "failed", "who", "address")
        ]


class SecurityLogSeal(Recorded):
    """The lines of the security log from one number to another as they stood when they were counted: the ledger remembers it."""

    FACTS = ("first", "last", "count", "digest", "at")
    first = models.BigIntegerField(unique=True)
    last = models.BigIntegerField(unique=True)
    count = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "安全日志封存"

    def __str__(self) -> str:
        return f"第 {self.first} 至 {self.last} 行"


class Holiday(Recorded):
    """A day that the yearly notice names: off, or a make-up working day."""

    FACTS = ("works", "title")

    day = models.DateField(primary_key=True)
    works = models.BooleanField()
    title = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "节假日安排"

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.works else '放假'}"


class HolidayYear(Recorded):
    """Whether all of a year's notice is loaded; of a year without a row nobody has said so."""

    FACTS = ("whole",)

    year = models.PositiveSmallIntegerField(primary_key=True)
    whole = models.BooleanField("已全部载入")

    class Meta:
        verbose_name = "年度放假安排"

    def __str__(self) -> str:
        return f"{self.year} 年放假安排{'已全部载入' if self.whole else '尚未载入齐全'}"


class HolidayTable:
    """`NamedDays` over the tables, read once per instance."""

    def __init__(self) -> None:
        self._days: dict[date, bool] = dict(Holiday.objects.values_list("day", "works"))
        self._whole = set(HolidayYear.objects.filter(whole=True).values_list("year", flat=True))

    @staticmethod
    def load(days: Iterable[tuple[date, bool, str]]) -> list[Holiday]:
        """Within an act, which records them: (day, works, title), anew or otherwise than before."""
        rows = [Holiday(day=day, works=works, title=title) for day, works, title in days]
        Holiday.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day"], update_fields=["works", "title"]
        )
        return rows

    @staticmethod
    def say_whole(year: int, whole: bool) -> HolidayYear:
        """Within an act, which records it."""
        row, _ = HolidayYear.objects.update_or_create(year=year, defaults={"whole": whole})
        return row

    def works(self, day: date) -> bool | None:
        return self._days.get(day)

    def whole(self, year: int) -> bool:
        return year in self._whole

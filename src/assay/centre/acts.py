"""The centre's own affairs: profile, parameters, departments, posts, accounts, appointments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from assay.centre.departures import Departure, depart
from assay.centre.duties import DUTIES, in_words
from assay.centre.models import Account, Appointment, Centre, Department, KeyPeriod, ParameterValue, Post
from assay.centre.parameters import PARAMETERS
from assay.centre.passwords import first_password_ends
from assay.centre.reference import Many, keep, validated
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.expected import Changed
from assay.kernel.identity import name_problem
from assay.kernel.keyring import TITLES, check_value
from assay.kernel.models import Holiday
from assay.kernel.persons import person_of
from assay.kernel.refusals import Refused
from assay.kernel.secrets import keys

CLAUSE = "工作方案 三(一)1"


@act("centre.save_centre", duty="L1", title="维护中心信息", clause="三(一)1")
def save_centre(ctx: Context, centre: Centre) -> Centre:
    """Keep the profile of the one centre."""
    centre.pk = 1
    centre._state.adding = not Centre.objects.select_for_update().filter(pk=1).exists()
    validated(centre, CLAUSE)
    centre.save()
    ctx.record(centre)
    return centre


@act("centre.set_parameter", duty=("L1", "L2"), title="设置参数", clause="三(一)1")
def set_parameter(
    ctx: Context, key: str, value: str, document_no: str = "", *, was: str | None = None
) -> ParameterValue:
    """Set a parameter otherwise than its default, naming the document that allows it. `was`: the value that was seen."""
    if key not in PARAMETERS:
        raise Refused(f"没有参数 {key}")
    try:
        PARAMETERS[key].parse(value)
    except ValueError as wrong:
        raise Refused(f"“{PARAMETERS[key].title}”的值“{value}”不对") from wrong
    row = ParameterValue.objects.select_for_update().filter(key=key).first() or ParameterValue(key=key)
    now = row.value if row.pk else PARAMETERS[key].default
    if was is not None and was != now:
        title, before, since = PARAMETERS[key].title, PARAMETERS[key].shown(was), PARAMETERS[key].shown(now)
        raise Changed(f"页面打开后，“{title}”已由他人由 {before} 改为 {since}。您的改动没有写入，请看过再办理")
    row.value, row.document_no = value, document_no
    row.save()
    ctx.record(row)
    return row


def check_post(ctx: Context, post: Post, many: Many) -> None:
    """Every duty of a post is one of the catalogue, nobody gives new ones to the own post, and what a post loses ends with it."""
    unknown = [code for code in post.duties if code not in DUTIES]
    if unknown:
        raise Refused(f"没有这样的职责：{'、'.join(unknown)}", CLAUSE)
    before = Post.objects.filter(pk=post.pk, appointments__account__in=_accounts_of(ctx)).distinct().first()
    more = [code for code in post.duties if before is not None and code not in before.duties]
    if more:
        raise Refused(f"您在“{before}”岗位上，不能自己给它增加职责（{in_words(more)}），请由他人办理", CLAUSE)
    former = Post.objects.filter(pk=post.pk).first()
    if former is not None:
        _end_what_is_lost(ctx, former, set(former.duties) - set(post.duties))


def _end_what_is_lost(ctx: Context, post: Post, lost: set[str]) -> None:
    """Whoever is in a post that loses duties departs from what they opened, and nobody takes the centre its last leader."""
    if "L1" in lost:
        _one_at_a_time()
        if _for_good().filter(post=post).exists():
            _somebody_leads(besides=post)
    if lost:
        held = Appointment.objects.filter(post=post)
        for account in sorted({one.account_id for one in held if one.in_force(today())}):
            depart(ctx, Departure(account))


def _accounts_of(ctx: Context) -> frozenset[int]:
    """The accounts of whoever acts."""
    return person_of(ctx.actor.account_id).accounts if ctx.actor.account_id is not None else frozenset()


DEPARTMENTS = keep(Department, "department", duty="L1", clause="三(一)1")
POSTS = keep(Post, "post", duty="L1", clause="三(一)1", check=check_post)
save_department, save_post = DEPARTMENTS.save, POSTS.save


@act("centre.create_account", duty="L1", title="建立账号", clause="三(一)1")
def create_account(
    ctx: Context,
    *,
    username: str,
    name: str,
    kind: str,
    password: str,
    department: Department | None = None,
    posts: Iterable[Post] = (),
    must_change_password: bool = False,
) -> Account:
    """Make a sign-in, with posts from today on. The password is hashed here, whatever it looks like; one that the holder must
    change is good for some days."""
    name = _named(name)
    if Account.objects.filter(username=username).exists():
        raise Refused(f"账号 {username} 已存在", CLAUSE)
    account = Account.objects.create(
        username=username, name=name, kind=kind, password=make_password(password), department=department,
        must_change_password=must_change_password,
        password_expires_at=first_password_ends() if must_change_password else None,
    )  # fmt: skip
    ctx.record(account)
    for post in posts:
        ctx.record(Appointment.objects.create(account=account, post=post, since=today()))
    return account


def _named(name: str) -> str:
    """The name of a person, trimmed."""
    wrong = name_problem(name.strip())
    if wrong:
        raise Refused(wrong, CLAUSE)
    return name.strip()


@act("centre.appoint", duty="L1", title="任职", clause="三(一)1")
def appoint(ctx: Context, account: Account, post: Post, since: date) -> Appointment:
    if Appointment.objects.filter(account=account, post=post, until=None).exists():
        raise Refused(f"{account} 已任 {post}", CLAUSE)
    appointment = Appointment.objects.create(account=account, post=post, since=since)
    ctx.record(appointment)
    return appointment


@act("centre.end_appointment", duty="L1", title="免职", clause="三(一)1")
def end_appointment(ctx: Context, appointment: Appointment, until: date) -> Appointment:
    """`until` is the last day in the post."""
    _one_at_a_time()
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.until is not None:
        raise Refused(f"{appointment} 已于 {appointment.until} 免职", CLAUSE)
    if until < appointment.since:
        raise Refused("免职日期早于任职日期", CLAUSE)
    appointment.until = until
    appointment.save()
    _somebody_leads()
    ctx.record(appointment)
    if until <= today():
        depart(ctx, Departure(appointment.account_id))
    return appointment


@act("centre.save_account", duty="L1", title="修改账号", clause="三(一)1")
def save_account(ctx: Context, account: Account, *, name: str, department: Department | None) -> Account:
    """Change the name or department of an account."""
    name = _named(name)
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.name, account.department = name, department
    account.save()
    ctx.record(account)
    return account


@act("centre.set_password", duty="L1", title="重置密码", clause="三(一)1")
def set_password(ctx: Context, account: Account, password: str) -> Account:
    """Set a password that the holder must change at the next sign-in, within some days. Every session of the account ends."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.set_password(password)
    account.must_change_password = True
    account.password_expires_at = first_password_ends()
    account.end_sessions()
    account.save()
    ctx.record(account)
    depart(ctx, Departure(account.pk))
    return account


@act("centre.set_active", duty="L1", title="启用停用账号", clause="三(一)1")
def set_active(ctx: Context, account: Account, active: bool) -> Account:
    """Put an account out of use, which ends its sessions for good, or into use again."""
    _one_at_a_time()
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.is_active = active
    account.end_sessions()
    account.save()
    _somebody_leads()
    ctx.record(account)
    if not active:
        depart(ctx, Departure(account.pk))
    return account


@act("centre.end_sessions", duty="L1", title="结束他人的登录", clause="三(一)1")
def end_sessions(ctx: Context, account: Account) -> Account:
    """Whoever is signed in with the account, wherever, is not any more."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.end_sessions()
    account.save()
    ctx.record(account)
    ctx.note = f"结束 {account.username} 的全部登录"
    depart(ctx, Departure(account.pk))
    return account


def _one_at_a_time() -> None:
    """Two who leave at once would each see the other still there: who ends somebody's part waits for who does the same."""
    Centre.objects.select_for_update(no_key=True).first()


def _for_good() -> QuerySet[Appointment]:
    """Appointments without an end, of accounts in use."""
    return Appointment.objects.filter(until=None, account__is_active=True, account__kind="staff")


def _somebody_leads(*, besides: Post | None = None) -> None:
    """Nobody may shut the centre out of its own settings: one active account keeps duty L1 for good, by a post `besides` this one."""
    others = _for_good().exclude(post=besides).select_related("post")
    if not any("L1" in appointment.post.duties for appointment in others):
        raise Refused("这样一来就没有人承担“设立机构、配备人员”的职责了，请先给别人任职", CLAUSE)


@act("centre.name_days", duty="E1", title="载入节假日安排", clause="四(一)4")
def name_days(ctx: Context, days: Iterable[tuple[date, bool, str]]) -> int:
    """Load days off and make-up working days of the yearly notice: (day, works, title)."""
    rows = [Holiday(day=day, works=works, title=title) for day, works, title in days]
    Holiday.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=["works", "title"])
    ctx.record_all(rows)
    ctx.note = f"载入 {len(rows)} 天：" + "、".join(str(r) for r in rows[:40])
    return len(rows)


@act("centre.register_keys", duty="SYS", title="登记密钥", clause="三(六)2")
def register_keys(ctx: Context) -> list[KeyPeriod]:
    """Note which keys the installation has, so that a lost or foreign secrets file is seen at the next start. Once a key is
    noted it stays so; nothing is written of the key that would help to guess it."""
    known = set(KeyPeriod.objects.values_list("name", "key_id"))
    new = [
        KeyPeriod(name=name, key_id=key.id, check_value=check_value(name, key), since=key.since or today())
        for name in TITLES
        for key in keys(name)
        if (name, key.id) not in known
    ]
    if not new:
        raise Refused("密钥都已登记")
    for row in new:
        row.save()
    ctx.record(*new)
    return new

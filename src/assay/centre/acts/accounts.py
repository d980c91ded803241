"""The centre's own affairs: profile, parameters, departments, posts, accounts, appointments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from assay.centre.acts.reference import Kind, Many, keep
from assay.centre.departures import Departure, depart
from assay.centre.duties import DUTIES, in_words
from assay.centre.models import Account, Appointment, Centre, Department, Post
from assay.centre.passwords import first_password_ends
from assay.kernel.acts import Actor, Context, act
from assay.kernel.clock import today
from assay.kernel.identity import name_problem, tidy_name
from assay.kernel.persons import person_of
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(一)1"


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
    if Account.objects.filter(username=username).exists():
        raise Refused(f"账号 {username} 已存在", CLAUSE)
    account = Account(username=username, name=name, kind=kind, password=make_password(password), department=department)
    put_account(ctx, account, posts, must_change_password=must_change_password)
    return account


def _named(ctx: Context, row: Account, many: Many) -> None:
    """With the name of a person, in the form that is kept."""
    row.name = tidy_name(row.name)
    wrong = name_problem(row.name)
    if wrong:
        raise Refused(wrong, CLAUSE)


ACCOUNTS = Kind(Account, _named, CLAUSE)


def put_account(ctx: Context, account: Account, posts: Iterable[Post], *, must_change_password: bool) -> None:
    """Within an act: save an account, new or changed, and appoint its holder, from today on, to those of the posts that he is not in
    yet. A first password that must be changed is good for some days."""
    if account._state.adding and must_change_password:
        account.must_change_password, account.password_expires_at = True, first_password_ends()
    ACCOUNTS.put(ctx, account)
    for post in posts:
        appointment, made = Appointment.objects.get_or_create(
            account=account, post=post, until=None, defaults={"since": today()}
        )
        if made:
            ctx.record(appointment)


@act("centre.appoint", duty="L1", title="任职", clause="三(一)1")
def appoint(ctx: Context, account: Account, post: Post, since: date) -> Appointment:
    if Appointment.objects.filter(account=account, post=post, until=None).exists():
        raise Refused(f"{account} 已任 {post}", CLAUSE)
    appointment = Appointment.objects.create(account=account, post=post, since=since)
    ctx.record(appointment)
    return appointment


def require_in_post(appointment: Appointment) -> None:
    """Raises Refused once its last day is over: until then an end that was said before may be brought forward."""
    if appointment.until is not None and appointment.until < today():
        raise Refused(f"{appointment} 已于 {appointment.until} 免职", CLAUSE)


@act("centre.end_appointment", duty="L1", title="免职", clause="三(一)1", guard=require_in_post)
def end_appointment(ctx: Context, appointment: Appointment, until: date | None) -> Appointment:
    """`until` is the last day in the post, a whole day: what its duties opened ends when the day is over. None is at once: the last day
    was yesterday, and whoever was appointed today only is not any more."""
    _one_at_a_time()
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    require_in_post(appointment)
    last = until or today() - timedelta(days=1)
    if until is not None and until < appointment.since:
        raise Refused("免职日期早于任职日期", CLAUSE)
    if appointment.until is not None and last >= appointment.until:
        raise Refused(f"{appointment} 已定任至 {appointment.until}，只能提前", CLAUSE)
    _end_on(ctx, appointment, last)
    _somebody_leads()
    if last < today():
        depart(ctx, Departure(appointment.account_id))
    return appointment


def _end_on(ctx: Context, appointment: Appointment, last: date) -> None:
    """No day is left of what begins after its `last`: the ledger keeps that it was."""
    if last < appointment.since:
        ctx.record_removed(Appointment, appointment.pk)
        ctx.note = f"{appointment}，任职撤销"
        appointment.delete()
        return
    appointment.until = last
    appointment.save()
    ctx.record(appointment)


@act("centre.save_account", duty="L1", title="修改账号", clause="三(一)1")
def save_account(ctx: Context, account: Account, *, name: str, department: Department | None) -> Account:
    """Change the name or department of an account."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    account.name, account.department = name, department
    return ACCOUNTS.put(ctx, account)


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


def require_anothers(actor: Actor, account: Account) -> None:
    """Raises Refused for the account with which whoever acts is signed in."""
    if account.pk == actor.account_id:
        raise Refused(
            "不能停用自己正在使用的账号，请由另一位承担“设立机构、配备人员”职责的人办理", CLAUSE
        )  # fmt: skip


@act("centre.set_active", duty="L1", title="启用停用账号", clause="三(一)1", for_whom=require_anothers)
def set_active(ctx: Context, account: Account, active: bool) -> Account:
    """Put an account out of use, which ends its sessions for good, or into use again."""
    require_anothers(ctx.actor, account)
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

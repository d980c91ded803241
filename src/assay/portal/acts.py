"""A candidate's own account: it belongs to a person only when somebody vouched.

Signing up leaves a claim. The department confirms it, or hands out a code with which the person makes the account at once. What
these acts say to a stranger does not depend on who is known here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from assay.applications.models import Person
from assay.applications.ownership import department_of
from assay.applications.people import PersonData, person_index
from assay.applications.sources import STUDENT
from assay.applications.within import give_account, register
from assay.centre.models import Account
from assay.centre.within import candidates_account
from assay.kernel.acts import Actor, Context, act
from assay.kernel.clock import now, today
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused, grouped
from assay.kernel.sealing import blind_index
from assay.portal.codes import digest_of, new_code, new_number
from assay.portal.models import CLAIM_LASTS, CODE_LASTS, ActivationCode, Claim, ClaimState
from assay.portal.reach import concerning

CLAUSE = "工作方案 四(一)2"
WRONG_CODE = "证件号码或激活码不对，或激活码已用过、已过期。请核对；仍不行请到系部另领一个。"
WAITING_AT_ONCE = 5
"""Claims for one ID number that wait at the same time: the holder's own, and what others put beside it."""
_EXPIRED_AT_ONCE = 50


def username_for(id_type: str, id_number: str) -> str:
    """The account's name: derived from the ID number, telling nothing of it."""
    return _username(person_index(id_type, id_number))


def _username(id_index: str) -> str:
    return f"k-{id_index[:24]}"


def candidate_to_be(*, id_number: str, name: str) -> Account:
    """Whose password it will be, for the rules of passwords alone: what is typed for the account is the ID number."""
    return Account(kind="candidate", username=id_number, name=name)


def _hashed(password: str, *, id_number: str, name: str = "") -> str:
    """The hash, made before the act opens its transaction: it takes long, and as long for everybody. Raises Refused."""
    try:
        validate_password(password, candidate_to_be(id_number=id_number, name=name))
    except ValidationError as weak:
        raise Refused("；".join(weak.messages)) from weak
    return make_password(password)


def sign_up(actor: Actor, data: PersonData, *, password: str, address: str = "") -> Claim:
    """Leave a claim: who somebody says to be, from which address, with which password later on."""
    problems = data.problems(today())
    if problems:
        raise Refused("；".join(problems), CLAUSE)
    return _leave_claim(actor, data, _hashed(password, id_number=data.id_number, name=data.name), address)


@act("portal.sign_up", duty="SYS", title="考生注册", clause="四(一)2")
def _leave_claim(ctx: Context, data: PersonData, hashed: str, address: str) -> Claim:
    """Looks at no person and no account, so nothing can be told from the answer."""
    if data.department is None:
        raise Refused("请选择院系部门：由它核实")
    columns = data.columns()
    _expire(ctx, columns["id_index"])
    claim = Claim.objects.create(
        number=new_number(), name=data.name, sex=columns["sex"], id_type=data.id_type, id_number=columns["id_number"],
        id_index=columns["id_index"], ethnic=data.ethnic, education=data.education, phone=data.phone, source=data.source,
        department_id=data.department, major_id=data.major, class_name=data.class_name, student_no=data.student_no,
        graduates_on=data.graduates_on, password=hashed, at=ctx.at, address_index=blind_index("address", address),
    )  # fmt: skip
    ctx.record(claim)
    return claim


def _expire(ctx: Context, id_index: str) -> None:
    """End what waited too long, and the oldest of too many for one ID number."""
    waiting = Claim.objects.select_for_update().filter(state=Claim.State.WAITING).order_by("-at", "-pk")
    surplus = list(waiting.filter(id_index=id_index)[WAITING_AT_ONCE - 1 :])
    for claim in surplus:
        _decide(ctx, claim, Claim.State.EXPIRED, "同一证件号码又提交了新的注册")
    old = waiting.filter(at__lt=ctx.at - CLAIM_LASTS).exclude(pk__in=[c.pk for c in surplus])
    for claim in old[:_EXPIRED_AT_ONCE]:
        _decide(ctx, claim, Claim.State.EXPIRED, "无人核实，已过期")


def _decide(ctx: Context, claim: Claim, state: ClaimState, reason: str = "") -> None:
    claim.state, claim.reason, claim.password = state, reason, ""
    claim.decided_by, claim.decided_by_account_id, claim.decided_at = ctx.actor.name, ctx.actor.account_id, ctx.at
    claim.save()
    ctx.record(claim)


@dataclass(frozen=True)
class Confirmed:
    """A claim that became an account; `known` when the person had one and only got a new password."""

    claim: Claim
    known: bool


def require_waiting(*claims: Claim) -> None:
    """Raises Refused unless each of them waits for somebody to vouch for it."""
    at = now()
    _refuse([(str(claim), f"：{_no_longer(claim, at)}") for claim in claims if not still_waits(claim, at)])


def require_reach(actor: Actor, *claims: Claim) -> None:
    """Raises Refused where one of them is none of the actor's."""
    own = department_of(actor) if claims else None
    mine = {claim.pk for claim in claims} if own is None else set(_pks_concerning(own, claims))
    said = "申报的是其他院系，本院系名册上也没有此人，不归您办理"
    _refuse([(str(claim), f"：{said}") for claim in claims if claim.pk not in mine])


def require_confirmable(actor: Actor, *claims: Claim) -> None:
    """Raises Refused where one of them is none of the actor's, or of somebody whom the actor cannot vouch for."""
    require_reach(actor, *claims)
    known = on_rosters({claim.id_index for claim in claims})
    _refuse([said for claim in claims for said in _against(actor, claim, known.get(claim.id_index))])


def _refuse(wrong: Sequence[tuple[str, str]]) -> None:
    """(which, what is wrong with it)."""
    if wrong:
        raise Refused(grouped(wrong), CLAUSE)


@act(
    "portal.confirm_claims", duty=("R1", "E5"), title="确认考生注册", clause="四(一)2", guard=require_waiting,
    for_whom=require_confirmable,
)  # fmt: skip
def confirm_claims(ctx: Context, claims: Sequence[Claim], *, despite: bool = False) -> list[Confirmed]:
    """Vouch for those who signed up, having seen them or their papers. Who is on a roster keeps the roster's facts; `despite`
    says that what was claimed differs from them and was looked into."""
    rows = _locked(claims)
    require_waiting(*rows)
    require_confirmable(ctx.actor, *rows)
    people = {
        p.id_index: p
        for p in Person.objects.select_for_update(of=("self",))
        .filter(id_index__in=[r.id_index for r in rows])
        .select_related("department")
    }
    accounts = _accounts(people.values())
    for known in people.values():
        known.account = accounts.get(known.account_id)
    problems = [p for row in rows for p in _problems(ctx, row, people.get(row.id_index), despite)]
    if len({r.id_index for r in rows}) < len(rows):
        problems.append(("", "同一证件号码选了几份注册，只能确认其中受理号与本人相符的一份"))
    _refuse(problems)
    return [_confirm(ctx, row, people.get(row.id_index)) for row in rows]


def _accounts(people: Iterable[Person]) -> dict[int | None, Account]:
    """Their accounts, locked: nobody is opened again whom the centre puts out of use meanwhile."""
    chosen = [p.account_id for p in people if p.account_id is not None]
    return {account.pk: account for account in Account.objects.select_for_update().filter(pk__in=chosen).order_by("pk")}


def _problems(ctx: Context, claim: Claim, known: Person | None, despite: bool) -> list[tuple[str, str]]:
    found = _against(ctx.actor, claim, known)
    differing = [title for title, _, _ in differences(claim, known)] if known is not None else []
    if differing and not despite:
        said = f"：{'、'.join(differing)}与名册不一致；当面核对无误的，勾选“已核对不一致之处”再确认"
        found.append((str(claim), said))
    return found


def _against(actor: Actor, claim: Claim, known: Person | None) -> list[tuple[str, str]]:
    """What speaks against confirming it, however well it agrees with the roster."""
    if known is None:
        return []
    found = []
    if not _in_reach(actor, known.department_id):
        said = f"：此人在名册上属于{known.department or '其他院系'}，请由该院系办理，或由认定中心确认"
        found.append((str(claim), said))
    if known.account is not None and not known.account.is_active:
        found.append((str(claim), "：账号已由中心停用，请先联系领导小组启用"))
    return found


def differences(claim: Claim, known: Person) -> list[tuple[str, str, str]]:
    """(what, claimed, on the roster) where a claim says otherwise than the roster. What the roster leaves open differs not, nor what
    somebody left empty that may be: the name never, the student number of members of staff only."""
    facts = (
        ("姓名", claim.name, known.name, False),
        ("学号/工号", claim.student_no, known.student_no, known.source != STUDENT),
        ("手机号码", claim.phone, known.phone, True),
        ("班级", claim.class_name, known.class_name, True),
    )
    return [
        (title, said, there)
        for title, said, there, may_be_empty in facts
        if there and said != there and (said or not may_be_empty)
    ]


def _confirm(ctx: Context, claim: Claim, known: Person | None) -> Confirmed:
    person = known or register(ctx, claim.person())
    had_one = person.account_id is not None
    _open_account(ctx, person, claim.password)
    _decide(ctx, claim, Claim.State.CONFIRMED)
    for other in Claim.objects.select_for_update().filter(state=Claim.State.WAITING, id_index=claim.id_index):
        _decide(ctx, other, Claim.State.REFUSED, "同一证件号码的另一份注册已确认")
    return Confirmed(claim, had_one)


@act(
    "portal.refuse_claims", duty=("R1", "E5"), title="退回考生注册", clause="四(一)2", guard=require_waiting,
    for_whom=require_reach,
)  # fmt: skip
def refuse_claims(ctx: Context, claims: Sequence[Claim], *, reason: str) -> list[Claim]:
    """Nobody answers for these; the reason is shown in the browser that signed up."""
    if not reason.strip():
        raise Refused("退回须写明原因", CLAUSE)
    rows = _locked(claims)
    require_waiting(*rows)
    require_reach(ctx.actor, *rows)
    for row in rows:
        _decide(ctx, row, Claim.State.REFUSED, reason.strip())
    return rows


def _locked(claims: Sequence[Claim]) -> list[Claim]:
    rows = list(Claim.objects.select_for_update().filter(pk__in=[c.pk for c in claims]).order_by("pk"))
    if not rows:
        raise Refused("没有选中任何注册")
    return rows


def _pks_concerning(department: int, rows: Sequence[Claim]) -> Iterable[int]:
    return Claim.objects.filter(concerning(department), pk__in=[r.pk for r in rows]).values_list("pk", flat=True)


def still_waits(claim: Claim, at: datetime) -> bool:
    return claim.is_waiting and claim.at > at - CLAIM_LASTS


def ended(claim: Claim, at: datetime) -> str:
    """Why nothing comes of it, for who left it; nothing while it waits and when it was confirmed."""
    if claim.state == Claim.State.REFUSED:
        return "系部没有确认这份注册"
    return "" if claim.is_confirmed or still_waits(claim, at) else "这份注册已经过期"


def _no_longer(claim: Claim, at: datetime) -> str:
    return "已过期，请本人重新注册" if claim.is_waiting else claim.get_state_display()


def _in_reach(actor: Actor, department: int | None) -> bool:
    """Exam affairs vouch for everybody, a department for its own."""
    own = department_of(actor)
    return own is None or department in (None, own)


@act("portal.make_codes", duty=("R1", "E5"), title="发放激活码", clause="四(一)2")
def make_codes(ctx: Context, people: Sequence[Person]) -> list[tuple[Person, str]]:
    """A new code for each person; one that was handed out before opens nothing any more. Only here they are to be read."""
    rows = list(Person.objects.filter(pk__in=[p.pk for p in people]).order_by("class_name", "sort_key", "pk"))
    if not rows:
        raise Refused("没有选中任何考生")
    others = [str(p) for p in rows if not _in_reach(ctx.actor, p.department_id)]
    if others:
        raise Refused(f"不属于您的院系：{'、'.join(others[:20])}", CLAUSE)
    there = {c.person_id: c for c in ActivationCode.objects.select_for_update().filter(person__in=rows)}
    codes = {p.pk: new_code() for p in rows}
    made = [_code(ctx, there.get(p.pk) or ActivationCode(person=p), p, codes[p.pk]) for p in rows]
    ActivationCode.objects.bulk_create([c for c in made if c.pk is None], batch_size=300)
    rewrite([c for c in made if c.person_id in there], ["digest", "made_by", "made_at", "expires_at", "used_at"])
    ctx.record_all(made)
    return [(p, codes[p.pk]) for p in rows]


def _code(ctx: Context, row: ActivationCode, person: Person, code: str) -> ActivationCode:
    row.digest, row.used_at = digest_of(person.id_index, code), None
    row.made_by, row.made_at, row.expires_at = ctx.actor.name, ctx.at, ctx.at + CODE_LASTS
    return row


def activate(actor: Actor, *, id_type: str, id_number: str, code: str, password: str) -> Account:
    """The person with the code makes the own account, or gives it a new password."""
    return _activate(actor, person_index(id_type, id_number), code, _hashed(password, id_number=id_number))


@act("portal.activate", duty="SYS", title="凭激活码开通账号", clause="四(一)2")
def _activate(ctx: Context, id_index: str, code: str, hashed: str) -> Account:
    """A wrong code, a used one, somebody unknown: one question to the database and one answer."""
    valid = {"digest": digest_of(id_index, code), "used_at": None, "expires_at__gt": ctx.at}
    row = (
        ActivationCode.objects.select_for_update(of=("self",))
        .filter(person__id_index=id_index, **valid)
        .select_related("person")
        .first()
    )
    account = _accounts([row.person]).get(row.person.account_id) if row is not None else None
    if row is None or (account is not None and not account.is_active):
        raise Refused(WRONG_CODE, CLAUSE)
    row.used_at = ctx.at
    row.save(update_fields=["used_at"])
    ctx.record(row)
    return _open_account(ctx, row.person, hashed)


def _open_account(ctx: Context, person: Person, hashed: str) -> Account:
    """The person's account with this password; sessions with the old one are over. An account that was taken from the person
    again (see `applications.vouching`) is given back."""
    account = candidates_account(
        ctx, person.account_id, username=_username(person.id_index), name=person.name,
        department=person.department_id, password=hashed,
    )  # fmt: skip
    give_account(ctx, person, account)
    return account


def on_rosters(indexes: Collection[str]) -> Mapping[str, Person]:
    """The persons whom claims say to be, by blind index, as they are known."""
    found = Person.objects.filter(id_index__in=indexes).select_related("department", "account")
    return {p.id_index: p for p in found}

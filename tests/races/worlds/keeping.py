"""Accounts and their posts, and reference data that several people keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from assay.catalogue.acts import WEIGHTS
from assay.catalogue.models import StandardLevel, Weight
from assay.centre import parameters
from assay.centre.acts import accounts, enrolling, own, settings
from assay.centre.acts.accounts import DEPARTMENTS, save_post
from assay.centre.acts.basis import Given, set_basis
from assay.centre.acts.reference import Kept
from assay.centre.models import Account, Appointment, BasisVersion, Department, OpenSession, Post, SecondFactor
from assay.corps.acts import CARDS, MEMBERS
from assay.corps.models import Card, Member
from assay.kernel import clock, totp
from assay.kernel.acts import Actor
from assay.sites.acts import FAULTS, ROOMS
from assay.sites.models import BrokenStation
from tests import factories as f
from tests.races.deeds import Deed, Pair, People, as_both, deed, world

_numbers = count(1)


def lent(people: People, *duties: str) -> Pair:
    """Two people who act with duties that no post of theirs gives: they keep nobody in office."""
    return people.kept("lent", lambda: tuple(f.actor_with(*duties, account=f.staff()) for _ in range(2)))  # type: ignore[no-any-return]


@world("centre.end_appointment", "centre.set_active", "centre.save_post")
def the_last_two_who_lead(people: People) -> Iterator[Deed]:
    """Whoever leaves first may, whoever leaves second may not."""
    f.centre()
    for former in Account.objects.filter(appointments__post__code__startswith="lead", is_active=True):
        former.is_active = False
        former.save()
    posts = [
        Post.objects.create(code=f"lead{next(_numbers)}", title="主任", group="测试", duties=["L1"]) for _ in range(2)
    ]
    one, other = (f.staff() for _ in range(2))
    ends = [
        Appointment.objects.create(account=account, post=post, since=clock.today() - timedelta(days=9))
        for account, post in zip((one, other), posts, strict=True)
    ]
    who = lent(people, "L1")
    yield deed(who, accounts.end_appointment, ends[0], until=clock.today(), said="one")
    yield deed(who, accounts.end_appointment, ends[1], until=clock.today(), said="the other")
    yield deed(who, accounts.set_active, one, False, said="one")
    yield deed(who, accounts.set_active, other, False, said="the other")
    yield _changed(who, save_post, posts[1], duties=["E1"])


def _changed(who: Pair, save: Any, row: Any, said: str = "", **facts: Any) -> Deed:
    """The row as a form brings it in: read, changed, saved."""

    def change(actor: Actor, found: Any) -> None:
        for name, value in facts.items():
            setattr(found, name, value)
        save(actor, found)

    return deed(who, change, row, said=said, within=[save])


@world(
    "centre.create_account", "centre.appoint", "centre.end_appointment", "centre.set_active", "centre.save_account",
    "centre.set_password", "desk.change_own_password",
)  # fmt: skip
def account(people: People) -> Iterator[Deed]:
    account, other = (
        f.staff("E1"),
        people.kept("post", lambda: Post.objects.create(code="other", title="副职", group="测试")),
    )
    appointment = account.appointments.get()
    new = f"new{next(_numbers)}"
    yield deed(
        people("L1"),
        accounts.create_account,
        username=new,
        name="新人",
        kind="staff",
        password="argon2-would-be-slow",
        posts=[other],
    )
    yield deed(people("L1"), accounts.appoint, account, other, clock.today())
    yield deed(people("L1"), accounts.end_appointment, appointment, clock.today())
    yield deed(people("L1"), accounts.set_active, account, False)
    yield deed(people("L1"), accounts.save_account, account, name="改名", department=None)
    yield deed(people("L1"), accounts.set_password, account, "correct horse battery")
    yield deed(as_both(account), own.change_password, account, "another horse battery")


@world(
    "centre.enrol_second_factor", "centre.renew_recovery_codes", "centre.reset_second_factor", "centre.end_sessions",
    "desk.end_session",
)  # fmt: skip
def second_step(people: People) -> Iterator[Deed]:
    """Somebody sets up another telephone while the former one is taken off."""
    account, now = f.staff("E1"), clock.real_now()
    former = totp.new_secret()
    before = now - timedelta(seconds=90)
    SecondFactor.objects.create(account=account, secret=former, since=now, last_step=totp.step_at(before))
    OpenSession.objects.create(account=account, since=now, seen=now, address="192.0.2.1", device="Chrome")
    holder, new = as_both(account), totp.new_secret()
    yield deed(
        holder,
        lambda actor, who: enrolling.enrol(
            actor, who, secret=new, code=totp.code_at(new, clock.real_now()), recovery=["AAAAA-AAAAA"]
        ),
        account,
        within=[enrolling.enrol],
    )
    yield deed(holder, enrolling.renew_codes, account, recovery=["CCCCC-CCCCC"])
    yield deed(people("L1"), enrolling.reset, account, reason="手机丢失")
    yield deed(people("L1"), accounts.end_sessions, account)
    yield deed(
        holder,
        lambda actor, who: own.end_sessions(actor, who, who.open_sessions.filter(ended_at=None)),
        account,
        within=[own.end_sessions],
    )


def _kept_by_two(people: People, kept: Kept[Any], row: Any, made: Any, duty: str, **changed: Any) -> Iterator[Deed]:
    """A row that is there, changed and removed; and a new one that two people make."""
    yield _changed(people(duty), kept.save, row, **changed, said="change")
    yield deed(people(duty), kept.remove, row)
    yield deed(people(duty), kept.save, made, said="new")


@world("centre.save_department", "centre.remove_department", "centre.create_account")
def department(people: People) -> Iterator[Deed]:
    n = next(_numbers)
    row = f.department()
    yield from _kept_by_two(people, DEPARTMENTS, row, Department(code=f"N{n}", name=f"新系{n}"), "L1", name=f"改名{n}")
    yield deed(
        people("L1"),
        accounts.create_account,
        username=f"dep{n}",
        name="新人",
        kind="staff",
        password="x",
        department=row,
    )


@world("corps.save_member", "corps.remove_member", "corps.save_card", "corps.remove_card")
def member_and_card(people: People) -> Iterator[Deed]:
    n, day = next(_numbers), clock.today()
    number = f.resident_number(n, birth="19800101")
    row = f.member("invigilator", id_number=f.resident_number(n, birth="19790101"))
    fresh = Member(name="新人", id_number=number)
    yield from _kept_by_two(people, MEMBERS, row, fresh, "X1", title="讲师")
    card = row.cards.get()
    new = Card(member=row, role="supervisor", number=f"NC{n}", valid_from=day, valid_to=day + timedelta(days=99))
    yield from _kept_by_two(people, CARDS, card, new, "X1", valid_to=day + timedelta(days=99))


@world("sites.save_room", "sites.remove_room", "sites.save_fault", "sites.remove_fault")
def room_and_fault(people: People) -> Iterator[Deed]:
    row = f.room()
    fault = BrokenStation.objects.create(room=row, number=3, fault="无声", reported_on=clock.today())
    yield _changed(people("D1"), ROOMS.save, row, workstations=2, said="smaller")
    yield deed(people("D1"), ROOMS.remove, row)
    yield _changed(people("D1"), FAULTS.save, fault, repaired_on=clock.today(), said="repaired")
    yield deed(people("D1"), FAULTS.remove, fault)
    yield deed(
        people("D1"),
        FAULTS.save,
        BrokenStation(room=row, number=5, fault="黑屏", reported_on=clock.today()),
        said="new",
    )


@world("catalogue.save_weight", "catalogue.remove_weight")
def weights_of_a_level(people: People) -> Iterator[Deed]:
    level = StandardLevel.objects.get(standard=f.scope_row(levels="4").standard)
    n = next(_numbers)
    row = Weight.objects.create(standard_level=level, part="theory", name=f"一{n}", position=1, percent=40)
    new = Weight(standard_level=level, part="theory", name=f"二{n}", position=2, percent=60)
    other = Weight(standard_level=level, part="theory", name=f"三{n}", position=3, percent=50)
    yield from _kept_by_two(people, WEIGHTS, row, new, "E1", percent=50)
    yield deed(people("E1"), WEIGHTS.save, other, said="another")


@world("centre.set_basis", "centre.save_centre")
def basis_of_the_rules(people: People) -> Iterator[Deed]:
    centre, last = f.centre(), BasisVersion.objects.last()
    was = last.pk if last else None
    for who, n in (("L1", next(_numbers)), ("L2", next(_numbers))):
        given = Given("own", f"实施办法（{n}）", numbers={"四(一)4": f"第 {n} 条"})
        yield deed(people(who), set_basis, given, was=was, said=who)
    yield _changed(people("L1"), settings.save_centre, centre, phone="0372")


@world("centre.set_parameter", "centre.save_centre")
def settings_of_the_centre(people: People) -> Iterator[Deed]:
    centre, now = f.centre(), str(parameters.decimal("results.pass_mark"))
    more, less = (f"{60 + next(_numbers) % 39}" for _ in range(2))
    yield deed(people("L1"), settings.set_parameter, "results.pass_mark", more, "文〔1〕", was=now)
    yield deed(people("L2"), settings.set_parameter, "results.pass_mark", less, "文〔2〕", said="otherwise")
    yield _changed(people("L1"), settings.save_centre, centre, phone="0371")

"""Who comes to the office's doors: nobody, every post of the school, candidates, and those who must not come any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.test import Client

from assay.arrangement.models import Assignment
from assay.centre.actors import duties_of
from assay.centre.models import Account, Appointment, Post, SecondFactor
from assay.certificates.models import Certificate
from assay.demo.school import PASSWORD
from assay.kernel import clock, totp
from assay.setup.usual import POSTS
from tests import factories as f

NEW = "must-change"
"""Whose password was set by somebody else."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is changed inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Visitor:
    """Somebody at a browser. `kind` and `held` are what the house knows of them now."""

    name: str
    account: Account | None = None
    kind: str | None = None
    held: frozenset[str] = frozenset()
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    _session: dict[str, str] = field(default_factory=dict)

    def opens(self, address: str) -> HttpResponse:
        """The page; whatever opening it wrote is undone."""
        with undone():
            return self.as_signed_in().get(address)

    def sends(self, address: str, body: Mapping[str, Any] | None = None) -> HttpResponse:
        for value in (body or {}).values():
            if isinstance(value, File):
                value.seek(0)  # it may have been sent before
        return self.as_signed_in().post(address, dict(body or {}))

    def as_signed_in(self) -> Client:
        self.client.cookies = SimpleCookie(self._session)
        return self.client

    def comes_in(self) -> Visitor:
        if self.account is not None:
            self.client.force_login(self.account, backend=BACKEND)
            self._session = {name: morsel.value for name, morsel in self.client.cookies.items()}
        return self


def visitor(name: str, account: Account) -> Visitor:
    """Somebody who has signed in."""
    return Visitor(name, account, account.kind, duties_of(account)).comes_in()


def staff(username: str) -> Visitor:
    return visitor(username, Account.objects.get(username=username))


def candidate_with_rows() -> Visitor:
    """A candidate who went the whole way: ticket, result and certificate are there."""
    issued = Certificate.objects.filter(application__ticket__isnull=False, application__person__account=None)
    return visitor("考生", f.candidate(issued.order_by("pk")[0].application.person))


def everybody() -> list[Visitor]:
    """One of each kind."""
    return [
        Visitor("nobody"),
        *(visitor(code, _holder(code)) for code, *_ in POSTS),
        staff("xibu-shangmao"),
        visitor("an invigilator without a room", _unassigned("invigilator")),
        visitor(
            "staff without a post", Account.objects.create(username="no-post", name="无岗", kind="staff", password="!")
        ),
        candidate_with_rows(),
        visitor("a candidate without an application", f.candidate(f.person())),
        half_signed_in(),
        *those_who_may_not_come_any_more(),
    ]


def half_signed_in() -> Visitor:
    """Somebody with every duty who has given the password here, and not the code of the telephone."""
    account = _with_every_duty("half-signed-in")
    account.set_password(PASSWORD)
    account.save()
    SecondFactor.objects.create(account=account, secret=totp.new_secret(), since=clock.now())
    client = Client(raise_request_exception=False)
    answer = client.post("/sign-in/", {"username": account.username, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/code/"
    session = {name: morsel.value for name, morsel in client.cookies.items()}
    return Visitor("half signed in", account, client=client, _session=session)


def those_who_may_not_come_any_more() -> list[Visitor]:
    """Accounts that opened every door of their post until now, with the cookies of then."""
    disabled, ended, new = (_officer(name) for name in ("disabled", "ended", NEW))
    Account.objects.filter(username="disabled").update(is_active=False)
    disabled.kind, disabled.held = None, frozenset()
    Appointment.objects.filter(account__username="ended").update(until=clock.today() - timedelta(days=1))
    ended.held = frozenset()
    Account.objects.filter(username=NEW).update(must_change_password=True)
    return [disabled, ended, new]


def _officer(name: str) -> Visitor:
    """Somebody who signed in while holding every duty of the office."""
    return visitor(name, _with_every_duty(name))


def _with_every_duty(name: str) -> Account:
    account = Account.objects.create(username=name, name="旧人", kind="staff", password="!")
    for code, *_ in POSTS:
        Appointment.objects.create(
            account=account, post=Post.objects.get(code=code), since=clock.today() - timedelta(days=30)
        )
    return account


def _holder(code: str) -> Account:
    """Who holds a post; of invigilators and examiners one who is assigned to rooms."""
    holders = _holders(code)
    return holders.filter(pk__in=Assignment.objects.values("member__account")).first() or holders[0]


def _unassigned(code: str) -> Account:
    assigned = Assignment.objects.exclude(member__account=None).values("member__account")
    return _holders(code).exclude(pk__in=assigned)[0]


def _holders(code: str) -> QuerySet[Account]:
    """Who holds a post, those first who hold no other."""
    others = Count("appointments", distinct=True)
    holders = Account.objects.filter(
        pk__in=Appointment.objects.filter(post__code=code).values("account"), is_active=True
    )
    return holders.annotate(others=others).order_by("others", "pk")

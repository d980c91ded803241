"""Deny by default: every address against every post, and against nobody and a candidate."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from assay.centre.actors import duties_of
from assay.centre.models import Account, Post
from assay.kernel.access import Access, may_open
from tests.played.conftest import Played

_PART = re.compile(r"<([a-z]+):[a-z_]+>")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def addresses(patterns: list[Any] | None = None, prefix: str = "") -> list[tuple[str, Access | None]]:
    """(address with an example for each part, what its view declares)."""
    found: list[tuple[str, Access | None]] = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            path = "/" + _PART.sub(lambda part: EXAMPLES[part[1]], route)
            found.append((path, getattr(pattern.callback, "access", None)))
    return found


EXAMPLES = {"int": "999999", "slug": "nothing", "str": "nothing", "path": "x.y"}
PUBLIC = {
    "/", "/announcements/999999/", "/notices/999999/", "/verify/", "/v/nothing", "/sign-in/", "/my/sign-in/",
    "/my/sign-up/", "/my/sign-up/received/", "/my/activate/",
}  # fmt: skip


def client_of(account: Account | None) -> Client:
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account, backend=BACKEND)
    return client


def shut(status: int, location: str) -> bool:
    return status == 403 or (status == 302 and "sign-in" in location)


def test_every_view_declares_who_may_open_it() -> None:
    assert [path for path, access in addresses() if access is None] == []


def test_the_public_sees_only_what_is_meant_for_it() -> None:
    assert {path for path, access in addresses() if access is not None and access.public} == PUBLIC


def test_nobody_gets_past_the_sign_in(played: Played) -> None:
    client = client_of(None)
    for path, access in addresses():
        assert access is not None
        if not access.public:
            for send in (client.get, client.post):
                reply = send(path)
                assert shut(reply.status_code, reply.headers.get("Location", "")), (path, reply.status_code)


def test_a_candidate_opens_no_page_of_the_staff(played: Played) -> None:
    candidate = Account.objects.create(username="k-test", name="考生", kind="candidate", password="!")
    client = client_of(candidate)
    for path, access in addresses():
        assert access is not None
        if not (access.public or access.candidates):
            for send in (client.get, client.post):
                assert send(path).status_code == 403, path


@pytest.mark.parametrize("code", [
    "leader", "director", "exam", "review", "papers", "certificates", "archive", "supervision", "supervisor", "experts",
    "equipment", "finance", "department", "invigilator", "examiner", "author",
])  # fmt: skip
def test_each_post_opens_exactly_what_its_duties_allow(played: Played, code: str) -> None:
    post = Post.objects.get(code=code)
    account = Account.objects.filter(appointments__post=post, is_active=True).first()
    assert account is not None
    held = duties_of(account)
    client = client_of(account)
    for path, access in addresses():
        assert access is not None
        if path in ("/sign-out/",):
            continue
        for method, reading in (("get", True), ("post", False)):
            status = getattr(client, method)(path).status_code
            allowed = may_open(access, kind="staff", held=held, reading=reading)
            assert (status != 403) or not allowed or method == "post", (path, method, status)
            assert allowed or status == 403, (path, method, status)
            assert status < 500, (path, method, status)


def test_a_supervisor_reads_everything_and_changes_nothing_but_the_own_records(played: Played) -> None:
    supervisor = Account.objects.get(username="dudao01")
    client = client_of(supervisor)
    for path, access in addresses():
        assert access is not None
        if access.duties and "Q4" not in access.duties and not access.duties & duties_of(supervisor):
            assert client.get(path).status_code != 403, path
            assert client.post(path).status_code in (403, 405), path


def test_an_account_out_of_use_opens_nothing(played: Played) -> None:
    account = Account.objects.get(username="kaowu")
    client = client_of(account)
    assert client.get("/desk/").status_code == 200
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert shut(client.get("/desk/").status_code, "sign-in")


def test_a_post_ends_with_its_last_day(played: Played) -> None:
    from datetime import timedelta

    from assay.centre.models import Appointment
    from assay.kernel.clock import today

    account = Account.objects.get(username="kaowu")
    assert "E1" in duties_of(account)
    Appointment.objects.filter(account=account).update(until=today() - timedelta(days=1))
    assert duties_of(account) == frozenset()

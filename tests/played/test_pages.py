"""Every page that a link leads to opens, for each kind of user; pages stay cheap however much they show."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assay.batches.models import Batch
from assay.centre.models import Account
from assay.demo.posts import SIGN_INS
from assay.kernel import outbox
from assay.kernel.acts import Context, act
from tests import factories as f
from tests.played.conftest import Played

OF_A_KIND = 2
MOST_QUERIES = 60
_LINK = re.compile(r'href="([^"#]+)"')


def kind_of(path: str) -> str:
    return re.sub(r"\d+", "N", path.split("?")[0])


def links(page: str, path: str) -> list[str]:
    found = []
    for link in _LINK.findall(page):
        link = link.replace("&amp;", "&")
        if link.startswith(("/static", "http", "?", "data:", "otpauth:")):
            continue
        found.append(link if link.startswith("/") else path.split("?")[0] + link)
    return found


@pytest.mark.parametrize("username", [username for username, _ in SIGN_INS])
def test_every_link_opens_and_no_page_asks_the_database_too_often(played: Played, username: str) -> None:
    client = Client()
    client.force_login(Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    waiting, seen, kinds = [("/desk/", "")], set(), Counter[str]()
    while waiting:
        path, source = waiting.pop(0)
        if path in seen or kinds[kind_of(path)] >= OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind_of(path)] += 1
        with CaptureQueriesContext(connection) as queries:
            reply = client.get(path)
        assert reply.status_code in (200, 302), f"{path} (from {source}): {reply.status_code}"
        if reply.status_code == 200 and reply["Content-Type"].startswith("text/html"):
            assert len(queries) <= MOST_QUERIES, f"{path}: {len(queries)} queries"
            page = reply.content.decode()
            assert "{{" not in page
            assert "{%" not in page
            waiting += [(link, path) for link in links(page, path)]
    assert len(seen) > 8


def test_no_page_of_the_staff_shows_a_whole_id_number_where_it_is_not_needed(played: Played) -> None:
    from assay.applications.models import Person

    numbers = set(Person.objects.all()[:20].values_list("pk", flat=True))
    whole = {p.id_number for p in Person.objects.filter(pk__in=numbers)}
    client = Client()
    client.force_login(Account.objects.get(username="kaowu"), backend="django.contrib.auth.backends.ModelBackend")
    for path in ("/applications/", "/batches/1/", "/certificates/batches/1/", "/results/1/", "/corps/members/"):
        page = client.get(path, follow=True).content.decode()
        assert not [n for n in whole if n in page], path


def test_the_public_page_of_a_notice_shows_masked_numbers_only(played: Played) -> None:
    from assay.applications.models import Person
    from assay.results.models import PublicNotice

    notice = PublicNotice.objects.order_by("pk")[0]
    assert notice.rows
    assert all("*" in row["id_masked"] for row in notice.rows)
    shown = "".join(str(row) for row in notice.rows)
    assert not [p.id_number for p in Person.objects.all() if p.id_number in shown]


@act("tests.put_out", duty="E13", title="测试报送")
def put_out(ctx: Context, batch: Batch) -> None:
    outbox.enqueue(ctx, "certificates", batch, {}, key="once-more")


def test_certificates_on_their_way_to_the_province_are_said_to_be_so(played: Played) -> None:
    batch = Batch.objects.filter(route="exam").order_by("pk")[0]
    client = Client()
    client.force_login(Account.objects.get(username="zhengshu"), backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("certificates:batch", args=[batch.pk])
    assert "等待省平台接收" not in client.get(page).content.decode()
    put_out(f.actor_with("E13"), batch)
    assert "等待省平台接收" in client.get(page).content.decode()

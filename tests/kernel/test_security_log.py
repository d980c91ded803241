"""The security log only grows, and what was changed behind its back is found."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from assay.centre.actors import SYSTEM
from assay.desk.acts import bind_security_log
from assay.kernel import append_only, clock, security_log
from assay.kernel.models import SecurityEvent, SecurityLogSeal
from assay.kernel.security_log import note
from assay.kernel.verification import verify

pytestmark = pytest.mark.django_db


def request(path: str = "/desk/", **meta: str) -> HttpRequest:
    made = RequestFactory().get(path, **meta)
    made.user = AnonymousUser()
    return made


def lines(count: int = 3) -> list[SecurityEvent]:
    for n in range(count):
        note(request(), "sign_in", what=f"第 {n} 次", who="nobody", failed=True)
    return list(SecurityEvent.objects.order_by("pk"))


def said() -> list[str]:
    return [f"{f.where}：{f.what}" for f in verify().findings if "安全日志" in f.where]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_securityevent SET who = 'x'",
        "DELETE FROM kernel_securityevent",
        pytest.param(
            "TRUNCATE kernel_securityevent",
            marks=pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such statement"),
        ),
    ],
)
def test_the_database_refuses_to_change_or_remove_a_line(statement: str) -> None:
    lines(1)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert SecurityEvent.objects.filter(who="nobody").count() == 1


def test_a_migration_can_go_back_and_forth() -> None:
    lines(1)
    with append_only.unguarded(connection):
        SecurityEvent.objects.update(who="x")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        SecurityEvent.objects.update(who="y")


def test_a_line_that_was_changed_or_slipped_in_is_named() -> None:
    first, second, _ = lines()
    assert said() == []
    with append_only.unguarded(connection):
        SecurityEvent.objects.filter(pk=second.pk).update(failed=False)
    forged = SecurityEvent.objects.create(
        at=clock.real_now(), kind="sign_in", who="x", address="192.0.2.1", seal="9:ab"
    )
    assert said() == [f"安全日志第 {n} 行：内容与校验码不符：被改动，或绕过系统写入" for n in (second.pk, forged.pk)]
    assert first.pk < second.pk


def test_a_line_that_is_missing_after_it_was_bound_is_found() -> None:
    events = lines()
    rows = security_log.bound_before(clock.real_now() + timedelta(seconds=1))
    assert rows is not None
    assert (rows.first, rows.last, rows.count) == (1, events[-1].pk, 3)
    bind_security_log(SYSTEM, rows)
    assert security_log.bound_before(clock.real_now() + timedelta(seconds=1)) is None
    lines(1)
    assert said() == []
    with append_only.unguarded(connection):
        SecurityEvent.objects.filter(pk=events[1].pk).delete()
    assert said() == [f"安全日志第 1 至 {events[-1].pk} 行：行数不符：封存时 3 行，现有 2 行"]
    SecurityLogSeal.objects.update(count=2)
    assert any("“count”被改动" in one for one in said())


def test_lines_are_bound_the_day_after_and_not_while_some_may_be_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    lines()
    midnight = (clock.real_now().astimezone(clock.SHANGHAI) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    assert security_log.due() is None

    def at(moment: datetime) -> None:
        monkeypatch.setattr(clock, "real_now", lambda: moment)

    at(midnight + timedelta(minutes=30))
    assert security_log.due() is None
    at(midnight + timedelta(minutes=90))
    rows = security_log.due()
    assert rows is not None
    assert rows.count == 3


def test_the_same_line_goes_to_the_logger_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "assay.security"):
        note(request("/verify/\r\nforged/", HTTP_USER_AGENT="x\r\ny"), "refused", what="两\n行", who="somebody")
    (record,) = caplog.records
    assert "\n" not in record.getMessage()
    assert "\r" not in record.getMessage()
    assert json.loads(record.getMessage())["who"] == "somebody"


def test_what_is_too_long_is_cut_and_not_refused() -> None:
    note(request("/" + "a" * 500), "refused", what="长" * 500, who="w" * 500)
    found = SecurityEvent.objects.get()
    assert (len(found.page), len(found.what), len(found.who)) == (200, 200, 80)
    assert said() == []

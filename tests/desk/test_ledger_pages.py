"""What an entry of the ledger recorded, as people read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assay.centre.acts import record_anew
from assay.centre.acts import settings as centre_acts
from assay.demo import school
from assay.desk import ledger_views
from assay.kernel import clock
from assay.kernel.clock import SHANGHAI
from assay.kernel.coverage import recorded_models
from assay.kernel.models import LedgerEntry
from assay.kernel.verification import Finding, Report
from assay.results.acts import checks, notices, outcomes
from assay.results.models import Result
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_an_entry_shows_titles_and_the_time_of_shanghai_and_no_codes(client: Client) -> None:
    f.centre()
    batch = f.batch("exam", stage="check")
    at = datetime(2031, 5, 6, 0, 30, tzinfo=SHANGHAI)
    application = f.application(batch)
    f.theory_sheet(application, [f.item(1, "60"), f.item(2, "40")], {"1": "A"})
    result = Result.objects.create(
        application=application,
        batch=batch,
        theory=59,
        skill=80,
        outcome="fail",
        computed_at=at,
        released_at=at,
    )
    with clock.moved_to(at):
        check = outcomes.ask_check(f.actor_with("E3"), result, part="theory", reason="少算一题")
        officer, director = (f.actor_with(duty, account=f.staff(duty)) for duty in ("E9", "L2"))
        check = checks.answer_check(officer, check, finding="更正", take_over=True)
        checks.confirm_check(director, check)
    entry = LedgerEntry.objects.get(act="results.confirm_check")
    client.force_login(f.staff("L2"))
    page = client.get(reverse("desk:entry", args=[entry.seq])).content.decode()
    for said in ("理论", "更正", "合格", "否", "2031-05-06 00:30:00"):
        assert said in page
    for code in ("theory", "corrected", "pass", "False", "+00:00"):
        assert code not in page.split("<main")[-1]


def test_the_check_says_what_it_looked_at_and_what_it_found() -> None:
    report = Report(12, 30, 2, 1, [])
    assert ledger_views.found_by(report) == (
        "核验了台账 12 条、事实 30 项、签署点 2 个，与留存在系统外的签署点核对 1 个：全部一致，没有改动。"
    )
    assert ledger_views.found_by(Report(12, 30, 2, 0, [])).endswith("不能排除整本台账连同签署点被重写。")
    report.findings.append(Finding("台账第 3 条", "校验码不符"))
    assert ledger_views.found_by(report).endswith("：发现 1 处不符。")


def test_every_column_that_the_ledger_speaks_of_has_a_chinese_name() -> None:
    named = [ledger_views._named(model, name, None)[0] for model in recorded_models() for name in model.fact_names()]
    assert [name for name in named if name.isascii()] == []


def test_the_entry_that_says_what_the_ledger_covers_opens(client: Client) -> None:
    record_anew.record_anew()
    client.force_login(f.staff("L2"))
    entry = LedgerEntry.objects.get(act="centre.note_coverage")
    page = client.get(reverse("desk:entry", args=[entry.seq])).content.decode()
    assert "台账覆盖范围" in page
    assert "登记台账覆盖范围" in page


def test_the_entry_of_setting_up_a_whole_school_opens(client: Client) -> None:
    school.install(f.actor_with("L1"))
    client.force_login(f.staff("L2"))
    entry = LedgerEntry.objects.get(act="desk.install_school")
    answer = client.get(reverse("desk:entry", args=[entry.seq]))
    assert answer.status_code == 200
    assert "E1、" in answer.content.decode(), "duties of a post in a row"


def test_the_entries_of_a_notice_open(client: Client) -> None:
    f.centre()
    client.force_login(f.staff("L2"))
    f.application(batch := f.batch("exam", stage="notice"), person=f.person(name="韩一一"))
    Result.objects.create(
        application=batch.applications.get(), batch=batch, theory=80, skill=80, outcome="pass", computed_at=clock.now()
    )
    notices.open_notice(f.actor_with("E3"), batch)
    with clock.moved_to(clock.now() + timedelta(days=40)):
        notices.close_notice(f.actor_with("E3"), batch)
    for entry in LedgerEntry.objects.all():
        assert client.get(reverse("desk:entry", args=[entry.seq])).status_code == 200, entry.act


LINES = [
    ("results.publicnotice", {"rows": [{"name": "韩一一", "job": "--"}], "closed_at": None}, "job：--，name：韩一一"),
    ("centre.post", {"duties": ["E1", "E2"]}, "E1、E2"),
    ("corps.member", {"classes": [], "#id_index": "ab" * 32}, "（加密校验码 abababababab…）"),
    ("centre.post", {"a_column_of_then": {"1": True}}, "1：是"),
]


@pytest.mark.parametrize(("subject", "facts", "said"), LINES)
def test_whatever_an_act_recorded_can_be_read(client: Client, subject: str, facts: dict[str, Any], said: str) -> None:
    f.centre()
    client.force_login(f.staff("L2"))
    centre_acts.set_parameter(f.actor_with("L1"), "results.resits", "2", "示例文号")
    entry = LedgerEntry.objects.get()
    entry.lines.update(subject=subject, facts=facts)
    answer = client.get(reverse("desk:entry", args=[entry.seq]))
    assert answer.status_code == 200
    assert said in answer.content.decode()

"""The cockpit says what keeps a batch at its stage, and offers to move it on when nothing does."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.batches import acts, cockpit
from assay.batches.models import Batch
from assay.batches.timing import Deadline, Timing
from assay.kernel import clock, gates
from assay.kernel.clock import today
from assay.kernel.refusals import Blocked, Blocker
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def shown(client: Client, batch: Batch, *duties: str) -> str:
    client.force_login(f.staff(*duties), BACKEND)
    return client.get(reverse("batches:cockpit", args=[batch.pk])).content.decode()


def planned() -> Batch:
    """Everything that the plan stage asks for."""
    batch = f.batch("exam", stage="plan")
    day = today() + timedelta(days=90)
    Batch.objects.filter(pk=batch.pk).update(
        notice_text="公告",
        scheme="方案",
        apply_from=today(),
        apply_to=day - timedelta(days=60),
        exam_on=day,
        exam_to=day,
    )
    type(batch.plan).objects.filter(pk=batch.plan_id).update(state="approved")
    return Batch.objects.get(pk=batch.pk)


def test_a_batch_that_nothing_keeps_is_moved_on_by_exam_affairs_and_by_nobody_else(client: Client) -> None:
    f.centre()
    batch = planned()
    url = reverse("batches:advance", args=[batch.pk])
    page = shown(client, batch, "E1")
    assert f'action="{url}"' in page
    assert "“制定计划”办结，进入“组织报名”？" in page
    assert "可以进入“组织报名”" in page
    page = shown(client, batch, "E9")
    assert url not in page
    assert "等待考务管理组推进到“组织报名”" in page


@pytest.mark.parametrize(("days_before", "kept"), [(5, True), (40, False)])
def test_applications_that_end_after_the_last_day_of_filing_keep_the_plan(days_before: int, kept: bool) -> None:
    f.centre()
    batch = planned()
    Batch.objects.filter(pk=batch.pk).update(apply_to=batch.exam_on - timedelta(days=days_before))
    batch.refresh_from_db()
    assert any("不早于上报期限" in one.text for one in gates.blockers("plan", batch)) is kept


def test_a_batch_that_something_keeps_shows_what_and_a_button_that_cannot_be_pressed(client: Client) -> None:
    f.centre()
    batch = planned()
    Batch.objects.filter(pk=batch.pk).update(notice_text="")
    page = shown(client, batch, "E1")
    assert "“制定计划”还有 1 项未完成" in page
    assert "没有认定公告" in page
    assert 'disabled aria-describedby="tasks-title">进入“组织报名”</button>' in page
    assert reverse("batches:advance", args=[batch.pk]) not in page
    assert "进入“组织报名”</button>" not in shown(client, batch, "E9")


@pytest.mark.parameter("filing.lead_working_days")
def test_how_long_before_the_exam_filing_ends_is_what_the_parameters_page_was_told(client: Client) -> None:
    f.centre()
    batch = planned()
    assert "上报期限" in (page := shown(client, batch, "E1"))
    assert "已过上报期限" not in page
    f.set_parameter("filing.lead_working_days", "70")
    page = shown(client, batch, "E1")
    assert "已过上报期限" in page
    assert "考核前 70 个工作日" in page


def test_what_keeps_a_batch_is_looked_for_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    f.centre()
    batch, asked = planned(), []

    def blockers(stage: str, _batch: Batch) -> list[Blocker]:
        asked.append(stage)
        return [Blocker("缺", "工作方案 四(一)1", "E1")] if stage == "plan" else []

    monkeypatch.setattr("assay.kernel.gates.blockers", blockers)
    for duty in ("E1", "E9"):
        assert "还有 1 项未完成" in shown(client, batch, duty)
        assert asked.count("plan") == 1
        asked.clear()


def test_a_closed_batch_has_no_next_stage(client: Client) -> None:
    f.centre()
    page = shown(client, f.batch("direct", stage="closed"), "E1")
    assert "本批次已办结" in page
    assert "进入“" not in page


def test_a_stage_that_only_waits_says_so() -> None:
    batch = Batch(route="direct", stage="apply")
    here = next(step for step in cockpit.pipeline(batch) if step.is_now)
    waits = cockpit.Task(batch, Blocker("报名未截止", "", "E1", waits_for="明天"), "", "", False, "")
    to_do = cockpit.Task(batch, Blocker("没有人报名", "", "R1"), "", "", False, "")
    said = [cockpit.headline(batch, here, found) for found in ([], [waits], [waits, to_do])]
    assert said == ["“组织报名”已具备办结条件", "“组织报名”正在等待", "“组织报名”还有 1 项未完成"]
    assert here.said == "正在办理"


@pytest.mark.parametrize(
    ("title", "left", "away", "said", "tone"),
    [
        ("报名截止", -1, -1, "已过", "red"),
        ("报名截止", 0, -1, "已过", "red"),  # Saturday, seen on Sunday
        ("报名截止", 0, 0, "今天截止", "orange"),
        ("考核首日", 0, 0, "今天", "orange"),
        ("报名截止", 0, 2, "还有 2 天，都是休息日", "orange"),
        ("报名截止", 5, 7, "还有 5 个工作日", "orange"),
        ("报名截止", 6, 8, "还有 6 个工作日", "blue"),
    ],
)
def test_a_day_to_keep_says_what_is_left(title: str, left: int, away: int, said: str, tone: str) -> None:
    deadline = Deadline(Batch(), title, date(2030, 1, 1), left, True, away)
    assert (deadline.said, deadline.tone) == (said, tone)


@pytest.mark.parametrize(("stage", "said", "tone"), [("exam", "已开始", "blue"), ("filing", "已过", "red")])
def test_the_first_exam_day_that_is_past_has_begun_or_was_missed(stage: str, said: str, tone: str) -> None:
    f.centre()
    batch = f.batch("exam", stage=stage)
    batch.exam_on = date(2026, 12, 19)  # a Saturday
    with clock.moved_to(datetime(2026, 12, 20, 9, tzinfo=clock.SHANGHAI)):
        (found,) = [d for d in Timing().deadlines(batch) if d.title == "考核首日"]
    assert (found.said, found.tone) == (said, tone)


def test_whoever_may_make_a_batch_is_offered_to(client: Client) -> None:
    for duty in ("E1", "E9"):
        client.force_login(f.staff(duty), BACKEND)
        assert (reverse("batches:new") in client.get(reverse("batches:list")).content.decode()) == (duty == "E1")


def test_who_moves_on_a_batch_that_is_not_ready_reads_everything_that_is_missing() -> None:
    f.centre()
    batch = planned()
    Batch.objects.filter(pk=batch.pk).update(notice_text="", scheme="")
    batch.refresh_from_db()
    with pytest.raises(Blocked, match="没有认定公告；没有实施方案"):
        acts.advance(f.actor_with("E1"), batch)

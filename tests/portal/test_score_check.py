"""A candidate asks for a check of what was sat, once for each part, while the period runs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from assay.kernel import clock
from assay.results.acts.checks import answer_check, confirm_check
from assay.results.models import Result, ScoreCheck
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_only_parts_that_were_sat_can_be_checked_and_each_once() -> None:
    f.centre()
    batch = f.batch("exam", stage="check")
    application = f.application(batch)
    account = f.candidate(application.person)
    result = Result.objects.create(
        application=application, batch=batch, theory=Decimal("0.0"), skill=None, skill_absent=False, outcome="fail",
        computed_at=clock.now(), released_at=clock.now(),
    )  # fmt: skip
    client = Client()
    client.force_login(account)
    home, form = "/my/", f"/my/results/{result.pk}/check/"
    page = client.get(home).content.decode()
    assert "申请复核" in page
    assert "理论 0" in page
    offered = client.get(form).content.decode()
    assert 'value="theory"' in offered
    assert "理论（0）" in offered
    assert "由系统按您的答卷重判" in offered
    assert 'value="skill"' not in offered
    assert 'value="review"' not in offered
    assert client.post(form, {"part": "skill", "reason": "请核对"}).status_code == 200
    client.post(form, {"part": "theory", "reason": "请核对"})
    officer, director = (f.actor_with(duty, account=f.staff(duty)) for duty in ("E9", "L2"))
    check = answer_check(officer, ScoreCheck.objects.get(), finding="核对无误")
    page = client.get(home).content.decode()
    assert "待复核人确认" in page
    assert "核对无误" not in page
    confirm_check(director, check)
    page = client.get(home).content.decode()
    assert "申请复核" not in page
    assert "核对无误" in page
    assert "维持原成绩" in page


def test_when_the_period_is_over_nothing_is_offered() -> None:
    f.centre()
    batch = f.batch("exam", stage="check")
    application = f.application(batch)
    account = f.candidate(application.person)
    result = Result.objects.create(
        application=application, batch=batch, theory=Decimal(50), outcome="fail",
        computed_at=clock.now(), released_at=clock.now() - timedelta(days=40),
    )  # fmt: skip
    client = Client()
    client.force_login(account)
    assert "申请复核" not in client.get("/my/").content.decode()
    said = client.get(f"/my/results/{result.pk}/check/", follow=True).content.decode()
    assert "复核申请期已过" in said

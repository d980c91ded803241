"""A button that is pressed many times in the same moment: done once, and nobody sees a broken page."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from assay.centre.models import Account
from assay.kernel import clock
from assay.kernel.expected import FIELD, token_of
from assay.kernel.models import LedgerEntry
from assay.marking.acts.drawing import draw_paper
from assay.marking.models import PanelSheet, SkillDraw
from assay.results.models import Result, ScoreCheck
from tests import factories as f
from tests.marking.conftest import Hall, hall
from tests.portal.strangers import sign_up_form

__all__ = ["hall"]
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]
TIMES = 6


def clicked(who: Account | None, address: str, given: Mapping[str, object]) -> list[int]:
    """The statuses of that many requests at once, all with the one session of somebody's browser."""
    browser, barrier = Client(), Barrier(TIMES)
    if who is not None:
        browser.force_login(who)

    def click(_: int) -> int:
        own = Client(raise_request_exception=False)
        own.cookies = browser.cookies
        barrier.wait()
        try:
            return own.post(address, given).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return sorted(pool.map(click, range(TIMES)))


def test_a_batch_moves_one_stage() -> None:
    today = clock.today()
    batch = f.batch(stage="apply", apply_from=today - timedelta(days=9), apply_to=today - timedelta(days=1))
    f.application(batch, state="approved", department=f.department())
    codes = clicked(f.staff("E1"), reverse("batches:advance", args=[batch.pk]), {FIELD: token_of(batch)})
    assert codes[-1] < 500
    batch.refresh_from_db()
    assert batch.stage == "review"
    assert LedgerEntry.objects.filter(act="batches.advance").count() == 1


def test_signing_up() -> None:
    f.centre()
    given = sign_up_form(f.resident_number(77), f.department())
    assert clicked(None, reverse("portal:sign_up"), given)[-1] < 500


def test_a_score_check_is_asked_for_once() -> None:
    f.centre()
    batch, person = f.batch("exam", stage="check"), f.person()
    result = Result.objects.create(
        application=f.application(batch, person=person), batch=batch, theory=Decimal(59), skill=Decimal(80), outcome="fail",
        computed_at=clock.now(), released_at=clock.now(),
    )  # fmt: skip
    asked = {"part": "theory", "reason": "少算一题"}
    codes = clicked(f.candidate(person), reverse("portal:score_check", args=[result.pk]), asked)
    assert codes[-1] < 500
    assert ScoreCheck.objects.count() == 1


def test_a_lot_is_drawn_once(hall: Hall) -> None:
    keeper, room = Account.objects.get(pk=hall.keeper.account_id or 0), hall.room(clock.now())
    assert clicked(keeper, reverse("marking:draw", args=[room.pk]), {"witness": "考生代表甲"})[-1] < 500
    assert SkillDraw.objects.count() == 1
    assert LedgerEntry.objects.filter(act="marking.draw_paper").count() == 1


def test_a_panel_is_opened_once(hall: Hall) -> None:
    keeper, room = Account.objects.get(pk=hall.keeper.account_id or 0), hall.room(clock.now(), candidates=3)
    draw_paper(hall.keeper, room, witness="考生代表甲")
    assert clicked(keeper, reverse("marking:open_panel", args=[room.pk]), {})[-1] < 500
    assert PanelSheet.objects.count() == 3

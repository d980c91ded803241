"""A small batch of each route, looked at before each step that changes what can be done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from assay.batches.models import Batch
from assay.kernel import clock
from assay.kernel.acts import Act
from assay.rehearsal import short_routes
from assay.rehearsal.applying import annual_plan
from assay.rehearsal.calendar import on, past_days
from assay.rehearsal.cast import Cast
from assay.rehearsal.exam_route import ExamBatch
from assay.rehearsal.play import running, set_up
from assay.rehearsal.report import Report
from assay.rehearsal.rosters import Students
from tests.offered.asked import listen
from tests.offered.looking import STAGE_ENDS, Watcher
from tests.offered.pages import record_offers
from tests.played.conftest import Silent, forget_former_plays

LINES = [(9, 4), (1, 4)]
STEPS = {STAGE_ENDS, "exam.sign_opening", "exam.record_collection", "marking.settle"}
"""Before the first of each of these in a stage everybody looks."""
SHORT = {"direct": ("review", "archive"), "process": ("review",), "contest": ("review",)}
"""The stages of the short routes at whose ends they do: their others are those of the exam route, and what differs among them is what
an application says."""


class Stops:
    """Where the play stops for a look."""

    def __init__(self) -> None:
        self.watcher: Watcher | None = None
        self.seen: set[tuple[str, str, str]] = set()
        self.looking = False

    def before(self, act: Act) -> None:
        if self.looking or self.watcher is None or act.name not in STEPS or (batch := _played_now()) is None:
            return
        moment = (batch.route, batch.stage, act.name)
        left_out = batch.route != "exam" and (act.name != STAGE_ENDS or batch.stage not in SHORT[batch.route])
        if batch.stage == "plan" or left_out or moment in self.seen:
            return
        self.seen.add(moment)
        self.looking = True
        try:
            self.watcher.look(batch, act.name)
        finally:
            self.looking = False


def _played_now() -> Batch | None:
    return Batch.objects.exclude(stage="closed").order_by("pk").last()


@pytest.fixture(scope="package")
def _watcher(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Watcher]:
    """All that was seen; the play itself is undone."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        forget_former_plays()
        stops = Stops()
        asked = listen(patch, stops.before)
        stops.watcher = Watcher(asked, record_offers(patch))
        _play(Report(Silent()))
        yield stops.watcher
        transaction.set_rollback(True)


def _play(report: Report) -> None:
    days, cast = past_days(clock.today()), Cast()
    report.candidates = sum(count for _, count in LINES)
    with on(days.before(60)):
        set_up(report, cast)
        plan = annual_plan(cast, days.exam_on.year)
    students = Students(days.exam_on)
    with running() as beside:
        ExamBatch(cast, report, days, hall=beside.hall, province=beside.province).play(
            plan, LINES, students, seats=None, minutes=0.0
        )
        for route in SHORT:
            students = Students(days.exam_on, students.next_serial)
            short_routes.play(cast, report, days, plan, route, students, beside.province)


@pytest.fixture
def watcher(_watcher: Watcher, db: None) -> Watcher:
    return _watcher

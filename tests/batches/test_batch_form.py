"""Revising a plan: what stands in the form counts, whether it was touched or not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.batches.acts import create_batch
from assay.batches.forms import BatchForm, LinesFormSet, lines_formset
from assay.batches.models import Batch
from assay.kernel.clock import today
from assay.kernel.expected import FIELD, token_of
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
Posted = dict[str, str]


@pytest.fixture
def batch() -> Batch:
    f.centre()
    return f.batch("exam", lines=[(f.scope_row("车工"), "4", 30), (f.scope_row("保育师"), "3", 12)])


def posted(batch: Batch, *new: tuple[str, str]) -> Posted:
    """The form as the browser sends it untouched, with the rows `new` (what, planned) at its end."""
    rows = [(f"{line.scope_row_id}:{line.level_id}", str(line.planned)) for line in batch.lines.all()]
    found = {"lines-INITIAL_FORMS": str(len(rows)), "lines-TOTAL_FORMS": str(len(rows) + len(new))}
    for number, (what, planned) in enumerate([*rows, *new]):
        found |= {f"lines-{number}-what": what, f"lines-{number}-planned": planned}
    return found


def read(batch: Batch, data: Posted) -> LinesFormSet:
    formset = lines_formset(data, batch)
    formset.is_valid()
    return formset


def planned(formset: LinesFormSet) -> list[tuple[str, int]]:
    return [(row.job, number) for row, _, number in formset.lines()]


def test_untouched_rows_count(batch: Batch) -> None:
    assert planned(read(batch, posted(batch))) == [("车工", 30), ("保育师", 12)]


@pytest.mark.parameter("filing.lead_working_days")
def test_the_form_says_as_many_working_days_as_the_parameters_page_was_told(batch: Batch) -> None:
    assert "此前 10 个工作日上报" in BatchForm(batch=batch).fields["exam_on"].help_text
    f.set_parameter("filing.lead_working_days", "12")
    assert "此前 12 个工作日上报" in BatchForm(batch=batch).fields["exam_on"].help_text


def test_an_empty_new_row_does_not_count_and_a_filled_one_does(batch: Batch) -> None:
    new = f.scope_row("收银员")
    with_new = posted(batch, ("", ""), (f"{new.pk}:{f.level('5').pk}", "8"))
    assert planned(read(batch, with_new)) == [("车工", 30), ("保育师", 12), ("收银员", 8)]


def test_a_row_taken_out_is_out_and_the_others_stay(batch: Batch) -> None:
    assert planned(read(batch, posted(batch) | {"lines-0-DELETE": "on"})) == [("保育师", 12)]


def test_taking_out_every_row_is_refused(batch: Batch) -> None:
    formset = read(batch, posted(batch) | {"lines-0-DELETE": "on", "lines-1-DELETE": "on"})
    assert "至少要有一个工种等级" in formset.non_form_errors()[0]


def test_an_untouched_row_listed_once_more_is_refused(batch: Batch) -> None:
    line = batch.lines.first()
    assert line is not None
    formset = read(batch, posted(batch, (f"{line.scope_row_id}:{line.level_id}", "5")))
    assert "列了两次" in formset.non_form_errors()[0]


def test_a_row_emptied_by_hand_is_asked_for(batch: Batch) -> None:
    formset = read(batch, posted(batch) | {"lines-0-what": "", "lines-0-planned": ""})
    assert not formset.is_valid()


def test_revising_the_dates_alone_keeps_every_line(batch: Batch, client: Client) -> None:
    client.force_login(f.staff("E1"), "django.contrib.auth.backends.ModelBackend")
    f.application(batch, state="submitted")
    until: date = batch.apply_to + timedelta(days=2)
    dates = {name: getattr(batch, name) for name in ("apply_from", "exam_on", "exam_to")}
    texts = {"name": batch.name, "notice_text": batch.notice_text, "scheme": batch.scheme}
    answer = client.post(
        reverse("batches:edit", args=[batch.pk]),
        posted(batch, ("", "")) | texts | dates | {"apply_to": until, FIELD: token_of(batch)},
    )
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert batch.apply_to == until
    assert sorted(batch.lines.values_list("planned", flat=True)) == [12, 30]


def test_the_last_day_of_an_exam_of_one_day_stays_open_when_its_day_is_moved(batch: Batch, client: Client) -> None:
    Batch.objects.update(exam_to=batch.exam_on)
    batch.refresh_from_db()
    assert BatchForm.values_of(batch)["exam_to"] is None
    client.force_login(f.staff("E1"), "django.contrib.auth.backends.ModelBackend")
    moved: date = batch.exam_on + timedelta(days=9)
    dates = {"apply_from": batch.apply_from, "apply_to": batch.apply_to, "exam_on": moved, "exam_to": ""}
    texts = {"name": batch.name, "notice_text": batch.notice_text, "scheme": batch.scheme, FIELD: token_of(batch)}
    answer = client.post(reverse("batches:edit", args=[batch.pk]), posted(batch, ("", "")) | texts | dates)
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert (batch.exam_on, batch.exam_to) == (moved, moved)


def test_all_that_is_wrong_with_a_plan_is_said_at_once(batch: Batch) -> None:
    row, day = f.scope_row("收银员"), today()
    with pytest.raises(Refused) as refused:
        create_batch(
            f.actor_with("E1"), plan=batch.plan, code=batch.code, name="又一批", route="exam", apply_from=day,
            apply_to=day - timedelta(days=1), exam_on=day - timedelta(days=2), exam_to=day - timedelta(days=3),
            lines=[(row, f.level("4"), 5)] * 2,
        )  # fmt: skip
    said = refused.value.message
    for wrong in ("已用过", "截止早于报名开始", "应在报名截止之后", "末日早于首日", "列了两次"):
        assert wrong in said
    assert Batch.objects.count() == 1

"""Hundreds are reviewed at once: all that a filter leaves, looked through together, and nothing is decided unseen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.acts.correcting import correct_person
from assay.applications.models import Application, Person, ReviewDecision
from assay.batches.models import Batch
from assay.catalogue.models import EntryCondition
from assay.centre.models import Department
from assay.kernel import clock, files
from tests import factories as f
from tests.applications.rosters import photo

pytestmark = pytest.mark.django_db
SOUND = 60


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department(name="汽车工程系")


@pytest.fixture
def batch(department: Department) -> Batch:
    """More than a page of students of whom nothing is lacking, two without a photo, and one of another department."""
    batch = f.batch(stage="review")
    line, kept = batch.lines.get(), files.keep(photo())
    condition = EntryCondition.objects.get(
        standard_level__standard=line.scope_row.standard, standard_level__level=line.level
    )
    for n in range(SOUND + 2):
        person = f.person(
            name=f"考生{n:03d}", department=department, student_no=f"23{n:04d}", class_name=f"汽修230{n % 2 + 1}",
            graduates_on=clock.today() + timedelta(days=90), photo=kept if n < SOUND else None, photo_on=clock.today(),
        )  # fmt: skip
        f.application(batch, "submitted", person=person, department=department, condition=condition, pledged=True)
    f.application(batch, "submitted", department=f.department(name="机电工程系"))
    return batch


def opened(browser: Client, **query: object) -> str:
    return browser.get(reverse("applications:all", args=["first"]), query).content.decode()


def sent(page: str, number: int, **more: str) -> dict[str, object]:
    """The fields of the form with that number, of those that decide."""
    form = page.split('action="/applications/decide/first/"')[number + 1].partition("</form>")[0]
    fields = dict(re.findall(r'name="(as_shown|back)" value="([^"]*)"', form))
    return {**fields, "chosen": re.findall(r'name="chosen" value="(\d+)"', form), **more}


def head(department: Department) -> Client:
    browser = Client()
    browser.force_login(f.staff("R1", department=department))
    return browser


def test_all_that_the_filter_leaves_are_passed_at_once_and_what_lacks_something_is_sent_back(
    batch: Batch, department: Department
) -> None:
    browser = head(department)
    listed = browser.get(reverse("applications:list")).content.decode()
    link = re.search(r'href="(/applications/all/first/\?[^"]+)"', listed)
    assert link is not None
    page = browser.get(link[1].replace("&amp;", "&")).content.decode()
    assert f"通过这 {SOUND} 份" in page
    assert "没有照片" in page
    assert "考生060" in page
    assert "机电工程系" not in page
    address = reverse("applications:decide", args=["first"])
    assert "已办理 60 份：通过" in browser.post(address, sent(page, 0, verdict="pass"), follow=True).content.decode()
    assert (
        "已办理 2 份：退回"
        in browser.post(address, sent(page, 1, verdict="return", reason="请补照片"), follow=True).content.decode()
    )
    states = list(Application.objects.filter(department=department).order_by("pk").values_list("state", flat=True))
    assert states == ["first_passed"] * SOUND + ["returned"] * 2
    assert ReviewDecision.objects.count() == SOUND + 2


def test_a_class_alone_is_looked_through_by_the_search(batch: Batch, department: Department) -> None:
    page = opened(head(department), batch=batch.pk, q="汽修2302")
    assert f"通过这 {SOUND // 2} 份" in page
    assert "汽修2301" not in page


def test_what_was_changed_after_the_page_was_opened_decides_over_nobody(batch: Batch, department: Department) -> None:
    browser = head(department)
    page = opened(browser, batch=batch.pk)
    correct_person(f.actor_with("E5"), Person.objects.get(name="考生007"), {"class_name": "别的班"})
    done = browser.post(reverse("applications:decide", args=["first"]), sent(page, 0, verdict="pass"), follow=True)
    assert "其中有报名已由别人改动或办理" in done.content.decode()
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}


def test_many_cost_no_more_questions_than_few(
    batch: Batch, department: Department, django_assert_max_num_queries
) -> None:
    browser = head(department)
    opened(browser, batch=batch.pk)
    with django_assert_max_num_queries(60):
        opened(browser, batch=batch.pk)

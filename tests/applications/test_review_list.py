"""The list of a reviewer: it opens on what waits, offers boxes where something can be decided, and keeps its filters."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.centre.models import Department
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
LIST = "/applications/"


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department()


@pytest.fixture
def batch(department: Department) -> Batch:
    """Open, with one of each state; beside it a closed one."""
    made = f.batch("exam", stage="review")
    for state in ("draft", "submitted", "first_passed", "approved"):
        f.application(made, state=state, department=department)
    f.application(f.batch("exam", stage="closed"), state="approved", department=department)
    return made


def signed_in(client: Client, *duties: str, department: Department | None = None) -> Client:
    client.force_login(f.staff(*duties, department=department), BACKEND)
    return client


@pytest.mark.parametrize(("duty", "state"), [("R1", "submitted"), ("E4", "first_passed")])
def test_the_list_opens_on_what_waits_for_the_reader(client, batch, department, duty, state) -> None:
    page = signed_in(client, duty, department=department).get(LIST).content.decode()
    waiting = Application.objects.get(batch=batch, state=state)
    assert "共 1 条" in page
    assert f'value="{waiting.pk}"' in page
    assert 'href="?batch=&amp;state=' in page
    assert "共 5 条" in client.get(LIST, {"batch": "", "state": ""}).content.decode()


def test_with_nothing_waiting_the_open_batch_is_shown_whole(client, batch, department) -> None:
    Application.objects.filter(state="first_passed").update(state="approved")
    assert "共 4 条" in signed_in(client, "E4").get(LIST).content.decode()


@pytest.mark.parametrize(("duties", "boxes"), [(("R1",), 1), (("E4",), 1), (("E2", "E4"), 2), (("E5",), 0)])
def test_only_rows_that_the_reader_can_decide_have_a_box(client, batch, department, duties, boxes) -> None:
    page = signed_in(client, *duties, department=department).get(LIST, {"state": ""}).content.decode()
    assert page.count('name="chosen"') == boxes


@pytest.mark.parametrize(
    ("state", "verdict", "said"),
    [
        ("", "pass", "没有选中任何报名"),
        ("submitted", "return", "须写明原因"),
        ("draft", "pass", "的报名现为“草稿”，不在本环节"),
    ],
)
def test_a_slip_is_told_over_the_same_list(client, batch, department, state, verdict, said) -> None:
    signed_in(client, "R1", department=department)
    back = f"{LIST}?batch={batch.pk}&state=submitted"
    chosen = list(Application.objects.filter(batch=batch, state=state).values_list("pk", flat=True))
    given = {"chosen": chosen, "verdict": verdict, "reason": "", "back": back}
    answer = client.post(reverse("applications:decide", args=["first"]), given, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    page = answer.content.decode()
    assert said in page
    assert "没有改动任何内容" in page

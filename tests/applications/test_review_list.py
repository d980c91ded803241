"""The list of a reviewer: it opens on what waits, offers boxes where something can be decided, and keeps its filters."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.acts import applying
from assay.applications.models import Application, Person
from assay.batches.models import Batch
from assay.centre.actors import actor_of
from assay.centre.models import Account, Department
from assay.kernel import clock, ledger
from assay.kernel.refusals import Refused
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


@pytest.mark.parametrize(("duties", "boxes"), [(("R1",), 1), (("E4",), 1), (("E2", "E4"), 2), (("E5",), 4)])
def test_only_rows_that_the_reader_can_decide_or_take_back_have_a_box(client, batch, department, duties, boxes) -> None:
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
    back = f"http://testserver{LIST}?batch={batch.pk}&state=submitted"
    chosen = list(Application.objects.filter(batch=batch, state=state).values_list("pk", flat=True))
    given = {"chosen": chosen, "verdict": verdict, "reason": ""}
    address = reverse("applications:decide", args=["first"])
    answer = client.post(address, given, follow=True, headers={"referer": back})
    assert answer.redirect_chain == [(back, 302)]
    page = answer.content.decode()
    assert said in page
    assert "data-refused" in page, "what was ticked and chosen is put back"
    assert "没有改动任何内容" in page


def passed_first_by(officer: Account, applications: Sequence[Application]) -> None:
    """Beside the reviews themselves, which are tested elsewhere: what the ledger remembers of them."""
    header = ledger.Header(
        at=clock.now(), act="applications.first_review", duty="E2", actor_id=officer.pk, actor_name=officer.name, note="",
        simulated=False,
    )  # fmt: skip
    ledger.append(header, [ledger.Line(a.subject(), str(a.pk), a.facts()) for a in applications])


def test_what_the_officer_passed_at_first_review_is_left_to_others(client, batch, department) -> None:
    officer = f.staff("E2", "E4", department=department)
    client.force_login(officer, BACKEND)
    own = Application.objects.get(batch=batch, state="first_passed")
    other = f.application(batch, state="first_passed", department=department)
    assert "2 份报名待中心审核</b>" in client.get("/desk/").content.decode()
    passed_first_by(officer, [own])
    page = client.get(LIST, {"state": "first_passed"}).content.decode()
    assert f'name="chosen" value="{other.pk}"' in page
    assert f'name="chosen" value="{own.pk}"' not in page
    assert page.count("由他人审核") == 1
    detail = client.get(reverse("applications:detail", args=[own.pk])).content.decode()
    assert "由他人审核" in detail
    assert 'name="verdict"' not in detail
    assert "2 份报名待中心审核，其中 1 份由您经办过，须由他人办理</b>" in client.get("/desk/").content.decode()
    passed_first_by(officer, [other])
    desk = client.get("/desk/").content.decode()
    assert "2 份报名待中心审核，都由您经办过，须由他人办理" in desk.partition("其他人办理")[2]
    with pytest.raises(Refused, match="须由不同的人办理"):
        applying.centre_review(actor_of(officer), [own], verdict="return", reason="补材料")


def test_nobody_is_offered_the_own_application(client, batch, department) -> None:
    own = Application.objects.get(batch=batch, state="first_passed")
    officer = f.staff("E4")
    Person.objects.filter(pk=own.person_id).update(account=officer)
    client.force_login(officer, BACKEND)
    assert 'name="chosen"' not in client.get(LIST, {"state": "first_passed"}).content.decode()


def test_marking_rows_costs_the_same_for_many_as_for_one(
    client, batch, department, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        f.application(batch, state="first_passed", department=department)
    client.force_login(f.staff("E4"), BACKEND)
    with django_assert_max_num_queries(45):
        client.get(LIST, {"state": "first_passed"})


def test_an_ordinary_application_is_said_to_take_its_parts_for_the_first_time(client, batch, department) -> None:
    client.force_login(f.staff("E5"), BACKEND)
    own = Application.objects.get(batch=batch, state="submitted")
    given = {"batch": batch.pk, "state": "submitted"}
    assert "<td>新考</td>" in client.get(LIST, given).content.decode()
    Application.objects.filter(pk=own.pk).update(skill="resit")
    page = client.get(LIST, given).content.decode()
    assert "<td>新考</td>" not in page
    assert "技能补考" in page
    assert "理论新考" in page


@pytest.mark.parametrize(
    ("duty", "state", "said", "linked"),
    [
        ("E5", "approved", "请用“更正已审核信息”", True),
        ("R1", "approved", "由认定中心办理“更正已审核信息”", False),
        ("E5", "submitted", "", False),
        ("E5", "rejected", "", False),
    ],
)
def test_from_the_persons_page_a_link_leads_to_where_reviewed_information_is_corrected(
    client, batch, department, duty, state, said, linked
) -> None:
    application = Application.objects.filter(batch=batch).exclude(state="draft").first()
    Application.objects.filter(pk=application.pk).update(state=state)
    client.force_login(f.staff(duty, department=department), BACKEND)
    page = client.get(reverse("applications:person", args=[application.pk])).content.decode()
    assert said in page
    assert (reverse("applications:applicant", args=[application.pk]) in page) == linked

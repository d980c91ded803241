"""The page of an application offers what its acts would do, to whoever may do it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.acts import correcting
from assay.applications.acts.withdrawing import withdraw
from assay.applications.basis import Taken
from assay.applications.models import Application, Person
from assay.centre.models import Account, Department
from assay.kernel.refusals import Refused
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGES = {"更正考生信息": "person", "更正已审核信息": "applicant", "登记免考": "exempt", "更正考试类别": "parts"}


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department()


@pytest.fixture
def application(department: Department) -> Application:
    return f.application(f.batch("exam", stage="review"), state="submitted", department=department)


def offered(client: Client, account: Account, application: Application) -> set[str]:
    client.force_login(account, BACKEND)
    page = client.get(reverse("applications:detail", args=[application.pk])).content.decode()
    found = {
        title for title, name in PAGES.items() if f'"{reverse(f"applications:{name}", args=[application.pk])}"' in page
    }
    return found | ({"审核"} if 'name="verdict"' in page else set())


def test_a_department_head_is_offered_what_is_done_to_the_own_department_only(client, application, department) -> None:
    everything = {"审核", "更正考生信息", "登记免考", "更正考试类别"}
    Person.objects.filter(pk=application.person_id).update(department=department)
    assert offered(client, f.staff("R1", "L2", department=department), application) == everything
    assert offered(client, f.staff("R1", "L2", department=f.department()), application) == set()
    assert offered(client, f.staff("R1", "L2"), application) == set()
    assert offered(client, f.staff("E2"), application) == {"审核"}
    assert offered(client, f.staff("E5"), application) == everything - {"审核"}


def test_in_a_list_of_all_departments_a_head_ticks_the_own_ones(client, application, department) -> None:
    other = f.application(application.batch, state="submitted", department=f.department())
    client.force_login(f.staff("R1", "L2", department=department), BACKEND)
    page = client.get(reverse("applications:list"), {"state": "submitted"}).content.decode()
    assert f'name="chosen" value="{application.pk}"' in page
    assert f'name="chosen" value="{other.pk}"' not in page
    assert f"/applications/{other.pk}/" in page


@pytest.mark.parametrize(
    ("state", "stage", "corrects"),
    [
        ("returned", "review", {"更正考生信息"}),
        ("rejected", "review", {"更正考生信息"}),
        ("approved", "review", {"更正已审核信息"}),
        ("first_passed", "review", {"更正已审核信息"}),
        ("approved", "closed", {"更正考生信息"}),
    ],
)
def test_either_the_person_or_what_was_reviewed_is_put_right(client, application, state, stage, corrects) -> None:
    Application.objects.filter(pk=application.pk).update(state=state)
    type(application.batch).objects.filter(pk=application.batch_id).update(stage=stage)
    found = offered(client, f.staff("E5"), application)
    assert found & {"更正考生信息", "更正已审核信息"} == corrects


def test_what_another_batch_has_decided_of_the_person_is_not_offered_to_be_changed(client, application) -> None:
    f.application(f.batch("direct", stage="notice"), state="approved", person=application.person)
    assert "更正考生信息" not in offered(client, f.staff("E5"), application)
    with pytest.raises(Refused, match="不能再这样更正"):
        correcting.correct_person(f.actor_with("E5"), application.person, {"class_name": "车工一班"})


def test_nobody_is_offered_to_change_what_was_reviewed_of_the_own_application(client, application) -> None:
    Application.objects.filter(pk=application.pk).update(state="approved")
    officer = f.staff("E5")
    assert "更正已审核信息" in offered(client, officer, application)
    Person.objects.filter(pk=application.person_id).update(account=officer)
    assert "更正已审核信息" not in offered(client, officer, application)


def test_a_route_without_parts_has_neither_exemptions_nor_parts_to_change(client, department) -> None:
    direct = f.application(f.batch("direct", stage="review"), state="submitted", department=department)
    assert offered(client, f.staff("E5"), direct) == {"更正考生信息"}


@pytest.mark.parametrize("state", ["withdrawn", "rejected"])
def test_what_is_gone_is_not_taken_back_once_more(application, state) -> None:
    Application.objects.filter(pk=application.pk).update(state=state, reason="材料不实")
    with pytest.raises(Refused, match="不能撤回"):
        withdraw(f.actor_with("E5"), [application], reason="误导入")
    application.refresh_from_db()
    assert application.reason == "材料不实"


def test_a_part_that_is_left_out_on_nothing_stands_out_most() -> None:
    first, kept, nothing = Taken("theory", "first"), Taken("skill", "exempt", "省赛"), Taken("skill", "exempt")
    assert [taken.tone for taken in (first, kept, nothing)] == ["blue", "orange", "red"]
    assert [how for how, _, chosen in kept.hows if chosen] == ["exempt"]

"""The worktable: what is mine, what only waits, and work that is there before the stage asks for it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.models import Application
from assay.bank.models import Item, Specification
from assay.batches import acts
from assay.batches.models import Batch
from assay.centre.models import Account, Department
from assay.filing.models import Filing
from assay.kernel.clock import today
from assay.kernel.refusals import Blocked
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def departments() -> list[Department]:
    f.centre()
    return [f.department(name="汽车工程系"), f.department(name="财经商贸系")]


def batch_with(stage: str, departments: list[Department]) -> Batch:
    """Two of the first department, one of the second to be reviewed first; one that waits for the centre."""
    first, second = departments
    made = f.batch("exam", stage=stage)
    for department, state in (
        (first, "submitted"),
        (first, "submitted"),
        (second, "submitted"),
        (second, "first_passed"),
    ):
        f.application(made, state=state, department=department)
    return made


def page(account: Account, path: str = "/desk/") -> str:
    client = Client()
    client.force_login(account, BACKEND)
    return client.get(path).content.decode()


def mine(account: Account) -> str:
    """The card of own tasks alone."""
    found = re.search(r"由我办理.*?(?=<h2|<summary)", page(account), re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize("stage", ["apply", "review"])
def test_a_department_head_sees_what_waits_for_the_own_department_and_the_link_opens_it(departments, stage) -> None:
    batch_with(stage, departments)
    said = mine(f.staff("R1", department=departments[1]))
    assert "1 份报名待系部初审（财经商贸系）" in said
    assert "汽车工程系" not in said
    link = re.search(r'href="(/applications/[^"]+)">去办理', said)
    assert link
    opened = page(f.staff("R1", department=departments[1]), link[1].replace("&amp;", "&"))
    assert "共 1 条" in opened


@pytest.mark.parametrize("stage", ["apply", "review"])
def test_the_reviewer_sees_what_the_departments_passed(departments, stage) -> None:
    batch_with(stage, departments)
    said = mine(f.staff("E4"))
    assert "1 份报名待中心审核" in said
    assert "系部初审" not in said


def test_what_waits_for_a_day_is_nobodys_task(departments) -> None:
    batch = batch_with("apply", departments)
    officer = f.staff("E1")
    assert "没有等您办理的事项" in mine(officer)
    desk, cockpit = page(officer), page(officer, reverse("batches:cockpit", args=[batch.pk]))
    assert "等待（1）" in desk
    for shown in (desk, cockpit):
        assert "报名未截止" in shown
        assert f"等待 {batch.apply_to + timedelta(days=1):%Y年%m月%d日}" in shown
        assert "由您办理" not in shown


def test_what_waits_for_the_province_is_nobodys_task(departments) -> None:
    batch = f.batch("exam", stage="filing")
    Filing.objects.create(batch=batch, version=1, state="sent", document={"lines": []}, sent_on=today())
    officer = f.staff("E5")
    assert "等待省中心审批" not in mine(officer)
    assert "等待 省中心" in page(officer)


def test_work_that_does_not_block_does_not_keep_a_batch(departments) -> None:
    batch = batch_with("apply", departments)
    Batch.objects.filter(pk=batch.pk).update(
        apply_from=today() - timedelta(days=9), apply_to=today() - timedelta(days=1)
    )
    moved = acts.advance(f.actor_with("E1"), batch)
    assert moved.stage == "review"
    with pytest.raises(Blocked, match="待系部初审"):
        acts.advance(f.actor_with("E1"), moved)


def test_without_a_department_the_centre_reviews_first(departments) -> None:
    batch = f.batch("exam", stage="review")
    f.application(batch, state="submitted", department=None)
    assert "未填院系" in mine(f.staff("E2"))
    assert "未填院系" not in mine(f.staff("R1", department=departments[0]))
    assert Application.objects.get(batch=batch).department is None


def test_items_to_review_are_among_what_is_to_be_done(departments) -> None:
    specification = Specification.objects.create(occupation=f.scope_row().occupation, level=f.level("4"), title="示例")
    for number in range(2):
        Item.objects.create(
            specification=specification, type="true_false", difficulty=3, stem=f"第 {number} 题", key="对",
            stem_digest=str(number), state="first_review", author=f.staff("R4"),
        )  # fmt: skip
    said = mine(f.staff("R4"))
    assert "由我办理（1）" in said
    assert "2 题等您审定" in said
    assert "没有等您办理的事项" not in said

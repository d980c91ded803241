"""What the province has before it cannot be changed, and the screens do not offer to."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.batches.models import Batch
from assay.centre.models import Post
from assay.filing.models import Filing
from assay.kernel.clock import today
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def batch() -> Batch:
    f.centre()
    made = f.batch("exam", stage="filing")
    f.application(made, state="approved")
    return made


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(f.staff("E1", "E5", "E6"), BACKEND)
    return client


def filed(batch: Batch, state: str) -> None:
    timetable = [
        {
            "part": "理论知识考试", "number": 1, "starts_at": "2027-01-09T08:00+08:00", "ends_at": "2027-01-09T09:30+08:00",
        }
    ]  # fmt: skip
    lines = [{"occupation_code": "1", "occupation": "车工", "job": None, "level": "4", "candidates": 1}]
    document = {"lines": lines, "timetable": timetable}
    Filing.objects.create(batch=batch, version=1, state=state, document=document, sent_on=today(), reason="证卡不清")


@pytest.mark.parametrize(("state", "offered"), [("sent", False), ("approved", False), ("returned", True)])
def test_revising_and_arranging_are_offered_only_while_they_can_be_done(batch, officer, state, offered) -> None:
    filed(batch, state)
    cockpit = officer.get(reverse("batches:cockpit", args=[batch.pk])).content.decode()
    arrangement = officer.get(reverse("arrangement:batch", args=[batch.pk])).content.decode()
    assert ("修订计划" in cockpit) is offered
    assert ("自动编排" in arrangement.split("尚待解决")[0]) is offered


def test_who_mends_the_arrangement_is_named_by_the_post(batch, officer) -> None:
    page = officer.get(reverse("arrangement:batch", args=[batch.pk])).content.decode()
    posts = "、".join(Post.objects.values_list("title", flat=True))
    assert f"由{posts}办理（职责：考场准备）" in page


def test_the_filing_is_shown_as_people_write(batch, officer) -> None:
    filed(batch, "sent")
    page = officer.get(reverse("filing:batch", args=[batch.pk])).content.decode()
    assert "2027年1月9日 08:00" in page
    assert "四级/中级工" in page
    assert "T08:00" not in page

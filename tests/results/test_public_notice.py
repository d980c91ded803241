"""The list on public notice: by job, level and ticket, printed while it hangs, with where to object and a place for the seal."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.arrangement.models import Ticket
from assay.batches.models import Batch
from assay.kernel.clock import now
from assay.results.acts.notices import notice_rows, open_notice
from assay.results.models import Result
from assay.results.printing import notice_list
from tests import factories as f
from tests.papers import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    """Three who pass; their names sort otherwise than their tickets."""
    f.centre(address="示例路 1 号 208 室", phone="0000-1234567")
    made = f.batch("exam", stage="notice")
    for number, name in (("260001", "周乙"), ("260003", "安甲"), ("260002", "李丙")):
        application = f.application(made)
        application.applicant.name = name
        application.applicant.save()
        Ticket.objects.create(application=application, number=number, issued_at=now())
        Result.objects.create(batch=made, application=application, theory="80.0", outcome="pass", computed_at=now())
    return made


def test_the_list_goes_by_ticket_within_a_job(batch: Batch) -> None:
    assert [row["name"] for row in notice_rows(batch)] == ["周乙", "李丙", "安甲"]


def test_it_is_printed_while_it_hangs_with_where_to_object_and_a_place_for_the_seal(batch: Batch) -> None:
    notice = open_notice(f.actor_with("E3"), batch)
    client = Client()
    client.force_login(f.staff("E3"), "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("results:batch", args=[batch.pk])).content.decode()
    address = reverse("results:notice_pdf", args=[batch.pk])
    assert address in page
    said = text_of(client.get(address).content)
    assert said == text_of(notice_list(notice))
    for piece in (
        "示例路1号208室",
        "0000-1234567",
        "（章）",
        f"{notice.starts_on:%Y年%m月%d日}至{notice.ends_on:%Y年%m月%d日}",
    ):
        assert piece in said
    for row in notice.rows:
        assert row["id_masked"] in said
    assert not any(result.application.applicant.id_number in said for result in batch.results.all())


def test_there_is_nothing_to_print_before_it_hangs(batch: Batch) -> None:
    client = Client()
    client.force_login(f.staff("E3"), "django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("results:notice_pdf", args=[batch.pk])).status_code == 404
    assert (
        reverse("results:notice_pdf", args=[batch.pk])
        not in client.get(reverse("results:batch", args=[batch.pk])).content.decode()
    )

"""A refusal stands on the page that the form was sent from; it is a page of its own only where it must be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assay.centre.models import Appointment
from assay.kernel.expected import FIELD, token_of
from tests import factories as f

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


def signed_in(*duties: str) -> Client:
    client = Client()
    client.force_login(f.staff(*duties))
    return client


@pytest.fixture
def held() -> Appointment:
    f.centre()
    return Appointment.objects.get(account=f.staff("E3"))


def ended_too_early(client: Client, held: Appointment, **headers: str) -> Any:
    address = reverse("centre:end_appointment", args=[held.account_id, held.pk])
    return client.post(address, {"until": (held.since - timedelta(days=1)).isoformat()}, headers=headers)


def test_it_stands_once_on_the_page_that_the_form_was_sent_from(held: Appointment) -> None:
    client, page = signed_in("L1"), SITE + reverse("centre:account", args=[held.account_id])
    answer = ended_too_early(client, held, referer=page)
    assert (answer.status_code, answer["Location"]) == (302, page)
    said = 'role="alert" data-refused>免职日期早于任职日期（依据：工作方案 三(一)1 职业技能等级认定工作领导小组）。没有改动任何内容。</div>'
    assert said in client.get(page).content.decode()
    assert "data-refused" not in client.get(page).content.decode()


@pytest.mark.parametrize("before", ["", "https://elsewhere.example/centre/", "http://testserver.example/"])
def test_who_comes_from_nowhere_or_from_elsewhere_gets_a_page_of_its_own(held: Appointment, before: str) -> None:
    answer = ended_too_early(signed_in("L1"), held, referer=before)
    assert (answer.status_code, "免职日期早于任职日期" in answer.content.decode()) == (409, True)


def test_a_page_with_a_form_that_was_not_filled_in_rightly_is_one_to_come_back_to(held: Appointment) -> None:
    client, address = signed_in("L1"), reverse("centre:end_appointment", args=[held.account_id, held.pk])
    assert client.post(address, {"until": "没有"}).status_code == 200
    shown = client.get(ended_too_early(client, held, referer=SITE + address)["Location"], follow=True)
    assert shown.redirect_chain == [(reverse("centre:account", args=[held.account_id]), 302)]
    assert "data-refused" in shown.content.decode()


def test_several_things_that_are_in_the_way_keep_their_page_with_the_ways_to_them() -> None:
    batch = f.batch(stage="apply")
    sent = {FIELD: token_of(batch)}
    page = SITE + reverse("batches:cockpit", args=[batch.pk])
    answer = signed_in("E1").post(reverse("batches:advance", args=[batch.pk]), sent, headers={"referer": page})
    assert (answer.status_code, "没有完成" in answer.content.decode()) == (409, True)


def test_a_part_of_a_page_says_it_in_its_own_place(held: Appointment) -> None:
    answer = ended_too_early(signed_in("L1"), held, referer=f"{SITE}/", hx_request="true")
    said = answer.content.decode()
    assert (answer.status_code, said.startswith('<div class="alert alert-danger"')) == (200, True)
    assert "免职日期早于任职日期" in said

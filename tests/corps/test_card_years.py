"""A card of an examiner or supervisor is good for as many years as the parameter says, and no longer."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assay.centre.models import ParameterValue
from assay.corps.acts import CARDS
from assay.corps.cards import last_day
from assay.corps.models import Card
from assay.demo import school
from assay.kernel.refusals import Refused
from assay.setup import workbook
from assay.setup.acts import SetupRefused, install_school
from tests import factories as f
from tests.setup.test_set_up_workbook import edited, read

pytestmark = pytest.mark.django_db
SINCE = date(2026, 3, 1)


def card(role: str = "examiner", valid_to: date = date(2029, 3, 1)) -> Card:
    member = f.member("invigilator")
    return Card(member=member, role=role, number=f"N{member.pk}", valid_from=SINCE, valid_to=valid_to)


def saved(row: Card) -> Card:
    return CARDS.save(f.actor_with("X1"), row, {"occupations": [f.scope_row().occupation]})


@pytest.mark.parameter("card.years")
@pytest.mark.parametrize("role", ["examiner", "senior_examiner", "supervisor"])
def test_a_card_longer_than_the_parameter_is_refused(role: str) -> None:
    assert saved(card(role)).pk
    with pytest.raises(Refused, match="不超过 3 年：2026-03-01 发证，最迟到 2029-03-01"):
        saved(card(role, date(2029, 3, 2)))
    ParameterValue.objects.create(key="card.years", value="5", document_no="豫人社〔2026〕1号")
    assert saved(card(role, date(2031, 3, 1))).pk


@pytest.mark.parametrize("role", ["expert", "invigilator"])
def test_cards_of_others_are_not_limited(role: str) -> None:
    assert saved(card(role, date(2039, 3, 1))).pk


def page(url: str, **posted: object) -> str:
    client = Client()
    client.force_login(f.staff("X1"), backend="django.contrib.auth.backends.ModelBackend")
    reply = client.post(url, posted, follow=True) if posted else client.get(url)
    return reply.content.decode()


def test_the_form_fills_in_the_last_day_that_is_left_out() -> None:
    url = reverse("corps:cards_add")
    assert "不超过 3 年" in page(url)
    given = {
        "member": f.member("invigilator").pk, "role": "examiner", "number": "K1", "valid_from": "2026-03-01",
        "valid_to": "", "occupations": [f.scope_row().occupation.pk],
    }  # fmt: skip
    page(url, **given)
    assert Card.objects.get(number="K1").valid_to == date(2029, 3, 1)
    assert "最迟到 2029-03-01" in page(url, **{**given, "number": "K2", "valid_to": "2029-03-02"})
    assert not Card.objects.filter(number="K2").exists()


def test_the_workbook_names_the_row_of_a_card_that_is_too_long() -> None:
    school.install(f.actor_with("L1"))
    role = Card.objects.order_by("pk").first()
    assert role is not None
    assert role.role in Card.LIMITED
    too_long = edited(workbook.write(with_data=True), "证卡", 2, "有效期至", "2099-01-01")
    with pytest.raises(SetupRefused) as refused:
        install_school(f.actor_with("L1"), read(too_long), file="学校.xlsx")
    (problem,) = refused.value.problems
    assert (problem.sheet, problem.row) == ("证卡", 2)
    assert "不超过 3 年" in problem.message


def test_a_longer_card_that_is_there_already_is_shown_and_left_as_it_is() -> None:
    old = card(valid_to=date(2031, 3, 1))
    old.save()
    shown = page(reverse("corps:cards_list") + "?validity=long")
    assert old.number in shown
    assert "有效期超过 3 年，应最迟到 2029-03-01" in shown
    old.refresh_from_db()
    assert old.valid_to == date(2031, 3, 1)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 50))
def test_the_last_day_is_the_same_day_or_the_end_of_february(since: date, years: int) -> None:
    last = last_day(since, years)
    assert (last.year, last.month) == (since.year + years, since.month)
    assert last.day == since.day or (since.day, last.day) == (29, 28)

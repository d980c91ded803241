"""The page of days off: a year counts as known only when it was said to be all in, and that is not said of a year that lacks a holiday."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from assay.batches.timing import year_is_known
from assay.centre.acts.settings import name_days, say_year_whole
from assay.kernel.calendar import GUESSED
from assay.kernel.models import HolidayYear, LedgerEntry
from assay.kernel.refusals import Refused
from assay.kernel.statutory_days import statutory_days
from tests import factories as f

pytestmark = pytest.mark.django_db
URL = "desk:calendar"
ALL_OF_2027 = [(day, False, name) for day, name in statutory_days(2027).items()]


def page(client: Client) -> str:
    return client.get(reverse(URL)).content.decode()


def test_new_years_day_alone_leaves_its_year_unknown_and_the_tick_is_refused_by_name(client: Client) -> None:
    f.centre()
    client.force_login(f.staff("E1"))
    given = {"first": "2027-01-01", "last": "2027-01-03", "works": "off", "title": "元旦"}
    client.post(reverse(URL), given)
    assert not year_is_known(2027)
    assert GUESSED in page(client)
    answer = client.post(reverse(URL), {**given, "whole": "on"})
    assert "缺：春节、清明节、劳动节、端午节、中秋节、国庆节" in answer.content.decode()
    assert not HolidayYear.objects.exists()


def test_a_year_that_is_all_in_is_known_until_that_is_taken_back(client: Client) -> None:
    f.centre()
    name_days(f.actor_with("E1"), ALL_OF_2027, whole=True)
    assert year_is_known(2027)
    assert "2027 年放假安排已全部载入" in LedgerEntry.objects.latest("seq").note
    client.force_login(f.staff("E1"))
    assert "撤回：尚未载入齐全" in page(client)
    client.post(reverse("desk:year_whole"), {"year": "2027", "whole": "no"})
    assert not year_is_known(2027)
    client.post(reverse("desk:year_whole"), {"year": "2027", "whole": "yes"})
    assert year_is_known(2027)


def test_a_year_whose_notice_comes_with_the_system_is_not_said_to_be_whole_or_otherwise() -> None:
    f.centre()
    with pytest.raises(Refused, match="2026 年的放假安排随系统附带"):
        say_year_whole(f.actor_with("E1"), 2026, whole=False)
    name_days(f.actor_with("E1"), [(date(2027, 1, 1), False, "元旦")])
    with pytest.raises(Refused, match="缺：春节"):
        say_year_whole(f.actor_with("E1"), 2027, whole=True)

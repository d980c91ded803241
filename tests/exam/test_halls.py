"""Several halls under one office: named in the settings, each with an address for the office and one for browsers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from assay.exam.halls import HallAddress, browser_address, hall_named, halls, read
from assay.kernel.refusals import Refused


def test_halls_are_read_with_one_or_two_addresses() -> None:
    assert read("东校区 http://10.1.0.5:8001; 西校区 http://10.2.0.5:8001/ http://west.example:8001;") == [
        HallAddress("东校区", "http://10.1.0.5:8001", "http://10.1.0.5:8001"),
        HallAddress("西校区", "http://10.2.0.5:8001", "http://west.example:8001"),
    ]


@pytest.mark.parametrize("text", ["东校区", "东校区 10.1.0.5:8001", "a http://b http://c http://d"])
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="ASSAY_HALLS"):
        read(text)


def test_without_the_setting_there_is_one_hall_beside_the_office(settings: Any) -> None:
    settings.HALLS, settings.HALL_PUBLIC_URL, settings.HALL_PUBLIC_PORT = "", "", "8001"
    (hall,) = halls()
    request = RequestFactory().get("/", headers={"host": "exam.school:8000"})
    request.META["SERVER_NAME"] = "exam.school"
    settings.ALLOWED_HOSTS = ["exam.school"]
    assert browser_address(hall, request) == "http://exam.school:8001"


def test_a_hall_that_is_not_named_any_more_is_said(settings: Any) -> None:
    settings.HALLS = "东校区 http://10.1.0.5:8001"
    assert hall_named("东校区").url == "http://10.1.0.5:8001"
    with pytest.raises(Refused, match="西校区"):
        hall_named("西校区")

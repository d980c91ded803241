"""Odd requests get an answer that says so; of a signed-in page nothing is kept anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from assay.kernel import files
from assay.office.requests import Readable
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
JPG = b"\xff\xd8\xff\xe0" + b"0" * 64


def signed_in(*duties: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(f.staff(*duties), BACKEND)
    return client


@pytest.mark.parametrize("address", ["/applications/?q=%00", "/centre/accounts/?sort=a%00b", "/desk/ledger/?%00=1"])
def test_a_character_that_no_database_keeps_is_refused_in_words(address: str) -> None:
    answer = signed_in("E2", "L1", "L2").get(address)
    assert answer.status_code == 400
    assert "不能识别的字符" in answer.content.decode()


def test_an_address_that_only_takes_something_in_says_so_to_who_opens_it() -> None:
    answer = signed_in("E2", "L1", "L2").get(reverse("desk:verify"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这个地址只用来提交" in answer.content.decode()


def test_unless_it_is_said_otherwise_only_this_machine_s_own_names_are_answered(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "ASSAY_ALLOWED_HOSTS"}
    code = "from assay.office import settings; print(settings.ALLOWED_HOSTS)"
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True,
        env={**environment, "ASSAY_VAR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert said.stdout.strip() == "['localhost', '127.0.0.1', '[::1]']"


def test_it_is_refused_in_a_path_a_body_and_a_cookie_alike() -> None:
    client = signed_in("L1")
    assert client.get(f"/v/{quote(chr(0))}").status_code == 400
    assert client.post(reverse("centre:account_add"), {"username": "ab", "name": "甲\0乙"}).status_code == 400
    assert client.post(reverse("centre:account_add"), {"na\0me": "甲"}).status_code == 400
    assert client.get("/", HTTP_COOKIE=r'sessionid="\000aaaaaaaaaaaaaaaa"').status_code == 400


def test_a_body_in_another_encoding_is_refused() -> None:
    client = signed_in("L1")
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\r\n--x--\r\n'
    for charset in ("utf-7", "base64"):
        kind = f"multipart/form-data; boundary=x; charset={charset}"
        assert client.generic("POST", reverse("centre:account_add"), body, kind).status_code == 400


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_of_too_many_fields_and_one_that_breaks_off_are_refused(kind: str) -> None:
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    field = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    body = b"&".join([b"a=1"] * (most + 1)) if "url" in kind else field * (most + 1) + b"--x--\r\n"
    assert signed_in("L1").generic("POST", reverse("centre:account_add"), body, kind).status_code == 400
    broken = signed_in("L1").generic("POST", reverse("centre:account_add"), b"--", "multipart/form-data; boundary=")
    assert broken.status_code == 400


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000])
@pytest.mark.parametrize("address", ["/applications/{}/", "/exam/rooms/{}/record.pdf", "/marking/panels/{}/tasks.pdf"])
def test_a_number_that_no_row_can_have_is_no_page(address: str, number: str) -> None:
    assert signed_in("E2", "E6", "E7").get(address.format(number)).status_code == 404


def test_a_value_that_does_not_fit_its_column_is_said() -> None:
    def answers(request: HttpRequest) -> HttpResponse:
        raise AssertionError(request)

    request = RequestFactory().post("/bank/")
    answer = Readable(answers).process_exception(request, DataError("value too long for type character varying(60)"))
    assert answer is not None
    assert (answer.status_code, "填写的内容太长" in answer.content.decode()) == (409, True)


def test_of_a_signed_in_page_a_picture_and_a_file_nothing_is_kept() -> None:
    department = f.department()
    application = f.application(f.batch(), department=department)
    application.person.photo = files.keep(JPG, "image/jpeg")
    application.person.save()
    client = signed_in("E2", "E5", "L1")
    for address in (
        "/desk/", reverse("applications:list"), f"{reverse('applications:list')}?export=xlsx",
        reverse("applications:photo", args=[application.pk]), reverse("applications:form", args=[application.pk]),
        reverse("setup:template"), "/desk/no-such-page/", reverse("marking:my_panels"), "/",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store, private", (address, answer.status_code)


def test_nor_of_the_answers_by_which_one_signs_in_and_out() -> None:
    f.centre()
    account = f.staff("E2", password="kao-ping-2026-x")
    client = Client()
    given = {"username": account.username, "password": "kao-ping-2026-x"}
    assert client.post("/sign-in/", given)["Cache-Control"].startswith("no-store")
    assert client.post("/sign-out/")["Cache-Control"].startswith("no-store")


def test_what_everybody_may_see_and_static_files_stay_as_they_were() -> None:
    f.centre()
    assert "Cache-Control" not in Client().get("/")
    static = Client().get(f"{settings.STATIC_URL}assay/assay.css")
    assert static.status_code == 200
    assert "no-store" not in static["Cache-Control"]

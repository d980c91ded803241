"""What the settings make of addresses, cookies and log lines."""

from __future__ import annotations

import logging
import re
from logging.config import dictConfigClass

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DataError
from django.test import Client, RequestFactory

from assay.office.requests import Readable
from assay.office.sessions import SessionStore
from assay.office.settings import database
from tests import factories as f


def test_the_address_of_a_database_says_how_its_server_must_prove_itself() -> None:
    found = database(
        "postgresql://office:p%40ss@db.example:5433/assay?sslmode=verify-full&sslrootcert=/etc/assay/ca.pem"
    )
    assert found["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/assay/ca.pem"}
    assert (found["NAME"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("assay", "p@ss", "db.example", "5433")


def test_what_an_address_asks_of_the_connection_reaches_it() -> None:
    held = database("postgresql://office@127.0.0.1:1/assay?sslmode=no-such-mode")
    with pytest.raises(psycopg.Error, match="sslmode"):
        psycopg.connect(host=held["HOST"], port=held["PORT"], dbname=held["NAME"], **held["OPTIONS"])


PASSWORD = "冬天的树叶落了三片"


def signed_in() -> Client:
    """A browser in which somebody signed in, as the page does it."""
    f.centre()
    client, known = Client(), f.staff("E2", password=PASSWORD)
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": known.username, "password": PASSWORD})
    assert client.get("/password/").status_code == 200
    return client


@pytest.mark.django_db
def test_no_script_reads_the_cookies_by_which_a_browser_is_known() -> None:
    cookies = signed_in().cookies
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(cookies)
    assert [name for name, cookie in cookies.items() if not cookie["httponly"]] == []


@pytest.mark.django_db
def test_what_a_page_says_once_is_in_no_cookie() -> None:
    client = signed_in()
    given = {"old_password": PASSWORD, "new_password1": "春天又来了三次才走", "new_password2": "春天又来了三次才走"}
    answer = client.post("/password/", given)
    assert answer.status_code == 302
    assert set(answer.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert "密码已修改" in client.get(answer["Location"]).content.decode()


@pytest.mark.django_db
def test_the_table_of_sessions_opens_none_of_them() -> None:
    client = signed_in()
    rows = list(Session.objects.values_list("session_key", flat=True))
    assert rows
    for word in rows:
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = word
        assert thief.get("/password/").status_code == 302
    assert client.get("/password/").status_code == 200


@pytest.mark.django_db
def test_who_signs_out_leaves_no_session_behind() -> None:
    client = signed_in()
    word = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-out/")
    client.cookies[settings.SESSION_COOKIE_NAME] = word
    assert client.get("/password/").status_code == 302
    assert not SessionStore().exists(word)


def test_a_line_of_the_log_says_when_by_which_clock() -> None:
    config = settings.LOGGING["formatters"]["line"]
    line = dictConfigClass({}).configure_formatter(dict(config)).format(logging.makeLogRecord({"msg": "x"}))
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} ", line)


@pytest.mark.django_db
def test_an_address_cannot_write_lines_of_its_own_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    asked = RequestFactory().get("/applications/%0A2026-01-01T00:00:00+0800 ERROR forged")
    asked.user = f.staff("E2")
    Readable(lambda request: None).process_exception(asked, DataError("too long"))  # type: ignore[arg-type,return-value]
    (record,) = caplog.records
    assert "forged" in record.getMessage()
    assert "\n" not in record.getMessage()


@pytest.mark.django_db
def test_a_static_file_is_told_of_like_a_page() -> None:
    answer = Client().get("/static/assay/assay.js")
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]

"""What the settings make of addresses, cookies and log lines."""

from __future__ import annotations

import logging
import re
from logging.config import dictConfigClass

import psycopg
import pytest
from django.conf import settings
from django.db import DataError
from django.test import Client, RequestFactory

from assay.office.requests import Readable
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


@pytest.mark.django_db
def test_no_script_reads_the_cookies_by_which_a_browser_is_known() -> None:
    f.centre()
    client, known = Client(), f.staff("E2", password="冬天的树叶落了三片")
    client.get("/sign-in/")
    client.post("/sign-in/", {"username": known.username, "password": "冬天的树叶落了三片"})
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(client.cookies)
    assert [name for name, cookie in client.cookies.items() if not cookie["httponly"]] == []


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

"""What browsers are told of every page and file: what may run, where it is kept, over which line it goes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from assay.applications.models import Evidence
from assay.cli.serving import warnings
from assay.kernel import files
from assay.kernel.bodies import USUAL
from assay.kernel.documents.response import from_outside
from tests import factories as f

BACKEND = "django.contrib.auth.backends.ModelBackend"
TEMPLATES = Path(__file__).parents[2] / "src" / "assay"


def policy(response: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.django_db
def test_nothing_written_into_a_page_runs_or_changes_where_it_points() -> None:
    f.centre()
    told = policy(Client().get("/"))
    assert told["base-uri"] == told["object-src"] == told["frame-ancestors"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["form-action"] == "'self'"
    assert "unsafe" not in str(told)


def test_no_page_holds_styles_or_scripts_of_its_own() -> None:
    for page in TEMPLATES.glob("*/templates/**/*.html"):
        if "standin" in page.parts or page.name == "500.html":
            continue
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<[^>]*\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*src=)", text), page


@pytest.mark.django_db
def test_a_file_from_outside_has_no_origin() -> None:
    paper = b"%PDF-1.7 <script>alert(1)</script>"
    application = f.application(f.batch("exam", "review", [(f.scope_row(), "4", 5)]))
    kept = files.keep(paper)
    Evidence.objects.create(application=application, title='证明";x.html', file=kept)
    client = Client()
    client.force_login(f.staff("E4"), BACKEND)
    found = client.get(f"/applications/{application.pk}/evidence/{Evidence.objects.get().pk}/")
    assert found.content == paper
    assert policy(found) == {"default-src": "'none'", "sandbox": ""}
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Content-Disposition"] == "inline; filename*=UTF-8''%E8%AF%81%E6%98%8E%22%3Bx.html"
    assert found["Cache-Control"] == "no-store, private"


def test_a_name_never_ends_the_header_in_which_it_stands() -> None:
    told = from_outside(b"", "image/png", 'a"\r\nSet-Cookie: x=1; /..\\b')["Content-Disposition"]
    assert re.fullmatch(r"inline; filename\*=UTF-8''[A-Za-z0-9%._-]+", told)


@pytest.mark.django_db
def test_pages_with_people_on_them_are_not_kept_for_strangers_either() -> None:
    f.centre()
    for page in (
        Client().get("/verify/"),
        Client().post("/verify/", {"number": "1", "name": "某"}),
        Client().get("/v/x.y"),
    ):
        assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
def test_a_certificate_is_asked_for_without_name_or_number_in_the_address() -> None:
    f.centre()
    page = Client().get("/verify/").content.decode()
    assert re.search(r'<form[^>]* method="post" action="/verify/"', page)
    asked = Client().get("/verify/", {"number": "S000041000123000000001", "name": "某人"})
    assert "没有查到该证书" not in asked.content.decode()


def told_with(**environment: str) -> dict[str, object]:
    """The settings of an office that starts with these variables."""
    names = ["ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
             "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_PROXY_SSL_HEADER"]  # fmt: skip
    program = (
        "import json; from django.conf import settings as s; from assay.kernel import devices;"
        f"print(json.dumps({{**{{n: getattr(s, n) for n in {names}}}, 'device': devices.COOKIE}}))"
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ASSAY_ALLOWED_HOSTS", "ASSAY_HTTPS", "ASSAY_PROXIES")
    }
    answer = subprocess.run(
        [sys.executable, "-c", program], env={**kept, **environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(answer.stdout)
    return found


def test_behind_tls_cookies_are_this_hosts_alone_and_plain_requests_are_sent_on() -> None:
    told = told_with(ASSAY_HTTPS="1")
    assert told["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert told["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert told["device"] == "__Host-assay_device"
    assert (
        told["SESSION_COOKIE_SECURE"] is told["SECURE_SSL_REDIRECT"] is told["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    )
    assert told["SECURE_HSTS_SECONDS"] == 31_536_000
    assert told["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_without_a_proxy_nothing_that_a_request_says_of_one_is_believed() -> None:
    assert told_with(ASSAY_HTTPS="1", ASSAY_PROXIES="0")["SECURE_PROXY_SSL_HEADER"] is None
    assert told_with()["SECURE_PROXY_SSL_HEADER"] is None


def test_an_office_answers_to_its_own_names_only() -> None:
    assert told_with()["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.django_db
def test_a_plain_request_behind_tls_is_redirected(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    f.centre()
    assert Client().get("/verify/")["Location"] == "https://testserver/verify/"
    assert Client().get("/verify/", HTTP_X_FORWARDED_PROTO="https").status_code == 200


def test_starting_says_what_is_unsafe() -> None:
    assert warnings("127.0.0.1", https=False, proxies=0) == []
    assert "没有加密" in warnings("0.0.0.0", https=False, proxies=0)[0]
    assert "ASSAY_PROXIES=0" in warnings("127.0.0.1", https=True, proxies=0)[0]
    assert "绕过代理" in warnings("0.0.0.0", https=True, proxies=1)[0]
    assert warnings("127.0.0.1", https=True, proxies=1) == []


def test_a_form_may_be_as_large_as_an_address_takes() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == USUAL

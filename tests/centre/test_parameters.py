"""Every parameter on the page is read by a rule, has tests of what changing it does, and says what changing it takes."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import assay
import tests
from assay.centre import parameters
from assay.centre.acts import settings
from assay.centre.duties import DUTIES, SENSITIVE
from assay.centre.models import ParameterValue, Post
from assay.centre.parameters import PARAMETERS
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.house.floors import may_know, room_of

SOURCES = Path(assay.__file__).parent
READS = {"number", "decimal", "text", "value", "several"}


def read_in(file: Path) -> set[str]:
    """Keys that a file asks the table for."""
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    return {
        str(key.value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in READS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "parameters"
        for key in call.args
        if isinstance(key, ast.Constant)
    }


@pytest.mark.django_db
def test_which_duties_are_sensitive_is_said_where_it_is_chosen_of_whom_a_code_is_asked() -> None:
    f.centre()
    client = Client()
    client.force_login(f.staff("L1"))
    Post.objects.create(code="keeper", title="试卷保管岗", group="测试", duties=["E7", "R2"])
    list_page, own = "/centre/parameters/", "/centre/parameters/second_factor.needed/"
    for address in (list_page, own):
        page = client.get(address).content.decode()
        for code in SENSITIVE:
            assert DUTIES[code].text in page, (address, code)
        assert (
            f'{DUTIES["E7"].text} <small class="text-secondary">{DUTIES["E7"].clause}</small>：<b>试卷保管岗</b>'
            in page
        )
        assert "监考员也要在手机上设置验证码" in page
        assert DUTIES["R2"].text not in page
    assert "敏感职责" not in client.get("/centre/parameters/session.hours/").content.decode()


def test_the_address_of_the_site_is_where_it_is_served_until_it_is_set(tmp_path: Path) -> None:
    asked = (
        "import django; django.setup(); from assay.centre.parameters import PARAMETERS; "
        "print(PARAMETERS['site.url'].default)"
    )
    own = {"ASSAY_VAR": str(tmp_path), "ASSAY_SECRETS": str(tmp_path / "secrets.json")}
    for served, address in (
        ({"ASSAY_OFFICE_PORT": "8123"}, "http://127.0.0.1:8123"),
        ({"ASSAY_OFFICE_PORT": "8443", "ASSAY_TLS_CERT": "x.pem"}, "https://127.0.0.1:8443"),
        ({}, "http://127.0.0.1:8000"),
    ):
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "assay.office.settings", **own, **served}
        said = subprocess.run(
            [sys.executable, "-c", asked], env=environment, text=True, capture_output=True, check=True
        )
        assert said.stdout.strip().splitlines()[-1] == address


def test_every_parameter_is_read_by_a_rule() -> None:
    read = set().union(*(read_in(file) for file in SOURCES.rglob("*.py")))
    assert sorted(PARAMETERS.keys() - read) == []
    assert sorted(read - PARAMETERS.keys()) == []


def test_of_every_parameter_a_test_shows_what_changing_it_does() -> None:
    """Each such test is marked with the keys that it changes; `tests.conftest` sees to it that it does change them."""
    marked = {
        str(key.value)
        for file in Path(tests.__file__).parent.rglob("test_*.py")
        if "mark.parameter(" in (text := file.read_text())
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.parameter"
        for key in call.args
        if isinstance(key, ast.Constant)
    }
    assert marked == PARAMETERS.keys()


def test_no_rule_reads_a_parameter_of_a_room_above_it() -> None:
    declared = {
        node.args[0].value: room_of(file)
        for file in SOURCES.rglob("parameters.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Parameter"
        if isinstance(node.args[0], ast.Constant)
    }
    assert declared.keys() == PARAMETERS.keys()
    climbing = {
        (room_of(file), key)
        for file in SOURCES.rglob("*.py")
        for key in read_in(file)
        if not may_know(room_of(file), declared[key])
    }
    assert climbing == set()


def client() -> Client:
    made = Client()
    made.force_login(f.staff("L1"), backend="django.contrib.auth.backends.ModelBackend")
    return made


@pytest.mark.django_db
def test_an_address_is_changed_without_a_document() -> None:
    who, url = client(), reverse("centre:parameter", args=["site.url"])
    assert "依据文号" not in who.get(url).content.decode().split("</nav>")[-1]
    assert who.post(url, {"value": "https://rending.example.cn", "was": parameters.text("site.url")}).status_code == 302
    assert parameters.text("site.url") == "https://rending.example.cn"


@pytest.mark.django_db
def test_a_number_of_a_rule_is_changed_with_a_document_only() -> None:
    who, url = client(), reverse("centre:parameter", args=["card.years"])
    assert "请写明依据文号" in who.post(url, {"value": "4", "document_no": "", "was": "3"}).content.decode()
    assert not ParameterValue.objects.exists()
    assert who.post(url, {"value": "4", "document_no": "豫人社〔2026〕1号", "was": "3"}).status_code == 302
    assert parameters.number("card.years") == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "wrong", "said"),
    [
        ("notice.working_days", "0", "应填 1 至"), ("results.pass_mark", "101", "应填 0 至 100 的数字"),
        ("certificate.url", " ", "不能为空"), ("results.pass_mark", "NaN", "应填"), ("photo.months", "六", "应填不小于 0 的整数"),
    ],
)  # fmt: skip
def test_what_no_rule_can_mean_is_refused_on_the_page_and_by_the_act(
    client: Client, key: str, wrong: str, said: str
) -> None:
    f.centre()
    client.force_login(f.staff("L1"), "django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("centre:parameter", args=[key]), {"value": wrong, "document_no": "示例〔2026〕1号"})
    assert said in page.content.decode()
    with pytest.raises(Refused, match="不对"):
        settings.set_parameter(f.actor_with("L1"), key, wrong, "示例〔2026〕1号")
    assert not ParameterValue.objects.exists()


@pytest.mark.django_db
def test_what_a_former_version_took_stays_readable() -> None:
    f.centre()
    ParameterValue.objects.create(key="results.pass_mark", value="500")
    assert parameters.decimal("results.pass_mark") == 500

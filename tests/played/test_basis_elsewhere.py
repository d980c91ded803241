"""A whole school with another basis: no page and no paper shows a number of the plan of the school for which the product was first made."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from assay.batches.models import Batch
from assay.centre.acts.basis import Given, set_basis
from assay.centre.duties import DUTIES, HELD_BY_NO_POST
from assay.centre.models import BasisVersion
from assay.kernel.clauses import NUMBER
from tests import factories as f
from tests.played.conftest import Played
from tests.played.test_official_papers import papers, text_of
from tests.played.test_pages import kind_of, links

OF_A_KIND = 2
TITLE = "认定实施办法"
NUMBERS = {"四(一)4": "第十二条", "三(一)1": "第三条", "四(一)9(1)": "第三十一条"}
AS_THE_SCHOOL_WROTE_IT = ("（工作方案 二(四)1）", "随系统的工作方案")
"""A condition of the demo school's own standards, and the choice on the page of the basis."""
OF_ITS_TIME = re.compile(r"^/archive/")
"""What was bound and sealed under the plan stays as it was."""


pytestmark = pytest.mark.beside_postgresql  # texts are the same on either database


@pytest.fixture
def elsewhere(played: Played) -> None:
    """The played school takes up a document of its own, which names a few of the rules."""
    last = BasisVersion.objects.last()
    assert last is not None
    set_basis(f.actor_with("L1"), Given("own", TITLE, numbers=NUMBERS), was=last.pk)


def names_the_plan(text: str) -> list[str]:
    for known in AS_THE_SCHOOL_WROTE_IT:
        text = text.replace(known, "")
    return [
        text[max(found.start() - 40, 0) : found.end() + 40] for found in re.finditer(f"工作方案|{NUMBER.pattern}", text)
    ]


def said_by(answer: HttpResponse, folder: Path) -> str:
    kind = answer["Content-Type"]
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
    if "pdf" in kind:
        return text_of(content, folder)
    if "spreadsheet" in kind:
        book = load_workbook(io.BytesIO(content), read_only=True)
        return "\n".join(str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell)
    return content.decode() if kind.startswith("text/") else ""


def crawled(client: Client, folder: Path, start: str) -> tuple[dict[str, list[str]], str]:
    """Of every kind of page that links lead to, where the plan is named; and all that was read."""
    waiting, seen, kinds, found, read = [start], set(), Counter[str](), {}, []
    while waiting:
        path = waiting.pop(0)
        if path in seen or kinds[kind_of(path)] >= OF_A_KIND or OF_ITS_TIME.match(path):
            continue
        seen.add(path)
        kinds[kind_of(path)] += 1
        answer = client.get(path)
        if answer.status_code != 200:
            continue
        said = said_by(answer, folder)
        read.append(said)
        if named := names_the_plan(said):
            found[path] = named
        if answer["Content-Type"].startswith("text/html"):
            waiting += links(said, path)
    return found, "\n".join(read)


def test_no_page_of_the_staff_names_the_plan(elsewhere: None, tmp_path: Path) -> None:
    client = Client()
    everything = [code for code in DUTIES if code not in HELD_BY_NO_POST]
    client.force_login(f.staff(*everything), backend="django.contrib.auth.backends.ModelBackend")
    found, read = crawled(client, tmp_path, "/desk/")
    assert found == {}
    for said in (f"{TITLE} 第十二条", "考评通内置规则：", "《职业技能等级认定工作规程（试行）》：", "本中心参数"):
        assert said in read, said


def test_no_refusal_names_the_plan(elsewhere: None, tmp_path: Path) -> None:
    client = Client()
    client.force_login(f.staff("R2"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/centre/accounts/")
    assert answer.status_code == 403
    assert names_the_plan(answer.content.decode()) == []
    assert "第三条" in answer.content.decode()


def test_no_paper_names_the_plan(elsewhere: None, tmp_path: Path) -> None:
    batch = Batch.objects.get(route="exam")
    for title, (pdf, _) in papers(batch).items():
        assert names_the_plan(text_of(pdf, tmp_path)) == [], title

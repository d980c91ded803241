"""What people read: one word for one thing, duties by what they are, and a source only where it speaks of the matter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

import assay
from assay.applications.acts import applying
from assay.batches import acts as planning
from assay.centre.duties import DUTIES, in_words
from assay.kernel.acts import declared, require
from assay.kernel.citing import in_full, with_its_basis
from assay.kernel.refusals import Blocker, NotAllowed, Refused
from assay.setup.accounts import ACCOUNT_COLUMNS
from assay.setup.workbook import read
from tests import factories as f
from tests.applications.rosters import workbook

SOURCES = [p for p in Path(assay.__file__).parent.rglob("*") if p.suffix in (".py", ".html", ".js", ".typ")]
HAN = re.compile(r"[\u4e00-\u9fff]")
CODE = re.compile(r"(?<![A-Za-z0-9])[LEQXDFR](?:1[0-5]|[1-9])(?![0-9A-Za-z])")


def test_a_password_goes_by_one_name() -> None:
    both = {p.name for p in SOURCES if "口令" in p.read_text()}
    assert both == {"accounts.py"}, "the titles of the set-up workbook's columns as they were before"


def test_no_sentence_names_an_error_as_the_program_does() -> None:
    lines = [(p.name, line.strip()) for p in SOURCES if p.suffix == ".py" for line in p.read_text().splitlines()]
    assert [(name, line) for name, line in lines if "__name__}" in line and HAN.search(line)] == []


@pytest.mark.parametrize("word", ["摘要", "已证明最优", "最优的差距", "哈希", "hash）"])
def test_pages_and_papers_use_no_words_of_the_workshop(word: str) -> None:
    """Columns keep the names that the ledger recorded; the stand-in speaks the province's language."""
    spared = ("migrations", "standin", "models.py")
    assert {p.name for p in SOURCES if word in p.read_text() and not set(p.parts) & set(spared)} == set()


def test_a_workbook_with_the_former_titles_still_goes_in() -> None:
    titles = [column.former[0] if column.former else column.title for column in ACCOUNT_COLUMNS]
    assert "初始口令" in titles
    row = ["typed", "柳一", "", "", "long-2026-x", "否", ""]
    book, problems = read("学校.xlsx", workbook(("账号", [titles, row])))
    assert not problems
    [(_, values)] = book["账号"]
    assert (values["初始密码"], values["首次登录须改密码"]) == ("long-2026-x", "否")


@pytest.mark.parametrize("act", declared(), ids=lambda act: act.name)
def test_who_may_not_is_told_which_duty_in_words(act) -> None:
    with pytest.raises(NotAllowed) as refused:
        require(f.actor_with(), act)
    assert f"“{act.title}”需要职责“" in refused.value.message
    assert all(DUTIES[code].text in refused.value.message for code in act.duties)
    assert not CODE.search(refused.value.message)


@pytest.mark.django_db
def test_a_blocked_page_says_the_duty_in_words() -> None:
    blocker = Blocker("还没有人报名", "工作方案 四(一)2", "R1")
    refusal = Refused("……")
    page = render_to_string("refused.html", {"refusal": refusal, "blockers": [(blocker, "系部负责人")], "title": "x"})
    assert f"（职责：{in_words(['R1'])}）" in page


@pytest.mark.django_db
def test_a_box_that_was_not_ticked_is_asked_for_without_citing_anything() -> None:
    for act in (applying.first_review, applying.centre_review):
        with pytest.raises(Refused, match="没有选中任何报名") as refused:
            act(f.actor_with("E2", "E4"), [], verdict="pass")
        assert (refused.value.clause, with_its_basis(refused.value)) == ("", "没有选中任何报名")
    with pytest.raises(Refused) as refused:
        planning.decide_annual_plan(f.actor_with("L2"), f.annual_plan(state="submitted"), approve=False)
    assert with_its_basis(refused.value).endswith(f"（依据 {in_full(refused.value.clause)}）")


@pytest.mark.django_db
def test_without_the_pledge_the_form_asks_for_the_tick() -> None:
    f.centre()
    batch, person = f.batch("exam", stage="apply"), f.person()
    client = Client()
    client.force_login(f.candidate(person), "django.contrib.auth.backends.ModelBackend")
    page = client.post(f"/my/apply/{batch.pk}/", {"work_years": "0"}).content.decode()
    assert "请先阅读并勾选承诺，再提交报名" in page
    assert "依据 " not in page

"""Looking through a paper: options under the letters of the keys, its name said once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from assay.bank.models import Paper, Specification
from assay.bank.papers.acts import custody
from assay.bank.papers.acts import papers as papers_acts
from assay.bank.writing.acts import life
from assay.centre.models import Account
from assay.kernel.acts import Actor
from assay.kernel.clock import now
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.bank.test_paper_secrecy import bank_of, papers

pytestmark = pytest.mark.django_db


def test_options_stand_under_letters_and_the_form_is_named_once(client: Client) -> None:
    f.centre()
    row = f.scope_row()
    specification = Specification.objects.create(occupation=row.occupation, level=f.level("4"), title="收银员细目表")
    content = [
        {"stem": "选一项", "mark": "2", "options": ["红", "黄", "蓝", "绿"], "key": "D"},
        {"stem": "对不对", "mark": "2", "options": [], "key": "对"},
    ]
    paper = Paper.objects.create(
        specification=specification, title="收银员细目表 B 卷", form="B", minutes=90, sections=[], content=content,
        seed=1, digest="0" * 64, created_at=now(),
    )  # fmt: skip
    client.force_login(f.staff("E7"), "django.contrib.auth.backends.ModelBackend")
    address = reverse("bank:paper", args=[paper.pk])
    assert client.get(address).headers["Location"].startswith(reverse("bank:secrecy")), (
        "nobody reads a paper who has not promised"
    )
    client.post(reverse("bank:secrecy"), {"agree": "on"})
    page = client.get(address).content.decode()
    assert LedgerEntry.objects.filter(act="bank.read_paper").count() == 1
    read = strip_tags(page)
    assert [line for line in ("A. 红", "B. 黄", "C. 蓝", "D. 绿") if line not in read] == []
    for shown in (page, client.get(reverse("bank:papers")).content.decode()):
        assert "收银员细目表 B 卷" in shown
        assert "（B 卷）" not in shown
    other = Client()
    other.force_login(f.staff("E8"), "django.contrib.auth.backends.ModelBackend")
    assert "您的岗位不能查看试卷内容" in other.get(address).content.decode()


def test_a_paper_page_offers_what_its_acts_would_do_and_says_why_not(keeper: Account, who: Actor) -> None:
    specification, pattern = bank_of(who, 8)
    (paper,) = papers(who, specification, pattern)
    client, address = Client(), reverse("bank:paper", args=[paper.pk])
    client.force_login(keeper)

    def page() -> str:
        return client.get(address).content.decode()

    assert reverse("bank:seal", args=[paper.pk]) in page()
    assert page().count(reverse("bank:paper_swap", args=[paper.pk])) == len(paper.content)
    assert "试卷还没有封存：印制后先封存" in page()
    assert reverse("bank:paper_copies", args=[paper.pk]) not in page()
    stopped = specification.items.get(pk=paper.content[1]["item"])
    life.retire(who, stopped, "过时")
    assert "封存：第 2 题已不在用" in page()
    assert reverse("bank:seal", args=[paper.pk]) not in page()
    life.retire(who, stopped, "再考")
    papers_acts.print_paper(who, paper, "试题卷", 30)
    assert "试卷已印制或发放，换题后与印出的不符" in page()
    assert reverse("bank:paper_swap", args=[paper.pk]) not in page()
    papers_acts.seal(who, paper)
    assert "试卷封存后不显示内容。" in page()
    assert reverse("bank:paper_copies", args=[paper.pk]) in page()
    assert "不能封存" not in page()
    supervisor = Client()
    supervisor.force_login(f.staff("Q4"))
    assert reverse("bank:paper_leak", args=[paper.pk]) in supervisor.get(address).content.decode()


def test_a_sealed_paper_is_read_by_nobody(who: Actor) -> None:
    specification, pattern = bank_of(who, 8)
    (paper,) = papers(who, specification, pattern)
    papers_acts.seal(who, paper)
    with pytest.raises(Refused, match="封存后不显示内容"):
        papers_acts.read_paper(who, paper)


def test_numbers_of_copies_that_cannot_be_read_are_named(keeper: Account, who: Actor) -> None:
    specification, pattern = bank_of(who, 8)
    (paper,) = papers(who, specification, pattern)
    papers_acts.seal(who, paper)
    client = Client()
    client.force_login(keeper)
    out = client.post(
        reverse("bank:paper_copies", args=[paper.pk]), {"part": "paper", "copies": "三十", "to": "一考场"}
    )
    assert "“份数”应填 0 或正整数" in out.content.decode()
    row = custody.hand_out(who, paper, part="试题卷", copies=30, to="一考场")
    back = client.post(reverse("bank:copies_back", args=[row.pk]), {"used": "2O", "unused": "5"})
    assert "“收回已用”应填 0 或正整数" in back.content.decode()
    nothing = client.post(reverse("bank:copies_back", args=[row.pk]), {"used": "25"})
    assert "请填写“收回未用”" in nothing.content.decode()


def test_who_prepares_rooms_is_offered_the_notice_of_what_to_bring() -> None:
    f.centre()
    row = f.scope_row()
    Specification.objects.create(occupation=row.occupation, level=f.level("4"), title="收银技能", part="skill")
    for duties, offered in ((("E6",), True), (("E8",), False), (("E7",), True)):
        client = Client()
        client.force_login(f.staff(*duties))
        page = client.get(reverse("bank:papers")).content.decode()
        assert (reverse("bank:notice") in page) is offered
        assert (reverse("bank:assemble") in page) is (duties == ("E7",))

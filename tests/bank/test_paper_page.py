"""Looking through a paper: options under the letters of the keys, its name said once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from assay.bank.models import Paper, Specification
from assay.kernel.clock import now
from assay.kernel.models import LedgerEntry
from tests import factories as f

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

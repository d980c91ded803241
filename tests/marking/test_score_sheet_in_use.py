"""A score sheet is put in use when the experts have seen what it replaces and where it is not what the standard says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.catalogue.models import ScopeRow, Weight
from assay.marking import sheet_book
from assay.marking.models import SheetTemplate
from assay.marking.rules import weight_questions
from tests import factories as f

pytestmark = pytest.mark.django_db
WEIGHTS = {"焊条电弧焊": 60, "熔化极气体保护焊": 40}


def tasks(**fulls: int) -> list[dict[str, object]]:
    return [
        {
            "code": str(n), "title": title, "minutes": 60, "vetoes": [],
            "points": [{"code": f"{n}-1", "title": "质量", "full": f"{full}.0", "rule": ""}],
        }
        for n, (title, full) in enumerate(fulls.items(), start=1)
    ]  # fmt: skip


@pytest.fixture
def row() -> ScopeRow:
    f.centre()
    made = f.scope_row("电焊工", levels="4")
    at_level = made.standard.levels.get(level__code="4")
    for position, (name, percent) in enumerate(WEIGHTS.items()):
        Weight.objects.create(
            standard_level=at_level, part="skill", name=name, percent=Decimal(percent), position=position
        )
    return made


def upload(row: ScopeRow, content: bytes, **more: str) -> tuple[int, str]:
    client = Client()
    client.force_login(f.staff("X4"), "django.contrib.auth.backends.ModelBackend")
    given = {
        "occupation": row.occupation_id, "job": row.job, "level": row.levels.get().pk, "part": "skill", "title": "电焊工评分表",
        "file": SimpleUploadedFile("表.xlsx", content), **more,
    }  # fmt: skip
    page = client.post(reverse("marking:template_new"), given)
    return page.status_code, page.content.decode()


def test_the_example_is_asked_about_before_it_is_put_in_use(row: ScopeRow) -> None:
    status, page = upload(row, sheet_book.write(None))
    assert status == 422
    for said in ("标准中的“焊条电弧焊”占 60%，表中没有同名的任务", "任务“作业准备”不在标准的权重表中", "还没有启用"):
        assert said in page
    assert 'type="checkbox" name="confirmed"' in page
    assert not SheetTemplate.objects.exists()
    assert upload(row, sheet_book.write(None), confirmed="on")[0] == 302
    assert SheetTemplate.objects.get().active


def test_a_sheet_that_fits_the_standard_is_put_in_use_and_not_replaced_unasked(row: ScopeRow) -> None:
    fits = sheet_book.write(tasks(**WEIGHTS))
    assert upload(row, fits)[0] == 302
    assert upload(row, fits)[0] == 302, "the same again replaces nothing"
    status, page = upload(row, sheet_book.write(tasks(焊条电弧焊=55, 熔化极气体保护焊=45)), title="新表")
    assert status == 422
    assert "在用的“电焊工评分表”将被替换" in page
    assert "“焊条电弧焊”配分 55，标准权重是 60%" in page
    assert SheetTemplate.objects.get(active=True).title == "电焊工评分表"


def test_where_the_standard_says_nothing_nothing_is_asked(row: ScopeRow) -> None:
    Weight.objects.all().delete()
    assert upload(row, sheet_book.write(None))[0] == 302


def test_parts_without_weight_at_a_level_are_not_asked_for() -> None:
    assert weight_questions(tasks(甲=100), [("甲", Decimal(100)), ("乙", Decimal(0))]) == []
    assert weight_questions(tasks(甲=100), []) == []

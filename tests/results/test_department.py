"""A department reads the results of its own students, as soon as they may: on screen and as a file with whole numbers."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from assay.batches.models import Batch
from assay.centre.models import Department
from assay.kernel import clock
from assay.kernel.models import SecurityEvent
from assay.results.models import PublicNotice, Result
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def departments() -> tuple[Department, Department]:
    f.centre()
    return f.department(name="汽车工程系"), f.department(name="财经商贸系")


def result(batch: Batch, department: Department, **fields: Any) -> Result:
    application = f.application(batch)
    application.department = department
    application.save()
    given = {"theory": Decimal("81.5"), "skill": Decimal(80), "outcome": "pass", "computed_at": clock.now(), **fields}
    return Result.objects.create(application=application, batch=batch, **given)


def head_of(department: Department) -> Client:
    client = Client()
    client.force_login(f.staff("R1", department=department), BACKEND)
    return client


def names(page: str, *results: Result) -> list[bool]:
    return [result.application.applicant.name in page for result in results]


def test_a_department_reads_its_own_released_results_and_no_others(departments: tuple[Department, Department]) -> None:
    batch = f.batch("exam", "check")
    own, other = (result(batch, one, released_at=clock.now()) for one in departments)
    unreleased = result(batch, departments[0])
    url = reverse("results:own", args=[batch.pk])
    page = head_of(departments[0]).get(url).content.decode()
    assert names(page, own, other, unreleased) == [True, False, False]
    assert "共 1 条" in page
    assert names(head_of(departments[1]).get(url).content.decode(), own, other) == [False, True]
    assert url in head_of(departments[0]).get(batch.get_absolute_url()).content.decode()
    client = Client()
    client.force_login(f.staff("R1"), BACKEND)  # of no department
    assert names(client.get(url).content.decode(), own, other) == [False, False]


def test_on_other_routes_it_reads_what_is_on_notice(departments: tuple[Department, Department]) -> None:
    batch = f.batch("direct", "notice")
    own = result(batch, departments[0], theory=None, skill=None)
    client, url = head_of(departments[0]), reverse("results:own", args=[batch.pk])
    assert names(client.get(url).content.decode(), own) == [False]
    PublicNotice.objects.create(
        batch=batch, title="公示", starts_on=clock.today(), ends_on=clock.today(), rows=[], digest=""
    )
    assert names(client.get(url).content.decode(), own) == [True]


def cells(content: bytes) -> dict[str, Any]:
    head, row = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return dict(zip(head, row, strict=True))


def test_the_file_has_marks_as_numbers_department_and_class_and_whole_numbers_only_where_asked_for(
    departments: tuple[Department, Department],
) -> None:
    batch = f.batch("exam", "check")
    own = result(batch, departments[0], released_at=clock.now(), skill=None, skill_absent=True)
    client, url = head_of(departments[0]), reverse("results:own", args=[batch.pk])
    masked, whole = (cells(client.get(f"{url}?export={kind}").content) for kind in ("xlsx", "full"))
    applicant = own.application.applicant
    assert (masked["证件号码"], whole["证件号码"]) == (applicant.id_masked, applicant.id_number)
    assert (masked["理论"], masked["技能"]) == (81.5, "缺考")
    assert (masked["院系"], masked["班级"]) == ("汽车工程系", applicant.class_name or None)
    assert [line.kind for line in SecurityEvent.objects.order_by("pk")] == ["export", "identity"]


def test_who_reads_results_without_the_duty_takes_no_whole_numbers_along(
    departments: tuple[Department, Department],
) -> None:
    batch = f.batch("exam", "check")
    result(batch, departments[0], released_at=clock.now())
    url = reverse("results:batch", args=[batch.pk])
    for duty, offered, status in (("E9", True, 200), ("E3", False, 403)):
        client = Client()
        client.force_login(f.staff(duty), BACKEND)
        assert ("export=full" in client.get(url).content.decode()) is offered
        assert client.get(f"{url}?export=full").status_code == status


def test_a_kept_mark_is_a_number_in_the_file_and_named_as_kept(departments: tuple[Department, Department]) -> None:
    batch = f.batch("exam", "check")
    kept = result(batch, departments[0], basis={"theory": {"kind": "kept"}})
    assert (kept.said("theory"), kept.written("theory"), kept.kept_said) == ("81.5（保留）", Decimal("81.5"), "理论")


@pytest.mark.parametrize(
    ("route", "level", "there"),
    [
        ("exam", "4", ["准考证号", "理论", "技能", "保留成绩"]),
        ("exam", "2", ["准考证号", "理论", "技能", "综合评审", "保留成绩"]),
        ("direct", "4", []),
    ],
)
def test_no_column_stands_where_nothing_can_be_in_it(route: str, level: str, there: list[str]) -> None:
    f.centre()
    batch = f.batch(route, "notice", lines=[(f.scope_row(levels="42"), level, 10)])
    client = Client()
    client.force_login(f.staff("E9"), BACKEND)
    content = client.get(f"{reverse('results:batch', args=[batch.pk])}?export=xlsx").content
    head = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active[1]]
    always = ["姓名", "证件号码", "院系", "班级", "工种等级", "结论"]
    assert [title for title in head if title not in always] == there

"""Direct recognition, process assessment and competition, on the screen from the plan to the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.conftest import Journey
from tests.browser.steps import Student

pytestmark = pytest.mark.browser


def direct(page: Page) -> None:
    page.get_by_label("1+X 证书", exact=True).select_option(index=0)
    page.get_by_label("1+X 证书等级").select_option(label="初级")
    page.get_by_label("1+X 证书编号").fill("X100200300")


def process(page: Page) -> None:
    page.get_by_label("课程成绩").fill("会计基础=82\n收银实务=75\n点钞与验钞=91")


def contest(page: Page) -> None:
    page.get_by_label("竞赛", exact=True).select_option(index=0)
    page.get_by_label("名次").fill("2")
    page.get_by_label("成绩").fill("88")


ROUTES = [
    ("直接认定", "D", "快件揽收员 四级/中级工", "财经商贸系", "物流服务与管理", "xibu-shangmao", direct),
    ("过程化考核", "P", "收银员 四级/中级工", "财经商贸系", "会计事务", "xibu-shangmao", process),
    ("竞赛取证", "C", "服装制作工 四级/中级工", "艺术教育系", "服装设计与工艺", "xibu-yijiao", contest),
]


@pytest.mark.parametrize(("route", "letter", "line", "department", "major", "head", "fill"), ROUTES)
def test_a_route_without_an_exam_is_walked_on_the_screen(
    journey: Journey, days: Callable[[int], date], route, letter, line, department, major, head, fill
) -> None:
    name = f"示例{route}批次"
    journey.at(days(0))
    steps.annual_plan(journey, days(0).year)
    steps.batch(journey, name, f"{letter}-01", route, line, days)
    student = Student(910_000 + ord(letter), days(0).year + (1 if days(0).month >= 7 else 0))
    candidate = steps.sign_up(journey, student, department, major, head)
    steps.apply(journey, candidate, name, line, fill)
    steps.review(journey, name, head, days)
    journey.advance(name, "校内公示")
    steps.notice_and_certificates(journey, name, days(4), days(18), f"9{ord(letter):02d}00001")
    candidate.goto(f"{journey.site.url}/my/")
    journey.said(candidate, "已发放")
    assert candidate.get_by_role("link", name="证书副本").is_visible()

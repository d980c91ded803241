"""The item bank on the screen: an expert writes, two others pass, an officer assembles and seals; theory and skill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Journey, press

pytestmark = pytest.mark.browser
THEORY, SKILL = "汽车维修工（四级）理论知识鉴定要素细目表", "汽车维修工（四级）操作技能考核内容结构表"
STEM = "示例：欧姆定律 \\(I=\\frac{U}{R}\\) 中，电阻不变而电压加倍，电流（　）。"
POINTS = """扣分 | 安全防护 | 5 | 每处 1 | 未铺防护垫
测量 | 拧紧力矩 | 6 | 25~35 N·m | 以设定值为准
评分 | 清洁与记录 | 4 | 工位清洁
否定 | 举升后未锁止即进入车下"""


def promised(journey: Journey, username: str) -> Page:
    """Somebody who works with items has promised secrecy for the year."""
    page = journey.person(username)
    page.goto(f"{journey.site.url}/bank/secrecy/")
    if page.get_by_label("我已阅读并承诺").count():
        page.get_by_label("我已阅读并承诺").check()
        press(page, "签署")
    return page


def bank(journey: Journey, username: str, title: str) -> Page:
    page = promised(journey, username)
    page.goto(f"{journey.site.url}/bank/?q={title[:4]}")
    page.get_by_role("link", name=title).click()
    return page


def write_item(journey: Journey) -> None:
    page = bank(journey, "mingti01", THEORY)
    page.get_by_role("link", name="查看试题").click()
    page.get_by_role("link", name="新增试题").click()
    page.get_by_label("题干").fill(STEM)
    for letter, text in zip("ABCD", ("加倍", "减半", "不变", "变为四倍"), strict=True):
        page.get_by_label(f"选项 {letter}").fill(text)
    page.get_by_label("鉴定点").select_option(index=1)
    page.get_by_label("答案").fill("E")
    press(page, "保存")
    journey.said(page, "答案 E 超出选项范围")
    page.get_by_label("答案").fill("A")
    preview = page.locator("#item-preview")
    expect(preview.locator(".item-options")).to_contain_text("加倍")
    expect(preview.locator(".item-key")).to_contain_text("A")
    expect(preview.locator("img.formula")).to_be_visible()
    journey.shot(page, "item-editor")
    press(page, "保存")
    journey.said(page, "试题已保存为草稿")
    press(page, "提交审题")
    journey.said(page, "已提交审题")


def write_task(journey: Journey) -> None:
    page = bank(journey, "mingti01", SKILL)
    page.get_by_role("link", name="编写操作题").click()
    page.get_by_label("试题名称").fill("示例：更换空气滤清器")
    page.get_by_label("鉴定点").select_option(label="A-001 发动机维护（15 分）")
    page.get_by_label("考核时间（分钟）").fill("20")
    page.get_by_label("考核要求").fill("更换空气滤清器并检查进气管路。")
    page.get_by_label("评分表").fill(POINTS)
    page.get_by_label("准备物品").fill("考场 | 空气滤清器 | 与车型相符 | 只 | 1")
    expect(page.locator("#item-preview")).to_contain_text("配分合计 15.0")
    journey.shot(page, "task-editor")
    press(page, "保存")
    press(page, "提交审题")
    journey.said(page, "已提交审题")


def review(journey: Journey, username: str, title: str, said: str, button: str) -> None:
    page = bank(journey, username, title)
    page.get_by_role("link", name="查看试题").click()
    page.get_by_role("link", name=said).first.click()
    journey.shot(page, "item-review")
    press(page, button)


def test_items_are_written_passed_by_two_others_assembled_and_sealed(
    journey: Journey, days: Callable[[int], date]
) -> None:
    journey.at(days(0))
    write_item(journey)
    review(journey, "mingti02", THEORY, "欧姆定律", "初审通过")
    again = bank(journey, "mingti02", THEORY)
    again.get_by_role("link", name="查看试题").click()
    again.get_by_role("link", name="欧姆定律").first.click()
    assert again.get_by_role("button", name="终审通过").count() == 0
    review(journey, "mingti03", THEORY, "欧姆定律", "终审通过")
    write_task(journey)
    review(journey, "mingti02", SKILL, "更换空气滤清器", "初审通过")
    review(journey, "mingti03", SKILL, "更换空气滤清器", "终审通过")
    assert journey.query("SELECT state FROM bank_item ORDER BY id DESC LIMIT 1") == [("in_use",)]
    keeper = promised(journey, "shijuan")
    for select, button, number in (("specification", "组卷", 2), ("skill-specification", "组操作技能卷", 3)):
        keeper.goto(f"{journey.site.url}/bank/papers/")
        option = keeper.locator(f"#{select} option", has_text="汽车维修工").first
        keeper.locator(f"#{select}").select_option(value=option.get_attribute("value"))
        if number == 3:  # the demo has fewer tasks than three versions without a common one would need
            press(keeper, button, exact=True)
            journey.said(keeper, "各卷有重复")
            keeper.get_by_label("各套可有重复题").check()
        press(keeper, button, exact=True)
        journey.said(keeper, f"已组 {number} 套")
    for title in ("理论知识试卷 A 卷", "操作技能试卷 C 卷"):
        keeper.goto(f"{journey.site.url}/bank/papers/")
        keeper.get_by_role("link", name=f"汽车维修工（四级/中级工）{title}").first.click()
        journey.shot(keeper, f"paper-{title[:2]}")
        press(keeper, "封存")
        journey.said(keeper, "已封存")
        keeper.get_by_role("link", name=f"汽车维修工（四级/中级工）{title}").first.click()
        journey.said(keeper, "试卷封存后不显示内容")

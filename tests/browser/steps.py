"""Steps that several journeys walk: the annual plan, a batch, applying on a phone, both reviews, the end of a batch."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from playwright.sync_api import Page, expect

from assay.demo import people
from tests.browser.conftest import PASSWORD, Journey, press

Days = Callable[[int], date]


@dataclass(frozen=True)
class Student:
    """A made-up student of the rail department."""

    serial: int
    year: int

    @property
    def name(self) -> str:
        return people.name(self.serial)

    @property
    def number(self) -> str:
        return people.number(self.serial, self.year - 18)

    @property
    def graduates(self) -> str:
        return f"{self.year}-06-30"


def annual_plan(journey: Journey, year: int) -> None:
    """Drawn up by exam affairs, approved by the leading group; once."""
    page = journey.person("kaowu")
    page.goto(f"{journey.site.url}/batches/plans/")
    if page.get_by_text(f"{year} 年 ·").count():
        return
    page.get_by_role("link", name="拟订年度计划").click()
    page.get_by_label("年度").fill(str(year))
    page.get_by_label("名称").fill(f"{year} 年认定计划")
    press(page, "保存")
    press(page, "提交领导小组审核")
    leader = journey.person("xiaozhang")
    leader.goto(f"{journey.site.url}/batches/plans/")
    press(leader, "批准")
    journey.said(leader, "已批准")


def batch(journey: Journey, name: str, code: str, route: str, line: str, days: Days) -> None:
    """A batch with one line, planned and opened for applications."""
    page = journey.person("kaowu")
    page.goto(f"{journey.site.url}/batches/new/")
    page.get_by_label("批次编号").fill(code)
    page.get_by_label("认定方式").select_option(label=route)
    page.locator("[name=name]").fill(name)
    page.get_by_label("报名开始").fill(days(0).isoformat())
    page.get_by_label("报名截止").fill(days(2).isoformat())
    if route == "考试考核":
        page.get_by_label("考核首日").fill(days(40).isoformat())
        page.get_by_label("考核末日").fill(days(42).isoformat())
        page.get_by_label("实施方案").fill("一、组织领导……\n二、考试方式……")
    page.get_by_label("认定公告").fill("请符合条件的在校学生在报名时间内报名。")
    page.locator("[name=lines-0-what]").select_option(label=line)
    page.locator("[name=lines-0-planned]").fill("10")
    press(page, "保存")
    journey.said(page, "已保存")
    journey.advance(name, "组织报名")


def sign_up(journey: Journey, student: Student, department: str, major: str, head: str) -> Page:
    """A candidate's own account: claimed on a phone, confirmed by the department, signed in to on the phone."""
    page = journey.page(phone=True)
    page.goto(f"{journey.site.url}/my/sign-up/")
    page.get_by_label("姓名").fill(student.name)
    page.get_by_label("证件号码").fill(student.number)
    page.get_by_label("学号/工号").fill(f"S{student.serial}")
    page.get_by_label("院系部门").select_option(label=department)
    page.get_by_label("专业", exact=True).select_option(label=major)
    page.get_by_label("班级").fill("示例2401")
    page.get_by_label("预计毕业年月").fill(student.graduates)
    page.get_by_label("手机号码").fill("13900000001")
    page.get_by_label("设置密码").fill(PASSWORD)
    press(page, "提交注册")
    journey.said(page, "申请已收到")
    journey.shot(page, "claim-phone")
    office = journey.person(head)
    office.goto(f"{journey.site.url}/candidates/claims/?q={student.name}")
    office.get_by_label(f"选择 {student.name}").check()
    journey.shot(office, "claims")
    press(office, "办理")
    journey.said(office, "已确认 1 份注册")
    page.reload()
    page.get_by_role("link", name="去登录").click()
    page.get_by_label("证件号码").fill(student.number)
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录", exact=True)
    journey.said(page, f"{student.name}，您好")
    return page


def apply(journey: Journey, page: Page, name: str, line: str, fill: Callable[[Page], None]) -> None:
    """Hand in an application with a photo; `fill` enters what the route asks for."""
    page.goto(f"{journey.site.url}/my/")
    page.locator(".card", has_text=name).get_by_role("link", name="报名").click()
    if page.get_by_label("申报工种和等级").count():  # a batch of one job and level leaves nothing to choose
        page.get_by_label("申报工种和等级").select_option(label=line)
        page.wait_for_url("**/?line=*")
    fill(page)
    page.get_by_label("照片").set_input_files({"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": people.photo(1)})
    page.get_by_label("本人承诺").check()
    press(page, "提交报名")
    journey.said(page, "待初审")


def review(journey: Journey, name: str, head: str, days: Days) -> None:
    """Applications close; the department passes its own, the centre passes each."""
    journey.at(days(3))
    journey.advance(name, "资格审核")
    for username, button, state in ((head, "系部初审", "submitted"), ("shenhe", "中心审核", "first_passed")):
        page = journey.person(username)
        page.goto(f"{journey.site.url}/applications/?state={state}")
        page.get_by_label("全选本页").check()
        ticked = page.locator("input[name=chosen]:checked")
        boxes = ticked.count()
        page.get_by_label("对勾选的报名").select_option("return")
        press(page, button)
        journey.said(page, "退回或不通过须写明原因")
        expect(ticked).to_have_count(boxes)  # what was ticked is ticked again
        expect(page.get_by_label("对勾选的报名")).to_have_value("return")
        page.get_by_label("对勾选的报名").select_option("pass")
        press(page, button)
        page.locator(".alert-success").first.wait_for()


def notice_and_certificates(journey: Journey, name: str, opens: date, closes: date, serial: str) -> str:
    """Public notice, certificates, report to the province, archive; the first certificate's number."""
    journey.at(opens)
    page = journey.batch("kaowu", name)
    page.get_by_role("link", name="去办理").first.click()
    page.get_by_role("button", name=re.compile("汇总认定结果|开始公示")).first.wait_for()
    if page.get_by_role("button", name="汇总认定结果").count():
        press(page, "汇总认定结果")
    press(page, "开始公示")
    journey.said(page, "公示 ")
    journey.at(closes)
    page = journey.batch("kaowu", name)
    page.get_by_role("link", name="去办理").first.click()
    press(page, "结束公示")
    journey.advance(name, "证书核发")
    officer = journey.work("zhengshu", name, "证书核发")
    press(officer, "编制证书")
    officer.get_by_label("起始印制流水码").fill(serial)
    press(officer, "登记打印（全部未打印）")
    press(officer, "登记发放（全部已打印）")
    press(officer, "报送省平台")
    for _ in range(40):
        officer.reload()
        if officer.get_by_text("未报送", exact=True).count() == 0 or officer.locator("td", has_text="已报送").count():
            break
        officer.wait_for_timeout(300)
    journey.shot(officer, "certificates")
    journey.advance(name, "资料归档")
    keeper = journey.work("dangan", name, "资料归档")
    press(keeper, "组卷")
    press(keeper, "封卷")
    journey.said(keeper, "封卷")
    journey.advance(name, "已办结")
    rows = journey.query(
        "SELECT c.number, c.name FROM certificates_certificate c JOIN applications_application a ON a.id = c.application_id"
        " JOIN batches_batch b ON b.id = a.batch_id WHERE b.name = ? ORDER BY c.number",
        name,
    )
    number, holder = rows[0]
    public = journey.page()
    public.goto(f"{journey.site.url}/verify/")
    public.get_by_label("证书编号").fill(str(number))
    public.get_by_label("姓名").fill(str(holder))
    press(public, "查询")
    journey.said(public, "有效")
    return str(number)


def roster(students: list[Student], columns: dict[str, str]) -> bytes:
    """A department's Excel roster for students of the rail line."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("名册")
    for number, student in enumerate(students, start=1):
        values = {
            "姓名": student.name, "证件号码": student.number, "文化程度": "中等专业学校", "学号": f"S{student.serial}",
            "班级": "示例2402", "入学年月": f"{student.year - 3}-09-01", "预计毕业年月": student.graduates, **columns,
        }  # fmt: skip
        if number == 1:
            sheet.write_row(0, 0, list(values))
        for column, value in enumerate(values.values()):
            sheet.write_string(number, column, value)
    book.close()
    return buffer.getvalue()

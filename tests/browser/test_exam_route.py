"""The exam route on the screen, from the annual plan to the archived certificate, each at the own post."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import Page

from assay.kernel.secrets import SecretsStore
from tests.applications.rosters import photos
from tests.browser import steps
from tests.browser.conftest import Journey, press
from tests.browser.steps import Student

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
pytestmark = pytest.mark.browser
NAME, LINE = "示例考试批次", "城市轨道交通站务员 四级/中级工"
MAJOR, HEAD = "城市轨道交通运营服务", "xibu-guijian"


def rail_department(journey: Journey) -> str:
    """The department's name as the school has it."""
    rows = journey.query(
        "SELECT d.name FROM catalogue_major m JOIN centre_department d ON d.id = m.department_id WHERE m.name = ?",
        MAJOR,
    )
    return str(rows[0][0])


def on_duty(journey: Journey, role: str, part: str) -> list[str]:
    """User names of those who serve in the batch's sessions of a part."""
    rows = journey.query(
        "SELECT DISTINCT a.username FROM arrangement_assignment s JOIN corps_member m ON m.id = s.member_id"
        " JOIN centre_account a ON a.id = m.account_id JOIN arrangement_sessionroom r ON r.id = s.session_room_id"
        " JOIN arrangement_session n ON n.id = r.session_id JOIN batches_batch b ON b.id = n.batch_id"
        " WHERE s.role = ? AND n.part = ? AND b.name = ? ORDER BY s.id",
        role, part, NAME,
    )  # fmt: skip
    return [str(row[0]) for row in rows]


def wait_for(page: Page, text: str, seconds: int = 20) -> None:
    """Reload until the page says it: something goes on in the background."""
    ends = time.monotonic() + seconds
    while page.get_by_text(text).count() == 0:
        assert time.monotonic() < ends, text
        page.wait_for_timeout(300)
        page.reload()


def open_received(province: Page) -> None:
    """The province opens what came in, once it is there."""
    ends = time.monotonic() + 20
    while province.locator("tbody a").count() == 0:
        assert time.monotonic() < ends
        province.wait_for_timeout(300)
        province.reload()
    province.locator("tbody a").first.click()


def apply_both_ways(journey: Journey, students: list[Student], days: Callable[[int], date]) -> Page:
    """One by the department's roster, one on a phone; the phone page is given back."""
    first, second = students
    head = journey.person(HEAD)
    head.goto(f"{journey.site.url}/applications/roster/")
    columns = {
        "院系": rail_department(journey),
        "专业": MAJOR,
        "职业编码": "4-02-01-07",
        "工种名称": "城市轨道交通站务员",
        "等级": "4",
    }
    wrong = steps.roster([first], {**columns, "等级": "2"})
    zipped = {"name": "照片.zip", "mimeType": "application/zip", "buffer": photos([f"{first.name}_{first.number}.jpg"])}
    for content, said in ((wrong, "备案范围没有 2 级"), (steps.roster([first], columns), "已导入 1 份报名")):
        head.locator("[name=batch]").select_option(label=NAME)
        head.locator("[name=file]").set_input_files({"name": "名册.xlsx", "mimeType": XLSX, "buffer": content})
        head.locator("[name=photos]").set_input_files(zipped)
        if head.locator("[name=pledged]").count():
            head.locator("[name=pledged]").check()
        press(head, "导入", exact=True)
        journey.said(head, said)
    phone = steps.sign_up(journey, second, rail_department(journey), MAJOR, HEAD)

    def condition(page: Page) -> None:
        option = page.get_by_label("依据的申报条件").locator("option", has_text="毕业证书").first
        page.get_by_label("依据的申报条件").select_option(value=option.get_attribute("value"))

    steps.apply(journey, phone, NAME, LINE, condition)
    journey.shot(phone, "candidate-phone")
    return phone


def arrange_and_file(journey: Journey, days: Callable[[int], date]) -> None:
    """Arranged, filed, returned with a reason, filed again, approved."""
    page = journey.work("kaowu", NAME, "考场编排")
    press(page, "自动编排")
    journey.said(page, "座位、监考、考评、督导都已安排妥当")
    journey.shot(page, "arrangement")
    journey.advance(NAME, "上报备案")
    province = journey.page()
    province.goto(f"{journey.site.province.url}/sign-in")
    province.get_by_label("访问密码").fill("testbed-province")
    press(province, "登录")
    for decision, reason in (("退回", "考评员证卡复印件不清"), ("批准", "")):
        page = journey.work("kaowu", NAME, "上报备案")
        press(page, "上报省中心")
        journey.said(page, "已上报")
        province.goto(f"{journey.site.province.url}/?kind=filings&state=received")
        open_received(province)
        province.get_by_label("退回原因").fill(reason)
        journey.shot(province, "province")
        press(province, decision)
        page = journey.work("kaowu", NAME, "上报备案")
        wait_for(page, reason or "已批准")
    journey.advance(NAME, "准考证")


def tickets_and_papers(journey: Journey) -> None:
    page = journey.work("kaowu", NAME, "准考证")
    press(page, "发放准考证")
    journey.said(page, "已发放 2 张")
    journey.advance(NAME, "考前检查")
    keeper = journey.person("shijuan")
    keeper.goto(f"{journey.site.url}/bank/secrecy/")
    keeper.get_by_label("我已阅读并承诺").check()
    press(keeper, "签署")
    keeper.goto(f"{journey.site.url}/bank/papers/")
    keeper.get_by_label("题库不足时尽量接近").check()
    option = keeper.get_by_label("细目表", exact=True).locator("option", has_text="站务员").first
    keeper.get_by_label("细目表", exact=True).select_option(value=option.get_attribute("value"))
    press(keeper, "组卷")
    for letter in "AB":
        keeper.goto(f"{journey.site.url}/bank/papers/")
        keeper.get_by_role("link", name=f"{letter} 卷").click()
        press(keeper, "封存")
        journey.said(keeper, "已封存")


def score_sheet(journey: Journey) -> None:
    """The experts make the score sheet of the job."""
    page = journey.person("zhuanjia")
    page.goto(f"{journey.site.url}/marking/templates/")
    page.get_by_role("link", name="编制评分记录表").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载示例").click()
    example = download.value.path().read_bytes()
    page.get_by_label("职业").select_option(label="4-02-01-07 城市轨道交通服务员")
    page.get_by_label("等级").select_option(label="四级/中级工")
    page.get_by_label("名称").fill("城市轨道交通服务员操作技能评分记录表")
    filled_in = {"name": "评分.xlsx", "mimeType": XLSX, "buffer": example}
    page.get_by_label("评分记录表（.xlsx）").set_input_files(filled_in)
    press(page, "启用")
    journey.said(page, "标准中的“")
    assert page.get_by_text("不在标准的权重表中").count()
    page.get_by_label("以上各点已经核对").check()
    page.get_by_label("评分记录表（.xlsx）").set_input_files(filled_in)
    press(page, "启用")
    journey.said(page, "已启用")


def ready(journey: Journey) -> None:
    """Rooms checked, the theory session published to the hall."""
    page = journey.work("kaowu", NAME, "考前检查与发布")
    for _ in range(10):
        waiting = page.get_by_role("row").filter(has_text="未检查").get_by_role("link", name="检查")
        if waiting.count() == 0:
            break
        waiting.first.click()
        for box in page.locator("input[type=checkbox]").all():
            box.check()
        press(page, "登记检查结果")
        journey.said(page, "符合要求")
    keeper = journey.work("shijuan", NAME, "考前检查与发布")
    press(keeper, "提取试卷并发布到考试端")
    journey.said(keeper, "已发布")
    press(keeper, "启封试卷（两人）")
    journey.said(keeper, "还须另一人启封")
    press(journey.work("kaowu", NAME, "考前检查与发布"), "启封试卷（第二人）")
    journey.advance(NAME, "实施认定")


def answer_keys(journey: Journey) -> dict[str, str]:
    """What is right, by item: with the site's secrets, as only the site itself can read it."""
    (content,) = SecretsStore(journey.site.var / "secrets.json").keys("content")

    def opened(stored: object) -> str:
        raw = base64.b64decode(str(stored).partition(":")[2])
        return AESGCM(content.value).decrypt(raw[:12], raw[12:], b"bank_item.key").decode()

    return {str(item): opened(key) for item, key in journey.query("SELECT id, key FROM bank_item WHERE key <> ''")}


def answer(page: Page, keys: dict[str, str]) -> None:
    """The right answer by keyboard: the letters under which the right options stand on this candidate's page."""
    key = keys[str(page.locator("fieldset.item").get_attribute("data-item"))]
    for number, option in enumerate(page.locator("fieldset.item input").all()):
        if str(option.get_attribute("value")) in key:
            page.keyboard.press("abcdef"[number])


def sit_the_exam(journey: Journey, student: Student) -> str:
    """A candidate in the hall: signs in, answers by keyboard, reloads in the middle, hands in; the receipt."""
    ticket = journey.query(
        "SELECT t.number FROM arrangement_ticket t JOIN applications_application a ON a.id = t.application_id"
        " JOIN applications_person p ON p.id = a.person_id WHERE p.name = ?", student.name,
    )[0][0]  # fmt: skip
    page = journey.page()
    page.goto(journey.site.hall.url)
    page.get_by_label("准考证号").fill(str(ticket))
    page.get_by_label("证件号码").fill(student.number)
    page.get_by_role("button", name="登录").click()
    journey.said(page, student.name)
    journey.shot(page, "hall-identity")
    page.get_by_role("button", name="信息无误").click()
    page.get_by_role("button", name="交卷").wait_for()
    keys = answer_keys(journey)
    total = 35
    for number in range(total):
        answer(page, keys)
        if number == 12:
            page.get_by_text("已保存", exact=True).wait_for()
            journey.shot(page, "hall-answering")
            page.reload()
            page.get_by_text("已答 13　").wait_for()
            page.get_by_role("button", name="第 13 题，已答").click()
        page.keyboard.press("ArrowRight")
    page.get_by_text(f"已答 {total}　未答 0").wait_for()
    page.get_by_text("已保存", exact=True).wait_for()
    page.get_by_role("button", name="交卷").click()
    page.get_by_role("button", name="确认交卷").click()
    page.get_by_text("回执").first.wait_for()
    journey.shot(page, "hall-receipt")
    return page.locator("main").inner_text()


def close_the_room(journey: Journey) -> None:
    """The invigilator's console: one handed in, one absent; the record is confirmed."""
    watcher = on_duty(journey, "invigilator", "theory")[0]
    page = journey.person(watcher)
    page.goto(f"{journey.site.url}/exam/my-rooms/")
    page.get_by_role("link", name="控制台").first.click()
    page.get_by_text("已交卷").first.wait_for()
    journey.shot(page, "hall-console")
    page.get_by_role("button", name="结束考场").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_text("考场已结束，记录已存").wait_for()
    officer = journey.work("kaowu", NAME, "考前检查与发布")
    press(officer, "收卷判分")
    journey.said(officer, "已收卷 1 份并判分，缺考 1 人")


def skill_session_starts(journey: Journey) -> datetime:
    """In Shanghai."""
    [(starts,)] = journey.query(
        "SELECT min(n.starts_at) FROM arrangement_session n JOIN batches_batch b ON b.id = n.batch_id"
        " WHERE n.part = 'skill' AND b.name = ?",
        NAME,
    )
    return datetime.fromisoformat(str(starts)).replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))


def skill_exam(journey: Journey) -> None:
    """Three examiners mark by themselves and lock; the leader settles; the room record is written."""
    starts = skill_session_starts(journey)
    journey.at(starts.date(), starts.hour, starts.minute)
    press(journey.work("zhuanjia", NAME, "技能考核与评审"), "开考评组")
    leader = on_duty(journey, "leader", "skill")[0]
    panel = [leader, *on_duty(journey, "examiner", "skill")]
    assert len(panel) == 3
    for examiner in panel:
        page = journey.person(examiner)
        page.goto(f"{journey.site.url}/marking/panels/")
        page.locator("main a.list-group-item-action").first.click()
        for _ in range(2):
            page.locator("main").get_by_role("link", name="评分", exact=True).first.click()
            for field in page.locator("input.score-input").all():
                field.fill(str(float(field.get_attribute("max") or "0") * 0.8))
            assert page.locator("[data-score-total]").inner_text() == "合计 80.0"
            journey.shot(page, "score-sheet")
            press(page, "保存并锁定")
            page.goto(f"{journey.site.url}/marking/panels/")
            page.locator("main a.list-group-item-action").first.click()
    page = journey.person(leader)
    page.goto(f"{journey.site.url}/marking/panels/")
    page.locator("main a.list-group-item-action").first.click()
    page.get_by_label("全选").check()
    press(page, "合成勾选考生的成绩")
    page.locator(".alert-success").first.wait_for()
    page = journey.work("kaowu", NAME, "考前检查与发布")
    page.get_by_role("row").filter(has_text="操作技能").get_by_role("link", name="记录表").click()
    page.locator("[name=present]").fill("2")
    page.locator("[name=absent]").fill("0")
    press(page, "登记考场记录")
    supervisor = journey.work("dudao01", NAME, "督导反馈")
    supervisor.get_by_role("link", name="填写：实施认定").click()
    for radio in supervisor.get_by_label("符合", exact=True).all():
        radio.check()
    press(supervisor, "提交")
    journey.said(supervisor, "符合")


def results(journey: Journey, days: Callable[[int], date]) -> None:
    journey.advance(NAME, "成绩认定")
    page = journey.work("kaowu", NAME, "成绩认定与复核")
    press(page, "合成成绩")
    press(page, "上报成绩")
    province = journey.page()
    province.goto(f"{journey.site.province.url}/sign-in")
    province.get_by_label("访问密码").fill("testbed-province")
    press(province, "登录")
    province.goto(f"{journey.site.province.url}/?kind=results&state=received")
    open_received(province)
    press(province, "批准")
    page = journey.work("kaowu", NAME, "成绩认定与复核")
    wait_for(page, "审核通过")
    press(page, "发布成绩")
    journey.said(page, "已向考生发布")
    journey.shot(page, "results")
    journey.advance(NAME, "成绩复核")


def test_a_batch_is_walked_from_the_plan_to_the_archive(journey: Journey, days: Callable[[int], date]) -> None:
    year = days(40).year + (1 if days(40).month >= 7 else 0)
    students = [Student(920_000, year), Student(920_001, year)]
    journey.at(days(0))
    steps.annual_plan(journey, days(0).year)
    steps.batch(journey, NAME, "E-01", "考试考核", LINE, days)
    phone = apply_both_ways(journey, students, days)
    steps.review(journey, NAME, HEAD, days)
    journey.advance(NAME, "考场编排")
    arrange_and_file(journey, days)
    tickets_and_papers(journey)
    journey.at(days(40), 8, 0)
    score_sheet(journey)
    ready(journey)
    receipt = sit_the_exam(journey, students[1])
    assert "回执" in receipt
    close_the_room(journey)
    skill_exam(journey)
    journey.at(days(43))
    results(journey, days)
    phone.goto(f"{journey.site.url}/my/")
    phone.get_by_role("link", name="申请复核").click()
    phone.get_by_label("申请理由").fill("请核对理论得分")
    press(phone, "提交")
    page = journey.work("kaowu", NAME, "成绩认定与复核")
    page.get_by_label("复核意见").fill("经核对，成绩无误")
    press(page, "维持原成绩")
    journey.said(page, "待复核人确认")
    page = journey.work("zhuren", NAME, "成绩认定与复核")
    press(page, "确认答复")
    journey.said(page, "维持原成绩")
    journey.at(days(60))
    assert journey.query(
        "SELECT outcome FROM results_result r JOIN batches_batch b ON b.id = r.batch_id WHERE b.name = ? AND r.outcome = 'pass'",
        NAME,
    )
    journey.advance(NAME, "校内公示")
    number = steps.notice_and_certificates(journey, NAME, days(61), days(75), "80000001")
    assert number.startswith("S000041000123")

"""A school out of one workbook: what is taken down goes in again the same; faults are named; nothing half-written."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from assay.catalogue.models import EntryCondition, Occupation, ScopeRow, StandardLevel, Weight
from assay.centre.clause_table import SUBJECTS
from assay.centre.duties import DUTIES
from assay.centre.models import Account, BasisVersion, Centre
from assay.corps.models import Card, Member
from assay.demo import school
from assay.kernel.citing import held, in_full
from assay.kernel.clock import today
from assay.kernel.ledger import canonical_json
from assay.kernel.verification import verify
from assay.setup import workbook
from assay.setup.acts import SetupRefused, check_school, install_school
from assay.setup.basis import given
from assay.sites.models import Room
from tests import factories as f

pytestmark = pytest.mark.django_db
MODELS = (Occupation, ScopeRow, StandardLevel, Weight, EntryCondition, Member, Card, Room, Account)


def facts() -> dict[str, list[Any]]:
    return {
        m.__name__: sorted(canonical_json(row.facts()).decode() for row in m._default_manager.all())
        for m in MODELS
        if m is not Account
    }


def edited(content: bytes, sheet: str, row: int, title: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(content))
    page = book[sheet]
    titles = [str(cell.value).rstrip("*") for cell in page[1]]
    page.cell(row, titles.index(title) + 1, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def _installed(django_db_setup: None, django_db_blocker) -> Iterator[bytes]:
    """The demo school, installed once for this module and taken away after it; its state as a workbook."""
    with django_db_blocker.unblock(), transaction.atomic():
        school.install(f.actor_with("L1"))
        yield workbook.write(with_data=True)
        transaction.set_rollback(True)


@pytest.fixture
def installed(_installed: bytes, db: None) -> bytes:
    """What a test changes is undone after it."""
    return _installed


def duty_word(code: str) -> str:
    """A duty as the list of the cell has it."""
    return f"{code} {DUTIES[code].text}"


def read(content: bytes) -> Any:
    book, problems = workbook.read("学校.xlsx", content)
    assert problems == []
    return book


def test_the_workbook_taken_down_goes_in_again_and_changes_nothing(installed: bytes) -> None:
    before = facts()
    install_school(f.actor_with("L1"), read(installed), file="学校.xlsx")
    assert facts() == before
    assert verify().findings == []


def test_another_school_is_set_up_without_touching_code(installed: bytes) -> None:
    changed = edited(installed, "中心", 2, "名称", "河南省另一职业学院职业技能等级认定中心")
    changed = edited(changed, "认定范围", 2, "别称", "检验工")
    install_school(f.actor_with("L1"), read(changed), file="学校.xlsx")
    assert Centre.objects.get().name == "河南省另一职业学院职业技能等级认定中心"
    assert ScopeRow.objects.get(no=1).also_called == "检验工"


@pytest.mark.parametrize(
    ("sheet", "title", "value", "said"),
    [
        ("职业", "职业编码", "4-12", "职业编码"), ("认定范围", "标准", "没有的标准", "不存在"),
        ("人员", "身份证号", "410105200603150019", "校验码"), ("证卡", "有效期至", "明年", "不是日期"),
        ("场地", "类别", "操场", "不认识"), ("账号", "岗位", "船长", "不存在"), ("标准等级", "理论分钟", "一个半小时", ""),
        ("人员", "姓名", "柳", "姓名只有 1 个字"), ("账号", "姓名", "<柳一>", "姓名不能以"),
        ("中心", "机构代码", "123", "机构代码"), ("组卷结构", "题型结构", "单选 10 1", "100"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_sheet_row_and_column_and_nothing_is_written(installed, sheet, title, value, said) -> None:
    before = facts()
    with pytest.raises(SetupRefused) as refused:
        install_school(f.actor_with("L1"), read(edited(installed, sheet, 2, title, value)), file="学校.xlsx")
    first = refused.value.problems[0]
    assert (first.file, first.sheet, first.row) == ("学校.xlsx", sheet, 2)
    assert said in first.message
    assert facts() == before


def the_duties(content: bytes, post: str, *duties: str) -> Any:
    """The workbook with these duties of a post and no others."""
    book = load_workbook(io.BytesIO(content))
    page = book["岗位职责"]
    for number in range(page.max_row, 1, -1):
        if page.cell(number, 2).value == post:
            page.delete_rows(number)
    for duty in duties:
        page.append(["", post, duty])
    buffer = io.BytesIO()
    book.save(buffer)
    return read(buffer.getvalue())


def test_a_post_is_changed_under_the_rules_of_its_page(installed: bytes) -> None:
    director = Account.objects.get(username="xiaozhang")
    leading = "领导小组组长"
    with pytest.raises(SetupRefused) as refused:
        install_school(f.actor_with("L1"), the_duties(installed, leading, duty_word("L2")))
    assert [(p.sheet, p.row, p.column) for p in refused.value.problems] == [("岗位", 2, "岗位")]
    assert "没有人承担“设立机构、配备人员”的职责" in refused.value.problems[0].message
    more = the_duties(installed, leading, *map(duty_word, ("L1", "L2", "E7")))
    with pytest.raises(SetupRefused, match="1 处问题") as refused:
        install_school(f.actor_with("L1", account=director), more)
    assert "不能自己给它增加职责" in refused.value.problems[0].message


def weights(content: bytes, *shares: int) -> bytes:
    """The first weights of the workbook, all of one column of one level, so large."""
    page = load_workbook(io.BytesIO(content))["权重"]
    titles = [str(cell.value).rstrip("*") for cell in page[1]]
    whose = [titles.index(title) + 1 for title in ("标准", "等级", "部分")]
    first = [page.cell(2, n).value for n in whose]
    rows = [n for n in range(2, page.max_row + 1) if [page.cell(n, at).value for at in whose] == first]
    for row, share in zip(rows, [*shares, *[0] * (len(rows) - len(shares))], strict=True):
        content = edited(content, "权重", row, "权重", share)
    return content


def test_weights_of_a_column_are_never_more_than_a_hundred_and_may_change_places(installed: bytes) -> None:
    install_school(f.actor_with("L1"), read(weights(installed, 60, 40)))
    install_school(f.actor_with("L1"), read(weights(installed, 40, 60)))
    with pytest.raises(SetupRefused) as refused:
        install_school(f.actor_with("L1"), read(weights(installed, 80, 80)), file="学校.xlsx")
    problems = refused.value.problems
    assert [(one.sheet, one.row, one.column) for one in problems] == [("权重", 2, "权重"), ("权重", 3, "权重")]
    assert all("不能超过 100%" in one.message for one in problems)


@pytest.mark.parametrize(
    ("sheet", "title", "value", "said"),
    [
        ("证卡", "考评职业", "", "考评员证卡须写明考评职业"),
        ("参数", "值", "也许", "的值“也许”不对"),
        ("人员", "姓名", "张 三!", "姓名"),
    ],
)
def test_what_a_page_would_refuse_is_refused_in_the_workbook(
    installed: bytes, sheet: str, title: str, value: str, said: str
) -> None:
    with pytest.raises(SetupRefused) as refused:
        install_school(f.actor_with("L1"), read(edited(installed, sheet, 2, title, value)), file="学校.xlsx")
    problems = refused.value.problems
    assert [(one.sheet, one.row, one.column) for one in problems] == [(sheet, 2, title)]
    assert said in problems[0].message


def test_checking_writes_nothing(installed: bytes) -> None:
    before = Centre.objects.get().name
    check_school(f.actor_with("L1"), read(edited(installed, "中心", 2, "名称", "只是看看")), file="学校.xlsx")
    assert Centre.objects.get().name == before
    assert verify().findings == []


def test_a_file_that_is_not_our_workbook_is_refused_in_words() -> None:
    for content in (b"", b"not a workbook", b"PK\x03\x04"):
        _, problems = workbook.read("别的.xlsx", content)
        assert problems
        assert all(p.message for p in problems)


def test_the_blank_template_has_a_sheet_for_everything() -> None:
    book = load_workbook(io.BytesIO(workbook.write(with_data=False)))
    assert {"说明", "中心", "职业", "标准", "认定范围", "人员", "证卡", "场地", "岗位", "账号"} <= set(book.sheetnames)


def a_school(**account: str) -> bytes:
    """The template with two new accounts."""
    book = load_workbook(io.BytesIO(workbook.write(with_data=False)))
    page = book["账号"]
    titles = [str(cell.value).rstrip("*") for cell in page[1]]
    for username in ("xinlaoshi", "laolaoshi"):
        values = {"账号": username, "姓名": "某老师", **account}
        page.append([values.get(title, "") for title in titles])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sent(content: bytes, **more: str) -> Any:
    leader = Client()
    leader.force_login(f.staff("L1"), backend="django.contrib.auth.backends.ModelBackend")
    return leader.post("/desk/setup/", {"file": SimpleUploadedFile("学校.xlsx", content), **more})


@pytest.mark.django_db
def test_new_accounts_without_a_password_get_one_by_lot_that_is_shown_once() -> None:
    f.centre(is_demo=False)
    assert sent(a_school(), check="1").status_code == 302
    assert not Account.objects.filter(username="xinlaoshi").exists()
    answer = sent(a_school())
    drawn = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.content.decode())
    assert len(set(drawn)) == 2
    assert "no-store" in answer["Cache-Control"]
    for username, password in zip(("xinlaoshi", "laolaoshi"), drawn, strict=True):
        made = Account.objects.get(username=username)
        assert made.check_password(password)
        assert made.must_change_password
        assert made.password_expires_at is not None
    assert sent(a_school()).status_code == 302  # they are there already, and keep their passwords
    assert Account.objects.get(username="xinlaoshi").check_password(drawn[0])


@pytest.mark.parameter("password.first_days")
def test_the_page_of_first_passwords_says_as_many_days_as_the_parameters_page_was_told() -> None:
    f.centre(is_demo=False)
    f.set_parameter("password.first_days", "3")
    assert "3 天内登录并改成自己的密码" in sent(a_school()).content.decode()


@pytest.mark.django_db
def test_a_weak_password_in_the_workbook_is_a_problem_at_its_cell() -> None:
    f.centre(is_demo=False)
    page = sent(a_school(初始密码="laoshi123")).content.decode()
    assert "初始密码" in page
    assert "留空则由系统生成" in page
    assert not Account.objects.filter(username="xinlaoshi").exists()
    assert sent(a_school(初始密码="kao-ping-2026-x")).status_code == 302
    assert Account.objects.get(username="xinlaoshi").must_change_password


def with_own_basis(content: bytes) -> bytes:
    """The school's workbook with a document of its own that names two rules."""
    changed = edited(content, "规则依据", 2, "依据", "本校文件")
    changed = edited(changed, "规则依据", 2, "文件名称", "认定实施办法")
    changed = edited(changed, "规则依据", 2, "文号", "校发〔2026〕9号")
    for subject, number in (("上报认定计划", "3.10"), ("直接认定方式工作流程—证书核发", "第三十条")):
        changed = edited(changed, "条款号", 2 + list(SUBJECTS).index(subject), "条款号", number)
    return changed


def test_the_demo_school_keeps_the_plan(installed: bytes) -> None:
    assert [(row.kind, row.since) for row in BasisVersion.objects.all()] == [("plan", None)]
    assert in_full("四(一)4") == "工作方案 四(一)4 上报认定计划"


def test_the_basis_goes_in_by_the_workbook_and_comes_out_again_the_same(installed: bytes) -> None:
    install_school(f.actor_with("L1"), read(with_own_basis(installed)), file="学校.xlsx")
    assert in_full("四(一)4") == "认定实施办法 3.10 上报认定计划"
    assert in_full("四(二)3") == "认定实施办法 第三十条 证书核发"
    kept = list(BasisVersion.objects.values("kind", "title", "document_no", "since", "numbers"))
    assert kept[-1] == {
        "kind": "own", "title": "认定实施办法", "document_no": "校发〔2026〕9号", "since": today(),
        "numbers": {"四(一)4": "3.10", "四(二)3": "第三十条"},
    }  # fmt: skip
    again = read(workbook.write(with_data=True))
    install_school(f.actor_with("L1"), again, file="学校.xlsx")
    install_school(f.actor_with("L1"), {**again, "条款号": []}, file="学校.xlsx")
    assert list(BasisVersion.objects.values("kind", "title", "document_no", "since", "numbers")) == kept
    assert verify().findings == []


def test_what_is_only_checked_is_shown_nowhere(installed: bytes) -> None:
    with held():
        check_school(f.actor_with("L1"), read(with_own_basis(installed)))
        assert in_full("四(一)4") == "工作方案 四(一)4 上报认定计划"


@pytest.mark.parametrize(
    ("sheet", "row", "title", "value", "said"),
    [
        ("规则依据", 2, "依据", "本县方案", "不认识，可填 随系统的工作方案、本校文件、国家规定"),
        ("规则依据", 2, "施行日期", "明年", "不是日期"),
        ("条款号", 3, "规则内容", "证书核发", "没有“证书核发”这项规则"),
        ("条款号", 3, "条款号", "3.1", "在“规则依据”工作表的“依据”列填“本校文件”"),
    ],
)
def test_what_is_wrong_with_the_basis_is_named(installed, sheet, row, title, value, said) -> None:
    with pytest.raises(SetupRefused) as refused:
        install_school(f.actor_with("L1"), read(edited(installed, sheet, row, title, value)), file="学校.xlsx")
    assert [(p.sheet, p.column) for p in refused.value.problems] == [(sheet, title)]
    assert said in refused.value.problems[0].message
    assert BasisVersion.objects.count() == 1


def test_the_blank_template_has_every_rule_to_be_numbered() -> None:
    page = load_workbook(io.BytesIO(workbook.write(with_data=False)))["条款号"]
    assert [row[1] for row in page.iter_rows(min_row=2, values_only=True)] == list(SUBJECTS)
    assert page.column_dimensions["C"].number_format == "@"
    book, problems = workbook.read("空白.xlsx", workbook.write(with_data=False))
    assert problems == []
    assert given(None, book["条款号"], lambda *at: pytest.fail(str(at))) is None

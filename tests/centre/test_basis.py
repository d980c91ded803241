"""The basis of the rules: entered as versions, read once a request, shown everywhere, kept of its time."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from assay.centre import clause_table
from assay.centre.acts.basis import Given, set_basis
from assay.centre.acts.settings import save_centre
from assay.centre.models import BasisVersion, Centre
from assay.kernel import citing, clock
from assay.kernel.basis import Kind
from assay.kernel.expected import Changed
from assay.kernel.models import LedgerEntry
from assay.kernel.refusals import NotAllowed, Refused
from assay.kernel.verification import verify
from tests import factories as f

pytestmark = pytest.mark.django_db
OWN = Given("own", "认定实施办法", "校发〔2026〕9号", numbers={"四(一)4": "第十二条", "三(一)1": "第三条"})
PLAN_IN_FORCE = "工作方案 四(一)4 上报认定计划"
OWN_IN_FORCE = "认定实施办法 第十二条 上报认定计划"


def now_said() -> str:
    return citing.in_full("四(一)4")


def name(given: Given, by: str = "L1") -> BasisVersion:
    last = BasisVersion.objects.last()
    return set_basis(f.actor_with(by), given, was=last.pk if last else None)


def test_a_centre_from_before_shows_the_plan_and_after_it_its_own_document() -> None:
    f.centre()
    assert now_said() == PLAN_IN_FORCE
    name(OWN)
    assert now_said() == OWN_IN_FORCE
    assert [(row.kind, row.since) for row in BasisVersion.objects.all()] == [("plan", None), ("own", clock.today())]
    entry = LedgerEntry.objects.get(act="centre.set_basis")
    assert entry.note.startswith("规则依据：认定实施办法（")
    assert [one for one in verify().findings if "basisversion" in one.where] == []


def test_where_there_is_no_centre_yet_and_in_a_new_one_no_other_schools_numbers_are_shown() -> None:
    assert now_said() == "考评通内置规则：上报认定计划"
    made = f.centre()
    facts = {field.name: getattr(made, field.name) for field in Centre._meta.concrete_fields}
    Centre.objects.all().delete()
    save_centre(f.actor_with("L1"), Centre(**facts))
    assert [(row.kind, row.since) for row in BasisVersion.objects.all()] == [("national", None)]
    assert now_said() == "考评通内置规则：上报认定计划"
    save_centre(f.actor_with("L1"), Centre.objects.get())
    assert BasisVersion.objects.count() == 1
    assert verify().findings == []


def test_it_holds_from_its_day_on() -> None:
    f.centre()
    name(Given("own", "认定实施办法", since=clock.today() + timedelta(days=3), numbers={"四(一)4": "第十二条"}))
    assert now_said() == PLAN_IN_FORCE
    with clock.moved_to(clock.now() + timedelta(days=3)):
        assert now_said() == OWN_IN_FORCE


def test_what_is_entered_later_does_not_begin_earlier_than_what_holds() -> None:
    f.centre()
    name(OWN)
    with pytest.raises(Refused, match="新的施行日期不能早于它"):
        name(Given("national", since=clock.today() - timedelta(days=1)))
    name(Given("national"))
    assert now_said() == "考评通内置规则：上报认定计划"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given("own"), "请填写文件名称"),
        (Given("own", "工作方案"), "“工作方案”分不清是哪一份，请写明文件全称"),
        (Given("national", title="认定实施办法"), "只在以“本校文件”为依据时填写"),
        (Given("plan", numbers={"四(一)4": "第十二条"}), "只在以“本校文件”为依据时填写"),
        (Given("plan"), "与现行的规则依据相同"),
        (Given("other"), "依据："),
        (Given("own", "认定实施办法", numbers={"四(一)4": "第" * 41}), "条款号最多 40 个字：上报认定计划"),
    ],
)
def test_what_is_no_basis_is_refused_and_leaves_nothing(given: Given, said: str) -> None:
    f.centre()
    with pytest.raises(Refused, match=said):
        name(given)
    assert not BasisVersion.objects.exists()


def test_nobody_overwrites_what_another_entered_meanwhile() -> None:
    f.centre()
    name(OWN)
    with pytest.raises(Changed, match="规则依据已由他人改过"):
        set_basis(f.actor_with("L2"), Given("national"), was=None)
    with pytest.raises(NotAllowed):
        name(Given("national"), by="E1")


def test_however_many_clauses_are_shown_the_basis_is_read_once_and_anew_for_the_next_request() -> None:
    f.centre()
    name(OWN)
    with citing.held(), CaptureQueriesContext(connection) as queries:
        assert {now_said() for _ in range(50)} == {OWN_IN_FORCE}
    assert len(queries) == 1
    with citing.held():
        assert now_said() == OWN_IN_FORCE
        name(Given("national"))
        assert now_said() == "考评通内置规则：上报认定计划"


def test_an_act_that_was_undone_leaves_nothing_behind() -> None:
    from django.db import transaction

    f.centre()
    with citing.held():
        assert now_said() == PLAN_IN_FORCE
        with transaction.atomic():
            name(OWN)
            transaction.set_rollback(True)
        assert now_said() == PLAN_IN_FORCE


# The page


def signed_in(*duties: str) -> Client:
    f.centre()
    client = Client()
    client.force_login(f.staff(*duties), backend="django.contrib.auth.backends.ModelBackend")
    return client


def sheet(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    for row in (("规则内容", "条款号"), *rows):
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sent(client: Client, file: bytes = b"", **given: str) -> Any:
    last = BasisVersion.objects.last()
    body: dict[str, Any] = {"was": str(last.pk) if last else "", **given}
    if file:
        body["file"] = SimpleUploadedFile("条款号.xlsx", file)
    return client.post(reverse("centre:set_basis"), body, headers={"referer": "http://testserver/centre/basis/"})


FILING = next(field for field, clause in enumerate(clause_table.SUBJECTS.values()) if clause == "四(一)4")


def test_on_the_page_a_document_and_its_numbers_are_entered() -> None:
    client = signed_in("L1")
    answer = sent(client, kind="own", title="认定实施办法", **{f"number_{FILING}": " 第十二条 "})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "已设置规则依据：认定实施办法（" in page
    assert OWN_IN_FORCE in page
    assert 'value="第十二条"' in page
    assert BasisVersion.objects.get(kind="own").numbers == {"四(一)4": "第十二条"}
    sent(client, kind="national", title="认定实施办法", **{f"number_{FILING}": "第十二条"})
    last = BasisVersion.objects.last()
    assert last is not None
    assert (last.kind, last.title, last.numbers) == ("national", "", {})


def test_who_only_reads_sees_it_and_cannot_change_it() -> None:
    client = signed_in("E1")
    page = client.get(reverse("centre:basis")).content.decode()
    assert PLAN_IN_FORCE in page
    assert "保存</button>" not in page
    assert sent(client, kind="national").status_code == 403
    assert not BasisVersion.objects.exists()


def test_the_table_goes_out_is_filled_in_and_comes_back() -> None:
    client = signed_in("L1")
    book = load_workbook(io.BytesIO(client.get(reverse("centre:basis_numbers")).content))
    page = book.active
    assert page is not None
    rows = {str(row[0].value): row[1] for row in page.iter_rows(min_row=2)}
    assert len(rows) == len(clause_table.SUBJECTS)
    assert page.column_dimensions["B"].number_format == "@"
    called = {clause: subject for subject, clause in clause_table.SUBJECTS.items()}
    rows[called["四(一)4"]].value = "3.10"
    rows[called["四(二)3"]].value = "第三十条"
    assert called["四(二)3"] == "直接认定方式工作流程—证书核发"
    buffer = io.BytesIO()
    book.save(buffer)
    assert sent(client, buffer.getvalue(), kind="own", title="认定实施办法").status_code == 302
    assert BasisVersion.objects.get(kind="own").numbers == {"四(一)4": "3.10", "四(二)3": "第三十条"}
    back = load_workbook(io.BytesIO(client.get(reverse("centre:basis_numbers")).content)).active
    assert back is not None
    assert {row[0]: row[1] for row in back.iter_rows(min_row=2, values_only=True) if row[1]} == {
        called["四(一)4"]: "3.10", called["四(二)3"]: "第三十条",
    }  # fmt: skip


def test_everything_that_is_wrong_with_the_table_is_named_at_once_and_nothing_is_written() -> None:
    client = signed_in("L1")
    file = sheet(
        ("上报认定计划", datetime(2026, 3, 2)), ("证书核发", "第九条"), ("上报认定计划", "4"), ("考场准备", "第" * 41),
    )  # fmt: skip
    answer = sent(client, file, kind="own", title="认定实施办法")
    assert answer.status_code == 422
    page = answer.content.decode()
    for said in (
        "4 处问题，没有写入任何内容",
        "没有“证书核发”这项规则",
        "被 Excel 当成了日期",
        "在第 2 行已经有了",
        "条款号最多 40 个字",
    ):
        assert said in page
    assert 'value="认定实施办法"' in page
    assert not BasisVersion.objects.exists()
    answer = sent(client, sheet(("考场准备", "4")), kind="national")
    assert "条款号表只在以“本校文件”为依据时导入" in client.get(answer["Location"]).content.decode()
    assert not BasisVersion.objects.exists()


def test_gates_refusals_duties_and_parameters_speak_by_it() -> None:
    client = signed_in("L1", "L2", "E5")
    name(Given(Kind.OWN, "认定实施办法", numbers={"三(一)1": "第三条", "四(一)4": "第十二条"}))
    parameters = client.get(reverse("centre:parameters")).content.decode()
    assert "本中心参数，参见认定实施办法 第十二条" in parameters
    home = client.get("/desk/").content.decode()
    assert '<span class="clause">第三条</span>' in home
    for page in (parameters, home, client.get("/desk/duties/").content.decode()):
        assert "工作方案" not in page

"""Whom a centre assesses: the plan's two, or others as well by its own words; what holds for students holds for students alone."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from assay.applications.eligibility import application_problems, terms
from assay.applications.models import Applicant, Application, Person
from assay.applications.roster import read_roster
from assay.applications.roster_lookup import Lookup
from assay.applications.roster_template import template
from assay.applications.sources import admitted_by, not_admitted, understood
from assay.centre.acts import settings
from assay.centre.forms import ParameterForm
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import workbook

pytestmark = pytest.mark.django_db
KEY = "applications.sources"
MORE = "在校学生、在职教职工、社会人员"


def roster(batch, **row: str):
    titles = ["姓名", "证件号码", "考生来源", "院系部门", "职业名称", "等级", "学号", "申报条件", "理论", "技能"]
    line = batch.lines.first()
    values = {
        "姓名": "柳一一", "证件号码": f.resident_number(5), "院系部门": "示例系", "职业名称": line.scope_row.occupation.name,
        "等级": str(line.level), "申报条件": "L4-3", **row,
    }  # fmt: skip
    content = workbook(("名册", [titles, [values.get(title, "") for title in titles]]))
    return read_roster("名册.xlsx", content, Lookup(batch))


@pytest.fixture
def batch():
    f.centre()
    f.department(name="示例系")
    return f.batch("exam", stage="apply")


def test_the_plans_two_are_kept_by_their_codes_and_others_by_their_words() -> None:
    assert admitted_by("在校学生、在职教职工") == {"在校学生": "student", "在职教职工": "staff"}
    assert admitted_by("教职工，社会人员") == {"教职工": "staff", "社会人员": "社会人员"}
    assert understood(admitted_by("社会人员")) == {"社会人员": "社会人员", "": "社会人员"}
    assert understood(admitted_by(MORE))["在校生"] == "student"
    assert not_admitted("社会人员", ["student", "staff"]) == (
        "考生来源“社会人员”不在本中心的认定对象内（在校学生、在职教职工）"
    )
    assert not_admitted("社会人员", ["社会人员"]) == ""


def test_without_a_word_of_the_centre_nobody_else_is_taken_in(batch) -> None:
    read = roster(batch, 考生来源="社会人员")
    assert [(p.column, p.message) for p in read.problems if p.column == "考生来源"] == [
        ("考生来源", "“社会人员”不认识，可填 在校学生、在职教职工、学校、在校生、教职工")
    ]


@pytest.mark.parameter("applications.sources")
def test_a_centre_that_admits_others_reads_them_from_rosters_and_asks_no_student_number_of_them(batch) -> None:
    f.set_parameter(KEY, MORE)
    read = roster(batch, 考生来源="社会人员")
    assert read.problems == []
    assert read.rows[0].person.source == "社会人员"
    assert [p.column for p in roster(batch, 考生来源="在校学生").problems] == ["学号"]
    assert terms().sources == ("student", "staff", "社会人员")


@pytest.mark.parameter("applications.sources")
def test_the_template_and_the_sign_up_offer_what_the_centre_admits(batch) -> None:
    f.set_parameter(KEY, MORE)
    book = load_workbook(io.BytesIO(template(batch)))
    assert '"在校学生,在职教职工,社会人员"' in [v.formula1 for v in book["名册"].data_validations.dataValidation]
    page = Client().get("/my/sign-up/").content.decode()
    assert '<option value="社会人员">社会人员</option>' in page
    assert '<option value="student">在校学生</option>' in page


@pytest.mark.parameter("applications.sources")
def test_who_is_not_admitted_any_more_applies_no_more_and_who_was_admitted_stays(batch) -> None:
    person = f.person(source="社会人员", student_no="")
    application = f.application(batch, state="draft", person=person)
    said = "考生来源“社会人员”不在本中心的认定对象内（在校学生、在职教职工）"
    assert said in [one.text for one in application_problems(application)]
    application.state = Application.State.APPROVED
    assert said not in [one.text for one in application_problems(application)]
    application.state = Application.State.DRAFT
    f.set_parameter(KEY, MORE)
    found = [one.text for one in application_problems(application)]
    assert said not in found
    assert not any("学号" in one or "毕业学年" in one for one in found)


def test_a_source_of_the_centres_own_is_said_as_it_is_written() -> None:
    for model in (Person, Applicant):
        assert model(source="社会人员").get_source_display() == "社会人员"
        assert model(source="student").get_source_display() == "在校学生"


@pytest.mark.parametrize("wrong", ["", "、", "在校学生、在校学生", "从事本职业工作满十年的社会人员"])
def test_what_cannot_be_a_list_of_sources_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(Refused):
        settings.set_parameter(f.actor_with("L1"), KEY, wrong, "示例〔2026〕1号")
    form = ParameterForm(KEY, {"value": wrong, "document_no": "示例〔2026〕1号", "was": ""})
    assert not form.is_valid()
    if wrong:
        assert "用“、”隔开" in str(form.errors["value"])


def test_another_list_than_the_plans_names_its_document() -> None:
    form = ParameterForm(KEY, {"value": MORE, "document_no": "", "was": ""})
    assert "请写明依据文号" in str(form.errors["document_no"])

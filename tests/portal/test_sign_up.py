"""Signing up leaves a claim; it becomes an account when the department vouches for it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from assay.applications.models import Person
from assay.applications.people import PersonData, person_index
from assay.applications.within import register
from assay.centre.actors import SYSTEM
from assay.centre.acts.accounts import set_active
from assay.centre.models import Account
from assay.kernel import clock, verification
from assay.kernel.identity import resident_facts
from assay.kernel.ledger import LedgerLine
from assay.kernel.models import SecurityEvent
from assay.kernel.refusals import Refused
from assay.portal.acts import WAITING_AT_ONCE, confirm_claims, differences, refuse_claims
from assay.portal.acts import sign_up as leave_claim
from assay.portal.models import CLAIM_LASTS, Claim
from tests import factories as f
from tests.portal.strangers import PASSWORD, School, sign_in, sign_up

pytestmark = pytest.mark.django_db
NUMBER = f.resident_number(77)


@pytest.fixture
def school() -> School:
    f.centre()
    department = f.department()
    return School(department, f.staff("R1", department=department))


def on_the_roster(school: School, **fields: object) -> Person:
    facts = {"name": "柳一", "student_no": "S77", "phone": "13900000077", "department": school.department}
    return f.person(id_number=NUMBER, id_index=person_index("resident", NUMBER), **{**facts, **fields})


def may_sign_in(password: str = PASSWORD, number: str = NUMBER) -> bool:
    return sign_in(Client(), number, password).status_code == 302


def test_signing_up_ties_nothing_to_a_person_even_when_every_fact_is_right(school: School) -> None:
    person = on_the_roster(school)
    phone = Client()
    assert sign_up(NUMBER, school.department, phone).headers["Location"] == "/my/sign-up/received/"
    person.refresh_from_db()
    assert person.account is None
    assert not Account.objects.filter(kind="candidate").exists()
    assert not may_sign_in()
    claim = Claim.objects.get()
    page = phone.get("/my/sign-up/received/").content.decode()
    assert claim.number in page
    assert "带居民身份证和受理号到" in page
    assert claim.id_number == NUMBER
    assert NUMBER not in str(list(Claim.objects.extra(select={"raw": "id_number"}).values("raw")))


def test_the_department_confirms_and_the_candidate_signs_in(school: School) -> None:
    person = on_the_roster(school)
    phone = Client()
    sign_up(NUMBER, school.department, phone)
    desk = school.desk
    assert "1 份考生注册待核实" in desk.get("/desk/").content.decode()
    page = desk.get("/candidates/claims/").content.decode()
    assert "柳一" in page
    assert "一致" in page
    reply = desk.post(
        "/candidates/claims/decide/", {"chosen": Claim.objects.get().pk, "verdict": "confirm"}, follow=True
    )
    assert "已确认 1 份注册" in reply.content.decode()
    person.refresh_from_db()
    assert person.account is not None
    assert person.account.vouched
    assert Claim.objects.get().password == ""
    assert "已经核实" in phone.get("/my/sign-up/received/").content.decode()
    assert may_sign_in()
    assert "待核实" not in desk.get("/desk/").content.decode()
    assert not [found for found in verification.verify().findings if "applications.person" in found.where]


def test_who_is_on_no_roster_becomes_a_person_only_with_the_confirmation(school: School) -> None:
    sign_up(NUMBER, school.department)
    assert not Person.objects.exists()
    confirm_claims(school.actor, list(Claim.objects.all()))
    person = Person.objects.get()
    assert (person.name, person.student_no, person.phone) == ("柳一", "S77", "13900000077")
    assert person.department == school.department
    assert may_sign_in()


def test_who_vouches_reads_the_whole_number_on_a_page_of_its_own_and_that_is_logged(school: School) -> None:
    sign_up(NUMBER, school.department)
    claim, elsewhere = Claim.objects.get(), f.staff("R1", department=f.department())
    assert NUMBER not in school.desk.get("/candidates/claims/").content.decode()
    page = school.desk.get(f"/candidates/claims/{claim.pk}/").content.decode()
    assert NUMBER in page
    assert "名册上没有，确认后建档" in page
    assert SecurityEvent.objects.filter(kind="identity", what__contains="考生注册").count() == 1
    stranger = Client()
    stranger.force_login(elsewhere)
    assert stranger.get(f"/candidates/claims/{claim.pk}/").status_code == 404


def test_who_is_on_a_roster_keeps_the_rosters_facts(school: School) -> None:
    on_the_roster(school, class_name="轨道2402", phone="")
    sign_up(NUMBER, school.department, class_name="汽修2301", ethnic="回族")
    page = school.desk.get("/candidates/claims/").content.decode()
    assert "名册：轨道2402" in page
    claims = list(Claim.objects.all())
    with pytest.raises(Refused, match="班级与名册不一致"):
        confirm_claims(school.actor, claims)
    assert not may_sign_in()
    confirm_claims(school.actor, claims, despite=True)
    person = Person.objects.get()
    assert (person.class_name, person.phone, person.ethnic) == ("轨道2402", "", "汉族")
    assert may_sign_in()


def test_whoever_came_first_with_somebodys_number_gets_nothing_when_the_roster_comes(school: School) -> None:
    sign_up(NUMBER, school.department, name="冒名者", student_no="S1", phone="13100000000", password="stranger-2026-y")
    on_the_roster(school)
    assert not may_sign_in("stranger-2026-y")
    with pytest.raises(Refused, match="姓名、学号/工号、手机号码与名册不一致"):
        confirm_claims(school.actor, list(Claim.objects.all()))
    phone = Client()
    sign_up(NUMBER, school.department, phone)
    own = Claim.objects.latest("pk")
    confirm_claims(school.actor, [own])
    assert may_sign_in()
    assert not may_sign_in("stranger-2026-y")
    assert {c.state for c in Claim.objects.exclude(pk=own.pk)} == {"refused"}


def test_a_claim_of_somebody_with_an_account_replaces_the_password_and_ends_the_sessions(school: School) -> None:
    on_the_roster(school)
    sign_up(NUMBER, school.department)
    confirm_claims(school.actor, list(Claim.objects.all()))
    old = Client()
    sign_in(old, NUMBER)
    assert old.get("/my/").status_code == 200
    sign_up(NUMBER, school.department, password="another-2026-z")
    assert may_sign_in(), "nothing changes before it is confirmed"
    page = school.desk.get("/candidates/claims/").content.decode()
    assert "已有账号，确认即更换密码" in page
    reply = school.desk.post(
        "/candidates/claims/decide/", {"chosen": Claim.objects.latest("pk").pk, "verdict": "confirm"}, follow=True
    )
    assert "密码已换成注册时填的" in reply.content.decode()
    assert old.get("/my/").status_code == 302
    assert may_sign_in("another-2026-z")
    assert not may_sign_in()


def test_a_department_vouches_for_its_own_only_and_exam_affairs_for_all(school: School) -> None:
    other = f.department()
    sign_up(NUMBER, other)
    stranger = school.desk
    assert "柳一" not in stranger.get("/candidates/claims/?state=").content.decode()
    claims = list(Claim.objects.all())
    with pytest.raises(Refused, match="不归您办理"):
        confirm_claims(school.actor, claims)
    with pytest.raises(Refused, match="不归您办理"):
        refuse_claims(school.actor, claims, reason="不认识")
    assert [c.known for c in confirm_claims(f.actor_with("E5"), claims)] == [False]


def test_naming_another_department_gets_nobody_of_this_one(school: School) -> None:
    on_the_roster(school)
    elsewhere = f.department()
    sign_up(NUMBER, elsewhere)
    head = f.actor_with("R1", account=f.staff("R1", department=elsewhere))
    with pytest.raises(Refused, match="请由该院系办理"):
        confirm_claims(head, list(Claim.objects.all()))


def test_several_at_once_are_all_confirmed_or_none(school: School) -> None:
    numbers = [f.resident_number(n) for n in (101, 102, 103)]
    for n, number in enumerate(numbers):
        sign_up(number, school.department, student_no=f"S{n}")
    f.person(
        id_number=numbers[1], id_index=person_index("resident", numbers[1]), name="另一人", department=school.department
    )
    f.person(
        id_number=numbers[2], id_index=person_index("resident", numbers[2]), name="第三人", department=school.department
    )
    claims = list(Claim.objects.all())
    with pytest.raises(Refused) as refused:
        confirm_claims(school.actor, claims)
    assert claims[1].number in refused.value.message
    assert claims[2].number in refused.value.message
    assert not Account.objects.filter(kind="candidate").exists()
    assert len(confirm_claims(school.actor, claims, despite=True)) == 3


def test_of_two_claims_with_one_number_one_is_chosen(school: School) -> None:
    sign_up(NUMBER, school.department)
    sign_up(NUMBER, school.department, name="别人", password="another-2026-z")
    with pytest.raises(Refused, match="受理号与本人相符"):
        confirm_claims(school.actor, list(Claim.objects.all()))


def test_a_refusal_says_why_to_the_browser_that_signed_up(school: School) -> None:
    phone = Client()
    sign_up(NUMBER, school.department, phone)
    claims = list(Claim.objects.all())
    with pytest.raises(Refused, match="写明原因"):
        refuse_claims(school.actor, claims, reason=" ")
    refuse_claims(school.actor, claims, reason="请到教务处补登学籍")
    assert "请到教务处补登学籍" in phone.get("/my/sign-up/received/").content.decode()
    with pytest.raises(Refused, match="已退回"):
        confirm_claims(school.actor, claims)


def test_what_nobody_looked_at_expires_and_too_many_for_one_number_push_out_the_oldest(school: School) -> None:
    first = Client()
    with clock.moved_to(clock.now() - CLAIM_LASTS - timedelta(minutes=1)):
        sign_up(NUMBER, school.department, first)
    old = Claim.objects.get()
    assert "已经过期" in first.get("/my/sign-up/received/").content.decode()
    with pytest.raises(Refused, match="已过期"):
        confirm_claims(school.actor, [old])
    other = f.resident_number(88)
    for n in range(WAITING_AT_ONCE + 2):
        with clock.moved_to(clock.now() + timedelta(hours=n)):
            assert sign_up(other, school.department).status_code == 302
    old.refresh_from_db()
    assert (old.state, old.password) == ("expired", "")
    waiting = Claim.objects.filter(id_index=person_index("resident", other), state="waiting")
    assert waiting.count() == WAITING_AT_ONCE
    assert waiting.latest("pk") == Claim.objects.latest("pk")


def test_an_account_that_the_centre_disabled_does_not_come_back_by_a_claim(school: School) -> None:
    person = on_the_roster(school)
    sign_up(NUMBER, school.department)
    confirm_claims(school.actor, list(Claim.objects.all()))
    person.refresh_from_db()
    assert person.account is not None
    f.staff("L1")
    set_active(f.actor_with("L1"), person.account, False)
    sign_up(NUMBER, school.department)
    with pytest.raises(Refused, match="已由中心停用"):
        confirm_claims(school.actor, [Claim.objects.latest("pk")])


def test_the_ledger_keeps_personal_facts_of_a_claim_only_sealed(school: School) -> None:
    sign_up(NUMBER, school.department)
    line = LedgerLine.objects.get(subject="portal.claim")
    assert line.facts is not None
    assert "#id_number" in line.facts
    for private in (NUMBER, "13900000077", "柳一", "S77"):
        assert private not in str(line.facts)


def test_a_claim_that_names_the_wrong_department_reaches_the_one_that_has_the_person_on_its_roster(
    school: School,
) -> None:
    person = on_the_roster(school)
    wrong, third = f.department(), f.department()
    heads = {one: School(one, f.staff("R1", department=one)) for one in (wrong, third)}
    sign_up(NUMBER, wrong)
    claim = Claim.objects.get()
    listed = {
        one: claim.number in one.desk.get("/candidates/claims/").content.decode() for one in (school, *heads.values())
    }
    assert list(listed.values()) == [True, True, False]
    assert "1 份考生注册待核实" in school.desk.get("/desk/").content.decode()
    assert "由该院系确认" in heads[wrong].desk.get("/candidates/claims/").content.decode()
    with pytest.raises(Refused, match="请由该院系办理"):
        confirm_claims(heads[wrong].actor, [claim])
    with pytest.raises(Refused, match="本院系名册上也没有此人"):
        confirm_claims(heads[third].actor, [claim])
    chosen = {"chosen": [claim.pk], "verdict": "confirm", "despite": "1"}
    assert "已确认 1 份注册" in school.desk.post("/candidates/claims/decide/", chosen, follow=True).content.decode()
    assert may_sign_in()
    person.refresh_from_db()
    assert person.department == school.department


def test_of_somebody_on_no_roster_only_the_named_department_sees_the_claim(school: School) -> None:
    f.person(department=None, id_number=NUMBER, id_index=person_index("resident", NUMBER))
    other = f.department()
    sign_up(NUMBER, other)
    claim = Claim.objects.get()
    assert claim.number not in school.desk.get("/candidates/claims/").content.decode()
    with pytest.raises(Refused, match="不归您办理"):
        confirm_claims(school.actor, [claim])


def test_what_contradicts_the_id_number_is_refused_in_words_and_not_replaced_in_silence(school: School) -> None:
    wrong = {"男": "女", "女": "男"}[resident_facts(NUMBER).sex]
    page = sign_up(NUMBER, school.department, sex=wrong).content.decode()
    assert f"性别与身份证号不符（身份证为 {resident_facts(NUMBER).sex}），请核对" in page
    data = PersonData("柳一", "resident", NUMBER, sex=wrong, department=school.department.pk)
    with pytest.raises(Refused, match="性别与身份证号不符"):
        leave_claim(SYSTEM, data, password=PASSWORD)
    with pytest.raises(Refused, match="出生日期与身份证号不符"):
        register(f.within_an_act(), replace(data, sex="", birth=date(1999, 1, 1)))
    assert not Claim.objects.exists()
    assert not Person.objects.exists()


def test_sex_is_asked_for_only_where_the_number_does_not_say_it(school: School) -> None:
    passport = {"id_type": "passport", "sex": ""}
    assert "请选择性别" in sign_up("E12345678", school.department, **passport).content.decode()
    assert sign_up("E12345678", school.department, **passport | {"sex": "女"}).status_code == 302
    assert sign_up(NUMBER, school.department, sex="").status_code == 302
    assert sorted(Claim.objects.values_list("id_type", "sex")) == [
        ("passport", "女"), ("resident", resident_facts(NUMBER).sex)
    ]  # fmt: skip


def test_the_month_of_graduation_is_called_and_written_as_in_the_details(school: School) -> None:
    page = Client().get("/my/sign-up/").content.decode()
    assert "预计毕业年月" in page
    assert "如 2027-07" in page
    assert "请填 2027-07、2027.7" in sign_up(NUMBER, school.department, graduates_on="后年").content.decode()
    for month in ("2027.7", "2027年7月", "202707", "2027-07-01"):
        sign_up(NUMBER, school.department, graduates_on=month)
        assert Claim.objects.latest("pk").graduates_on == date(2027, 7, 1)


def of_its_page(school: School, client: Client | None = None) -> tuple[str, dict[str, object]]:
    """The page of the newest claim, and what its form sends whichever button is pressed."""
    claim = Claim.objects.latest("pk")
    page = (client or school.desk).get(f"/candidates/claims/{claim.pk}/").content.decode()
    return page, {"chosen": claim.pk, "seen": re.findall(r'name="seen" value="([^"]+)"', page)}


BUTTONS = ('name="verdict" value="confirm"', 'name="verdict" value="refuse"')


def offered_on(page: str) -> tuple[bool, ...]:
    return tuple(button in page for button in BUTTONS)


def test_a_claim_is_confirmed_on_its_own_page(school: School) -> None:
    on_the_roster(school)
    sign_up(NUMBER, school.department)
    page, given = of_its_page(school)
    assert offered_on(page) == (True, True)
    assert "已核对不一致之处" not in page, "there is nothing to tick where nothing differs"
    reply = school.desk.post("/candidates/claims/decide/", {**given, "verdict": "confirm"}, follow=True)
    assert "已确认 1 份注册" in reply.content.decode()
    assert may_sign_in()
    assert offered_on(of_its_page(school)[0]) == (False, False)


def test_a_claim_that_differs_is_ticked_or_given_back_on_its_own_page(school: School) -> None:
    on_the_roster(school, name="柳依依")
    sign_up(NUMBER, school.department)
    page, given = of_its_page(school)
    assert 'name="despite"' in page
    desk, decide = school.desk, "/candidates/claims/decide/"
    from_page = {"Referer": f"http://testserver/candidates/claims/{given['chosen']}/"}
    said = desk.post(decide, {**given, "verdict": "confirm"}, headers=from_page, follow=True).content.decode()
    assert "姓名与名册不一致" in said
    assert offered_on(said) == (True, True), "it stays on the page of the claim"
    desk.post(decide, {**given, "verdict": "refuse", "reason": "请到教务处"}, headers=from_page)
    assert (Claim.objects.get().state, Claim.objects.get().reason) == ("refused", "请到教务处")
    sign_up(NUMBER, school.department)
    desk.post(decide, {**of_its_page(school)[1], "verdict": "confirm", "despite": "1"})
    assert may_sign_in()


def test_a_claim_whose_person_changed_meanwhile_is_looked_at_again(school: School) -> None:
    person = on_the_roster(school)
    sign_up(NUMBER, school.department)
    _, given = of_its_page(school)
    Person.objects.filter(pk=person.pk).update(class_name="轨道2402")
    school.desk.post("/candidates/claims/decide/", {**given, "verdict": "confirm", "despite": "1"})
    assert Claim.objects.get().is_waiting


def test_the_page_of_a_claim_offers_what_its_reader_may_do_and_says_why_not(school: School) -> None:
    person = on_the_roster(school)
    wrong = f.department()
    sign_up(NUMBER, wrong)
    elsewhere = School(wrong, f.staff("R1", department=wrong))
    page, _ = of_its_page(elsewhere)
    assert offered_on(page) == (False, True)
    assert "请由该院系办理" in page
    supervisor = Client()
    supervisor.force_login(f.staff("Q4"))
    assert offered_on(of_its_page(school, supervisor)[0]) == (False, False)
    confirm_claims(school.actor, list(Claim.objects.all()), despite=True)
    person.refresh_from_db()
    assert person.account is not None
    f.staff("L1")
    set_active(f.actor_with("L1"), person.account, False)
    sign_up(NUMBER, school.department)
    page, _ = of_its_page(school)
    assert offered_on(page) == (False, True)
    assert "已由中心停用" in page


def test_what_may_be_left_empty_contradicts_nothing(school: School) -> None:
    on_the_roster(school, class_name="轨道2402")
    sign_up(NUMBER, school.department, class_name="")
    page, _ = of_its_page(school)
    assert "不一致" not in page
    assert "名册：轨道2402" not in school.desk.get("/candidates/claims/").content.decode()
    confirm_claims(school.actor, list(Claim.objects.all()))
    assert Person.objects.get().class_name == "轨道2402"
    assert may_sign_in()


@pytest.mark.parametrize(("source", "differs"), [("student", True), ("staff", False)])
def test_a_number_left_empty_counts_for_students_who_must_give_it(school: School, source: str, differs: bool) -> None:
    on_the_roster(school, source=source)
    sign_up(NUMBER, school.department, source="staff", student_no="")
    assert bool(differences(Claim.objects.get(), Person.objects.get())) is differs


def test_a_name_left_empty_is_never_that_of_the_roster(school: School) -> None:
    on_the_roster(school)
    sign_up(NUMBER, school.department)
    claim = Claim.objects.get()
    claim.name = ""
    assert [title for title, _, _ in differences(claim, Person.objects.get())] == ["姓名"]


def test_a_password_like_the_id_number_is_refused_by_the_name_that_the_number_has_on_the_page(school: School) -> None:
    for page in (
        sign_up(NUMBER, school.department, password=f"{NUMBER}x"),
        Client().post(
            "/my/activate/", {"id_type": "resident", "id_number": NUMBER, "code": "ABCDE23456", "password": NUMBER}
        ),
    ):
        assert "密码与证件号码太相似" in page.content.decode()
        assert "账号太相似" not in page.content.decode()
    data = PersonData("柳一", "resident", NUMBER, department=school.department.pk)
    with pytest.raises(Refused, match="密码与证件号码太相似"):
        leave_claim(SYSTEM, data, password=NUMBER)
    assert not Claim.objects.exists()

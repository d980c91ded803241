"""A candidate applies: first the job, then what belongs to it; who has applied already sees where that stands."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assay.applications.models import Application, Person
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import ContestScheme, DirectMapping, EntryCondition
from assay.kernel import aside, clock, files
from tests import factories as f
from tests.applications.rosters import photo
from tests.kernel.test_photos import person as tall
from tests.kernel.test_photos import stands, taken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def person() -> Person:
    f.centre()
    made = f.person(student_no="S1", graduates_on=clock.today() + timedelta(days=100))
    f.candidate(made)
    return made


@pytest.fixture
def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.account, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def batch() -> Batch:
    return f.batch("exam", stage="apply", lines=[(f.scope_row("车工"), "4", 30), (f.scope_row("保育师"), "3", 12)])


def conditions(line: BatchLine) -> list[int]:
    levels = line.scope_row.standard.levels.filter(level=line.level)
    return [condition.pk for at_level in levels for condition in at_level.conditions.all()]


def page(client: Client, batch: Batch, **asked: object) -> str:
    return client.get(f"/my/apply/{batch.pk}/", asked).content.decode()


def test_the_conditions_of_the_chosen_job_and_level_are_offered_and_no_others(browser: Client, batch: Batch) -> None:
    first, second = batch.lines.all()
    said = page(browser, batch)
    assert 'name="condition"' not in said
    assert f'<option value="{first.pk}">' in said
    for line, other in ((first, second), (second, first)):
        said = page(browser, batch, line=line.pk)
        assert all(f'<option value="{pk}">' in said for pk in conditions(line))
        form = said.partition("data-keep-files")[2]
        assert not any(f'<option value="{pk}">' in form for pk in conditions(other))


def test_each_condition_says_what_it_needs_of_the_form(browser: Client, batch: Batch) -> None:
    first, second = batch.lines.all()
    for line, years in ((first, 5), (second, 9)):
        EntryCondition.objects.filter(pk__in=conditions(line)).update(
            text=f"从事本职业 {years} 年", evidence="工作年限证明",
            rule={"work_years": years, "holds_level": "5", "min_age": 18, "final_year": True},
        )  # fmt: skip
    said = page(browser, batch, line=first.pk)
    assert "“本职业工作年限”填 5 年以上；“原证书编号”填下一级证书的编号" in said
    assert "年满 18 周岁" in said
    assert "“证明材料”附工作年限证明" in said
    assert "9 年" not in said


def test_with_one_job_there_is_nothing_to_choose(browser: Client) -> None:
    batch = f.batch("exam", stage="apply", lines=[(f.scope_row("车工"), "4", 30)])
    said = page(browser, batch)
    assert 'name="condition"' in said
    assert '<select class="form-select" id="line"' not in said


@pytest.mark.parametrize("route", ["direct", "contest"])
def test_certificates_and_contests_are_those_of_the_job(browser: Client, route: str) -> None:
    rows = [f.scope_row("车工"), f.scope_row("保育师")]
    batch = f.batch(route, stage="apply", lines=[(row, "4", 9) for row in rows])
    for row in rows:
        DirectMapping.objects.create(
            scope_row=row, level=f.level(), certificate=f"{row.job}证书", certificate_level="中级", issuer="某组织"
        )
        ContestScheme.objects.create(
            scope_row=row, level=f.level(), contest=f"{row.job}竞赛", held_on=clock.today(), max_rank=3
        )
    first, _ = batch.lines.all()
    said = page(browser, batch, line=first.pk)
    assert f"车工{'证书' if route == 'direct' else '竞赛'}" in said
    assert f"保育师{'证书' if route == 'direct' else '竞赛'}" not in said


def test_a_line_of_another_batch_or_nonsense_chooses_nothing(browser: Client, batch: Batch) -> None:
    other = f.batch("exam", stage="apply")
    for chosen in (other.lines.get().pk, "x", "", 10**12):
        assert 'name="condition"' not in page(browser, batch, line=chosen)


def sent(
    client: Client, batch: Batch, line: BatchLine, content: bytes | None = None, pledged: str = "", **headers: str
):
    given = {
        "line": line.pk, "condition": conditions(line)[0], "work_years": "0",
        "photo": SimpleUploadedFile("我的照片.jpg", content or photo()),
        **({"pledged": pledged} if pledged else {}),
    }  # fmt: skip
    return client.post(f"/my/apply/{batch.pk}/", given, headers=headers, follow=True)


def test_a_file_that_could_not_be_handed_in_is_named_to_be_chosen_again(browser: Client, batch: Batch) -> None:
    line = batch.lines.all()[0]
    said = sent(browser, batch, line, b"\xff\xd8\xff broken").content.decode()
    assert "“我的照片.jpg”没有保存" in said
    assert f'<input type="hidden" name="line" value="{line.pk}">' in said, "the job stays chosen"


def complete(browser: Client, batch: Batch, **more: object) -> str:
    """The form again, now without a slip and without any file."""
    line = batch.lines.all()[0]
    Person.objects.update(major=f.major())
    line.scope_row.majors.set([Person.objects.get().major])
    given = {"line": line.pk, "condition": conditions(line)[0], "work_years": "0", "pledged": "on", **more}
    return browser.post(f"/my/apply/{batch.pk}/", given, follow=True).content.decode()


def test_files_of_a_refused_form_are_kept_for_the_candidate_and_handed_in_with_the_mended_one(
    browser: Client, batch: Batch
) -> None:
    said = sent(browser, batch, batch.lines.all()[0]).content.decode()
    assert "“我的照片.jpg”已暂存，不用再选" in said
    assert "没有保存" not in said
    assert not Person.objects.get().photo_id, "nothing of it counts yet"
    assert "已暂存" in page(browser, batch, line=batch.lines.all()[0].pk)
    assert "已提交" in complete(browser, batch)
    assert Person.objects.get().photo_id == files.digest_of(photo())
    assert not list(aside.folder().iterdir()), "once handed in it is kept there no longer"


def test_a_photo_of_the_telephone_is_kept_as_it_will_be_handed_in(browser: Client, batch: Batch) -> None:
    said = sent(browser, batch, batch.lines.all()[0], taken(tall(1500, 2000), 6, quality=95)).content.decode()
    assert "已暂存" in said
    assert "已提交" in complete(browser, batch)
    assert stands(files.read(str(Person.objects.get().photo_id)))


def test_what_was_kept_may_be_left_out(browser: Client, batch: Batch) -> None:
    sent(browser, batch, batch.lines.all()[0])
    assert "照片" in complete(browser, batch, forget_kept="on")
    assert not Application.objects.exists()


def test_nobody_else_gets_what_was_kept_and_after_a_day_nobody_does(browser: Client, batch: Batch) -> None:
    sent(browser, batch, batch.lines.all()[0])
    other = Client()
    other.force_login(f.candidate(f.person()), "django.contrib.auth.backends.ModelBackend")
    assert "已暂存" not in page(other, batch, line=batch.lines.all()[0].pk)
    [kept] = aside.folder().iterdir()
    assert photo() not in kept.read_bytes()
    assert b"JFIF" not in kept.read_bytes()
    os.utime(kept, (0, 0))
    assert "已暂存" not in page(browser, batch, line=batch.lines.all()[0].pk)


def test_a_page_that_keeps_the_chosen_files_is_told_where_to_go_and_of_no_file(browser: Client, batch: Batch) -> None:
    line = batch.lines.all()[0]
    answer = sent(browser, batch, line, **{"X-Keep-Files": "1"})
    assert answer.status_code == 200
    assert "没有保存" not in answer.content.decode()
    given = {"line": line.pk, "condition": conditions(line)[0], "work_years": "0", "pledged": "on"}
    Person.objects.update(major=f.major())
    line.scope_row.majors.set([Person.objects.get().major])
    given["photo"] = SimpleUploadedFile("我的照片.jpg", photo())
    answer = browser.post(f"/my/apply/{batch.pk}/", given, headers={"X-Keep-Files": "1"})
    assert (answer.status_code, answer.headers["X-Next"]) == (204, "/my/")
    assert "已提交，等待系部初审" in browser.get("/my/").content.decode()


@pytest.mark.parametrize("stage", ["apply", "review", "exam"])
@pytest.mark.parametrize("state", ["submitted", "first_passed", "approved"])
def test_who_has_applied_sees_where_it_stands_and_no_empty_form(
    browser: Client, person: Person, batch: Batch, state: str, stage: str
) -> None:
    application = f.application(batch, state=state, person=person)
    Batch.objects.update(stage=stage)
    said = page(browser, batch)
    assert "您在本批次已有报名" in said
    assert application.get_state_display() in said
    assert f"/applications/{application.pk}/form" in said
    assert (f"/my/applications/{application.pk}/withdraw/" in said) == (stage != "exam")
    assert 'name="pledged"' not in said


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_what_is_to_be_finished_or_mended_opens_on_its_own_job(
    browser: Client, person: Person, batch: Batch, state: str
) -> None:
    _, second = batch.lines.all()
    f.application(batch, state=state, person=person, line=second)
    said = page(browser, batch)
    assert f'<input type="hidden" name="line" value="{second.pk}">' in said


@pytest.mark.parametrize(("state", "way"), [("draft", "继续填写"), ("returned", "修改并重新提交")])
def test_what_was_begun_is_offered_in_one_place_only(
    browser: Client, person: Person, batch: Batch, state: str, way: str
) -> None:
    application = f.application(batch, state=state, person=person)
    own = browser.get("/my/").content.decode()
    assert own.count(f'href="/my/apply/{batch.pk}/"') == 1
    assert way in own
    if state == "returned":
        application.evidence.create(title="毕业证书.jpg", file=files.keep(photo()))
        assert "已交的证明材料：毕业证书.jpg" in page(browser, batch)


def test_after_withdrawing_the_form_is_there_again(browser: Client, person: Person, batch: Batch) -> None:
    f.application(batch, state="withdrawn", person=person)
    assert 'id="line"' in page(browser, batch)
    assert Application.objects.count() == 1


@pytest.mark.parametrize(("stage", "days", "said"), [("review", 5, "不接受报名"), ("apply", -1, "报名时间为")])
def test_when_nobody_may_apply_that_is_said_before_anything_is_filled_in(
    browser: Client, batch: Batch, stage: str, days: int, said: str
) -> None:
    today = clock.today()
    Batch.objects.update(stage=stage, apply_from=today - timedelta(days=9), apply_to=today + timedelta(days=days))
    answer = browser.get(f"/my/apply/{batch.pk}/")
    assert answer.status_code == 409
    assert said in answer.content.decode()


TO_DETAILS = ">去填写个人信息</a>"


@pytest.mark.parametrize("state", ["", "draft", "returned"])
def test_who_lacks_a_fact_of_the_person_is_led_to_where_it_is_filled_in(
    browser: Client, person: Person, batch: Batch, state: str
) -> None:
    line = batch.lines.all()[0]
    line.scope_row.majors.set([f.major()])
    if state:
        f.application(batch, state=state, person=person, line=line)
    assert TO_DETAILS not in page(browser, batch, line=line.pk), "nothing has been said to be wrong yet"
    said = sent(browser, batch, line, **{"X-Keep-Files": "1"}, pledged="on").content.decode()
    form = said.partition("data-keep-files")[2]
    assert "所学专业“未填”与工种不对应" in form
    assert TO_DETAILS in form
    browser.post(
        "/my/details/", {"ethnic": "汉族", "major": line.scope_row.majors.get().pk, "graduates_on": "2020年7月"}
    )
    assert "已提交" in sent(browser, batch, line, pledged="on").content.decode()


def test_what_the_details_do_not_hold_leads_nobody_there(browser: Client, person: Person, batch: Batch) -> None:
    line = batch.lines.all()[0]
    line.scope_row.majors.set([f.major()])
    Person.objects.update(student_no="", major=line.scope_row.majors.get())
    said = sent(browser, batch, line, pledged="on").content.decode()
    assert "在校学生须填学号" in said
    assert TO_DETAILS not in said


def test_while_the_details_are_shut_nobody_is_led_there(browser: Client, person: Person, batch: Batch) -> None:
    line = batch.lines.all()[0]
    line.scope_row.majors.set([f.major()])
    f.application(f.batch("exam", stage="review"), state="approved", person=person)
    f.application(batch, state="draft", person=person, line=line)
    said = sent(browser, batch, line, pledged="on").content.decode()
    assert "所学专业“未填”与工种不对应" in said
    assert TO_DETAILS not in said
    assert TO_DETAILS not in browser.get("/my/").content.decode()


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_what_is_not_handed_in_yet_leads_to_the_details_on_the_own_page(
    browser: Client, person: Person, batch: Batch, state: str
) -> None:
    f.application(batch, state=state, person=person)
    assert TO_DETAILS in browser.get("/my/").content.decode()


@pytest.mark.parametrize("class_name", ["", "汽修2401"])
@pytest.mark.parametrize("of_a_department", [True, False])
def test_the_sentence_of_who_applies_has_no_gap_where_something_is_unknown(
    browser: Client, person: Person, batch: Batch, of_a_department: bool, class_name: str
) -> None:
    department = f.department() if of_a_department else None
    Person.objects.update(department=department, class_name=class_name)
    said = page(browser, batch, line=batch.lines.all()[0].pk)
    where = "，" + " ".join(filter(None, [str(department or ""), class_name])) if department or class_name else ""
    assert f"{person.name}（{person.id_masked}）{where}。" in said

"""A roster that comes again says what it changes, and undoes no correction unless that is meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.applications.acts.correcting import correct_person
from assay.applications.acts.exceptions import set_parts
from assay.applications.acts.importing import Imported, import_roster
from assay.applications.models import Application, Person
from assay.applications.roster import Roster, read_roster
from assay.applications.roster_lookup import Lookup
from assay.cli.imports import import_roster as from_the_command_line
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import HEAD, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db
MORE = (*HEAD, "理论", "手机号码")


@pytest.fixture
def school() -> School:
    return School()


def content(school: School, *more: tuple[str, str], **changes: object) -> bytes:
    """A roster of as many people as `more` has how theory is taken and telephone numbers of."""
    lines = [[*school.line(n, **changes), *one] for n, one in enumerate(more, start=1)]
    return workbook(("名册", [MORE, *lines]))


def read(school: School, file: bytes, *, overwrite: bool = False) -> Roster:
    return read_roster("名册.xlsx", file, Lookup(school.batch, school.department.pk), overwrite=overwrite)


def brought(school: School, file: bytes, *, overwrite: bool = False) -> Imported:
    rows = read(school, file, overwrite=overwrite).rows
    return import_roster(school.head, batch=school.batch, rows=rows, overwrite=overwrite)


def test_what_nobody_corrected_is_changed_and_said_before_and_after(school: School) -> None:
    brought(school, content(school, ("补考", "13900000001"), ("新考", "13900000002")))
    again = content(school, ("新考", "13911110003"), ("新考", "13900000002"))
    said = [f"第 2 行 {f.name(1)}：手机号码 139****0001 → 139****0003，理论 补考 → 新考"]
    roster = read(school, again)
    assert (roster.problems, roster.changes) == ([], said)
    done = brought(school, again)
    assert done.changes == said
    assert (done.people_new, done.people_updated, done.people_unchanged) == (0, 1, 1)
    assert Person.objects.get(id_index=roster.rows[0].person.columns()["id_index"]).phone == "13911110003"
    assert read(school, again).changes == []


def test_a_correction_by_hand_is_written_over_only_where_that_is_meant(school: School) -> None:
    old = content(school, ("补考", "13900000001"))
    rows = read(school, old).rows
    brought(school, old)
    application = Application.objects.get()
    set_parts(school.head, application, {"theory": "first"})
    correct_person(school.head, Person.objects.get(), {"phone": "13900000009"})
    roster = read(school, old)
    assert [(p.file, p.sheet, p.row, p.column) for p in roster.problems] == [
        ("名册.xlsx", "名册", 2, "手机号码"), ("名册.xlsx", "名册", 2, "理论"),
    ]  # fmt: skip
    phone, theory = (p.message for p in roster.problems)
    assert f"名册为“139****0001”，系统中为“139****0009”，由 {school.head.name} 于 20" in phone
    assert "名册为“补考”，系统中为“新考”" in theory
    assert (len(roster.rows), len(roster.wrong)) == (0, 1)
    with pytest.raises(Refused, match=r"手机号码 139\*{4}0009 → 139\*{4}0001"):
        import_roster(school.head, batch=school.batch, rows=rows)
    assert Person.objects.get().phone == "13900000009"
    assert len(brought(school, old, overwrite=True).changes) == 1
    application.refresh_from_db()
    assert (Person.objects.get().phone, application.theory) == ("13900000001", "resit")
    assert read(school, content(school, ("新考", "13900000009"))).problems == []  # what stands now, an import has said


def test_what_the_roster_says_as_it_was_corrected_is_unchanged(school: School) -> None:
    brought(school, content(school, ("新考", "13900000001")))
    correct_person(school.head, Person.objects.get(), {"phone": "13900000009"})
    done = brought(school, content(school, ("新考", "13900000009")))
    assert (done.people_updated, done.people_unchanged, done.changes) == (0, 1, [])
    assert read(school, content(school, ("新考", ""))).problems == []


def test_a_correction_of_another_column_keeps_no_roster_from_changing_this_one(school: School) -> None:
    brought(school, content(school, ("新考", "13900000001")))
    correct_person(school.head, Person.objects.get(), {"class_name": "汽修2409"})
    roster = read(school, content(school, ("新考", "13900000005"), 班级="汽修2409"))
    assert roster.problems == []
    assert roster.changes == [f"第 2 行 {f.name(1)}：手机号码 139****0001 → 139****0005"]


def test_a_correction_by_an_account_that_nobody_vouched_for_stands_in_no_rosters_way(school: School) -> None:
    old = content(school, ("新考", "13900000001"))
    brought(school, old)
    person = Person.objects.get()
    correct_person(school.head, person, {"phone": "13900000009"})
    assert len(read(school, old).problems) == 1
    account = f.candidate(person)
    account.vouched = False
    account.save()
    assert read(school, old).problems == []


def test_the_page_names_changes_and_takes_the_consent(school: School, client: Client) -> None:
    old = content(school, ("新考", "13900000001"))
    brought(school, old)
    correct_person(school.head, Person.objects.get(), {"phone": "13900000009"})
    client.force_login(f.staff("R1", department=school.department), "django.contrib.auth.backends.ModelBackend")

    def send(**more: str) -> str:
        given = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", old), "pledged": "on", **more}
        return client.post(reverse("applications:roster"), given, follow=True).content.decode()

    change = f"第 2 行 {f.name(1)}：手机号码 139****0009 → 139****0001"
    refused = send()
    assert "有 1 处问题，全部没有导入" in refused
    assert "名册与已更正的内容不同时，以名册为准" in refused
    checked = send(check="1", overwrite="on")
    assert "导入会更改 1 人的内容" in checked
    assert change in checked
    done = send(overwrite="on")
    assert "已更改 1 人的内容" in done
    assert change in done
    assert "新考生 0 人，更新 1 人，未变 0 人" in done
    assert Person.objects.get().phone == "13900000001"


def test_the_command_names_changes_and_takes_the_consent(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "名册.xlsx"
    file.write_bytes(content(school, ("新考", "13900000001")))
    brought(school, file.read_bytes())
    correct_person(school.head, Person.objects.get(), {"phone": "13900000009"})

    def run(*, overwrite: bool) -> tuple[int, dict[str, list[object]]]:
        status = from_the_command_line(
            str(file), batch_code=school.batch.code, photos=None, check=False, as_json=True, overwrite=overwrite
        )
        return status, json.loads(capsys.readouterr().out)

    status, said = run(overwrite=False)
    assert (status, said["written"], len(said["problems"])) == (1, 0, 1)
    status, said = run(overwrite=True)
    assert (status, said["written"]) == (0, 1)
    assert f"第 2 行 {f.name(1)}：手机号码 139****0009 → 139****0001" in said["notes"]


def test_rows_of_whom_was_reviewed_are_passed_over_while_they_say_nothing_else(school: School) -> None:
    three = [("新考", f"1390000000{n}") for n in (1, 2, 3)]
    brought(school, content(school, *three))
    passed, approved, back = Application.objects.order_by("pk")
    for application, state in ((passed, "first_passed"), (approved, "approved"), (back, "returned")):
        application.state = state
        application.save()
    same = read(school, content(school, *three))
    assert (same.problems, same.unchanged, len(same.rows), same.notes[-1]) == (
        [], 2, 1, "2 行没有变化（报名已审核），不再导入",
    )  # fmt: skip
    mended = content(school, *three[:2], ("补考", "13900000003"))
    roster = read(school, mended)
    assert (roster.problems, [row.person.name for row in roster.rows]) == ([], [f.name(3)])
    assert import_roster(school.head, batch=school.batch, rows=roster.rows).applications == 1
    back.refresh_from_db()
    approved.refresh_from_db()
    assert (back.theory, approved.state) == ("resit", "approved")


def test_a_row_that_says_something_else_of_whom_was_reviewed_is_a_problem_that_names_it(school: School) -> None:
    brought(school, content(school, ("新考", "13900000001"), ("新考", "13900000002")))
    Application.objects.update(state="first_passed")
    roster = read(school, content(school, ("新考", "13900000001"), ("补考", "13900000005")))
    assert (roster.unchanged, roster.rows) == (1, [])
    [problem] = roster.problems
    assert (problem.row, problem.column) == (3, "证件号码")
    assert "已有报名（待复审），名册不再更改" in problem.message
    assert "手机号码 139****0002 → 139****0005，理论 新考 → 补考" in problem.message


def test_a_roster_without_anything_new_says_so_and_imports_nothing(school: School, client: Client) -> None:
    old = content(school, ("新考", "13900000001"))
    brought(school, old)
    Application.objects.update(state="approved")
    client.force_login(f.staff("R1", department=school.department), "django.contrib.auth.backends.ModelBackend")
    sent = {"batch": school.batch.pk, "file": SimpleUploadedFile("名册.xlsx", old), "pledged": "on"}
    page = client.post(reverse("applications:roster"), sent)
    assert page.status_code == 200
    assert "没有要导入的行" in page.content.decode()
    assert "1 行没有变化" in page.content.decode()

"""Whoever holds the same job and level in force is not admitted again, unless the centre decides so and says why."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.applications.acts import exceptions
from assay.applications.acts.importing import import_roster, would_be_drafts
from assay.applications.eligibility import application_problems
from assay.applications.models import Application, Person
from assay.applications.people import person_index
from assay.batches.models import Batch
from assay.catalogue.models import ScopeRow
from assay.certificates.models import Certificate
from assay.kernel import clock
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import HEAD, photos, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db


def certificate(person: Person, row: ScopeRow, level: str = "4", serial: int = 1, state: str = "issued") -> Certificate:
    application = f.application(f.batch("exam", "closed", [(row, level, 5)]), person=person)
    return Certificate.objects.create(
        application=application, number=f"S000041000123{'26'}{level}{serial:06d}", name=person.name, id_type="resident",
        id_number=person.id_number, id_index=person.id_index, occupation_code=row.occupation.code,
        occupation=row.occupation.name, job=row.job, level_code=level, level_title="四级/中级工",
        issued_on=clock.today(), state=state,
    )  # fmt: skip


@pytest.fixture
def row() -> ScopeRow:
    f.centre()
    return f.scope_row()


def applying(person: Person, row: ScopeRow, level: str = "4") -> Application:
    return f.application(f.batch("exam", "review", [(row, level, 5)]), "submitted", person=person)


def said(application: Application) -> list[str]:
    found = application_problems(Application.objects.get(pk=application.pk))
    return [p.text for p in found if "已持有" in p.text]


def test_a_holder_is_told_of_with_the_number(row: ScopeRow) -> None:
    person = f.person()
    held = certificate(person, row)
    assert said(applying(person, row)) == [
        f"已持有同工种同等级的证书 {held.number}（{clock.today()} 发证）；确需再次认定的，由认定中心在报名页写明理由同意"
    ]


@pytest.mark.parametrize("other", ["withdrawn", "another level", "another job", "another person"])
def test_no_other_certificate_stands_in_the_way(row: ScopeRow, other: str) -> None:
    person = f.person()
    match other:
        case "withdrawn":
            certificate(person, row, state="withdrawn")
        case "another level":
            certificate(person, row, "5")
        case "another job":
            certificate(person, f.scope_row())
        case "another person":
            certificate(f.person(), row)
    assert said(applying(person, row)) == []


def test_the_own_certificate_of_an_application_is_no_problem_of_it(row: ScopeRow) -> None:
    assert said(certificate(f.person(), row).application) == []


def test_the_centre_admits_again_with_a_reason_for_the_certificates_of_today(row: ScopeRow, client: Client) -> None:
    person = f.person()
    certificate(person, row)
    application = applying(person, row)
    page, again = (reverse(f"applications:{name}", args=[application.pk]) for name in ("detail", "admit_again"))
    client.force_login(f.staff("R1", "E5"))
    assert client.post(again, {"reason": "换领"}).status_code == 403
    client.force_login(f.staff("E4"))
    assert "持证人再次认定" in client.get(page).content.decode()
    assert "请写明同意再次认定的理由" in client.post(again, {"reason": " "}, follow=True).content.decode()
    assert said(application) != []
    shown = client.post(again, {"reason": "工种更名后换领"}, follow=True).content.decode()
    assert "工种更名后换领" in shown
    assert said(application) == []
    certificate(person, row, serial=2)
    assert len(said(application)) == 1
    Batch.objects.filter(pk=application.batch_id).update(stage="arrange")
    with pytest.raises(Refused, match="审核已有结论"):
        exceptions.admit_again(f.actor_with("E4"), application, reason="再次")


def test_a_roster_names_holders_and_parts_without_basis_before_and_at_the_import() -> None:
    school = School()
    head = (*HEAD, "理论", "技能")
    lines = [[*school.line(1), "新考", "新考"], [*school.line(2), "补考", "免考"], [*school.line(3), "免考", "免考"]]
    holder = f.person(name=f.name(1), id_number=f.resident_number(1))
    certificate(holder, school.row)
    rows = school.read(
        workbook(("名册", [head, *lines])),
        zipped=photos([f"{f.name(n)}_{f.resident_number(n)}.jpg" for n in (1, 2, 3)]),
    ).rows
    told = would_be_drafts(school.batch, rows)
    assert ["已持有" in told[0], "技能免考没有依据" in told[1], "各科目都填了免考" in told[2]] == [True] * 3
    assert import_roster(f.actor_with("E5"), batch=school.batch, rows=rows).drafts == told


def test_the_draft_of_a_holder_is_said_to_need_the_centre_first(client: Client) -> None:
    school = School()
    head = f.staff("R1", department=school.department)
    line = school.line(1)
    person = f.person(id_number=line[1], name=line[0], department=school.department)
    Person.objects.filter(pk=person.pk).update(id_index=person_index("resident", str(line[1])))
    certificate(Person.objects.get(), school.row)
    Batch.objects.exclude(pk=school.batch.pk).update(stage="closed")
    client.force_login(head, "django.contrib.auth.backends.ModelBackend")
    given = {
        "batch": school.batch.pk, "pledged": "on",
        "file": SimpleUploadedFile("名册.xlsx", workbook(("名册", [HEAD, line]))),
        "photos": SimpleUploadedFile("照片.zip", photos([f"{line[0]}_{line[1]}.jpg"])),
    }  # fmt: skip
    page = client.post(reverse("applications:roster"), given, follow=True).content.decode()
    assert "1 份是草稿，没有提交。已持证的，须先由认定中心" in page
    assert "改正名册后重新导入" not in page
    draft = Application.objects.get(batch=school.batch)
    page = client.get(reverse("applications:detail", args=[draft.pk])).content.decode()
    assert "这份报名还没有提交。已持证的，须先由认定中心" in page
    exceptions.admit_again(f.actor_with("E4"), draft, reason="技能大赛集训")
    page = client.get(reverse("applications:detail", args=[draft.pk])).content.decode()
    assert "这份报名还没有提交。不缺什么了" in page

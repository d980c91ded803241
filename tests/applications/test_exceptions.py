"""On the page of an application: how each part is taken, exemptions with their paper, holders admitted again; while undecided."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assay.applications import views
from assay.applications.acts import applying, exceptions
from assay.applications.eligibility import application_problems
from assay.applications.models import Application, Exemption
from assay.applications.printing import application_form
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.kernel import files, verification
from assay.kernel.acts import Actor
from assay.kernel.refusals import NotAllowed, Refused
from tests import factories as f
from tests.applications.rosters import photo
from tests.certificates.test_holders import certificate

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.4 example"


@pytest.fixture
def application() -> Application:
    f.centre()
    batch = f.batch("exam", "review")
    return f.application(batch, "submitted", department=f.department())


@pytest.fixture
def head(application: Application) -> Actor:
    return f.actor_with("R1", account=f.staff("R1", department=application.department))


def entered(head: Actor, application: Application, part: str = "skill") -> Exemption:
    return exceptions.exempt(
        head, application, part=part, basis="省赛一等奖", number="豫人社〔2026〕1号", content=PAPER
    )


def without_basis(application: Application) -> list[str]:
    application = Application.objects.get(pk=application.pk)
    return [p.text for p in application_problems(application) if "免考" in p.text]


def test_an_exemption_is_entered_with_what_it_rests_on_and_can_be_taken_back(
    head: Actor, application: Application
) -> None:
    exceptions.set_parts(head, application, {"skill": "exempt"})
    assert "技能免考没有依据" in without_basis(application)[0]
    entered(head, application)
    application.refresh_from_db()
    assert application.skill == "exempt"
    assert without_basis(application) == []
    entered(head, application)
    assert Exemption.objects.count() == 1
    exceptions.drop_exemption(head, Exemption.objects.get())
    application.refresh_from_db()
    assert (application.skill, Exemption.objects.count()) == ("first", 0)
    names = ("applications.exemption", "applications.application")
    found = [x for x in verification.verify().findings if any(name in x.where for name in names)]
    assert [x.what for x in found if "已不见" in x.what or "改动" in x.what] == []


def test_everything_that_is_missing_is_said_at_once(head: Actor, application: Application) -> None:
    with pytest.raises(Refused, match="登记免考须有：科目、免考依据、文件编号、文件"):
        exceptions.exempt(head, application, part="", basis=" ", number="", content=b"")
    with pytest.raises(Refused, match="不是 PDF"):
        exceptions.exempt(head, application, part="skill", basis="赛", number="1", content=b"MZ")
    assert Exemption.objects.count() == 0


def test_the_last_part_cannot_be_left_out(head: Actor, application: Application) -> None:
    entered(head, application)
    with pytest.raises(Refused, match="其余科目都已免考"):
        entered(head, application, "theory")
    with pytest.raises(Refused, match="至少须参加一科"):
        exceptions.set_parts(head, application, {"theory": "exempt"})
    with pytest.raises(Refused, match="请按科目选择"):
        exceptions.set_parts(head, application, {"review": "first"})


@pytest.mark.parametrize(("state", "stage"), [("approved", "review"), ("rejected", "review"), ("submitted", "arrange")])
def test_nothing_is_changed_once_it_is_decided(head: Actor, application: Application, state: str, stage: str) -> None:
    Application.objects.filter(pk=application.pk).update(state=state)
    Batch.objects.filter(pk=application.batch_id).update(stage=stage)
    with pytest.raises(Refused, match="审核已有结论"):
        entered(head, application)
    with pytest.raises(Refused, match="审核已有结论"):
        exceptions.set_parts(head, application, {"skill": "resit"})


def test_a_department_decides_over_its_own_only(application: Application) -> None:
    stranger = f.actor_with("R1", account=f.staff("R1", department=f.department()))
    with pytest.raises(Refused, match="不属于您的系部"):
        entered(stranger, application)
    with pytest.raises(NotAllowed):
        entered(f.actor_with("E4"), application)
    assert entered(f.actor_with("E5"), application).basis == "省赛一等奖"


def test_reviewers_see_on_what_a_part_is_left_out(head: Actor, application: Application, client: Client) -> None:
    client.force_login(f.staff("R1", department=application.department))
    page, listed = reverse("applications:detail", args=[application.pk]), reverse("applications:list")
    client.post(reverse("applications:parts", args=[application.pk]), {"theory": "resit", "skill": "exempt"})
    assert "技能免考（没有依据）" in client.get(page).content.decode()
    assert "技能免考：没有依据" in client.get(listed).content.decode()
    given = {"part": "skill", "basis": "省赛一等奖", "number": "1号", "file": SimpleUploadedFile("a.pdf", PAPER)}
    client.post(reverse("applications:exempt", args=[application.pk]), given)
    shown = client.get(page).content.decode()
    assert "技能免考（省赛一等奖（1号））" in shown
    assert "理论补考" in shown
    assert "技能免考（省赛一等奖（1号））" in client.get(listed).content.decode()
    paper = client.get(reverse("applications:exemption", args=[application.pk, Exemption.objects.get().pk]))
    assert paper.content == PAPER
    client.force_login(f.staff("E4"))
    assert "撤销" not in client.get(page).content.decode()
    assert application_form([Application.objects.get(pk=application.pk)]).startswith(b"%PDF")
    exported = client.get(listed, {"export": "xlsx"})
    assert exported.status_code == 200


def test_whoever_holds_no_certificate_needs_no_decision(application: Application) -> None:
    with pytest.raises(Refused, match="不需要决定"):
        exceptions.admit_again(f.actor_with("E4"), application, reason="补发")


def test_a_candidate_who_mends_a_returned_application_does_not_undo_how_parts_are_taken(
    head: Actor, application: Application
) -> None:
    entered(head, application)
    Application.objects.filter(pk=application.pk).update(state="returned")
    person, line = application.person, application.line
    person.source, person.photo = "staff", files.keep(photo())
    account = f.candidate(person)
    condition = line.scope_row.standard.levels.get(level=line.level).conditions.get()
    entry = applying.Entry(line=line, condition=condition, pledged=True)
    applying.hand_in(f.actor_with("C1", account=account), batch=application.batch, person=person, entry=entry)
    application.refresh_from_db()
    assert (application.theory, application.skill) == ("first", "exempt")


def read_by(account: Account, application: Application) -> str:
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("applications:detail", args=[application.pk])).content.decode()


def test_who_may_enter_the_exemption_is_not_told_of_another_page(application: Application) -> None:
    Application.objects.update(skill="exempt")
    assert application.department is not None
    for duties, here in ((["R1"], True), (["E5"], True), (["E4"], False), (["L2"], False)):
        page = read_by(f.staff(*duties, department=application.department), application)
        assert "技能免考没有依据" in page
        assert ("有免考文件的，请在本页登记免考" in page) is here
        assert ("请院系在报名页登记免考" in page) is not here
    assert "请院系在报名页登记免考" in read_by(f.staff("R1", "L2", department=f.department()), application)


def test_who_agrees_to_a_second_certificate_is_told_to_do_it_here(application: Application) -> None:
    certificate(application.person, application.line.scope_row)
    Batch.objects.filter(pk=application.batch_id).update(stage="apply")
    Application.objects.filter(pk=application.pk).update(state="draft")
    for duty, here in (("E4", True), ("R1", False)):
        page = read_by(f.staff(duty, department=application.department), application)
        assert ("确需再次认定的，请在本页写明理由同意" in page) is here
        assert ("确需再次认定的，由认定中心在报名页写明理由同意" in page) is not here
        assert ("已持证的，先在本页写明理由同意再次认定" in page) is here


def test_a_draft_that_lacks_nothing_tells_each_reader_who_hands_it_in(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "application_problems", lambda application: [])
    Batch.objects.update(stage="apply")
    Application.objects.update(state="draft")
    for duty, imports in (("R1", True), ("E5", True), ("E4", False), ("Q4", False)):
        page = read_by(f.staff(duty, department=application.department), application)
        assert "这份报名还没有提交。不缺什么了：" in page
        assert ("点“补正并提交”，或由考生本人登录提交。" in page) is imports
        assert ("由院系重新导入名册，或由考生本人登录提交。" in page) is not imports

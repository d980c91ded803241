"""One submission is one act: photo, evidence and application together, or nothing at all and no file."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from assay.applications import attachments
from assay.applications.acts import applying, withdrawing
from assay.applications.attachments import MOST_PAPERS
from assay.applications.models import Application, Evidence, Person
from assay.applications.printing import application_form
from assay.arrangement import printing
from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.kernel import aside, clock, files, verification
from assay.kernel.models import LedgerEntry, StoredFile
from assay.kernel.photos import made_fit, photo_problem
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import photo
from tests.applications.test_roster_bad_input import School
from tests.kernel.test_photos import person, stands, taken

pytestmark = pytest.mark.django_db


class Candidate:
    """Somebody with an own account and everything that the school's batch asks for but the photo."""

    def __init__(self, school: School, **facts: object) -> None:
        self.school = school
        self.person = f.person(
            department=school.department, major=school.major, student_no="S1", graduates_on=school.graduates, **facts
        )
        self.account = f.candidate(self.person)
        self.actor = f.actor_with("C1", account=self.account)
        self.condition = school.row.standard.levels.get(level__code="4").conditions.get()

    def form(self, **uploads: bytes) -> dict[str, object]:
        return {
            "line": self.school.batch.lines.get().pk, "condition": self.condition.pk, "work_years": 0, "pledged": "on",
            **{name: SimpleUploadedFile(f"{name}.bin", content) for name, content in uploads.items()},
        }  # fmt: skip

    def browser(self) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(self.account, "django.contrib.auth.backends.ModelBackend")
        return client

    def post(self, *, page_keeps_files: bool = False, **uploads: bytes) -> str:
        address = f"/my/apply/{self.school.batch.pk}/"
        headers = {"X-Keep-Files": "1"} if page_keeps_files else {}
        return self.browser().post(address, self.form(**uploads), follow=True, headers=headers).content.decode()


@pytest.fixture(autouse=True)
def _own_folders(settings: Settings, tmp_path: Path) -> None:
    """Where uploads lie for a while: accounts of other tests had the same numbers."""
    settings.VAR, uploading = tmp_path, tmp_path / "uploading"
    uploading.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(uploading)


@pytest.fixture
def candidate() -> Candidate:
    return Candidate(School())


def pdf(size: int = 1000) -> bytes:
    """A paper that is like no other."""
    return b"%PDF-1.7\n" + os.urandom(16) + b"0" * (size - 25)


def set_aside() -> set[str]:
    """The names of all files that lie where an upload may lie for a while."""
    return {path.name for place in (aside.folder(), Path(settings.FILE_UPLOAD_TEMP_DIR)) for path in place.iterdir()}


def everything() -> tuple[object, ...]:
    return (
        f.kept_files(), set_aside(), StoredFile.objects.count(), LedgerEntry.objects.count(), Evidence.objects.count(),
        list(Application.objects.values_list("state", "applicant__photo", "applicant__name")),
        list(Person.objects.values_list("photo", "photo_on", "name")),
    )  # fmt: skip


def test_photo_evidence_and_application_come_in_as_one_act(candidate: Candidate) -> None:
    entries = LedgerEntry.objects.count()
    assert "已提交，等待系部初审" in candidate.post(photo=photo("red"), evidence=pdf())
    application = Application.objects.get()
    assert (application.state, application.evidence.count()) == ("submitted", 1)
    assert application.applicant.photo_id == Person.objects.get().photo_id == files.digest_of(photo("red"))
    assert application.applicant.photo_on == Person.objects.get().photo_on == clock.today()
    assert LedgerEntry.objects.count() == entries + 1
    assert not [finding for finding in verification.verify().findings if finding.where.startswith("报名")]


@pytest.mark.parametrize("state", ["submitted", "first_passed", "approved"])
def test_a_new_photo_with_a_second_submission_changes_nothing_and_is_not_kept(candidate: Candidate, state: str) -> None:
    candidate.post(photo=photo("red"))
    Application.objects.update(state=state)
    before = everything()
    assert "在本批次已有报名" in candidate.post(photo=photo("blue"), evidence=pdf())
    assert everything() == before


def pictures(pdf: bytes, folder: Path) -> list[bytes]:
    """The photos in a paper, as they were put into it."""
    (folder / "paper.pdf").write_bytes(pdf)
    subprocess.run(["pdfimages", "-j", "paper.pdf", "picture"], cwd=folder, check=True)
    found = sorted(folder.glob("picture-*.jpg"))
    return [path.rename(path.with_suffix(".seen")).read_bytes() for path in found]


def admitted_elsewhere(candidate: Candidate) -> Application:
    """Approved and seated in another batch, each with the own photo: the candidate, and somebody at the next seat."""
    batch, ends = f.batch("exam", "readiness", [(candidate.school.row, "3", 5)]), clock.now() + timedelta(hours=2)
    session = Session.objects.create(batch=batch, part="skill", number=1, starts_at=clock.now(), ends_at=ends)
    room = SessionRoom.objects.create(session=session, room=f.room("skill"))
    for seat, (who, colour) in enumerate([(candidate.person, "red"), (f.person(), "green")], start=1):
        who.photo = files.keep(photo(colour))
        who.save()
        application = f.application(batch, person=who)
        Ticket.objects.create(application=application, number=f"26{seat:06d}", issued_at=clock.now())
        Seating.objects.create(session_room=room, application=application, part="skill", seat=seat)
    return batch.applications.get(person=candidate.person)


def test_a_new_photo_for_another_batch_leaves_the_one_that_was_approved_on_every_paper(
    candidate: Candidate, tmp_path: Path
) -> None:
    approved = admitted_elsewhere(candidate)
    assert "已提交，等待系部初审" in candidate.post(photo=photo("blue"))
    person, other = Person.objects.get(pk=candidate.person.pk), Application.objects.get(batch=candidate.school.batch)
    assert person.photo_id == other.applicant.photo_id == files.digest_of(photo("blue"))
    approved = Application.objects.get(pk=approved.pk)
    assert approved.applicant.photo_id == files.digest_of(photo("red"))
    own, rooms = printing.for_tickets().filter(pk=approved.pk), list(printing.for_papers())
    assert pictures(printing.tickets(own), tmp_path) == [photo("red")]
    assert pictures(printing.photo_lists(rooms), tmp_path) == [photo("red"), photo("green")]
    assert set(pictures(application_form([approved]), tmp_path)) == {photo("red")}


def test_a_photo_as_the_telephone_took_it_is_kept_upright_small_and_bare(candidate: Candidate) -> None:
    assert "已提交" in candidate.post(photo=taken(person(1500, 2000), 6, quality=95))
    kept = files.read(str(Person.objects.get().photo_id))
    assert stands(kept)
    assert Application.objects.get().applicant.photo_id == files.digest_of(kept)


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(candidate: Candidate) -> None:
    Person.objects.update(student_no="", major=f.major())
    before = everything()
    page = candidate.post(photo=b"\xff\xd8\xff broken", evidence=b"GIF89a" + os.urandom(16))
    for said in ("照片文件已损坏", "不是 PDF、JPG 或 PNG", "须填学号", "不对应"):
        assert said in page
    assert everything() == before


def test_evidence_above_the_ceiling_is_refused_in_words_and_leaves_nothing_on_the_disk(candidate: Candidate) -> None:
    before = everything()
    page = candidate.post(page_keeps_files=True, photo=photo("red"), evidence=pdf(files.LARGEST_UPLOAD + 1))
    assert "超过 10 MB，请压缩后再上传" in page
    assert everything() == before


def test_a_photo_above_the_ceiling_is_refused_in_words_and_lies_nowhere(candidate: Candidate) -> None:
    before, large = everything(), photo("red").ljust(files.LARGEST_UPLOAD + 1, b"\0")
    assert photo_problem(made_fit(large)) is None, "only its size stands against it"
    page = candidate.post(photo=large, evidence=b"GIF89a" + os.urandom(16))
    assert "文件 10.0 MB，超过 10 MB，请压缩后再上传" in page
    assert "“photo.bin”没有保存，改好其他内容后请重新选择这个文件" in page
    assert everything() == before


def test_of_a_refused_form_only_what_may_be_handed_in_lies_aside_once_and_until_then(candidate: Candidate) -> None:
    _, nothing, *before = everything()
    for colour in ("red", "green"):
        candidate.post(photo=photo(colour), evidence=pdf(files.LARGEST_UPLOAD + 1))
        _, lying, *after = everything()
        assert (nothing, len(lying), after) == (set(), 1, before)
    assert "已提交" in candidate.post(evidence=pdf())
    assert set_aside() == set()


def test_the_papers_of_an_application_are_counted_and_weighed(candidate: Candidate) -> None:
    candidate.post(photo=photo("red"))
    application = Application.objects.get()
    large = pdf(files.LARGEST_UPLOAD)
    for n in range(5):
        applying.add_evidence(candidate.actor, application, title=f"材料{n}", content=large)
    with pytest.raises(Refused, match="合计不超过 50 MB"):
        applying.add_evidence(candidate.actor, application, title="再一份", content=pdf())
    Evidence.objects.all().delete()
    for n in range(MOST_PAPERS):
        applying.add_evidence(candidate.actor, application, title=f"材料{n}", content=pdf())
    before = everything()
    with pytest.raises(Refused, match=f"最多 {MOST_PAPERS} 份"):
        applying.add_evidence(candidate.actor, application, title="再一份", content=pdf())
    assert everything() == before


def test_photo_and_evidence_alone_are_refused_once_somebody_has_decided(candidate: Candidate) -> None:
    candidate.post(photo=photo("red"))
    applying.set_photo(candidate.actor, candidate.person, photo("green"))
    application = Application.objects.get()
    assert application.applicant.photo_id == files.digest_of(photo("green"))
    Application.objects.update(state="first_passed")
    before = everything()
    with pytest.raises(Refused, match="照片不能再换"):
        applying.set_photo(candidate.actor, candidate.person, photo("blue"))
    with pytest.raises(Refused, match="不能再补充材料"):
        applying.add_evidence(candidate.actor, application, title="材料", content=pdf())
    assert everything() == before


def test_nobody_hands_in_for_people_who_are_not_theirs(candidate: Candidate) -> None:
    other = f.department()
    entry = applying.Entry(line=candidate.school.batch.lines.get(), condition=candidate.condition, pledged=True)
    given = {"batch": candidate.school.batch, "person": candidate.person, "entry": entry, "photo": photo("red")}
    before = everything()
    with pytest.raises(Refused, match="不属于您的系部"):
        applying.hand_in(f.actor_with("R1", account=f.staff("R1", department=other)), **given)
    with pytest.raises(Refused, match="只能为本人办理"):
        applying.hand_in(f.actor_with("C1", account=f.candidate(f.person())), **given)
    assert everything()[:5] == before[:5]
    assert applying.hand_in(candidate.school.head, **given).state == "submitted"


def test_a_photo_older_than_the_centre_allows_is_a_problem_with_its_date(candidate: Candidate) -> None:
    old = clock.today() - timedelta(days=150)
    Person.objects.update(photo=files.keep(photo("red")), photo_on=old)
    page = candidate.post()
    assert f"照片是 {old:%Y年%m月%d日}提交的" in page
    assert "已超过 6 个月，请换近期照片" in page
    assert "超过 6 个月" in candidate.post(photo=photo("red")), "the same file again is no younger photo"
    assert "已提交" in candidate.post(photo=photo("blue"))


@pytest.mark.parametrize(
    ("days_before_exam", "months", "said"),
    [
        (140, "6", "已提交，等待系部初审"),
        pytest.param(140, "3", "已超过 3 个月，请换近期照片", marks=pytest.mark.parameter("photo.months")),
        (240, "6", "已超过 6 个月，请换近期照片"),
        pytest.param(240, "9", "已提交，等待系部初审", marks=pytest.mark.parameter("photo.months")),
    ],
)  # fmt: skip
def test_how_old_a_photo_may_be_is_what_the_parameters_page_was_told(
    candidate: Candidate, days_before_exam: int, months: str, said: str
) -> None:
    exam_on = candidate.school.batch.exam_on
    assert exam_on is not None
    Person.objects.update(photo=files.keep(photo("red")), photo_on=exam_on - timedelta(days=days_before_exam))
    leader, page = Client(), reverse("centre:parameter", args=["photo.months"])
    leader.force_login(f.staff("L1"), "django.contrib.auth.backends.ModelBackend")
    given = {"value": months, "document_no": "豫人社〔2026〕1号", "was": "6"}
    assert leader.post(page, given).status_code == 302
    assert said in candidate.post()
    assert Application.objects.exists() == ("已提交" in said)


def test_whoever_hands_in_and_takes_back_again_and_again_fills_no_disk(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_IN_BATCH", 3)
    for _ in range(3):
        assert "已提交" in candidate.post(photo=photo("red"), evidence=pdf())
        withdrawing.withdraw(
            candidate.actor, [Application.objects.exclude(state="withdrawn").get()], reason="考生本人撤回"
        )
    before = everything()
    assert "本批次已交过 3 份证明材料（含撤回的报名）" in candidate.post(
        page_keeps_files=True, photo=photo("red"), evidence=pdf()
    )
    assert everything() == before


@pytest.mark.parametrize("left", [0, 1, 40])
def test_a_file_put_aside_that_cannot_be_read_breaks_no_page(candidate: Candidate, left: int) -> None:
    candidate.post(evidence=pdf())  # refused without a photo; the evidence is kept aside
    (lying,) = aside.folder().iterdir()
    lying.write_bytes(lying.read_bytes()[:left])
    page = candidate.browser().get(f"/my/apply/{candidate.school.batch.pk}/")
    lying.unlink()
    assert page.status_code == 200


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_twelve_clicks_hand_in_once() -> None:
    one = Candidate(School())
    browser, barrier = one.browser(), Barrier(12)
    uploads = {"photo": photo("red"), "evidence": pdf()}

    def click(_: int) -> int:
        own = Client(raise_request_exception=False)
        own.cookies = browser.cookies
        barrier.wait()
        try:
            return own.post(f"/my/apply/{one.school.batch.pk}/", one.form(**uploads)).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(click, range(12)))
    assert max(answers) < 500
    assert Application.objects.count() == 1
    assert Application.objects.get().evidence.count() == 1

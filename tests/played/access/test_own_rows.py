"""Of pages that many may open each opens the own: the department's applications, the candidate's papers, the panel's room."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db.models import Q
from django.urls import reverse

from assay.applications.models import Application, Evidence
from assay.arrangement.models import Assignment, Seating, SessionRoom, Ticket
from assay.bank.models import Item
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.certificates.models import Certificate
from assay.exam.models import Publication, RoomRecord
from assay.kernel import clock, files
from assay.marking.models import PanelSheet
from assay.results.models import Result
from tests import factories as f
from tests.played.access.rows import PDF, candidate, candidates_application, exam_batch
from tests.played.access.visitors import Visitor, staff, visitor

pytestmark = pytest.mark.usefixtures("crowd")
SHUT = (403, 404, 409)


def statuses(who: Visitor, name: str, *rows: Iterable[object]) -> list[int]:
    return [who.opens(reverse(name, args=list(row))).status_code for row in rows]


def sent(who: Visitor, name: str, row: Iterable[object], **given: object) -> int:
    return who.sends(reverse(name, args=list(row)), given).status_code


@pytest.fixture
def applications() -> tuple[Application, Application]:
    """One of 汽车工程系, one of another department, each with photo and evidence."""
    own, other = (
        Application.objects.filter(applicant__photo__isnull=False)
        .filter(of)
        .order_by("pk")[0]
        for of in (Q(department__name="汽车工程系"), ~Q(department__name="汽车工程系"))
    )  # fmt: skip
    for application in (own, other):
        Evidence.objects.create(application=application, title="材料", file=files.keep(PDF, "application/pdf"))
    return own, other


@pytest.mark.parametrize("page", ["detail", "person", "photo", "form", "mend"])
def test_a_department_opens_the_applications_of_its_own_students_only(
    applications: tuple[Application, Application], page: str
) -> None:
    own, other = applications
    assert statuses(staff("xibu-qiche"), f"applications:{page}", [own.pk], [other.pk]) in ([200, 404], [200, 403])


def test_a_department_opens_the_evidence_of_its_own_students_only(
    applications: tuple[Application, Application],
) -> None:
    who, (own, other) = staff("xibu-qiche"), applications
    rows = [(one.pk, one.evidence.order_by("pk")[0].pk) for one in (own, other)]
    assert statuses(who, "applications:evidence", *rows, (own.pk, rows[1][1])) == [200, 404, 404]


def test_a_department_neither_corrects_nor_reviews_students_of_another(
    applications: tuple[Application, Application],
) -> None:
    who, (_, other) = staff("xibu-qiche"), applications
    assert sent(who, "applications:person", [other.pk], class_name="另一班") == 404
    Application.objects.filter(pk=other.pk).update(state="submitted")
    Batch.objects.filter(pk=other.batch_id).update(stage="review")
    assert sent(who, "applications:decide", ["first"], verdict="pass", chosen=[other.pk]) == 409
    other.refresh_from_db()
    assert other.state == "submitted"
    assert other.applicant.class_name != "另一班"


def test_a_departments_list_shows_no_other_departments_students(applications: tuple[Application, Application]) -> None:
    page = staff("xibu-qiche").opens(f"{reverse('applications:list')}?batch=&state=").content.decode()
    shown = {a.pk for a in Application.objects.all() if reverse("applications:detail", args=[a.pk]) in page}
    assert shown
    assert set(Application.objects.filter(pk__in=shown).values_list("department__name", flat=True)) == {"汽车工程系"}


def test_a_candidate_opens_the_own_papers_and_nobody_elses() -> None:
    own = candidates_application()
    other = Application.objects.filter(batch=own.batch, certificates__isnull=False).exclude(pk=own.pk).order_by("pk")[0]
    assert Ticket.objects.filter(application__in=[own, other]).count() == 2
    Certificate.objects.update(state="issued")
    who = visitor("考生", candidate())
    assert statuses(who, "arrangement:my_ticket", [own.pk], [other.pk]) == [200, 404]
    assert statuses(who, "applications:form", [own.pk], [other.pk]) == [200, 403]
    certificates = [[one.certificates.get().pk] for one in (own, other)]
    assert statuses(who, "certificates:my_certificate", *certificates) == [200, 404]


def test_a_candidate_changes_nothing_of_another_candidate() -> None:
    own = candidates_application()
    other = Result.objects.filter(batch=own.batch).exclude(application=own).order_by("pk")[0]
    Result.objects.update(released_at=clock.now())
    Batch.objects.filter(pk=own.batch_id).update(stage="check")
    who = visitor("考生", candidate())
    assert sent(who, "portal:withdraw", [other.application_id]) == 404
    assert sent(who, "portal:score_check", [other.pk], part="skill", reason="核对") == 404
    assert statuses(who, "portal:score_check", [own.result.pk], [other.pk]) == [200, 404]
    assert not other.checks.exists()


def _in_charge(part: str, role: str) -> tuple[Visitor, SessionRoom, SessionRoom]:
    """Somebody with a role in a room of that part, the room, and another room where that person has none."""
    roles = Assignment.objects.filter(session_room__session__part=part, role=role, member__account__isnull=False)
    for assignment in roles.order_by("pk"):
        account = assignment.member.account
        assert isinstance(account, Account)
        others = SessionRoom.objects.filter(session__part=part, seatings__isnull=False).exclude(
            assignments__member__account=account
        )
        if others.exists():
            return visitor("in charge", account), assignment.session_room, others[0]
    return _with_another_room(roles[0])


def _with_another_room(assignment: Assignment) -> tuple[Visitor, SessionRoom, SessionRoom]:
    room = assignment.session_room
    other = SessionRoom.objects.create(session=room.session, room=f.room(room.room.kind), line=room.line)
    Seating.objects.filter(pk=room.seatings.order_by("-pk")[0].pk).update(session_room=other)
    account = assignment.member.account
    assert isinstance(account, Account)
    return visitor("in charge", account), room, other


def test_an_invigilator_opens_the_own_room_and_no_other() -> None:
    who, own, other = _in_charge("theory", "invigilator")
    assert statuses(who, "arrangement:room_paper", (own.pk, "door"), (other.pk, "door")) == [200, 409]
    for room in (own, other):
        RoomRecord.objects.get_or_create(
            session_room=room,
            defaults={"expected": 0, "present": 0, "absent": 0, "closed_by": "某", "closed_at": clock.now()},
        )
        Publication.objects.filter(session=room.session).update(state="published")
    assert statuses(who, "exam:record_pdf", [own.pk], [other.pk]) == [200, 409]
    assert statuses(who, "exam:console", [own.pk], [other.pk]) == [302, 409]
    Batch.objects.filter(pk=own.session.batch_id).update(stage="readiness")
    assert sent(who, "exam:readiness", [other.pk]) == 409


def test_an_examiner_opens_the_own_panel_and_no_other() -> None:
    who, own, other = _in_charge("skill", "examiner")
    assert statuses(who, "marking:panel", [own.pk], [other.pk]) == [200, 404]
    (mine,) = PanelSheet.objects.filter(seating__session_room=own).order_by("pk")[:1]
    foreign = PanelSheet.objects.exclude(seating__session_room=own).exclude(
        seating__session_room__assignments__member__account=who.account
    )
    assert statuses(who, "marking:score", [mine.pk]) == [200]
    for sheet in foreign[:3]:
        assert statuses(who, "marking:score", [sheet.pk]) == [404]
        assert sent(who, "marking:score", [sheet.pk], remarks="示例") == 404
    assert sent(who, "marking:settle", [other.pk], chosen=[mine.pk]) == 404
    assert statuses(who, "marking:tasks_pdf", [other.pk])[0] in SHUT


def test_an_expert_opens_no_item_in_use_and_no_draft_of_another() -> None:
    who, in_use = staff("mingti01"), Item.objects.filter(state="in_use", case=None).order_by("pk")[0]
    assert statuses(who, "bank:item", [in_use.pk]) == [409]
    assert statuses(who, "bank:item_edit", [in_use.pk]) == [409]
    Item.objects.filter(pk=in_use.pk).update(state="draft", author=Account.objects.get(username="mingti02"))
    assert statuses(who, "bank:item", [in_use.pk]) == [409]
    assert statuses(staff("mingti02"), "bank:item", [in_use.pk]) == [200]


def test_whoever_supervises_the_whole_opens_them_all(applications: tuple[Application, Application]) -> None:
    who, rooms = staff("dudao01"), SessionRoom.objects.filter(session__batch=exam_batch(), session__part="theory")
    assert statuses(who, "applications:detail", *([one.pk] for one in applications)) == [200, 200]
    assert set(statuses(who, "arrangement:room_paper", *((room.pk, "door") for room in rooms))) == {200}
    assert set(statuses(who, "exam:record_pdf", *([room.pk] for room in rooms))) == {200}

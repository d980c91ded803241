"""An application, from before it is handed in until it is admitted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from assay.applications.acts import applying, correcting, exceptions, importing, mending, withdrawing
from assay.applications.models import Application, Exemption, Person
from assay.applications.people import PersonData
from assay.applications.roster_rows import RosterRow
from assay.batches import acts as batches
from assay.batches.models import Batch
from assay.catalogue.models import EntryCondition
from assay.centre.models import Department
from assay.kernel import clock, files
from tests import factories as f
from tests.applications.rosters import photo
from tests.races.deeds import Deed, People, as_both, deed, world
from tests.races.worlds.planning import as_planned

OTHER_PHOTO = photo("lightblue")
PDF = b"%PDF-1.4 nothing in it"


def department(people: People) -> Department:
    """Where all applicants and their reviewers belong."""
    found: Department = people.kept("department", f.department)
    return found


def a_batch(people: People, stage: str, **fields: Any) -> Batch:
    return f.batch(stage=stage, lines=[(people.kept("row", f.scope_row), "4", 30)], **fields)


def condition(of: Batch) -> EntryCondition:
    line = of.lines.get()
    return EntryCondition.objects.get(
        standard_level__standard=line.scope_row.standard, standard_level__level=line.level
    )


def somebody(people: People) -> Person:
    """A student of whom nothing is lacking."""
    kept = people.kept("photo", lambda: files.keep(photo()))
    return f.person(
        department=department(people), student_no="230101", graduates_on=clock.today() + timedelta(days=90), photo=kept,
        photo_on=clock.today(),
    )  # fmt: skip


def applied(people: People, batch: Batch, state: str) -> Application:
    person = somebody(people)
    return f.application(
        batch, state, person=person, department=person.department, condition=condition(batch), pledged=True
    )


def entry(batch: Batch) -> applying.Entry:
    return applying.Entry(line=batch.lines.get(), condition=condition(batch), pledged=True)


def roster_row(batch: Batch, person: Person, **changed: Any) -> RosterRow:
    """The person as the department's roster has it."""
    of_person = PersonData(
        **{
            "name": person.name, "id_type": person.id_type, "id_number": person.id_number, "education": person.education,
            "department": person.department_id, "class_name": person.class_name, "student_no": person.student_no,
            "graduates_on": person.graduates_on, **changed,
        }
    )  # fmt: skip
    return RosterRow(1, of_person, batch.lines.get(), condition(batch), "first", "first", 0, "", {}, None)


def _new_photo(people: People, person: Person) -> Deed:
    return deed(people("E5"), applying.set_photo, person, OTHER_PHOTO)


def _new_class(people: People, person: Person) -> Deed:
    return deed(people("E5"), correcting.correct_person, person, {"class_name": "汽修2302"})


@world(
    "applications.hand_in", "applications.import_roster", "applications.set_photo",
    "applications.correct_person", "batches.revise_batch",
)  # fmt: skip
def nobody_applied_yet(people: People) -> Iterator[Deed]:
    batch, person = a_batch(people, "apply"), somebody(people)
    account = f.candidate(person)
    yield deed(
        as_both(account, "C1"), applying.hand_in, batch=batch, person=person, entry=entry(batch), said="candidate"
    )
    yield deed(people("E5"), applying.hand_in, batch=batch, person=person, entry=entry(batch), photo=OTHER_PHOTO)
    yield deed(
        people("E5"), importing.import_roster, batch=batch, rows=[roster_row(batch, person, class_name="汽修2303")]
    )
    yield _new_photo(people, person)
    yield _new_class(people, person)
    closing = {**as_planned(batch), "apply_to": clock.today() - timedelta(days=1)}
    yield deed(people("E1"), batches.revise_batch, batch, **closing, said="close")


@world(
    "applications.hand_in", "applications.withdraw", "applications.add_evidence", "applications.import_roster",
    "applications.first_review", "applications.set_photo", "applications.correct_person",
)  # fmt: skip
def waiting_for_the_department(people: People) -> Iterator[Deed]:
    batch = a_batch(people, "apply")
    application = applied(people, batch, "submitted")
    person = application.person
    for verdict in ("pass", "return"):
        who = people("R1", department=department(people))
        yield deed(who, applying.first_review, [application], verdict=verdict, reason="材料不清", said=verdict)
    yield deed(people("E5"), withdrawing.withdraw, [application], reason="误导入")
    yield deed(people("E5"), applying.add_evidence, application, title="毕业证书", content=PDF)
    yield deed(
        people("E5"), importing.import_roster, batch=batch, rows=[roster_row(batch, person, class_name="汽修2303")]
    )
    yield deed(people("E5"), applying.hand_in, batch=batch, person=person, entry=entry(batch))
    yield _new_photo(people, person)
    yield _new_class(people, person)


@world(
    "batches.cancel", "batches.revise_batch", "applications.hand_in", "applications.import_roster",
)  # fmt: skip
def nobody_is_in_it_any_more(people: People) -> Iterator[Deed]:
    """Who calls a batch off meets who still comes in."""
    batch, person = a_batch(people, "apply"), somebody(people)
    f.application(batch, "withdrawn", person=person, department=person.department, condition=condition(batch))
    yield deed(people("E1"), batches.cancel, batch, reason="没有人报名")
    yield deed(people("E5"), applying.hand_in, batch=batch, person=person, entry=entry(batch))
    yield deed(people("E5"), importing.import_roster, batch=batch, rows=[roster_row(batch, somebody(people))])
    yield deed(people("E1"), batches.revise_batch, batch, **{**as_planned(batch), "name": "改名"})


@world("batches.cancel", "applications.withdraw", "applications.first_review", "applications.hand_in")
def one_is_left_in_it(people: People) -> Iterator[Deed]:
    """A batch is called off once the last one has gone, and not before."""
    batch = a_batch(people, "apply")
    application = applied(people, batch, "submitted")
    yield deed(people("E5"), withdrawing.withdraw, [application], reason="误导入")
    yield deed(people("E1"), batches.cancel, batch, reason="没有人报名")
    yield deed(people("E5"), applying.hand_in, batch=batch, person=application.person, entry=entry(batch))
    who = people("R1", department=department(people))
    yield deed(who, applying.first_review, [application], verdict="pass")


@world(
    "applications.withdraw", "applications.centre_review", "applications.correct_applicant",
    "applications.correct_person", "batches.advance",
)  # fmt: skip
def waiting_for_the_centre(people: People) -> Iterator[Deed]:
    batch = a_batch(people, "review")
    applied(people, batch, "approved")
    application = applied(people, batch, "first_passed")
    for verdict in ("pass", "return"):
        yield deed(
            people("E4"), applying.centre_review, [application], verdict=verdict, reason="材料不清", said=verdict
        )
    yield deed(people("E5"), withdrawing.withdraw, [application], reason="误导入")
    yield deed(people("E4"), correcting.correct_applicant, application, {"class_name": "汽修2304"}, reason="班级有误")
    yield deed(people("E1"), batches.advance, batch)
    yield _new_class(people, application.person)


@world(
    "applications.hand_in", "applications.mend", "applications.withdraw", "applications.add_evidence",
    "applications.set_photo", "applications.correct_person", "batches.advance",
)  # fmt: skip
def given_back(people: People) -> Iterator[Deed]:
    batch = a_batch(people, "review")
    applied(people, batch, "approved")
    application = applied(people, batch, "returned")
    yield deed(people("E5"), applying.hand_in, batch=batch, person=application.person, entry=entry(batch))
    yield deed(people("E5"), mending.mend, application, changes={"class_name": "汽修2305"}, entry=entry(batch))
    yield deed(people("E5"), withdrawing.withdraw, [application], reason="误导入")
    yield deed(people("E5"), applying.add_evidence, application, title="毕业证书", content=PDF)
    yield deed(people("E1"), batches.advance, batch)
    yield _new_class(people, application.person)
    yield _new_photo(people, application.person)


@world(
    "applications.withdraw", "applications.correct_applicant", "applications.correct_person",
    "batches.advance", "batches.revise_batch",
)  # fmt: skip
def admitted(people: People) -> Iterator[Deed]:
    batch = a_batch(people, "review")
    application = applied(people, batch, "approved")
    yield deed(people("E5"), withdrawing.withdraw, [application], reason="误导入")
    yield deed(people("E4"), correcting.correct_applicant, application, {"class_name": "汽修2304"}, reason="班级有误")
    yield deed(people("E1"), batches.advance, batch)
    yield deed(people("E1"), batches.revise_batch, batch, **{**as_planned(batch), "name": "改名"})
    yield _new_class(people, application.person)


@world("applications.centre_review", "applications.withdraw", place="lock")
def two_lists_in_different_order(people: People) -> Iterator[Deed]:
    batch = a_batch(people, "review")
    one, other = applied(people, batch, "first_passed"), applied(people, batch, "first_passed")
    yield deed(people("E4"), applying.centre_review, [one, other], verdict="return", reason="材料不清")
    yield deed(people("E4"), applying.centre_review, [other, one], verdict="pass", said="the other way round")
    yield deed(people("E5"), withdrawing.withdraw, [other], reason="误导入")


@world(
    "applications.set_parts", "applications.exempt", "applications.drop_exemption", "applications.centre_review",
    "batches.advance",
)  # fmt: skip
def asked_out_of_the_ordinary(people: People) -> Iterator[Deed]:
    batch = a_batch(people, "review")
    applied(people, batch, "approved")
    application = applied(people, batch, "first_passed")
    paper = {"basis": "免考规定", "number": "文〔1〕", "content": PDF}
    there = Exemption.objects.create(
        application=application, part="theory", basis="免考规定", number="文〔2〕", file=files.keep(PDF), by="考务",
        at=clock.now(),
    )  # fmt: skip
    application.theory = "exempt"
    application.save()
    yield deed(people("E5"), exceptions.set_parts, application, {"skill": "resit"})
    yield deed(people("E5"), exceptions.exempt, application, part="theory", **paper)
    yield deed(people("E5"), exceptions.drop_exemption, there)
    yield deed(people("E4"), applying.centre_review, [application], verdict="reject", reason="材料不清")
    yield deed(people("E1"), batches.advance, batch)

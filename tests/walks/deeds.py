"""Every act of the way to a certificate, done by somebody and noted by the witness when it was not refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from assay.applications.acts import applying, exceptions, withdrawing
from assay.applications.acts import correcting as people
from assay.applications.acts.importing import import_roster
from assay.applications.models import Application, Exemption, Person
from assay.applications.people import PersonData
from assay.applications.roster_rows import RosterRow
from assay.arrangement.acts import arranging, seats, tickets
from assay.arrangement.acts import people as staffing
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.batches import acts as planning
from assay.batches.models import AnnualPlan, Batch, BatchLine
from assay.bridge import contract
from assay.catalogue.models import EntryCondition
from assay.centre.actors import SYSTEM, actor_of
from assay.centre.acts import accounts as centre
from assay.centre.models import Account
from assay.certificates.acts import correcting
from assay.certificates.acts import issuing as certifying
from assay.certificates.models import Certificate, Correction
from assay.exam.acts import collecting as examining
from assay.exam.acts import opening, publishing
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.acts import Actor
from assay.kernel.refusals import Refused
from assay.marking.acts import again, drawing
from assay.marking.acts import scoring as marking
from assay.marking.models import ExaminerScore, PanelSheet, SkillDraw
from assay.results.acts import checks, notices
from assay.results.acts import outcomes as results
from assay.results.models import Objection, ResultReport, ScoreCheck
from tests.walks.school import KEY, School, jpeg
from tests.walks.witness import Candidacy, Corrected, Review, Said, Witness

MINUTE = timedelta(minutes=1)


class _Refusal:
    def __bool__(self) -> bool:
        return False


REFUSED: Final = _Refusal()


def said_of(application: Application) -> Said:
    """Who the application says that its person is, as a reviewer sees it."""
    applicant = application.applicant
    return Said(applicant.name, applicant.id_number, applicant.photo_id)


def printed_on(certificate: Certificate) -> Said:
    return Said(certificate.name, certificate.id_number, certificate.photo_id)


class Deeds:
    """Acts by accounts, at a time that goes on by itself."""

    def __init__(self, school: School, now: datetime) -> None:
        self.school, self.now = school, now
        self.witness = Witness(list(school.kept))
        self.done: set[str] = set()

    def do(self, act: Callable[..., Any], who: Account | None, *args: Any, **kwargs: Any) -> Any:
        """The act by whoever holds the account (the house itself when None); REFUSED when it says no. Anything else that is raised
        is a fault."""
        self.now += MINUTE
        with clock.moved_to(self.now):
            try:
                found = act(self.actor(who), *args, **kwargs)
            except Refused:
                return REFUSED
        self.done.add(act.act.name)  # type: ignore[attr-defined]
        return found if found is not None else True

    @staticmethod
    def actor(who: Account | None) -> Actor:
        return actor_of(who) if who is not None else SYSTEM

    def human(self, who: Account | None) -> str:
        return self.school.humans[who.pk] if who is not None else "省中心"

    # Plans and batches.

    def submit_plan(self, who: Account, plan: AnnualPlan) -> Any:
        found = self.do(planning.submit_annual_plan, who, plan)
        if found:
            self.witness.drew_up[plan.pk].add(self.human(who))
        return found

    def revise_plan(self, who: Account, plan: AnnualPlan) -> Any:
        found = self.do(planning.revise_annual_plan, who, plan, title=plan.title, text="再改")
        if found:
            self.witness.drew_up[plan.pk].add(self.human(who))
        return found

    def decide_plan(self, who: Account, plan: AnnualPlan, approve: bool) -> Any:
        found = self.do(planning.decide_annual_plan, who, plan, approve=approve, reason="再议")
        if found and approve:
            self.witness.approved[plan.pk] = self.human(who)
        return found

    def advance(self, who: Account, batch: Batch) -> Any:
        return self.do(planning.advance, who, Batch.objects.get(pk=batch.pk))

    def appoint(self, who: Account, whom: Account, post: int) -> Any:
        found = self.do(
            centre.appoint, who, whom, self.school.posts[post % len(self.school.posts)], clock.day_of(self.now)
        )
        if found:
            self.witness.appointed.append((self.human(who), self.human(whom)))
        return found

    # Applications.

    def hand_in(
        self,
        who: Account,
        batch: Batch,
        person: Person,
        line: BatchLine,
        parts: Mapping[str, str],
        shade: int | None = None,
    ) -> Any:
        """Apply; `shade` of another photo that comes with it."""
        person = Person.objects.get(pk=person.pk)
        entry = applying.Entry(line=line, condition=_condition(line), pledged=True, **parts)
        photo = jpeg(shade) if shade is not None else None
        found = self.do(applying.hand_in, who, batch=batch, person=person, entry=entry, photo=photo)
        if found:
            self._handed_in(found)
        return found

    def roster(self, who: Account, batch: Batch, rows: Sequence[RosterRow]) -> Any:
        found = self.do(import_roster, who, batch=Batch.objects.get(pk=batch.pk), rows=rows)
        if found:
            numbers = [row.person.id_number for row in rows]
            for application in Application.objects.filter(batch=batch, state="submitted").select_related("applicant"):
                if application.applicant.id_number in numbers:
                    self._handed_in(application)
        return found

    def _handed_in(self, application: Application) -> None:
        person, line = application.person_id, application.line
        whose = self.school.whose.setdefault(person, f"新{person}")
        day = application.batch.exam_on
        assert day is not None
        self.witness.handed_in(application.pk, Candidacy(whose, person, line.level.code, day))

    def row(self, number: int, person: Person, line: BatchLine, parts: Mapping[str, str], **changes: Any) -> RosterRow:
        """A row of a roster for somebody who is known; `changes` to what is known."""
        data = {
            "name": person.name, "id_type": person.id_type, "id_number": person.id_number, "education": person.education,
            "source": person.source, "department": person.department_id, "major": person.major_id,
            "class_name": person.class_name, "student_no": person.student_no, "graduates_on": person.graduates_on,
        }  # fmt: skip
        shade = changes.pop("shade", None)
        return RosterRow(
            number, PersonData(**{**data, **changes}), line, _condition(line), parts["theory"], parts["skill"], 0, "", {},
            jpeg(shade) if shade is not None else None,
        )  # fmt: skip

    def photo(self, who: Account, person: Person, shade: int) -> Any:
        return self.do(applying.set_photo, who, person, jpeg(shade))

    def correct_person(self, who: Account, person: Person, changes: Mapping[str, Any]) -> Any:
        return self.do(people.correct_person, who, person, changes, reason="更名")

    def correct_applicant(
        self, who: Account, application: Application, changes: Mapping[str, Any], reason: str, shade: int | None
    ) -> Any:
        photo = jpeg(shade) if shade is not None else None
        found = self.do(people.correct_applicant, who, application, changes, reason=reason, photo=photo)
        if found and reason.strip() and self.human(who) != self.witness.candidacies[application.pk].human:
            says = {"name": changes["name"]} if "name" in changes else {}
            if photo is not None:
                says["photo"] = said_of(Application.objects.get(pk=application.pk)).photo
            self.witness.put_right(application.pk, **says)
        return found

    def withdraw(self, who: Account, application: Application) -> Any:
        return self.do(withdrawing.withdraw, who, [application], reason="不考了")

    def review(self, who: Account, step: str, applications: Sequence[Application], verdict: str) -> Any:
        act = applying.first_review if step == "first" else applying.centre_review
        seen = {a.pk: said_of(a) for a in Application.objects.filter(pk__in=[a.pk for a in applications])}
        found = self.do(act, who, applications, verdict=verdict, reason="材料不清" if verdict != "pass" else "")
        for pk in seen if found else ():
            self.witness.reviewed(pk, Review(step, verdict, self.human(who), seen[pk]))
        return found

    def exempt(self, who: Account, application: Application, part: str) -> Any:
        """Leave a part out on a paper that is named; both reviews see it."""
        found = self.do(
            exceptions.exempt,
            who,
            application,
            part=part,
            basis="竞赛获奖",
            number="示例〔2027〕1号",
            content=jpeg(250),
        )
        if found:
            self.witness.exempted.add((application.pk, part))
        return found

    def drop_exemption(self, who: Account, exemption: Exemption) -> Any:
        key = (exemption.application_id, exemption.part)
        found = self.do(exceptions.drop_exemption, who, exemption)
        if found:
            self.witness.exempted.discard(key)
        return found

    def set_parts(self, who: Account, application: Application, parts: Mapping[str, str]) -> Any:
        return self.do(exceptions.set_parts, who, application, parts)

    def admit_again(self, who: Account, application: Application) -> Any:
        found = self.do(exceptions.admit_again, who, application, reason="原证书遗失，本人申请再次认定")
        if found:
            self.witness.admitted_again.add(application.pk)
        return found

    # The exam.

    def arrange(self, who: Account, batch: Batch) -> Any:
        return self.do(arranging.arrange, who, batch)

    def move(self, who: Account, seating: Seating, room: SessionRoom, seat: int) -> Any:
        return self.do(seats.move_candidate, who, seating, session_room=room, seat=seat)

    def replace(self, who: Account, assignment: Assignment, member: int) -> Any:
        return self.do(
            staffing.replace_member,
            who,
            assignment,
            member=self.school.members[member % len(self.school.members)],
            reason="突发疾病",
        )

    def tickets(self, who: Account, batch: Batch) -> Any:
        return self.do(tickets.issue_tickets, who, batch)

    def publish(self, who: Account, session: Session) -> Any:
        """Prepared, and handed to a hall that this test itself plays."""
        found = self.do(publishing.prepare, who, session)
        if not found:
            return found
        made = found[0]
        return self.do(
            publishing.mark_published, who, made, pack_id=made.pack_id, digest=made.pack_digest, left=made.left_behind
        )

    def sign(self, who: Account, publication: Publication) -> Any:
        """Sign for the papers; the second signature lets the keys go."""
        found = self.do(opening.sign_opening, who, publication)
        if found and publication.openings.count() == 2:
            self.do(opening.mark_opened, who, publication, pack_id=publication.pack_id)
        return found

    def collect(self, who: Account | None, publication: Publication, right: Mapping[int, int | None]) -> Any:
        """Collect a session in which the candidates had so many answers right (application → number); None did not come."""
        seatings = list(Seating.objects.filter(session_room__session=publication.session_id))
        sittings = [_sitting(seating, right.get(seating.application_id, 8), self.now) for seating in seatings]
        came = {s.sitting: s.started_at is not None for s in sittings}
        rooms = []
        for room in SessionRoom.objects.filter(session=publication.session_id):
            there = [came[str(s.pk)] for s in seatings if s.session_room_id == room.pk]
            rooms.append(
                contract.RoomRecord(
                    str(room.pk), len(there), sum(there), len(there) - sum(there), sum(there), [], "监考员", self.now
                )
            )
        collection = contract.Collection(publication.pack_id, True, sittings, rooms, 0, "0" * 64)
        found = self.do(examining.record_collection, who, publication, collection)
        for seating in seatings if found else ():
            number = right.get(seating.application_id, 8)
            self.witness.theory[seating.application_id] = None if number is None else Decimal(10 * number)
        return found

    def draw(self, who: Account, room: SessionRoom) -> Any:
        return self.do(drawing.draw_paper, who, room, witness="考生代表")

    def witness_draw(self, who: Account, draw: SkillDraw) -> Any:
        return self.do(drawing.witness_draw, who, draw)

    def open_panel(self, who: Account, room: SessionRoom) -> Any:
        return self.do(marking.open_panel, who, room)

    def set_absent(self, who: Account, sheet: PanelSheet, absent: bool) -> Any:
        found = self.do(marking.set_absent, who, sheet, absent)
        if found:
            key = (sheet.application_id, sheet.part)
            (self.witness.absent.add if absent else self.witness.absent.discard)(key)
        return found

    def mark(self, who: Account, sheet: PanelSheet, outer: int, veto: bool = False) -> Any:
        return self.do(marking.save_scores, who, [marking.Marks(sheet, marks(outer), ["V1"] if veto else [])])

    def mark_all(self, who: Account, sheets: Sequence[tuple[PanelSheet, int]]) -> Any:
        """Those whom the examiner has locked already are left out."""
        locked = ExaminerScore.objects.filter(member__account=who, locked_at__isnull=False).values_list(
            "sheet", flat=True
        )
        left = [marking.Marks(sheet, marks(outer)) for sheet, outer in sheets if sheet.pk not in set(locked)]
        return self.do(marking.save_scores, who, left) if left else REFUSED

    def lock(self, who: Account, sheets: Sequence[PanelSheet]) -> Any:
        open_ones = ExaminerScore.objects.filter(sheet__in=sheets, member__account=who, locked_at=None)
        left = [score.sheet for score in open_ones.select_related("sheet")]
        found = self.do(marking.lock_scores, who, left or sheets)
        for score in found or ():
            total = Decimal(0) if score.vetoes else sum(map(Decimal, score.marks.values()), Decimal(0))
            self.witness.locked[score.sheet.application_id, score.sheet.part][self.human(who)] = total
        return found

    def settle(self, who: Account, sheets: Sequence[PanelSheet], note: str) -> Any:
        found = self.do(marking.settle, who, sheets, note=note)
        self.witness.settled |= {(s.application_id, s.part) for s in found or ()}
        return found

    # Results.

    def compute(self, who: Account, batch: Batch) -> Any:
        return self.do(results.compute, who, batch)

    def send_up(self, who: Account, batch: Batch) -> Any:
        return self.do(results.send_up, who, batch)

    def record_answer(self, who: Account | None, report: ResultReport, state: str) -> Any:
        return self.do(results.record_answer, who, report, state=state, reason="请核对", at=self.now)

    def release(self, who: Account, batch: Batch) -> Any:
        return self.do(results.release, who, batch)

    def ask_check(self, who: Account, application: Application, part: str) -> Any:
        return self.do(results.ask_check, who, application.result, part=part, reason="请查分")

    def mark_again(self, who: Account, sheet: PanelSheet, outer: int) -> Any:
        found = self.do(again.mark_again, who, sheet, marks=marks(outer))
        if found:
            self.witness.again[sheet.application_id, sheet.part] = (self.human(who), Decimal(outer))
        return found

    def answer_check(self, who: Account, check: ScoreCheck, take_over: bool) -> Any:
        found = self.do(checks.answer_check, who, check, finding="已核对", take_over=take_over)
        if found:
            self.witness.answers[check.result.application_id, check.part] = self.human(who)
        return found

    def confirm_check(self, who: Account, check: ScoreCheck) -> Any:
        found = self.do(checks.confirm_check, who, check)
        if found and found.state == "corrected":
            key = (check.result.application_id, check.part)
            by, mark = self.witness.again.get(key, ("判分", self.witness.theory.get(key[0]) or Decimal(0)))
            self.witness.corrected[key] = Corrected(mark, by, self.witness.answers[key], self.human(who))
        return found

    def send_back_check(self, who: Account, check: ScoreCheck) -> Any:
        return self.do(checks.send_back_check, who, check, reason="再核")

    def let_lapse(self, who: Account, application: Application, part: str) -> Any:
        return self.do(results.lapse_exemption, who, application.result, part=part, reason="免考依据不成立")

    def open_notice(self, who: Account, batch: Batch) -> Any:
        return self.do(notices.open_notice, who, batch)

    def object(self, who: Account, batch: Batch) -> Any:
        return self.do(notices.raise_objection, who, batch.notice, name="某人", contact="13800000000", text="请查")

    def answer_objection(self, who: Account, objection: Objection) -> Any:
        return self.do(notices.answer_objection, who, objection, answer="已查，无误")

    def close_notice(self, who: Account, batch: Batch) -> Any:
        return self.do(notices.close_notice, who, batch)

    # Certificates.

    def number(self, who: Account, batch: Batch) -> Any:
        found = self.do(certifying.number, who, batch)
        self.witness.numbers += [certificate.number for certificate in found or ()]
        return found

    def print(self, who: Account, certificates: Sequence[Certificate], first: int, reason: str = "") -> Any:
        return self.do(certifying.print_certificates, who, certificates, first_serial=f"{first:08d}", reason=reason)

    def hand_out(self, who: Account, certificates: Sequence[Certificate]) -> Any:
        return self.do(certifying.hand_out, who, certificates)

    def propose_correction(
        self, who: Account, certificate: Certificate, printed: Mapping[str, str], shade: int | None
    ) -> Any:
        photo = jpeg(shade) if shade is not None else b""
        return self.do(
            correcting.propose_correction,
            who,
            certificate,
            printed=printed,
            reason="印错",
            paper=jpeg(251),
            photo=photo,
        )

    def decide_correction(self, who: Account, correction: Correction, approve: bool) -> Any:
        found = self.do(correcting.decide_correction, who, correction, approve=approve, remark="依据充分")
        if found and approve:
            certificate = Certificate.objects.get(pk=correction.certificate_id)
            proposer = correction.proposed_account
            assert proposer is not None
            hands = {self.human(who), self.human(proposer)}
            if len(hands) == 2:
                self.witness.said[certificate.application_id] = printed_on(certificate)
        return found

    def decide_right(self, who: Account, application: Application, verdict: str) -> Any:
        return self.do(certifying.decide_right, who, application, verdict=verdict, reason="待查")

    def withdraw_certificate(self, who: Account, certificate: Certificate, reason: str) -> Any:
        return self.do(certifying.withdraw, who, certificate, reason=reason)


def _condition(line: BatchLine) -> EntryCondition:
    return EntryCondition.objects.get(
        standard_level__standard=line.scope_row.standard_id, standard_level__level=line.level_id
    )


def _sitting(seating: Seating, right: int | None, now: datetime) -> contract.CollectedSitting:
    """Of ten answers the first so many are right; E is an option that no item has."""
    name = str(seating.pk)
    answers = {str(n): key if n <= (right or 0) else "E" for n, key in enumerate(KEY, start=1)}
    came = None if right is None else now - timedelta(hours=1)
    given = answers if came else {}
    return contract.CollectedSitting(
        sitting=name, arrived_at=came, started_at=came, handed_in_at=now if came else None, forced=False, answers=given,
        revs={}, receipt="", sheet_digest=contract.sheet_digest(name, given),
    )  # fmt: skip


def marks(outer: int) -> dict[str, str]:
    """Points of a score sheet that add up to `outer`."""
    return {"1-1": f"{min(outer, 60)}.0", "1-2": f"{max(outer - 60, 0)}.0"}

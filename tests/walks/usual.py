"""The next step that a batch usually takes, done by whoever may do it: so that walks get to certificates at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from assay.applications.models import Application, Person
from assay.arrangement.models import SessionRoom
from assay.batches.models import Batch
from assay.centre.models import Account
from assay.certificates.models import Certificate
from assay.certificates.queries import to_number
from assay.certificates.right import doubts
from assay.exam.acts import rooms as examining
from assay.exam.models import Publication
from assay.exam.queries import READINESS_CHECKS
from assay.filing import acts as filing
from assay.kernel import clock
from assay.marking.models import PanelSheet, SkillDraw
from assay.oversight.acts import give_feedback
from assay.results.models import PublicNotice, ScoreCheck
from tests.walks.deeds import REFUSED, Deeds

NEW = {"theory": "first", "skill": "first", "review": "first"}


class Usual(Deeds):
    """`step` does one thing that is due in a batch. `hand` says who of the staff is asked first, `poor` and `away` which of the
    candidates do badly and which do not come."""

    hand = poor = away = 0
    sheets = 50_000_000

    def step(self, batch: Batch, hand: int, poor: int, away: int) -> bool:
        """Whether there was anything left to do."""
        self.hand, self.poor, self.away = hand, poor, away
        batch = Batch.objects.select_related("plan").get(pk=batch.pk)
        handed = Certificate.objects.filter(application__batch=batch, state="issued").exists()
        if batch.stage in ("archive", "closed") or (handed and not self._waiting(batch)):
            return False
        getattr(self, f"_in_{batch.stage}")(batch)
        return True

    def anyone(self, deed: Callable[[Account], Any]) -> Any:
        """The deed by the first of the staff who is not refused."""
        staff = self.school.staff
        first = self.hand % len(staff)
        return next((found for who in [*staff[first:], *staff[:first]] if (found := deed(who)) is not REFUSED), REFUSED)

    def on(self, batch: Batch) -> None:
        self.anyone(lambda who: self.advance(who, batch))

    def not_before(self, moment: datetime) -> None:
        self.now = max(self.now, moment)

    def after(self, day: Any) -> None:
        """On the morning after a day."""
        self.not_before(datetime.combine(day + timedelta(days=1), time(9), clock.SHANGHAI))

    def _in_plan(self, batch: Batch) -> None:
        plan = batch.plan
        if plan.state in ("draft", "returned"):
            self.anyone(lambda who: self.submit_plan(who, plan))
        elif plan.state == "submitted":
            self.anyone(lambda who: self.decide_plan(who, plan, True))
        else:
            self.on(batch)

    def _in_apply(self, batch: Batch) -> None:
        applied = Application.objects.filter(batch=batch).values_list("person", flat=True)
        missing = [person for person in self.school.people if person.pk not in applied]
        open_still = len(missing) > 1 and clock.day_of(self.now) <= batch.apply_to
        done = [self._apply(batch, person) for person in missing[:2]] if open_still else []
        if any(done):
            return
        if not self._reviewed(batch):
            self.after(batch.apply_to)
            self.on(batch)

    def _apply(self, batch: Batch, person: Person) -> bool:
        """For the level that is the person's turn, or the other one."""
        lines = list(batch.lines.order_by("-level__code"))
        lines = lines[person.pk % len(lines) :] + lines[: person.pk % len(lines)]
        return any(self.anyone(lambda who, to=line: self.hand_in(who, batch, person, to, NEW)) for line in lines)

    def _reviewed(self, batch: Batch) -> bool:
        """Review what waits; False when nothing does."""
        rows = Application.objects.filter(batch=batch)
        for application in rows.filter(state__in=["returned", "draft"]):
            self.anyone(lambda who, a=application: self.hand_in(who, batch, a.person, a.line, NEW, 20 + a.pk % 9))
            return True
        for step, state in (("first", "submitted"), ("centre", "first_passed")):
            waiting = list(rows.filter(state=state)[:4])
            if waiting and self._review(step, waiting):
                return True
        return False

    def _review(self, step: str, waiting: list[Application]) -> bool:
        """All at once; where that is refused to everybody, one after the other, and who cannot pass is refused."""
        if self.anyone(lambda who: self.review(who, step, waiting, "pass")):
            return True
        for one in waiting:
            if not self.anyone(lambda who, a=one: self.review(who, step, [a], "pass")):
                self.anyone(lambda who, a=one: self.review(who, step, [a], "reject"))
        return True

    def _in_review(self, batch: Batch) -> None:
        if not self._reviewed(batch):
            self.on(batch)

    def _in_arrange(self, batch: Batch) -> None:
        if batch.sessions.exists():
            self.on(batch)
        if not batch.sessions.exists() or Batch.objects.get(pk=batch.pk).stage == "arrange":
            self.anyone(lambda who: self.arrange(who, batch))

    def _in_filing(self, batch: Batch) -> None:
        """The province approves whatever it is sent."""
        if not batch.filings.exclude(state="returned").exists():
            self.anyone(lambda who: self.do(filing.file, who, batch))
        for sent in batch.filings.filter(state="sent"):
            self.do(filing.record_answer, None, sent, state="approved", reason="", by="省中心", at=self.now)
        self.on(batch)

    def _in_tickets(self, batch: Batch) -> None:
        self.anyone(lambda who: self.tickets(who, batch))
        self.on(batch)

    def _in_readiness(self, batch: Batch) -> None:
        self.after(min(clock.day_of(session.starts_at) for session in batch.sessions.all()) - timedelta(days=2))
        for room in SessionRoom.objects.filter(session__batch=batch, readiness=None):
            checks = [{"title": title, "ok": True} for title in READINESS_CHECKS[room.session.part]]
            self.anyone(lambda who, r=room, c=checks: self.do(examining.check_readiness, who, r, checks=c))
        for session in batch.sessions.filter(part="theory").exclude(publication__state__in=["published", "opened"]):
            self.anyone(lambda who, s=session: self.publish(who, s))
        self.on(batch)

    def _in_exam(self, batch: Batch) -> None:
        publication = Publication.objects.filter(session__batch=batch).exclude(state="collected").first()
        if publication is not None:
            self._sit(publication)
            return
        room = (
            SessionRoom.objects.filter(session__batch=batch, record=None).exclude(session__part="theory")
            .exclude(seatings=None).order_by("session__starts_at").first()
        )  # fmt: skip
        if room is not None:
            self._assess(room)
            return
        said = {"checks": [{"title": "考场秩序", "verdict": "符合"}], "findings": "无", "verdict": "good"}
        member = self.school.members[0]
        self.do(give_feedback, member.account, batch=batch, stage="exam", member=member, **said)
        self.on(batch)

    def _sit(self, publication: Publication) -> None:
        session = publication.session
        if publication.state == "published":
            self.not_before(session.starts_at - timedelta(minutes=30))
            while self.anyone(lambda who: self.sign(who, Publication.objects.get(pk=publication.pk))):
                pass
            return
        self.not_before(session.ends_at + timedelta(minutes=5))
        sitting = Application.objects.filter(seatings__session_room__session=session).order_by("pk")
        right = {a.pk: self._luck(n, 9, 4) for n, a in enumerate(sitting)}
        self.collect(None, publication, right)

    def _luck(self, n: int, well: int, badly: int) -> int | None:
        """How the n-th candidate does: None for who does not come."""
        return None if n + 1 == self.away else badly if n + 1 == self.poor else well

    def _assess(self, room: SessionRoom) -> None:
        """One room of the skill exam or of the defence, from the draw to the record."""
        self.not_before(room.session.starts_at)
        if room.session.part == "skill" and not SkillDraw.objects.filter(session_room=room).exists():
            self.anyone(lambda who: self.draw(who, room))
        for draw in SkillDraw.objects.filter(session_room=room, confirmed_at=None):
            self.anyone(lambda who, d=draw: self.witness_draw(who, d))
        if not PanelSheet.objects.filter(seating__session_room=room).exists():
            self.anyone(lambda who: self.open_panel(who, room))
            if self.hand % 2:
                return
        self.not_before(room.session.ends_at)
        sheets = list(PanelSheet.objects.filter(seating__session_room=room, settled_at=None))
        if sheets:
            self._mark(room, sheets)
        absent = PanelSheet.objects.filter(seating__session_room=room, absent=True).count()
        there = room.seatings.count() - absent
        if not PanelSheet.objects.filter(seating__session_room=room, settled_at=None).exists():
            self.anyone(lambda who: self.do(examining.close_room_record, who, room, present=there, absent=absent))

    def _mark(self, room: SessionRoom, sheets: list[PanelSheet]) -> None:
        """Each examiner marks and locks who came; the leader settles."""
        lucks = [(sheet, self._luck(n, 80, 50)) for n, sheet in enumerate(sheets)]
        there = [(sheet, mark) for sheet, mark in lucks if mark is not None and not sheet.absent]
        panel = list(self.panel(room))
        for sheet, mark in lucks:
            if mark is None and not sheet.absent and panel:
                self.set_absent(panel[0], sheet, True)
        for n, who in enumerate(panel):
            self.mark_all(who, [(sheet, mark + n) for sheet, mark in there])
            self.lock(who, [sheet for sheet, _ in there])
        for who in panel[:1]:
            self.settle(who, sheets, "复议后一致")

    def panel(self, room: SessionRoom) -> Iterator[Account]:
        """The accounts of the room's examiners, the leader's first."""
        serving = room.assignments.filter(role__in=["leader", "examiner"]).select_related("member__account")
        for assignment in sorted(serving, key=lambda a: (a.role != "leader", a.pk)):
            if assignment.member.account is not None:
                yield assignment.member.account

    def _in_results(self, batch: Batch) -> None:
        report = batch.result_reports.order_by("-version").first()
        if report is None or report.state == "returned":
            self.anyone(lambda who: self.compute(who, batch))
            sent = self.anyone(lambda who: self.send_up(who, batch))
            if sent and self.hand % 2:
                self.record_answer(None, sent, "approved")
        elif report.state == "sent":
            self.record_answer(None, report, "approved")
        else:
            self.anyone(lambda who: self.release(who, batch))
            self.on(batch)

    def _in_check(self, batch: Batch) -> None:
        if ScoreCheck.objects.filter(result__batch=batch, state__in=["asked", "answered"]).exists():
            self._checks(batch)
            return
        self.anyone(lambda who: self.send_up(who, batch))
        report = batch.result_reports.order_by("-version").first()
        if report is not None:
            self.record_answer(None, report, "approved")
        self.not_before(self.now + timedelta(days=20))
        self.on(batch)

    def _checks(self, batch: Batch) -> None:
        """Every check is marked again, answered, and confirmed by another."""
        for check in ScoreCheck.objects.filter(result__batch=batch, state="asked").select_related("result"):
            sheet = PanelSheet.objects.filter(application=check.result.application_id, part=check.part).first()
            if sheet is not None:
                next((found for who in self.school.examiners if (found := self.mark_again(who, sheet, 70))), REFUSED)
            taken = self.anyone(lambda who, c=check: self.answer_check(who, c, True))
            if not taken:
                self.anyone(lambda who, c=check: self.answer_check(who, c, False))
        for check in ScoreCheck.objects.filter(result__batch=batch, state="answered").select_related("result"):
            self.anyone(lambda who, c=check: self.confirm_check(who, c))

    def _in_notice(self, batch: Batch) -> None:
        notice = PublicNotice.objects.filter(batch=batch).first()
        if notice is None:
            if self.anyone(lambda who: self.open_notice(who, batch)) is REFUSED:
                self.on(batch)  # nobody passed
            return
        for objection in notice.objections.filter(answered_at=None):
            self.anyone(lambda who, o=objection: self.answer_objection(who, o))
        self.after(notice.ends_on)
        self.anyone(lambda who: self.close_notice(who, batch))
        self.on(batch)

    @staticmethod
    def _waiting(batch: Batch) -> bool:
        numbered = Certificate.objects.filter(application__batch=batch, state="numbered")
        return numbered.exists() or to_number(batch).exists()

    def _in_certificates(self, batch: Batch) -> None:
        """Numbered, those left aside whose right does not follow; then printed and handed out."""
        if to_number(batch).exists() and not self.anyone(lambda who: self.number(who, batch)):
            for doubt in doubts(batch):
                one = Application.objects.get(pk=doubt.application_id)
                self.anyone(lambda who, a=one: self.decide_right(who, a, "withhold"))
            return
        rows = list(Certificate.objects.filter(application__batch=batch, state="numbered"))
        unprinted = [row for row in rows if not row.print_serial]
        if unprinted:
            self.anyone(lambda who: self.print(who, unprinted, self.sheets))
            self.sheets += len(unprinted)
        elif rows:
            self.anyone(lambda who: self.hand_out(who, rows))

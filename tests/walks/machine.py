"""Random acts by few people with many posts, most of them sensible and some silly, and what must hold whatever they did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assay.applications.models import Application, Exemption, Person
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.batches.models import AnnualPlan, Batch
from assay.centre.models import Account
from assay.certificates.models import Certificate, Correction, SpoiledSheet
from assay.exam.models import Publication
from assay.kernel import verification
from assay.marking.models import PanelSheet, SkillDraw
from assay.results.models import Objection, Result, ResultReport, ScoreCheck
from tests import factories as f
from tests.walks.deeds import printed_on
from tests.walks.school import BEGINS, School
from tests.walks.usual import NEW, Usual

ANY = st.integers(0, 59)
"""Stands for one of several, whatever there are when the rule runs."""
SHADE = st.none() | st.integers(100, 105)
HOW = st.sampled_from(["first", "exempt", "resit"])
PARTS = st.just(NEW) | st.just(NEW) | st.just(NEW) | st.fixed_dictionaries({"theory": HOW, "skill": HOW, "review": HOW})
PART = st.sampled_from(["theory", "skill", "review"])
STEP = st.sampled_from(["first", "centre"])
VERDICT = st.sampled_from(["pass", "pass", "pass", "return", "reject"])
MARK = st.sampled_from([0, 45, 59, 60, 61, 78, 85, 100])
AHEAD = st.integers(0, 1)
"""Usual steps that are taken first."""
Rule = TypeVar("Rule")
NAME = st.sampled_from(["", "", "", "改名某", "全能乙"])
RARELY = st.sampled_from([False, False, False, True])


def at(*stages: str) -> Callable[[Rule], Rule]:
    """A rule for when a batch is at one of the stages: elsewhere it would only be refused (`out_of_turn` is for that)."""
    return precondition(lambda walk: bool(walk.stages.intersection(stages)))


planning = at("plan")
applying = at("apply", "review")
arranging = at("arrange", "filing", "tickets", "readiness")
sitting = at("readiness", "exam")
marked = at("results", "check")
shown = at("notice")
certifying = at("certificates")


class Walk(RuleBasedStateMachine):
    """`founded` is the school that every walk begins with; what a walk writes is gone when it ends."""

    school: School
    tally: Counter[str] = Counter()
    """In how many walks what was done and how far they came."""

    def __init__(self) -> None:
        super().__init__()
        self.within = transaction.atomic()
        self.within.__enter__()
        self.deeds = Usual(self.school, BEGINS)
        self.hand = self.poor = self.away = self.steps = 0
        self.stages = {"plan"}

    @initialize(
        hand=ANY, poor=st.integers(0, 5), away=st.integers(0, 5), begun=st.sampled_from([24, 0, 8, 16, 20, 28, 34, 38])
    )
    def luck(self, hand: int, poor: int, away: int, begun: int) -> None:
        """Who is asked first, who does badly, who does not come; how far the first batch is already."""
        self.hand, self.poor, self.away = hand, poor, away
        self.ahead(begun)

    def teardown(self) -> None:
        try:
            self._at_the_end()
        finally:
            transaction.set_rollback(True)
            self.within.__exit__(None, None, None)

    def _at_the_end(self) -> None:
        reached = Batch.objects.get(pk=self.school.batches[0].pk).stage
        given = len(self.deeds.witness.numbers)
        self.tally.update({f"reached {reached}", f"{min(given, 3)} certificates", *self.deeds.done})
        found = verification.verify().findings
        assert not found, found

    # Choosing.

    def who(self, n: int) -> Account:
        """Somebody: those with many posts more often."""
        school = self.school
        everybody = [*school.staff * 4, *school.candidates, *school.examiners[:3]]
        return everybody[n % len(everybody)]

    def one(self, model: type[models.Model], n: int, **where: Any) -> Any:
        rows = list(model._default_manager.filter(**where).order_by("pk")[:60])
        return rows[n % len(rows)] if rows else None

    def batch(self, n: int) -> Batch:
        """One of the two; the first more often."""
        return Batch.objects.get(pk=self.school.batches[n % 6 == 0].pk)

    def application(self, n: int, **where: Any) -> Any:
        return self.one(Application, n, batch__in=self.school.batches, **where)

    def ahead(self, times: int, batch: int = 1) -> None:
        """In the second batch once everybody of the first has what is due."""
        for _ in range(times):
            self.steps += 1
            of = self.batch(batch)
            if not self.deeds.step(of, self.hand + self.steps, self.poor, self.away):
                self.deeds.step(self.batch(0), self.hand + self.steps, self.poor, self.away)

    # The usual way.

    @rule(times=st.integers(1, 2), batch=ANY)
    def usual(self, times: int, batch: int) -> None:
        self.ahead(times, batch)

    @rule(times=st.integers(1, 3))
    def usual_in_the_first(self, times: int) -> None:
        self.ahead(times)

    # Plans, batches, posts.

    @planning
    @rule(who=ANY, what=st.sampled_from(["revise", "submit", "approve", "return"]))
    def plan(self, who: int, what: str) -> None:
        plan, by = AnnualPlan.objects.get(pk=self.school.batches[0].plan_id), self.who(who)
        if what == "revise":
            self.deeds.revise_plan(by, plan)
        elif what == "submit":
            self.deeds.submit_plan(by, plan)
        else:
            self.deeds.decide_plan(by, plan, what == "approve")

    @rule(ahead=AHEAD, who=ANY, batch=ANY)
    def advance(self, ahead: int, who: int, batch: int) -> None:
        self.ahead(ahead)
        self.deeds.advance(self.who(who), self.batch(batch))

    @rule(who=ANY, whom=ANY, post=ANY)
    def appoint(self, who: int, whom: int, post: int) -> None:
        self.deeds.appoint(self.who(who), self.who(whom), post)

    @rule(
        who=ANY, batch=ANY,
        what=st.sampled_from([
            "arrange", "tickets", "compute", "send_up", "release", "open_notice", "close_notice", "number", "advance",
        ]),
    )  # fmt: skip
    def out_of_turn(self, who: int, batch: int, what: str) -> None:
        """Whatever the stage."""
        if what != "close_notice" or hasattr(self.batch(batch), "notice"):
            getattr(self.deeds, what)(self.who(who), self.batch(batch))

    # Applications.

    @applying
    @rule(who=ANY, person=ANY, batch=ANY, line=ANY, parts=PARTS, shade=SHADE)
    def hand_in(self, who: int, person: int, batch: int, line: int, parts: dict[str, str], shade: int | None) -> None:
        of = self.batch(batch)
        lines = list(of.lines.order_by("pk"))
        whom = self.school.people[person % len(self.school.people)]
        self.deeds.hand_in(self.who(who), of, whom, lines[line % len(lines)], parts, shade)

    @applying
    @rule(who=ANY, first=ANY, count=st.integers(1, 3), batch=ANY, parts=PARTS, shade=SHADE, name=NAME, elsewhere=RARELY)
    def roster(
        self, who: int, first: int, count: int, batch: int, parts: dict[str, str], shade: int | None, name: str,
        elsewhere: bool,
    ) -> None:  # fmt: skip
        """Rows of people who are known, now and then under another name or in another department, or of somebody new."""
        of, people = self.batch(batch), self.school.people
        line = of.lines.order_by("pk")[first % of.lines.count()]
        changes: dict[str, Any] = {"shade": shade}
        if name:
            changes["name"] = name
        if elsewhere:
            changes["department"] = self.school.departments[first % 3].pk
        if first % 7 == 0:
            changes["id_number"] = f.resident_number(300 + first)
        count = 1 if "id_number" in changes else count
        rows = [
            self.deeds.row(
                n + 2, Person.objects.get(pk=people[(first + n) % len(people)].pk), line, parts, **dict(changes)
            )
            for n in range(count)
        ]
        self.deeds.roster(self.who(who), of, rows)

    @rule(ahead=AHEAD, who=ANY, person=ANY, shade=st.integers(100, 105))
    def photo(self, ahead: int, who: int, person: int, shade: int) -> None:
        self.ahead(ahead)
        self.deeds.photo(self.who(who), self.school.people[person % len(self.school.people)], shade)

    @applying
    @rule(who=ANY, person=ANY, name=st.sampled_from(["改名某", "全能乙"]))
    def correct_person(self, who: int, person: int, name: str) -> None:
        self.deeds.correct_person(self.who(who), self.school.people[person % len(self.school.people)], {"name": name})

    @rule(ahead=AHEAD, who=ANY, n=ANY, name=NAME, reason=st.sampled_from(["户籍更名", "户籍更名", ""]), shade=SHADE)
    def correct_applicant(self, ahead: int, who: int, n: int, name: str, reason: str, shade: int | None) -> None:
        self.ahead(ahead)
        application = self.application(n)
        if application is not None:
            changes = {"name": name} if name else {}
            self.deeds.correct_applicant(self.who(who), application, changes, reason, shade)

    @applying
    @rule(who=ANY, n=ANY)
    def withdraw(self, who: int, n: int) -> None:
        application = self.application(n)
        if application is not None:
            self.deeds.withdraw(self.who(who), application)

    @applying
    @rule(who=ANY, n=ANY, part=PART, drop=RARELY)
    def exempt(self, who: int, n: int, part: str, drop: bool) -> None:
        application = self.application(n)
        exemption = self.one(Exemption, n) if drop else None
        if exemption is not None:
            self.deeds.drop_exemption(self.who(who), exemption)
        elif application is not None:
            self.deeds.exempt(self.who(who), application, part)

    @applying
    @rule(who=ANY, n=ANY, part=PART, how=HOW)
    def set_parts(self, who: int, n: int, part: str, how: str) -> None:
        application = self.application(n)
        if application is not None:
            self.deeds.set_parts(self.who(who), application, {part: how})

    @applying
    @rule(who=ANY, n=ANY)
    def admit_again(self, who: int, n: int) -> None:
        application = self.application(n)
        if application is not None:
            self.deeds.admit_again(self.who(who), application)

    @applying
    @rule(who=ANY, n=ANY, count=st.integers(1, 9), step=STEP, verdict=VERDICT)
    def review(self, who: int, n: int, count: int, step: str, verdict: str) -> None:
        """Of those who wait for the step, or of any."""
        state = {"first": "submitted", "centre": "first_passed"}[step]
        where = {"state": state} if n % 5 else {}
        rows = list(Application.objects.filter(batch__in=self.school.batches, **where).order_by("pk"))
        if rows:
            self.deeds.review(
                self.who(who), step, [rows[(n + k) % len(rows)] for k in range(min(count, len(rows)))], verdict
            )

    # The exam.

    @arranging
    @rule(who=ANY, batch=ANY)
    def arrange(self, who: int, batch: int) -> None:
        self.deeds.arrange(self.who(who), self.batch(batch))

    @arranging
    @rule(ahead=AHEAD, who=ANY, n=ANY, room=ANY, seat=st.integers(1, 6))
    def move(self, ahead: int, who: int, n: int, room: int, seat: int) -> None:
        self.ahead(ahead)
        seating, to = self.one(Seating, n), self.one(SessionRoom, room)
        if seating is not None:
            self.deeds.move(self.who(who), seating, to, seat)

    @arranging
    @rule(ahead=AHEAD, who=ANY, n=ANY, member=ANY)
    def replace(self, ahead: int, who: int, n: int, member: int) -> None:
        self.ahead(ahead)
        assignment = self.one(Assignment, n)
        if assignment is not None:
            self.deeds.replace(self.who(who), assignment, member)

    @arranging
    @rule(who=ANY, batch=ANY)
    def tickets(self, who: int, batch: int) -> None:
        self.deeds.tickets(self.who(who), self.batch(batch))

    @sitting
    @rule(ahead=AHEAD, who=ANY, n=ANY, sign=st.booleans())
    def papers(self, ahead: int, who: int, n: int, sign: bool) -> None:
        self.ahead(ahead)
        session, publication = self.one(Session, n), self.one(Publication, n)
        if sign and publication is not None:
            self.deeds.sign(self.who(who), publication)
        elif session is not None:
            self.deeds.publish(self.who(who), session)

    @sitting
    @rule(who=ANY, n=ANY, right=st.lists(st.sampled_from([None, 0, 5, 6, 9]), min_size=9, max_size=9))
    def collect(self, who: int, n: int, right: list[int | None]) -> None:
        publication = self.one(Publication, n)
        if publication is not None:
            sitting = Seating.objects.filter(session_room__session=publication.session_id).order_by("pk")
            said = {s.application_id: right[k % len(right)] for k, s in enumerate(sitting)}
            self.deeds.collect(self.who(who), publication, said)

    @sitting
    @rule(ahead=AHEAD, who=ANY, n=ANY, what=st.sampled_from(["draw", "witness", "open"]))
    def lot(self, ahead: int, who: int, n: int, what: str) -> None:
        self.ahead(ahead)
        room, draw = self.one(SessionRoom, n), self.one(SkillDraw, n)
        if what == "witness" and draw is not None:
            self.deeds.witness_draw(self.who(who), draw)
        elif room is not None:
            (self.deeds.draw if what == "draw" else self.deeds.open_panel)(self.who(who), room)

    @sitting
    @rule(ahead=AHEAD, who=ANY, n=ANY, seat=ANY, absent=st.booleans())
    def set_absent(self, ahead: int, who: int, n: int, seat: int, absent: bool) -> None:
        self.ahead(ahead)
        sheet = self.one(PanelSheet, n)
        if sheet is not None:
            self.deeds.set_absent(self._before(sheet, who, seat), sheet, absent)

    @sitting
    @rule(who=ANY, n=ANY, seat=ANY, mark=MARK, veto=st.booleans(), lock=st.booleans())
    def mark(self, who: int, n: int, seat: int, mark: int, veto: bool, lock: bool) -> None:
        sheet = self.one(PanelSheet, n, settled_at=None) or self.one(PanelSheet, n)
        if sheet is not None:
            by = self._before(sheet, who, seat)
            self.deeds.mark(by, sheet, mark, veto and n % 3 == 0)
            if lock:
                self.deeds.lock(by, [sheet])

    @sitting
    @rule(who=ANY, n=ANY, seat=ANY, note=st.sampled_from(["", "复议后一致"]))
    def settle(self, who: int, n: int, seat: int, note: str) -> None:
        sheet = self.one(PanelSheet, n, settled_at=None) or self.one(PanelSheet, n)
        if sheet is not None:
            self.deeds.settle(self._before(sheet, who, seat), [sheet], note)

    def _before(self, sheet: PanelSheet, who: int, seat: int) -> Account:
        """One of the sheet's panel, or anybody."""
        panel = list(self.deeds.panel(sheet.seating.session_room))
        return panel[seat % len(panel)] if panel and who % 4 else self.who(who)

    # Results.

    @marked
    @rule(ahead=AHEAD, who=ANY, batch=ANY, what=st.sampled_from(["compute", "send_up", "release"]))
    def results(self, ahead: int, who: int, batch: int, what: str) -> None:
        self.ahead(ahead)
        getattr(self.deeds, what)(self.who(who), self.batch(batch))

    @marked
    @rule(who=ANY, n=ANY, state=st.sampled_from(["approved", "returned"]), province=st.booleans())
    def record_answer(self, who: int, n: int, state: str, province: bool) -> None:
        report = self.one(ResultReport, n, state="sent") or self.one(ResultReport, n)
        if report is not None:
            self.deeds.record_answer(None if province else self.who(who), report, state)

    @marked
    @rule(ahead=AHEAD, n=ANY, who=ANY, part=PART)
    def ask_check(self, ahead: int, n: int, who: int, part: str) -> None:
        self.ahead(ahead)
        result = self.one(Result, n, batch__in=self.school.batches)
        if result is not None:
            for by in (self.who(who), *self.school.candidates):
                if self.deeds.ask_check(by, result.application, part):
                    break

    @marked
    @rule(who=ANY, n=ANY, mark=MARK)
    def mark_again(self, who: int, n: int, mark: int) -> None:
        check = self.one(ScoreCheck, n)
        of = {"application": check.result.application_id} if check is not None else {}
        sheet = self.one(PanelSheet, n, **of)
        if sheet is not None:
            self.deeds.mark_again([*self.school.examiners, *self.school.staff[:3]][who % 9], sheet, mark)

    @marked
    @rule(who=ANY, n=ANY, take_over=st.booleans())
    def answer_check(self, who: int, n: int, take_over: bool) -> None:
        check = self.one(ScoreCheck, n)
        if check is not None:
            self.deeds.answer_check(self.who(who), check, take_over)

    @marked
    @rule(who=ANY, n=ANY, back=st.integers(0, 3))
    def confirm_check(self, who: int, n: int, back: int) -> None:
        check = self.one(ScoreCheck, n)
        if check is not None:
            (self.deeds.confirm_check if back else self.deeds.send_back_check)(self.who(who), check)

    @marked
    @rule(who=ANY, n=ANY, part=PART)
    def let_lapse(self, who: int, n: int, part: str) -> None:
        result = self.one(Result, n, batch__in=self.school.batches)
        if result is not None:
            self.deeds.let_lapse(self.who(who), result.application, part)

    @shown
    @rule(ahead=AHEAD, who=ANY, batch=ANY, what=st.sampled_from(["open_notice", "close_notice", "object"]))
    def notice(self, ahead: int, who: int, batch: int, what: str) -> None:
        self.ahead(ahead)
        of = self.batch(batch)
        if what != "object" or hasattr(of, "notice"):
            getattr(self.deeds, what)(self.who(who), of)

    @shown
    @rule(who=ANY, n=ANY)
    def answer_objection(self, who: int, n: int) -> None:
        objection = self.one(Objection, n)
        if objection is not None:
            self.deeds.answer_objection(self.who(who), objection)

    # Certificates.

    @certifying
    @rule(ahead=AHEAD, who=ANY, batch=ANY)
    def number(self, ahead: int, who: int, batch: int) -> None:
        self.ahead(ahead)
        self.deeds.number(self.who(who), self.batch(batch))

    @certifying
    @rule(who=ANY, n=ANY, verdict=st.sampled_from(["withhold", "lifted"]))
    def decide_right(self, who: int, n: int, verdict: str) -> None:
        application = self.application(n)
        if application is not None:
            self.deeds.decide_right(self.who(who), application, verdict)

    @certifying
    @rule(ahead=AHEAD, who=ANY, n=ANY, sheet=ANY, reason=st.sampled_from(["", "污损"]), out=st.booleans())
    def paper(self, ahead: int, who: int, n: int, sheet: int, reason: str, out: bool) -> None:
        """Print a certificate, or hand it out."""
        self.ahead(ahead)
        certificate = self.one(Certificate, n)
        if certificate is None:
            return
        if out:
            self.deeds.hand_out(self.who(who), [certificate])
        else:
            self.deeds.print(self.who(who), [certificate], 60_000_000 + sheet, reason)

    @certifying
    @rule(who=ANY, n=ANY, reason=st.sampled_from(["", "查实冒名"]))
    def withdraw_certificate(self, who: int, n: int, reason: str) -> None:
        certificate = self.one(Certificate, n)
        if certificate is not None:
            self.deeds.withdraw_certificate(self.who(who), certificate, reason)

    @certifying
    @rule(ahead=AHEAD, who=ANY, n=ANY, name=NAME, number=ANY, shade=SHADE)
    def propose_correction(self, ahead: int, who: int, n: int, name: str, number: int, shade: int | None) -> None:
        self.ahead(ahead)
        certificate = self.one(Certificate, n)
        if certificate is not None:
            printed = {"name": name} if name else {}
            if number % 3 == 0:
                people = self.school.people
                printed["id_number"] = (
                    people[number % len(people)].id_number if number % 2 else f.resident_number(number)
                )
            self.deeds.propose_correction(self.who(who), certificate, printed, shade)

    @certifying
    @rule(who=ANY, n=ANY, approve=st.booleans())
    def decide_correction(self, who: int, n: int, approve: bool) -> None:
        correction = self.one(Correction, n)
        if correction is not None:
            self.deeds.decide_correction(self.who(who), correction, approve)

    # What holds after every step.

    @invariant()
    def holds(self) -> None:
        self.stages = set(
            Batch.objects.filter(pk__in=[b.pk for b in self.school.batches]).values_list("stage", flat=True)
        )
        witness = self.deeds.witness
        assert not [pair for pair in witness.appointed if pair[0] == pair[1]], "appointed oneself"
        drawer = self.school.humans[self.school.staff[0].pk]
        for plan, by in witness.approved.items():
            assert by not in {drawer, *witness.drew_up[plan]}, "a plan approved by who drew it up"
        if witness.numbers:
            self._certificates_follow()
            self._nobody_holds_two()
            self._nothing_comes_twice()

    def _certificates_follow(self) -> None:
        """Every certificate in force follows from what was seen."""
        witness = self.deeds.witness
        for certificate in Certificate.objects.filter(number__in=witness.numbers).exclude(state="withdrawn"):
            wrong = list(witness.wrongs(certificate.application_id, printed_on(certificate)))
            assert not wrong, (certificate, wrong)

    def _nobody_holds_two(self) -> None:
        """Not for one level, unless that was decided."""
        held: dict[tuple[str, str], list[Certificate]] = {}
        for certificate in Certificate.objects.exclude(state="withdrawn").order_by("pk"):
            held.setdefault((certificate.id_number, certificate.level_code), []).append(certificate)
        for mine in held.values():
            later = [c for c in mine[1:] if c.application_id not in self.deeds.witness.admitted_again]
            assert not later, mine

    def _nothing_comes_twice(self) -> None:
        """Neither a number nor the serial of a sheet."""
        numbers = self.deeds.witness.numbers
        assert len(set(numbers)) == len(numbers)
        sheets = [
            *Certificate.objects.exclude(print_serial="").values_list("print_serial", flat=True),
            *SpoiledSheet.objects.values_list("serial", flat=True),
        ]
        assert len(set(sheets)) == len(sheets)

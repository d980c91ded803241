"""Playing a batch of the exam route, stage by stage, through the same acts as the screens."""

from __future__ import annotations

from datetime import timedelta

from assay.arrangement.acts import arranging, tickets
from assay.arrangement.models import SessionRoom
from assay.arrangement.proposal import Options
from assay.bank.papers.acts import papers as bank_papers
from assay.bank.papers.acts import skill as bank_skill
from assay.bank.queries import sealed_papers, specification_for
from assay.bank.writing.acts import items as bank_items
from assay.batches import acts as batch_acts
from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import Route, Stage
from assay.catalogue.models import PaperPattern
from assay.catalogue.parts import BY_PANEL, Part
from assay.corps.models import Member
from assay.demo import sheets
from assay.exam.acts import rooms as exam_acts
from assay.exam.queries import READINESS_CHECKS, rooms_of
from assay.filing import acts as filing_acts
from assay.gateway.delivery import deliver_due, poll_answers
from assay.oversight import acts as oversight_acts
from assay.oversight.acts import Verdict
from assay.oversight.checklists import CHECKLISTS
from assay.rehearsal import panels, score_checks
from assay.rehearsal.applying import RehearsalFailed, hand_in_rosters, lines_of, open_batch, review
from assay.rehearsal.calendar import Days, on
from assay.rehearsal.cast import Cast
from assay.rehearsal.closing import archive, issue_certificates, publish_notice
from assay.rehearsal.halls import Sessions
from assay.rehearsal.report import Report
from assay.rehearsal.rosters import Students
from assay.results.acts import outcomes as result_acts
from assay.results.windows import check_window_ends

FORMS = ("A", "B")


class ExamBatch:
    """One batch of the exam route. `lines` are (scope number, candidates)."""

    def __init__(self, cast: Cast, report: Report, days: Days, *, hall: str, province: str) -> None:
        self.cast, self.report, self.days = cast, report, days
        self.hall, self.province = hall, province

    def play(
        self, plan: AnnualPlan, lines: list[tuple[int, int]], students: Students, *, seats: int | None, minutes: float
    ) -> Batch:
        """From the plan to the archive."""
        batch = self.prepare(plan, lines, students, seats=seats)
        theory = Sessions(
            self.cast, list(batch.sessions.filter(part=Part.THEORY).order_by("starts_at")), self.hall, minutes
        )
        self._make_ready(batch, theory)
        self._hold(batch, theory)
        self._work_out(batch)
        over = publish_notice(self.cast, batch, self.report, self.days.after(10))
        issue_certificates(self.cast, batch, self.report, over, self.province, "00100001")
        archive(self.cast, batch, self.report, over + timedelta(days=2))
        return batch

    def prepare(
        self, plan: AnnualPlan, lines: list[tuple[int, int]], students: Students, *, seats: int | None = None
    ) -> Batch:
        """From the plan to tickets and sealed papers: what is left is to look through the rooms, and the exam."""
        batch = self._apply(plan, lines, students)
        self._arrange(batch, seats)
        self._file(batch)
        self._prepare(batch)
        return batch

    def _advance(self, batch: Batch) -> None:
        batch_acts.advance(self.cast("kaowu"), batch)
        batch.refresh_from_db()

    def _apply(self, plan: AnnualPlan, lines: list[tuple[int, int]], students: Students) -> Batch:
        days = self.days
        with self.report.stage(Stage.PLAN, "制定计划") as stage, on(days.before(52)):
            batch = open_batch(
                self.cast, plan, code=f"{days.exam_on.year}-01", name=f"{days.exam_on.year} 年第一批职业技能等级认定",
                route=Route.EXAM, lines=lines_of(lines), apply_from=days.before(50), apply_to=days.before(36),
                exam_on=days.exam_on, exam_to=days.exam_to,
            )  # fmt: skip
            stage.counts["工种"] = batch.lines.count()
        with self.report.stage(Stage.APPLY, "组织报名") as stage:
            for line in batch.lines.select_related("scope_row__occupation", "level").order_by("scope_row__no"):
                students.add(line, line.planned)
            with on(days.before(45)):
                hand_in_rosters(self.cast, batch, students, stage)
            with on(days.before(35)):
                self._advance(batch)
        with self.report.stage(Stage.REVIEW, "资格审核") as stage, on(days.before(34)):
            review(self.cast, batch, stage)
            self._advance(batch)
        return batch

    def _arrange(self, batch: Batch, seats: int | None) -> None:
        with self.report.stage(Stage.ARRANGE, "考场编排") as stage, on(self.days.before(31)):
            done = arranging.arrange(self.cast("kaowu"), batch, options=Options(seats=seats))
            if done.problems:
                raise RehearsalFailed("考场编排：" + "；".join(done.problems[:5]))
            stage.counts |= {"场次": done.sessions, "座位": done.seats}
            self._advance(batch)

    def _file(self, batch: Batch) -> None:
        with self.report.stage(Stage.FILING, "上报备案") as stage:
            with on(self.days.before(28)):
                filing_acts.file(self.cast("kaowu"), batch)
                self._deliver()
            with on(self.days.before(25)):
                poll_answers(self.province)
                self._advance(batch)
            stage.counts["上报版次"] = batch.filings.count()

    def _deliver(self) -> None:
        done = deliver_due(url=self.province)
        if done.refused or done.put_off:
            raise RehearsalFailed("省平台没有收下报送内容，请看“省平台收发”")

    def _prepare(self, batch: Batch) -> None:
        with self.report.stage(Stage.TICKETS, "准考证、试卷、评分表") as stage, on(self.days.before(10)):
            stage.counts["准考证"] = tickets.issue_tickets(self.cast("kaowu"), batch)
            lines = list(batch.lines.select_related("scope_row__occupation", "scope_row__standard", "level"))
            stage.counts["试卷"] = sum(self._papers(line) for line in lines)
            stage.counts["操作技能试卷"] = sum(self._skill_papers(line) for line in lines)
            stage.counts["评分表"] = sheets.install(self.cast("zhuanjia"), lines)
            self._advance(batch)

    def _papers(self, line: batch_acts.BatchLine) -> int:
        """Two sealed forms for the line's specification, unless another line has them already."""
        specification = specification_for(line.scope_row, line.level)
        if specification is None:
            raise RehearsalFailed(f"{line} 没有细目表")
        if sealed_papers(specification):
            return 0
        pattern = PaperPattern.objects.filter(
            standard_level__standard=line.scope_row.standard, standard_level__level=line.level
        ).get()
        # The demo banks are small: where they cannot keep every rule, the paper says so.
        keeper, options = self.cast("shijuan"), bank_papers.Options(relaxed=True)
        bank_items.sign_secrecy(keeper)
        papers = bank_papers.assemble(
            keeper, specification, pattern, seed=line.scope_row.no, forms=FORMS, options=options
        )
        for paper in papers:
            bank_papers.seal(keeper, paper)
        return len(papers)

    def _skill_papers(self, line: batch_acts.BatchLine) -> int:
        """Sealed versions to be drawn by lot, where the bank has operation-skill tasks for the line."""
        specification = specification_for(line.scope_row, line.level, Part.SKILL)
        if specification is None or sealed_papers(specification):
            return 0
        keeper = self.cast("shijuan")
        papers = bank_skill.assemble_skill(keeper, specification, seed=line.scope_row.no, forms=FORMS, relaxed=True)
        for paper in papers:
            bank_papers.seal(keeper, paper)
        return len(papers)

    def _make_ready(self, batch: Batch, theory: Sessions) -> None:
        with self.report.stage(Stage.READINESS, "考前检查") as stage:
            stage.counts |= {"检查考场": self.look_through(batch), "发布场次": theory.publish()}
            with on(self.days.exam_on, 7, 30):
                self._advance(batch)

    def look_through(self, batch: Batch) -> int:
        """All rooms, found as they should be; returns how many."""
        rooms = rooms_of(batch)
        with on(self.days.before(1), 15):
            for room in rooms:
                checks = [{"title": title, "ok": True} for title in READINESS_CHECKS[room.session.part]]
                exam_acts.check_readiness(self.cast("kaowu"), room, checks=checks)
        return len(rooms)

    def _hold(self, batch: Batch, theory: Sessions) -> None:
        candidates = self.report.candidates
        with self.report.stage(Part.THEORY, "理论知识考试", candidates) as stage:
            theory.play(self.report, stage)
        rooms = list(
            SessionRoom.objects.filter(session__batch=batch, session__part__in=BY_PANEL, seatings__isnull=False)
            .distinct()
            .select_related("session__batch", "line__scope_row__occupation", "line__level", "room")
            .order_by("session__starts_at", "pk")
        )
        with self.report.stage(Part.SKILL, "操作技能考核", len(rooms)) as stage:
            for room in rooms:
                present, absent = panels.play_room(self.cast, room)
                stage.counts["实考"] = stage.counts.get("实考", 0) + present
                stage.counts["缺考"] = stage.counts.get("缺考", 0) + absent
                self.report.progress.step()
        with self.report.stage("supervision", "督导反馈"), on(self.days.exam_to, 19):
            self._supervise(batch)
            self._advance(batch)

    def _supervise(self, batch: Batch) -> None:
        checks = [{"title": title, "verdict": Verdict.MET, "note": ""} for title in CHECKLISTS[Stage.EXAM]]
        supervisor = self.cast("dudao01")
        oversight_acts.give_feedback(
            supervisor, batch=batch, stage=Stage.EXAM, member=Member.objects.get(account_id=supervisor.account_id or 0),
            checks=checks, findings="考试组织规范，考评员独立评分。", verdict="good", place="全部考场",
        )  # fmt: skip

    def _work_out(self, batch: Batch) -> None:
        days = self.days
        with self.report.stage(Stage.RESULTS, "成绩认定") as stage:
            with on(days.after(1)):
                results = result_acts.compute(self.cast("kaowu"), batch)
                result_acts.send_up(self.cast("kaowu"), batch)
                self._deliver()
            for result in results:
                title = result.get_outcome_display()
                stage.counts[title] = stage.counts.get(title, 0) + 1
            with on(days.after(3)):
                poll_answers(self.province)
                result_acts.release(self.cast("kaowu"), batch)
                self._advance(batch)
        with self.report.stage(Stage.CHECK, "成绩复核") as stage:
            with on(days.after(3), 15):
                checks = score_checks.ask(self.cast, batch)
            with on(days.after(4)):
                score_checks.answer(self.cast, checks)
            stage.counts["复核申请"] = len(checks)
            released = batch.results.order_by("-released_at").first()
            assert released is not None
            assert released.released_at is not None
            over = check_window_ends(released.released_at).date()
            with on(max(over, days.after(10)), 8):
                self._advance(batch)

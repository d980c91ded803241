"""A small batch that is about to have its certificates numbered, with everything that they rest on: reviews, answers and key,
examiners' marks, results, the public notice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from assay.applications.models import Application, ReviewDecision
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bank.models import Paper, Specification
from assay.bank.papers.acts.papers import content_digest
from assay.batches.models import Batch
from assay.bridge import contract
from assay.catalogue.models import EntryCondition
from assay.certificates.acts import issuing
from assay.certificates.models import Certificate
from assay.exam.models import TheorySheet
from assay.kernel import clock
from assay.kernel.models import StoredFile
from assay.marking.models import ExaminerScore, PanelSheet, SheetTemplate
from assay.results.acts.notices import notice_rows
from assay.results.models import PublicNotice, Result
from tests import factories as f

OFFICER = f.actor_with("E13")
LEADER = f.actor_with("L2")
KEY = "ABCDABCDAB"
TASKS = [
    {
        "code": "1", "title": "装配", "minutes": 60, "vetoes": [{"code": "V1", "title": "违章操作"}],
        "points": [{"code": "1.1", "title": "尺寸", "full": "60.0"}, {"code": "1.2", "title": "外观", "full": "40.0"}],
    }
]  # fmt: skip
ITEMS = [{"item": n, "type": "single", "mark": "10", "key": key} for n, key in enumerate(KEY, start=1)]


def photo() -> StoredFile:
    return StoredFile.objects.get_or_create(
        sha256="a" * 64, defaults={"content_type": "image/jpeg", "size": 9, "created_at": clock.now()}
    )[0]


class Ready:
    """The batch, and a way to add candidates to it who passed."""

    def __init__(self) -> None:
        f.centre()
        self.batch: Batch = f.batch("exam", "certificates")
        line = self.batch.lines.get()
        self.condition = EntryCondition.objects.get(
            standard_level__standard=line.scope_row.standard, standard_level__level=line.level
        )
        occupation = line.scope_row.occupation
        specification = Specification.objects.create(occupation=occupation, level=line.level, title="示例细目表")
        self.paper = Paper.objects.create(
            specification=specification, title="示例 A 卷", minutes=60, content=ITEMS, seed=1,
            digest=content_digest(ITEMS), state="sealed", created_at=clock.now(), sections=[],
        )  # fmt: skip
        self.template = SheetTemplate.objects.create(
            occupation=occupation, level=line.level, part="skill", title="示例评分表", tasks=TASKS
        )
        ends = clock.now() - timedelta(days=30)
        self.rooms = {}
        for part in ("theory", "skill"):
            session = Session.objects.create(
                batch=self.batch, part=part, number=1, starts_at=ends - timedelta(hours=2), ends_at=ends
            )
            self.rooms[part] = SessionRoom.objects.create(session=session, room=f.room(part), line=line)
        self.examiners = [f.member("examiner") for _ in range(3)]
        self.reviewers = {"first": f.staff("R1"), "centre": f.staff("E4")}
        self.notice = PublicNotice.objects.create(
            batch=self.batch, title="示例公示", starts_on=clock.today() - timedelta(days=9),
            ends_on=clock.today() - timedelta(days=2), rows=[], digest="0" * 64, closed_at=clock.now(),
        )  # fmt: skip

    def candidate(self) -> Application:
        """Theory 80, skill 90, passed, on the notice."""
        person = f.person(
            photo=photo(), student_no="20240101", graduates_on=clock.today() + timedelta(days=120), source="student"
        )
        application = f.application(self.batch, person=person, condition=self.condition, pledged=True)
        for step, account in self.reviewers.items():
            ReviewDecision.objects.create(
                application=application, step=step, verdict="pass", by=account.name, by_account=account, at=clock.now()
            )
        self._theory(application)
        self._skill(application)
        Result.objects.create(
            application=application, batch=self.batch, theory=Decimal("80.0"), skill=Decimal("90.0"), outcome="pass",
            computed_at=clock.now(), released_at=clock.now(),
        )  # fmt: skip
        self.notice.rows = notice_rows(self.batch)
        self.notice.save()
        return application

    def _theory(self, application: Application) -> None:
        seating = self._seat(application, "theory")
        answers = {str(n): key for n, key in enumerate(KEY[:8] + "DD", start=1)}
        TheorySheet.objects.create(
            seating=seating, application=application, absent=False, answers=answers, objective=Decimal("80.0"),
            mark=Decimal("80.0"), sheet_digest=contract.sheet_digest(str(seating.pk), answers),
        )  # fmt: skip

    def _skill(self, application: Application) -> None:
        sheet = PanelSheet.objects.create(
            seating=self._seat(application, "skill"), application=application, part="skill", template=self.template,
            mark=Decimal("90.0"), settled_at=clock.now(),
        )  # fmt: skip
        for member, outer in zip(self.examiners, ("35.0", "40.0", "45.0"), strict=True):
            marks = {"1.1": "50.0", "1.2": outer} if outer != "45.0" else {"1.1": "55.0", "1.2": "40.0"}
            ExaminerScore.objects.create(
                sheet=sheet, member=member, marks=marks, total=sum(map(Decimal, marks.values())), locked_at=clock.now()
            )

    def _seat(self, application: Application, part: str) -> Seating:
        room = self.rooms[part]
        paper = self.paper if part == "theory" else None
        seat = room.seatings.count() + 1
        return Seating.objects.create(session_room=room, application=application, part=part, seat=seat, paper=paper)


@pytest.fixture
def ready(db: None) -> Ready:
    return Ready()


@pytest.fixture
def issued(ready: Ready) -> Certificate:
    """One certificate, printed and handed out, not reported yet."""
    ready.candidate()
    made = issuing.number(OFFICER, ready.batch)
    issuing.print_certificates(OFFICER, made, first_serial="41000001")
    issuing.hand_out(OFFICER, made)
    return Certificate.objects.get()

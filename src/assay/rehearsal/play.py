"""A rehearsal from an empty database: the school, the bank, the first batch, the other three routes, the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assay.demo import banks, school
from assay.demo.scope import FIRST_BATCH
from assay.kernel import clock, verification
from assay.office import programs
from assay.office.programs import LOCAL
from assay.rehearsal import short_routes
from assay.rehearsal.applying import annual_plan
from assay.rehearsal.calendar import on, past_days
from assay.rehearsal.cast import SETTING_UP, Cast
from assay.rehearsal.exam_route import ExamBatch
from assay.rehearsal.report import Report
from assay.rehearsal.rosters import Students

FULL = sum(count for _, count in FIRST_BATCH)


@dataclass(frozen=True)
class Beside:
    """Addresses of the programs that a rehearsal needs."""

    hall: str
    province: str


@contextmanager
def running() -> Iterator[Beside]:
    """The hall and an approving stand-in on free ports, with stores in VAR; stopped at the end."""
    hall_port, province_port = programs.free_port(), programs.free_port()
    hall = programs.hall(LOCAL, hall_port)
    province = programs.standin(LOCAL, province_port, approve=True)
    beside = Beside(f"http://{LOCAL}:{hall_port}", f"http://{LOCAL}:{province_port}")
    try:
        hall.start()
        province.start()
        programs.wait_until_up(hall, f"{beside.hall}/health")
        programs.wait_until_up(province, f"{beside.province}/api/v1/health")
        yield beside
    finally:
        for program in (hall, province):
            program.stop()
        for program in (hall, province):
            program.wait(15)


def play(
    report: Report, *, candidates: int = FULL, seats: int | None = None, minutes: float = 0.0, check_ledger: bool = True
) -> None:
    """Play everything; `report` fills as it goes. Raises RehearsalFailed or Refused when the play cannot go on."""
    days = past_days(clock.today())
    report.candidates = candidates
    cast = Cast()
    with on(days.before(60)):
        set_up(report, cast)
        plan = annual_plan(cast, days.exam_on.year)
    students = Students(days.exam_on)
    with running() as beside:
        batch = ExamBatch(cast, report, days, hall=beside.hall, province=beside.province)
        batch.play(plan, shares(candidates), students, seats=seats, minutes=minutes)
        for route in short_routes.NUMBERS:
            more = Students(days.exam_on, students.next_serial)
            short_routes.play(cast, report, days, plan, route, more, beside.province)
            students = more
    if not check_ledger:
        return
    with report.stage("ledger", "台账核验") as stage:
        found = verification.verify()
        report.ledger_entries, report.ledger_problems = found.entries, [f"{f.where}：{f.what}" for f in found.findings]
        stage.counts["台账"] = found.entries


def set_up(report: Report, cast: Cast) -> None:
    """The school and its bank, as far as they are there before any plan."""
    with report.stage("school", "建校") as stage:
        stage.counts |= {title: counted.new for title, counted in school.install(SETTING_UP).rows.items()}
    with report.stage("bank", "题库") as stage:
        made = banks.install(cast("zhuanjia"))
        stage.counts |= {"题库": len(made), "试题": sum(made.values()), "操作题": banks.install_skill(cast("zhuanjia"))}


def shares(candidates: int) -> list[tuple[int, int]]:
    """The first batch's jobs with `candidates` in all, in the plan's proportions; every job that gets anybody."""
    given, passed, found = 0, 0, []
    for no, count in FIRST_BATCH:
        passed += count
        upto = round(candidates * passed / FULL)
        if upto > given:
            found.append((no, upto - given))
        given = upto
    return found

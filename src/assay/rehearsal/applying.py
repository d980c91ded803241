"""Playing the beginning of a batch: the plan, the rosters, both reviews."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assay.applications.acts import applying as application_acts
from assay.applications.acts.importing import import_roster
from assay.applications.models import Application
from assay.applications.ownership import department_of
from assay.applications.photos import read_photos
from assay.applications.reviews import Verdict
from assay.applications.roster import read_roster
from assay.applications.roster_lookup import Lookup
from assay.batches import acts as batch_acts
from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import Route
from assay.catalogue.models import Level, ScopeRow
from assay.rehearsal.cast import Cast
from assay.rehearsal.report import Played
from assay.rehearsal.rosters import Students

DEPARTMENT_HEADS = {
    "01": "xibu-qiche", "02": "xibu-shangmao", "03": "xibu-yijiao", "04": "xibu-zhizao", "05": "xibu-guijian",
}  # fmt: skip
SCHEME = """一、组织领导：认定中心统一组织，考务管理组、专家考评组、内部质量督导组分工负责。
二、考试方式：理论知识考试采用机考，操作技能考核采用现场操作，均实行百分制，60 分及以上为合格。
三、安全保障：考场视频监控全覆盖，备用机位不少于 5%，配备应急电源。
四、质量督导：内部督导员全程督导，逢考必督。"""
NOTICE = "请符合申报条件的在校学生、教职工在报名时间内到所在系部报名，或登录本网站“我的报名”自行申报。咨询电话见首页。"


class RehearsalFailed(Exception):
    """The play cannot go on; the message says why, in Chinese."""


def annual_plan(cast: Cast, year: int) -> AnnualPlan:
    """The year's plan, approved by the leading group; the one there is when it is there."""
    known = AnnualPlan.objects.filter(year=year).first()
    if known is not None:
        return known
    text = "全年开展考试考核、直接认定、过程化考核、竞赛取证四种方式的认定。"
    plan = batch_acts.create_annual_plan(
        cast("kaowu"), year=year, title=f"{year} 年职业技能等级认定计划（演示）", text=text
    )
    plan = batch_acts.submit_annual_plan(cast("kaowu"), plan)
    return batch_acts.decide_annual_plan(cast("xiaozhang"), plan, approve=True)


def lines_of(numbers: Sequence[tuple[int, int]], level: str = "4") -> list[batch_acts.Line]:
    """(scope number, planned) as lines of one level."""
    rows = {row.no: row for row in ScopeRow.objects.filter(no__in=[no for no, _ in numbers])}
    found = Level.objects.get(code=level)
    return [(rows[no], found, planned) for no, planned in numbers]


def open_batch(
    cast: Cast, plan: AnnualPlan, *, code: str, name: str, route: str, lines: Sequence[batch_acts.Line],
    apply_from: date, apply_to: date, exam_on: date | None = None, exam_to: date | None = None,
) -> Batch:  # fmt: skip
    """A batch, planned and opened for applications."""
    batch = batch_acts.create_batch(
        cast("kaowu"), plan=plan, code=code, name=name, route=route, lines=lines, apply_from=apply_from,
        apply_to=apply_to, exam_on=exam_on, exam_to=exam_to, notice_text=NOTICE, is_demo=True,
        scheme=SCHEME if route == Route.EXAM else "",
    )  # fmt: skip
    return batch_acts.advance(cast("kaowu"), batch)


def hand_in_rosters(cast: Cast, batch: Batch, students: Students, stage: Played) -> None:
    """Each department uploads its roster and photos, read from real files."""
    for code in sorted(students.rows):
        who, photos = cast(DEPARTMENT_HEADS[code]), read_photos("照片.zip", students.photos(code))
        roster = read_roster("名册.xlsx", students.roster(code, batch.route), Lookup(batch, department_of(who)), photos)
        if roster.problems:
            raise RehearsalFailed("；".join(str(p) for p in roster.problems[:5]))
        done = import_roster(who, batch=batch, rows=roster.rows)
        if done.drafts:
            raise RehearsalFailed("；".join(done.drafts[:5]))
        stage.counts["报名"] = stage.counts.get("报名", 0) + done.applications
        stage.counts["照片"] = stage.counts.get("照片", 0) + len(photos.pictures)


def review(cast: Cast, batch: Batch, stage: Played) -> None:
    """Departments review their own, then the centre reviews each."""
    for code, head in DEPARTMENT_HEADS.items():
        own = list(Application.objects.filter(batch=batch, state=Application.State.SUBMITTED, department__code=code))
        if own:
            application_acts.first_review(cast(head), own, verdict=Verdict.PASS)
    waiting = list(Application.objects.filter(batch=batch, state=Application.State.FIRST_PASSED))
    stage.counts["审核通过"] = len(application_acts.centre_review(cast("shenhe"), waiting, verdict=Verdict.PASS))

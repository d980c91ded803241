"""Reads of the exam room."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.urls import reverse

from assay.arrangement.jobs import tell_jobs
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.catalogue.parts import Part
from assay.centre import parameters
from assay.centre.models import Account
from assay.exam.models import Publication
from assay.kernel import clock
from assay.kernel.contributions import Engagement

READINESS_CHECKS: dict[str, tuple[str, ...]] = {
    Part.THEORY: (
        "计算机完好，备用机不少于 5%", "考试端页面可打开", "座位号已张贴", "网络、电源正常，备有应急电源",
        "视频监控前后覆盖", "无与考试无关的资料",
    ),
    Part.SKILL: ("设备、工具、材料齐全完好", "工位编号已张贴", "安全防护到位", "视频监控覆盖", "评分记录表备齐"),
    Part.REVIEW: ("答辩场地安静", "申报材料备齐", "评分表备齐", "视频监控覆盖"),
}  # fmt: skip


def rooms_of(batch: Batch) -> list[SessionRoom]:
    """Session rooms with candidates, in order of time, their jobs, readiness and record at hand."""
    return tell_jobs(
        SessionRoom.objects.filter(session__batch=batch, seatings__isnull=False)
        .distinct()
        .annotate(
            unfinished=Exists(_without_sheet().filter(session_room=OuterRef("pk"))),
            unsettled=Exists(_before_panel().filter(session_room=OuterRef("pk"))),
            check_days=Value(parameters.number("exam.check_days")),
        )
        .select_related("session__batch", "session__publication", "room", "readiness", "record", "paper_exam")
        .order_by("session__starts_at", "room__code", "pk")
    )


def open_minutes(row: Session | SessionRoom) -> int:
    """How long before its session papers may be seen; a list brings it with each of its rows (annotated under this name)."""
    known = getattr(row, "open_minutes", None)
    return parameters.number("exam.open_minutes") if known is None else int(known)


def check_days(row: SessionRoom) -> int:
    """How many days before the exam rooms may be checked; a list brings it with each of its rows (annotated under this name)."""
    known = getattr(row, "check_days", None)
    return parameters.number("exam.check_days") if known is None else int(known)


def seats_at_the_hall(session: Session) -> str:
    """Why nobody of a session is moved to another seat: the hall has the session as it is, or is being given it."""
    publication = Publication.objects.filter(session=session).first()
    if publication is None or (publication.state == Publication.State.PREPARED and not publication.on_its_way()):
        return ""
    if publication.state == Publication.State.COLLECTED:
        return f"{session} 已收卷，座位不能再调整"
    if publication.state != Publication.State.PREPARED and clock.now() >= session.starts_at:
        return (
            f"{session} 已在考试端开考，座位号不再改动。需要换座的考生到备用机或对方的机位登录，由监考员在考场控制台“准许就坐此机”，"
            "记入考场记录"
        )
    state = "正在发布" if publication.state == Publication.State.PREPARED else "已发布"
    return (
        f"{session} {state}到考试端，座位和试卷都已确定。机位故障的，考生在备用机登录，由监考员在控制台放行；确须调整座位的，"
        "请考务管理员先在“考前检查与发布”（考试期间为“理论考试”）中把本场改期（时间可以不变），撤回考试包，调整后重新发布"
    )


def _without_sheet() -> QuerySet[Seating]:
    return Seating.objects.filter(part=Part.THEORY, sheet=None)


def somebody_is_unfinished(room: SessionRoom) -> bool:
    """Whether somebody in a theory room has no sheet (yet); `rooms_of` brings it with each room of its list."""
    known = getattr(room, "unfinished", None)
    return _without_sheet().filter(session_room=room).exists() if known is None else bool(known)


def _before_panel() -> QuerySet[Seating]:
    return Seating.objects.filter(panel_sheet__settled_at=None)


def somebody_has_no_panel_mark(room: SessionRoom) -> bool:
    """Whether the panel of a room has somebody left; `rooms_of` brings it with each room of its list."""
    known = getattr(room, "unsettled", None)
    return _before_panel().filter(session_room=room).exists() if known is None else bool(known)


def invigilations(account: Account) -> Iterator[Engagement]:
    """The theory rooms that somebody invigilates and that have no record yet; what is to be done there next."""
    mine = (
        Assignment.objects.of_open_batches()
        .filter(member__account=account, role="invigilator", session_room__record=None)
        .select_related("session_room__session__batch", "session_room__room", "session_room__readiness")
        .order_by("session_room__session__starts_at")
    )
    for assignment in mine:
        room = assignment.session_room
        checked = getattr(room, "readiness", None)
        said = (
            "考前检查已登记"
            if checked
            else "考前须登记考前检查"
            if room.session.batch.stage == Stage.READINESS
            else "尚未到考前检查"
        )
        yield Engagement(room.session.starts_at, f"监考 {room.room}（{room.session}）", said, reverse("exam:my_rooms"))


def papers_by_session(batch: Batch) -> dict[int, list[str]]:
    """The papers that lie on the seats of each theory session, by name and number."""
    laid = Seating.objects.filter(session_room__session__batch=batch, part=Part.THEORY, paper__isnull=False)
    found: dict[int, list[str]] = {}
    for session, title, number in (
        laid.values_list("session_room__session", "paper__title", "paper").distinct().order_by("paper__title", "paper")
    ):
        found.setdefault(session, []).append(f"{title}（编号 {number}）")
    return found

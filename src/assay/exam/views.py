"""Pages of the exam: a batch's rooms before, during and after; the way into the hall's console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.arrangement.presence import require_in_room
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.bridge.tokens import room_token
from assay.catalogue.parts import Part
from assay.centre import parameters
from assay.centre.actors import account, actor
from assay.exam import batch_rows
from assay.exam.acts import checking, collecting, opening, publishing
from assay.exam.acts import rooms as rooms_acts
from assay.exam.forms import PostponeForm, ReadinessForm, RecordForm, RescheduleForm
from assay.exam.halls import HallAddress, browser_address, hall_named, hall_secret, halls
from assay.exam.log_export import as_csv, as_sheet
from assay.exam.models import Publication, RoomRecord, TheorySheet, publication_of, record_of
from assay.exam.opened_consoles import note_opened
from assay.exam.passes import pass_for
from assay.exam.queries import READINESS_CHECKS
from assay.exam.running import standing_of
from assay.kernel import clock
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not
from assay.kernel.offers import Offer, offer, offers
from assay.kernel.refusals import Refused
from assay.kernel.security_log import exports
from assay.kernel.sheet_file import xlsx_response

OFFICERS = ("E6", "E8")
"""Who may enter any room."""
CHECKERS = ("R2", "R3", *OFFICERS)
"""Who may look through a room before the exam."""
RECORDERS = ("R2", "R3", "E8")
"""Who may write the record of a room by hand."""


@require_GET
@duties("E6", "E7", "E8", "E2", "L2")
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    batch, who, known = get_object_or_404(Batch.objects.with_exam(), pk=pk), actor(request), halls()
    sessions = batch_rows.session_rows(who, batch)
    context = {
        "title": f"考试实施：{batch}",
        "batch": batch,
        "sessions": sessions,
        "rooms": batch_rows.room_rows(who, batch),
        "check_day": _to_check(who, batch),
        "records": batch_rows.open_to(who, "exam:records_pdf", pk),
        "some_over": any(row.to_collect for row in sessions),
        "runs": batch_rows.console_of(who, whole=True),
        "addresses": _addresses(known, request),
        "choice_of_halls": [hall.name for hall in known] if len(known) > 1 else [],
    }
    return render(request, "exam/batch.html", context)


def _to_check(who: Actor, batch: Batch) -> Offer | None:
    """The page on which all rooms of a day are checked, while rooms of the batch are."""
    if batch.stage not in (Stage.READINESS, Stage.EXAM):
        return None
    url = reverse("exam:check_day", args=[batch.pk])
    return offer(who, checking.check_rooms, title="考前检查（当天各考场）", url=url, page=True)


def _addresses(known: Sequence[HallAddress], request: HttpRequest) -> SafeString:
    """What candidates open on the computers, hall by hall."""
    named = ((f"{hall.name} " if hall.name else "", browser_address(hall, request)) for hall in known)
    return format_html_join("；", "{}<b>{}/</b>", named)


@require_GET
@duties("R2")
def my_rooms(request: HttpRequest) -> HttpResponse:
    """An invigilator's own rooms."""
    assignments = (
        Assignment.objects.of_open_batches()
        .filter(member__account=account(request), role="invigilator")
        .select_related("session_room__session__batch", "session_room__room")
        .select_related("session_room__readiness", "session_room__record", "session_room__session__publication")
        .order_by("session_room__session__starts_at")
    )
    found = [assignment.session_room for assignment in assignments]
    days = parameters.number("exam.check_days")
    for room in found:
        room.check_days = days  # type: ignore[attr-defined]
    checks = offers(
        actor(request), rooms_acts.check_readiness, found, title="考前检查", main=False, page=True,
        url=lambda room: reverse("exam:readiness", args=[room.pk]),
    )  # fmt: skip
    rooms = [
        OwnRoom(room, record_of(room), _typed_by_candidates(room, request), _check(room, checks[room.pk]))
        for room in found
    ]
    return render(request, "exam/my_rooms.html", {"title": "我的考场", "rooms": rooms})


@dataclass(frozen=True)
class OwnRoom:
    """A room of an invigilator; `address` is opened on its computers."""

    room: SessionRoom
    record: RoomRecord | None
    address: str
    check: Offer

    @property
    def papers(self) -> Sequence[tuple[str, str]]:
        """What is printed for its day: titles and addresses."""
        if self.room.session.batch.stage not in (Stage.READINESS, Stage.EXAM):
            return []
        titles = (("photos", "照片名册"), ("door", "门贴"), ("labels", "座位贴"), ("sign-in", "签到表"))
        found = [(title, reverse("arrangement:room_paper", args=[self.room.pk, paper])) for paper, title in titles]
        blank = [("空白考场记录表", reverse("exam:blank_record", args=[self.room.pk]))] if self.record is None else []
        return [*found, *blank]


def _check(room: SessionRoom, offer: Offer) -> Offer:
    """What is done on this page, in its own words."""
    return replace(offer, title="重新检查" if hasattr(room, "readiness") else offer.title, small=False)


def _typed_by_candidates(room: SessionRoom, request: HttpRequest) -> str:
    """The address that is opened on the computers of the room; "" while it is not known which hall will run it, and where
    nobody sits at a computer."""
    if room.session.part != Part.THEORY:
        return ""
    publication, known = publication_of(room.session), halls()
    if publication is not None and publication.was_published:
        known = [hall for hall in known if hall.name == publication.hall]
    return browser_address(known[0], request) if len(known) == 1 else ""


@require_http_methods(["GET", "POST"])
@duties(*CHECKERS)
def readiness(request: HttpRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(SessionRoom.objects.select_related("session__batch", "room"), pk=pk)
    titles = READINESS_CHECKS[room.session.part]
    if request.method == "POST":
        rooms_acts.require_to_check(room)
        require_in_room(actor(request), room, OFFICERS)
        done = rooms_acts.check_readiness(actor(request), room, **ReadinessForm.read(request, titles))
        messages.success(request, f"{room} 检查已登记：{'符合要求' if done.ready else '不符合要求'}。")
        return _back_from_check(request, room)
    standing = standing_of(room) if room.session.part == Part.THEORY else None
    missing = standing is not None and standing.ready < standing.expected
    context = {
        "title": f"考前检查：{room}", "room": room, "checks": titles, "standing": standing,
        "missing": "没有报告的，请在该机打开考试端首页，等页面显示就绪。" if missing else "",
        "found": getattr(room, "readiness", None), "against": _not_to_check(actor(request), room),
    }  # fmt: skip
    return render(request, "exam/readiness.html", context)


def _not_to_check(who: Actor, room: SessionRoom) -> str:
    """Why this person cannot check the room now; "" when nothing speaks against it."""
    against = why_not(rooms_acts.check_readiness, who, room)
    try:
        require_in_room(who, room, OFFICERS)
    except Refused as elsewhere:
        against = against or elsewhere
    return against.message if against else ""


def _back_from_check(request: HttpRequest, room: SessionRoom) -> HttpResponse:
    """To the page that the checker came from: the batch's, the invigilator's rooms, or the examiner's panels."""
    held = actor(request).duties
    if held & {"E6", "E8"}:
        return redirect("exam:batch", pk=room.session.batch_id)
    return redirect("exam:my_rooms" if "R2" in held else "marking:my_panels")


@require_POST
@duties("E7", "E8", "Q4")
def session_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Publish a theory session to the hall, or collect it."""
    session = get_object_or_404(Session.objects.select_related("batch"), pk=pk)
    if name == "publish":
        hall = hall_named(request.POST.get("hall", halls()[0].name))
        publishing.publish(actor(request), session, hall_url=hall.url, hall_name=hall.name)
        messages.success(request, f"{session} 已发布到考试端。")
    elif name == "open":
        found = get_object_or_404(Publication, session=session)
        opened = opening.open_papers(actor(request), found, hall_url=hall_named(found.hall).url)
        if opened.state == Publication.State.OPENED:
            messages.success(request, f"{session} 的试卷已由两人启封，开考时自动开卷。")
        else:
            messages.success(request, f"{session}：您已启封，还须另一人启封。")
    elif name == "collect":
        found = get_object_or_404(Publication, session=session)
        sheets = collecting.collect(actor(request), session, hall_url=hall_named(found.hall).url)
        messages.success(request, f"{session} {_collected(sheets)}。")
    else:
        raise Refused(f"没有“{name}”这一步")
    return redirect("exam:batch", pk=session.batch_id)


def _collected(sheets: Sequence[TheorySheet]) -> str:
    came = sum(bool(sheet.came_without) for sheet in sheets)
    absent = sum(sheet.absent for sheet in sheets) - came
    said = f"，到场未作答 {came} 人" if came else ""
    return f"已收卷 {len(sheets) - absent - came} 份并判分{said}，缺考 {absent} 人"


@require_POST
@duties("E8")
def collect_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Collect and mark all sessions that are over."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    sheets, left = collecting.collect_batch(actor(request), batch, url_of=lambda name: hall_named(name).url)
    if sheets:
        messages.success(request, f"{_collected(sheets)}。")
    elif not left:
        messages.info(request, "没有已启封而未收卷的场次。")
    for reason in left:
        messages.warning(request, reason)
    return redirect("exam:batch", pk=pk)


@require_http_methods(["GET", "POST"])
@duties("E8")
def reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time for a room that was given up after an incident."""
    room = get_object_or_404(SessionRoom.objects.select_related("session__batch", "room"), pk=pk)
    form = RescheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = rooms_acts.reschedule(actor(request), room, starts_at=form.cleaned_data["starts_at"])
        messages.success(request, f"已另行安排：{session}，请重新提取试卷、发布、启封。")
        return redirect("exam:batch", pk=room.session.batch_id)
    waiting = Seating.objects.filter(session_room=room, part=Part.THEORY, sheet=None).count()
    context = {"title": f"另行安排考试：{room}", "room": room, "form": form, "waiting": waiting}
    return render(request, "exam/reschedule.html", context)


@require_http_methods(["GET", "POST"])
@duties("E8")
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time for a session that cannot be held as planned."""
    session = get_object_or_404(Session.objects.select_related("batch"), pk=pk, part=Part.THEORY)
    form = PostponeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        published = Publication.objects.filter(session=session).first()
        url = hall_named(published.hall if published else halls()[0].name).url
        moved = publishing.postpone(
            actor(request), session, starts_at=given["starts_at"], reason=given["reason"], hall_url=url
        )
        messages.success(request, f"{moved} 已改期至 {clock.shown(moved.starts_at)}。")
        return redirect("exam:batch", pk=session.batch_id)
    publishing.require_to_move(session)
    return render(request, "exam/postpone.html", {"title": f"改期：{session}", "session": session, "form": form})


@require_GET
@duties("E8")
@exports("答题日志")
def answer_log(request: HttpRequest, pk: int) -> HttpResponse:
    """The raw answer log of a session as the hall keeps it, for a dispute: every save, with its digest over all."""
    publication = get_object_or_404(Publication.objects.select_related("session"), session=pk)
    response = HttpResponse(
        as_csv(publication, hall_named(publication.hall).url), content_type="text/csv; charset=gb18030"
    )
    name = quote(f"作答日志_{publication.session}.csv")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_GET
@duties("E8")
@exports("答题日志")
def answer_log_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The same to be read in Excel."""
    publication = get_object_or_404(Publication.objects.select_related("session"), session=pk)
    content = as_sheet(publication, hall_named(publication.hall).url)
    return xlsx_response(content, f"作答日志_{publication.session}")


@require_GET
@duties("R2", "R3", "E6", "E8")
def console(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the hall's console of one room: to act there, or to look on."""
    room = get_object_or_404(SessionRoom.objects.select_related("session"), pk=pk)
    return _to_console(request, room.session, room)


@require_GET
@duties("E8")
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the hall's console of all rooms of a session."""
    return _to_console(request, get_object_or_404(Session, pk=pk), None)


def _to_console(request: HttpRequest, session: Session, room: SessionRoom | None) -> HttpResponse:
    """The pass goes behind a #, which browsers send to nobody: no log of a proxy holds one."""
    given = pass_for(actor(request), session, room)
    note_opened(request, account(request), session, room)
    address = browser_address(hall_named(session.publication.hall), request)
    return redirect(f"{address}/room#token={room_token(hall_secret(), given)}")


@require_http_methods(["GET", "POST"])
@duties(*RECORDERS)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The room record of a skill room, filled in by hand."""
    room = get_object_or_404(SessionRoom.objects.select_related("session__batch", "room"), pk=pk)
    rooms_acts.require_record_by_hand(room)
    if request.method == "POST":
        require_in_room(actor(request), room, OFFICERS)
        given = RecordForm.read(request)
        text = given["incidents"]
        incidents = (
            [{"at": clock.now().isoformat(), "kind": "note", "text": text, "by": actor(request).name}] if text else []
        )
        rooms_acts.close_room_record(
            actor(request), room, incidents=incidents, present=given["present"] or 0, absent=given["absent"] or 0
        )
        messages.success(request, "考场记录已登记。")
        return redirect(
            "marking:batch" if "E8" in actor(request).duties else "marking:my_panels",
            *([room.session.batch_id] if "E8" in actor(request).duties else []),
        )
    rooms_acts.require_to_record(room)
    expected, absent = room.seatings.count(), room.seatings.filter(panel_sheet__absent=True).count()
    context = {
        "title": f"考场记录：{room}", "room": room, "expected": expected, "absent": absent, "present": expected - absent,
    }  # fmt: skip
    return render(request, "exam/record.html", context)

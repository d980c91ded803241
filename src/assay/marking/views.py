"""Pages of the panels: score sheets in use, a batch's panels, an examiner's own marking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.arrangement.models import Assignment, SessionRoom
from assay.batches.models import Batch
from assay.centre.actors import account, actor
from assay.exam.acts.rooms import close_room_record
from assay.exam.models import record_of
from assay.items.sheet import allowance
from assay.kernel import clock
from assay.kernel.access import duties, may_open_url
from assay.kernel.acts import Actor, why_not_each
from assay.kernel.offers import Offer, offer
from assay.kernel.refusals import Refused, together
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.forms import SettleForm, entered_on_sheet
from assay.marking.models import ExaminerScore, PanelSheet, Remarking, SkillDraw
from assay.marking.panels import Panel
from assay.marking.queries import PANEL_ROLES, drawn_for, far_apart, opens_at, panels_of_rooms, score_gap, to_be_opened
from assay.marking.room_rows import rooms_shown


@require_GET
@duties("X3", "E7", "E8", "E9", "R3", "L2")
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All panels of a batch and how far they are."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    rows = rooms_shown(actor(request), account(request), batch)
    context = {
        "title": f"技能考核：{batch}", "batch": batch, "rooms": rows,
        "all_sheets": _all_sheets(actor(request), batch),
        "some_to_open": any(row.opening is not None and row.opening.open for row in rows),
    }  # fmt: skip
    return render(request, "marking/batch.html", context)


def _all_sheets(who: Actor, batch: Batch) -> str:
    """Where the score sheets of the whole batch are printed, for whoever may, once there are some."""
    url = reverse("marking:batch_sheets", args=[batch.pk])
    there = PanelSheet.objects.filter(seating__session_room__session__batch=batch).exists()
    return url if there and may_open_url(url, kind="staff", held=who.duties) else ""


@require_POST
@duties("X3", "E8")
def open_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one panel, or with pk of a batch and all=1 every panel of it."""
    room = get_object_or_404(SessionRoom, pk=pk)
    scoring.open_panel(actor(request), room)
    messages.success(request, f"{room} 已开考评组。")
    return redirect("marking:batch", pk=room.session.batch_id)


@require_POST
@duties("X3", "E8")
def open_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Open every panel that is due and can be opened; those whose paper is not drawn yet wait. Where none can be, the first says why."""
    who, batch = actor(request), get_object_or_404(Batch, pk=pk)
    left_to_open = to_be_opened(batch)
    rooms = [room for room in left_to_open if opens_at(room) <= clock.now()] or left_to_open[:1]
    against = why_not_each(scoring.open_panel, who, rooms)
    opened = [room for room in rooms if against[room.pk] is None]
    for room in opened or rooms[:1]:
        scoring.open_panel(who, room)
    left = [refused for refused in against.values() if refused is not None]
    if left:
        messages.warning(request, together(left).message)
    messages.success(request, f"已开 {len(opened)} 个考评组。" if opened else "各考评组先前都已开。")
    return redirect("marking:batch", pk=pk)


@require_POST
@duties("X3", "E7", "E8")
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw by lot which version the room works on."""
    room = get_object_or_404(SessionRoom.objects.select_related("session__batch", "line"), pk=pk)
    drawn = draw_paper(actor(request), room, witness=request.POST.get("witness", ""))
    messages.success(request, f"{room} 抽中 {drawn.paper.form} 卷（{len(drawn.among)} 套中抽取），已记入台账。")
    return redirect("marking:batch", pk=room.session.batch_id)


@require_POST
@duties("R3", "Q4")
def witness(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever was there when the lot was drawn says so."""
    drawn = witness_draw(actor(request), get_object_or_404(SkillDraw, session_room=pk))
    messages.success(request, f"已见证：{drawn}。")
    mine = Assignment.objects.filter(session_room=pk, member__account=account(request), role__in=PANEL_ROLES).exists()
    return (
        redirect("marking:panel", pk=pk) if mine else redirect("marking:batch", pk=drawn.session_room.session.batch_id)
    )


@require_GET
@duties("R3")
def my_panels(request: HttpRequest) -> HttpResponse:
    """The examiner's own panels, the next first."""
    rooms = (
        Assignment.objects.of_open_batches().filter(member__account=account(request), role__in=PANEL_ROLES)
        .select_related("session_room__session__batch", "session_room__room", "session_room__line__scope_row", "session_room__line__level")
        .order_by("session_room__session__starts_at")
    )  # fmt: skip
    return render(request, "marking/my_panels.html", {"title": "我的考评", "assignments": rooms})


def _own_panel(request: HttpRequest, pk: int) -> Assignment:
    return get_object_or_404(
        Assignment.objects.select_related("session_room__session__batch", "session_room__room", "member"),
        session_room_id=pk,
        member__account=account(request),
        role__in=PANEL_ROLES,
    )


def _panel_of(own: Assignment) -> Panel:
    return panels_of_rooms([own.session_room_id])[own.session_room_id]


@require_GET
@duties("R3")
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The candidates before the examiner's panel; others' marks stay hidden until all are locked."""
    own = _own_panel(request, pk)
    there = _panel_of(own)
    sheets = (
        PanelSheet.objects.filter(seating__session_room_id=pk)
        .select_related("seating__session_room__session", "application__ticket", "application__batch")
        .prefetch_related("scores__member")
        .order_by("seating__seat")
    )
    far = far_apart(sheets, {pk: there})
    rows = [_panel_row(sheet, own, there) | {"apart": sheet.pk in far} for sheet in sheets]
    drawn = drawn_for(own.session_room)
    context = {
        "title": f"{own.session_room.room} · {own.session_room.session}",
        "room": own.session_room,
        "drawn": drawn,
        "witnessing": drawn
        and offer(
            actor(request), witness_draw, drawn, title="我在场，见证抽签", url=reverse("marking:witness", args=[pk])
        ),
        "rows": rows,
        "leads": own.role == "leader",
        "record": record_of(own.session_room),
        "recording": offer(
            actor(request),
            close_room_record,
            own.session_room,
            title="填写考场记录",
            url=reverse("exam:record", args=[pk]),
            page=True,
            main=False,
        ),
        "size": there.size,
        "changes": own.session_room.staff_changes.filter(role__in=PANEL_ROLES).select_related("former", "member"),
        "begun": own.session_room.session.starts_at <= clock.now(),
    }
    return render(request, "marking/panel.html", context)


def _panel_row(sheet: PanelSheet, own: Assignment, there: Panel) -> dict[str, Any]:
    scores = list(sheet.scores.all())
    locked = [s for s in scores if s.locked_at is not None]
    waiting = there.waits_for(sheet.locked_by)
    before = there.predecessor(own.member_id, sheet.locked_by)
    return {
        "sheet": sheet,
        "mine": next((s for s in scores if s.member_id == own.member_id), None),
        "before": next((s.member for s in scores if s.member_id == before), None),
        "locked": f"{there.size - len(waiting)} / {there.size}",
        "totals": "" if waiting else "，".join(f"{s.member} {s.total}" for s in locked),
        "to_settle": own.role == "leader" and not scoring.against_settling(sheet, there),
        "outcome": ("缺考" if sheet.absent else sheet.mark) if sheet.settled_at else "",
    }


@require_http_methods(["GET", "POST"])
@duties("R3")
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """One candidate's score sheet: points, veto items; save, then lock."""
    sheet = get_object_or_404(
        PanelSheet.objects.select_related(
            "template", "draw__paper", "seating__session_room__session", "application__ticket", "application__batch"
        ),
        pk=pk,
    )
    own = _own_panel(request, sheet.seating.session_room_id)
    if request.method == "POST":
        return _keep(request, sheet, own)
    mine = ExaminerScore.objects.filter(sheet=sheet, member=own.member).first()
    return _score_page(request, sheet, mine or ExaminerScore(sheet=sheet, member=own.member))


def _score_page(
    request: HttpRequest, sheet: PanelSheet, shown: ExaminerScore, refused: Refused | None = None
) -> HttpResponse:
    who, url = actor(request), reverse("marking:score", args=[sheet.pk])
    keeping = offer(who, scoring.save_scores, [scoring.Marks(sheet, {})], title="保存", url=url)
    locked = shown.locked_at is not None
    context = {
        "title": f"{sheet.seating.seat} 号 · {sheet.application.ticket.number}", "sheet": sheet, "mine": shown,
        "locked": locked, "keeping": keeping, "fixed": locked or not keeping.open,
        "attendance": _attendance(who, sheet, url), **sheet_shown(sheet, shown, refused),
    }  # fmt: skip
    return render(request, "marking/score.html", context, status=409 if refused else 200)


def _attendance(who: Actor, sheet: PanelSheet, url: str) -> Offer:
    """To note that the candidate did not come, or to take the note back."""
    if sheet.absent:
        title, confirm = "取消缺考", "取消缺考登记，考评组继续评分，确认？"
    else:
        title = "登记缺考"
        confirm = "登记缺考对整个考评组有效，全组考评员都不再评分，确认该考生没有到场？"
    return offer(who, scoring.set_absent, sheet, title=title, url=url, confirm=confirm)


def sheet_shown(sheet: PanelSheet, shown: ExaminerScore | Remarking, refused: Refused | None) -> dict[str, Any]:
    """A sheet as it is filled in, and why it was refused: one fault an entry, each beside its field as well."""
    faults = refused.faults if isinstance(refused, scoring.SheetRefused) else ()
    beside = {fault.code: fault.said for fault in faults}
    return {
        "tasks": [_task_shown(task, shown, beside) for task in sheet.tasks],
        "refused": refused,
        "faults": faults,
    }


def _task_shown(task: dict[str, Any], shown: ExaminerScore | Remarking, beside: dict[str, str]) -> dict[str, Any]:
    points = [
        {
            **p,
            "fault": beside.get(p["code"], ""),
            "mark": shown.marks.get(p["code"], ""),
            "found": shown.observed.get(p["code"], ""),
            "allowance": allowance({"kind": "mark", **p}),
            **_entered(p),
        }
        for p in task["points"]
    ]
    vetoes = [{**v, "ticked": v["code"] in shown.vetoes} for v in task.get("vetoes", [])]
    return {**task, "points": points, "vetoes": vetoes}


def _entered(point: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed at a point: its mark or, where that follows from it, faults that are counted or what was measured."""
    if point.get("kind") == "deduct":
        return {"counted_or_measured": True, "least": "0", "step": "1", "unit": "处"}
    if point.get("kind") == "measure":
        return {"counted_or_measured": True, "least": "", "step": "any"}
    return {"counted_or_measured": False}


def _keep(request: HttpRequest, sheet: PanelSheet, own: Assignment) -> HttpResponse:
    who, given = actor(request), request.POST
    if "absent" in given:
        scoring.set_absent(who, sheet, given["absent"] == "1")
        messages.success(request, "已登记缺考。" if given["absent"] == "1" else "已取消缺考登记。")
        return redirect("marking:panel", pk=sheet.seating.session_room_id)
    entered = entered_on_sheet(request)
    try:
        scoring.save_scores(who, [scoring.Marks(sheet, **entered)])
        if "lock" in given:
            scoring.lock_scores(who, [sheet])
    except Refused as refused:
        # The sheet comes back with what was entered, right or wrong: an examiner does not type forty marks twice.
        return _score_page(request, sheet, ExaminerScore(sheet=sheet, member=own.member, **entered), refused)
    if "lock" in given:
        messages.success(request, "评分已锁定。")
        return redirect("marking:panel", pk=sheet.seating.session_room_id)
    messages.success(request, "已保存，未锁定。")
    return redirect("marking:score", pk=sheet.pk)


@require_POST
@duties("R3")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader settles the ticked candidates of the panel."""
    own, given = _own_panel(request, pk), SettleForm.read(request)
    chosen = (
        PanelSheet.objects.filter(pk__in=given["chosen"], seating__session_room=own.session_room)
        .select_related("seating")
        .prefetch_related("scores")
        .order_by("seating__seat")
    )
    if not chosen:
        raise Refused("请先勾选要合成成绩的考生")
    note = given["note"]
    far = set() if note else far_apart(chosen, {own.session_room_id: _panel_of(own)})
    agreed, apart = [s for s in chosen if s.pk not in far], [s for s in chosen if s.pk in far]
    if agreed:
        done = scoring.settle(actor(request), agreed, note=note)
        messages.success(request, f"已合成 {len(done)} 名考生的成绩。")
    if apart:
        seats = "、".join(f"{sheet.seating.seat} 号" for sheet in apart)
        messages.warning(
            request,
            f"{seats}工位考评员评分相差超过 {score_gap()} 分，没有合成：请考评组复议，再单独勾选并写明复议说明。",
        )
    return redirect("marking:panel", pk=pk)

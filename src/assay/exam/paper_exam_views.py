"""Going on with printed papers when the computers of a room fail: the two signatures, the copies, and what was answered on them."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.arrangement.models import Seating, SessionRoom
from assay.bank.papers.printing import copies_pdf
from assay.catalogue.parts import Part
from assay.centre.actors import account, actor
from assay.exam.acts import opening
from assay.exam.acts import paper_entry as entry
from assay.exam.acts import paper_exam as acts
from assay.exam.forms import CopiesForm
from assay.exam.models import PaperEntry, Signature, paper_exam_of
from assay.items.answers import TYPES
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not_each
from assay.kernel.documents.response import pdf
from assay.kernel.offers import Offer, offer
from assay.kernel.security_log import exports


@require_http_methods(["GET", "POST"])
@duties("E7", "E8", "Q4")
def paper_exam(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has signed and why; signing."""
    room = get_object_or_404(
        SessionRoom.objects.select_related("session__batch", "session__publication", "room", "paper_exam"),
        pk=pk,
        session__part=Part.THEORY,
    )
    if request.method == "POST":
        signed = acts.sign(actor(request), room, reason=request.POST.get("reason", ""))
        messages.success(
            request,
            f"{room}：两人已签署，可以印制纸质试卷。" if signed.is_signed() else f"{room}：您已签署，还须另一人签署。",
        )
        return redirect("exam:paper_exam", pk=pk)
    who, found = actor(request), paper_exam_of(room)
    signatures = list(found.signatures.all()) if found else []
    own = opening.own_accounts(who)
    context = {
        "title": f"纸质试卷：{room}",
        "room": room,
        "exam": found,
        "signatures": signatures,
        "signed": found is not None and found.is_signed(),
        "signed_by_me": opening.signed_by(own, signatures),
        "signing": _signing(who, room, signatures),
        "printing": offer(
            who, acts.take_copies, room, title="下载纸质试卷", url=reverse("exam:print_copies", args=[pk]),
            confirm="每次下载都编新的份号，并记入台账，确定吗？",
        ),
        "seats": room.seatings.filter(part=Part.THEORY).count(),
    }  # fmt: skip
    return render(request, "exam/paper_exam.html", context)


def _signing(who: Actor, room: SessionRoom, given: Sequence[Signature]) -> Offer:
    """The signature that is still to be given, to whoever may give it."""
    return offer(
        who, acts.sign, room, title="同意，签署（第二人）" if given else "签署改用纸质试卷（两人）",
        url=reverse("exam:paper_exam", args=[room.pk]), confirm="签署后试卷将解除封存、可以印制，确定吗？",
    )  # fmt: skip


@require_POST
@duties("E7")
@exports("纸质试卷")
def print_copies(request: HttpRequest, pk: int) -> HttpResponse:
    """The copies as a file for the printer; what is taken is counted first."""
    room = get_object_or_404(SessionRoom.objects.select_related("session", "room"), pk=pk, session__part=Part.THEORY)
    copies = acts.take_copies(actor(request), room, **CopiesForm.read(request))
    return pdf(copies_pdf(copies), f"纸质试卷_{room}")


@require_GET
@duties("E6", "E8")
def paper_entries(request: HttpRequest, pk: int) -> HttpResponse:
    """The seats of a room that had printed papers, and how far the typing of each is."""
    room = get_object_or_404(
        SessionRoom.objects.select_related("session__batch", "room"), pk=pk, paper_exam__printed__gt=0
    )
    seatings = list(
        Seating.objects.filter(session_room=room, part=Part.THEORY)
        .select_related("application__applicant", "application__ticket", "sheet")
        .select_related(
            "session_room__session__batch", "session_room__session__publication", "session_room__paper_exam"
        )
        .prefetch_related("paper_entries")
        .order_by("seat")
    )
    against = why_not_each(entry.enter, actor(request), seatings)
    rows = [(seating, against[seating.pk] is None) for seating in seatings]
    return render(request, "exam/paper_entries.html", {"title": f"录入纸质答卷：{room}", "room": room, "rows": rows})


@require_http_methods(["GET", "POST"])
@duties("E6", "E8")
def paper_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One candidate's letters; nobody sees what the other has typed."""
    seating = get_object_or_404(
        Seating.objects.select_related("paper", "session_room__session", "application__applicant"), pk=pk
    )
    items = entry.require_enterable(seating)
    if request.method == "POST":
        typed = {str(item["item"]): request.POST.get(f"item-{item['item']}", "") for item in items}
        made = entry.enter(actor(request), seating, typed=typed)
        _say_how_it_is(request, seating, made)
        return redirect("exam:paper_entries", pk=seating.session_room_id)
    mine = PaperEntry.objects.filter(seating=seating, account=account(request)).first()
    context = {
        "title": f"录入纸质答卷：{seating.session_room} {seating.seat} 号",
        "seating": seating,
        "asked": [
            (n, item["item"], TYPES[item["type"]], mine.answers.get(str(item["item"]), "") if mine else "")
            for n, item in enumerate(items, start=1)
        ],
        "differing": entry.differing(seating) if mine else [],
    }
    return render(request, "exam/paper_entry.html", context)


def _say_how_it_is(request: HttpRequest, seating: Seating, made: PaperEntry) -> None:
    different = entry.differing(seating)
    if made.agreed:
        messages.success(request, f"{seating.seat} 号：两人录入一致，答卷已生成并判分。")
    elif different:
        numbers = "、".join(map(str, different))
        messages.warning(
            request, f"{seating.seat} 号：与另一人录入的不一致，第 {numbers} 题，请两人各自对照答题卡更正。"
        )
    else:
        messages.success(request, f"{seating.seat} 号：已录入，还须另一人录入。")

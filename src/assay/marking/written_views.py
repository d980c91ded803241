"""Pages of written answers: an examiner's next answer, a batch's progress, deciding between two marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.bank.showing import html
from assay.batches.models import Batch
from assay.centre.actors import account, actor
from assay.corps.models import Member
from assay.exam.models import WrittenAnswer
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.offers import Offer, offer, offers
from assay.kernel.refusals import Refused
from assay.marking.acts import written
from assay.marking.forms import DecideForm, MarkForm


def _shown(answer: WrittenAnswer) -> dict[str, Any]:
    """A written answer as examiners see it: what was asked, what is expected, what was written; nobody's name."""
    question: Mapping[str, Any] = written.question_of(answer)
    stem = question["stem"] + (f"\n![]({question['image']})" if question.get("image") else "")
    return {
        "answer": answer,
        "case": html(question["case"]) if question["case"] else "",
        "stem": html(stem),
        "key": html(question["key"]),
    }


@require_http_methods(["GET", "POST"])
@duties("R3")
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """The next answer that the examiner may mark; a mark and Enter lead to the one after it."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    member = Member.objects.filter(account=account(request)).first()
    if member is None:
        raise Refused("您的账号没有对应的考评员")
    said = ""
    if request.method == "POST":
        of_batch = WrittenAnswer.objects.filter(sheet__application__batch=batch)
        given = MarkForm.read(request, of_batch)
        try:
            written.mark_written(actor(request), given["answer"], given["mark"])
        except Refused as refused:
            said = refused.message
        else:
            return redirect("marking:written", pk=pk)
    left = written.for_examiner(member, batch)
    following = left.select_related("sheet__seating__paper").first()
    marking = following and offer(
        actor(request),
        written.mark_written,
        following,
        title="提交，评下一份",
        url=reverse("marking:written", args=[pk]),
    )
    context = {
        "title": f"主观题阅卷：{batch}",
        "marking": marking,
        "batch": batch,
        "left": left.count(),
        "done": member.written_marks.filter(answer__sheet__application__batch=batch).count(),
        "shown": _shown(following) if following else None,
        "said": said,
    }
    return render(request, "marking/written.html", context, status=422 if said else 200)


@require_GET
@duties("X3", "E8", "E9")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the marking is, how severely each examiner marks, and what has to be decided."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    who = actor(request)
    apart = list(
        written.to_decide(batch)
        .select_related("sheet__seating__paper", "sheet__application__batch")
        .prefetch_related("marks__member")[:50]
    )
    deciding = offers(
        who, written.decide_written, apart, title="裁定", url=lambda answer: reverse("marking:written_decide", args=[answer.pk])
    )  # fmt: skip
    to_show = [answer for answer in apart if deciding[answer.pk].open or deciding[answer.pk].said]
    context = {
        "title": f"主观题评阅：{batch}",
        "batch": batch,
        "figures": written.figures(batch),
        "spread": written.spread(batch),
        "apart": [_to_decide(who, answer, deciding[answer.pk]) for answer in to_show],
    }
    return render(request, "marking/written_progress.html", context)


def _to_decide(who: Actor, answer: WrittenAnswer, deciding: Offer) -> dict[str, Any]:
    """An answer and its two marks; who gave one of them does not decide between them."""
    return _shown(answer) | {
        "marks": "、".join(str(one.mark) for one in answer.marks.all()),
        "deciding": replace(deciding, against=deciding.against or written.own_mark(who, answer)),
    }


@require_POST
@duties("X3")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    answer = get_object_or_404(WrittenAnswer.objects.select_related("sheet__application"), pk=pk)
    written.decide_written(actor(request), answer, **DecideForm.read(request))
    messages.success(request, "已裁定。")
    return redirect("marking:written_progress", pk=answer.sheet.application.batch_id)

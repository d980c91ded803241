"""Pages of the analysis after a batch: papers that were sat, one paper with its items, difficulties fed back to the bank."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from assay.bank.models import Paper
from assay.bank.showing import shown_entry
from assay.bank.writing.acts.items import set_difficulties
from assay.batches.models import Batch
from assay.centre.actors import actor
from assay.exam import analysis
from assay.kernel.access import duties
from assay.kernel.offers import offer


@require_GET
@duties("E9", "X4")
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    context = {"title": f"试题分析：{batch}", "batch": batch, "papers": analysis.papers_of(batch)}
    return render(request, "exam/analysis_papers.html", context)


@require_http_methods(["GET", "POST"])
@duties("E9", "X4")
def paper(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    """The figures of a paper, of all items or (`?only=remarks`) of those to be looked at; who leads the experts may set the
    items' difficulty by them."""
    batch = get_object_or_404(Batch.objects.with_exam(), pk=pk)
    found = analysis.analyse(batch, get_object_or_404(Paper, pk=paper_pk))
    if request.method == "POST":
        changed = set_difficulties(actor(request), found.suggested, source=f"{batch}，{found.whole.persons} 份答卷")
        messages.success(request, f"已按实测难度更新 {changed} 题。")
        return redirect("exam:paper_analysis", pk=pk, paper_pk=paper_pk)
    who = actor(request)
    only_look_at = request.GET.get("only") == "remarks"
    highest = max(found.distribution.values(), default=1) or 1
    context = {
        "title": f"试题分析：{found.paper.title}",
        "batch": batch,
        "found": found,
        "bars": [(limits, number, round(100 * number / highest)) for limits, number in found.distribution.items()],
        "lines": [(line, shown_entry(line.entry)) for line in found.lines if line.remarks or not only_look_at],
        "fitted": found.lines[0].rasch is not None if found.lines else False,
        "only_look_at": only_look_at,
        "to_look_at": sum(bool(line.remarks) for line in found.lines),
        "setting": offer(
            who,
            set_difficulties,
            title="按实测更新难度",
            url=request.path,
            main=False,
            confirm="按实测正确率把本卷各题的难度改为 1—5 级，确定吗？",
        ),
    }
    return render(request, "exam/analysis.html", context)

"""The results of a department's own students, once everybody may know them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from assay.batches.models import Batch
from assay.batches.stages import Route
from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.results.models import PublicNotice, Result
from assay.results.views import figures_of, figures_said, listing


@require_GET
@duties("R1")
def own_students(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever hands in the roster reads what became of it: of no other department, and nothing before the candidates do."""
    batch, who = get_object_or_404(Batch, pk=pk), actor(request)
    rows = known_results(batch).filter(application__department=who.department or 0)
    context = {
        "title": f"本系学生成绩：{batch}",
        "batch": batch,
        "figures": figures_said(batch, figures_of(rows)),
    }
    empty = "本系学生的成绩还没有发布。" if batch.route == Route.EXAM else "本系学生的认定结果还没有公示。"
    return listing(request, batch, rows, in_full=who.holds("R1"), empty=empty).respond(
        "results/department.html", context
    )


def known_results(batch: Batch) -> QuerySet[Result]:
    """What the candidates themselves can read: results that were released, on other routes those that were put on notice."""
    if batch.route == Route.EXAM:
        return batch.results.filter(released_at__isnull=False)
    return batch.results.all() if PublicNotice.objects.filter(batch=batch).exists() else batch.results.none()

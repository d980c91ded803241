"""Pages of the archive: a batch's volumes and their documents."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.archive import acts
from assay.archive.models import Volume, VolumeDocument
from assay.archive.packing import zipped
from assay.batches.models import Batch
from assay.centre.actors import actor
from assay.kernel import files
from assay.kernel.access import duties
from assay.kernel.documents.response import from_outside
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import offer
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity


@require_GET
@duties("E10", "L2")
def index(request: HttpRequest) -> HttpResponse:
    rows = Volume.objects.select_related("batch")
    columns = [
        Column("批次", lambda v: v.batch, "batch__code"),
        Column("卷名", lambda v: v.title, "kind"),
        Column("依据", lambda v: v.clause),
        Column(
            "封卷",
            lambda v: f"{v.sealed_at:%Y-%m-%d}" if v.sealed_at else "未封卷",
            "sealed_at",
            lambda v: v.sealed_at or "未封卷",
        ),
        Column("保存至", lambda v: v.keep_until or ""),
    ]
    batches = [(b.pk, b.name) for b in Batch.objects.order_by("-pk")[:50]]
    return Listing(
        request, rows, columns, [Filter("batch", "批次", batches, "batch")], name="档案卷", order="-pk",
        row_url=lambda v: reverse("archive:batch", args=[v.batch_id]),
        empty="还没有档案卷。批次到“资料归档”阶段后组卷。",
    ).respond(context={"title": "档案卷"})  # fmt: skip


@require_GET
@duties("E10", "L2")
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    volumes = list(Volume.objects.filter(batch=batch).prefetch_related("documents__file"))
    who = actor(request)
    steps = [
        offer(
            who, acts.build, batch, title="重新组卷" if volumes else "组卷", url=reverse("archive:step", args=[pk, "build"]),
            wait="正在组卷，人多时约需一分钟…", main=not volumes,
        ),
        offer(
            who, acts.seal, batch, title="封卷", url=reverse("archive:step", args=[pk, "seal"]),
            confirm="封卷后不能再改，确认？", main=bool(volumes),
        ),
    ]  # fmt: skip
    context = {"title": f"档案：{batch}", "batch": batch, "volumes": volumes, "steps": steps}
    return render(request, "archive/batch.html", context)


@require_POST
@duties("E10")
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    if name == "seal":
        messages.success(request, f"已封 {len(acts.seal(actor(request), batch))} 卷。")
    elif name == "build":
        messages.success(request, f"已组 {len(acts.assemble(actor(request), batch))} 卷。")
    else:
        raise Http404(name)
    return redirect("archive:batch", pk=pk)


@require_GET
@duties("E10", "L2")
@shows_identity("档案卷（全部文件）")
def volume(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Everything of a volume in one ZIP, in the order of its list."""
    found = get_object_or_404(Volume.objects.select_related("batch"), pk=pk)
    lost = [str(one) for one in found.documents.order_by("position") if not files.path_of(one.file_id).exists()]
    if lost:
        raise Refused(f"档案文件丢失，请先恢复备份：{'、'.join(lost[:10])}", "工作方案 四(一)9")
    response = StreamingHttpResponse(zipped(found), content_type="application/zip")
    name = quote(f"{found.batch.name}_{found.title}.zip", safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_GET
@duties("E10", "L2")
@shows_identity("档案文件")
def document(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(VolumeDocument.objects.select_related("file"), pk=pk)
    return from_outside(files.read(found.file_id), found.file.content_type, found.name)

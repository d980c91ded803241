"""《考前检查登记表》 and 《试卷启封登记表》: who found a room ready, who opened the papers of a session (rules.md §9)."""

from __future__ import annotations

from assay.batches.models import Batch
from assay.batches.registers import register
from assay.exam.models import Publication, ReadinessCheck
from assay.kernel.clock import shown


def readiness_register(batch: Batch) -> bytes:
    """Every room's check before the exam, with what was not as it should be (plan §四(一)6(1))."""
    checks = (
        ReadinessCheck.objects.filter(session_room__session__batch=batch)
        .select_related("session_room__session", "session_room__room")
        .order_by("session_room__session__starts_at", "session_room")
    )
    rows = [
        [
            n, c.session_room.session, c.session_room.room, "、".join(k["title"] for k in c.checks if k["ok"]),
            "、".join(k["title"] for k in c.checks if not k["ok"]) or "无", "符合" if c.ready else "不符合", c.by, shown(c.at), c.remark,
        ]
        for n, c in enumerate(checks, start=1)
    ]  # fmt: skip
    head = ["序号", "场次", "考场", "符合的项目", "不符合的项目", "结论", "检查人", "时间", "说明"]
    widths = ["10mm", "26mm", "30mm", "1fr", "26mm", "14mm", "18mm", "32mm", "24mm"]
    return register(batch, "考前检查登记表", head, rows, widths)


def openings_register(batch: Batch) -> bytes:
    """The papers of each theory session: what went to the hall, which two people opened it, when it was collected."""
    publications = (
        Publication.objects.filter(session__batch=batch).select_related("session").prefetch_related("openings")
    )
    rows = [
        [
            n, p.session, p.pack_digest[:16], "\n".join(f"{o.get_side_display()} {o.name}（{shown(o.at)}）" for o in p.openings.all()),
            shown(p.collected_at) if p.collected_at else "", p.log_digest[:16],
        ]
        for n, p in enumerate(publications.order_by("session__starts_at"), start=1)
    ]  # fmt: skip
    head = ["序号", "场次", "考试包校验码", "启封人", "收卷时间", "作答日志校验码"]
    return register(batch, "试卷启封与收卷登记表", head, rows, ["10mm", "36mm", "40mm", "1fr", "32mm", "40mm"])

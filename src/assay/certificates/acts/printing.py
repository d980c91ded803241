"""Certificates drawn up for the printer: an act, so that it is known who printed which, when and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from assay.batches.models import Batch
from assay.certificates import printing
from assay.certificates.layouts import Layout
from assay.certificates.models import Certificate, Correction, PrintRun
from assay.kernel.acts import Actor, Context, act, why_not
from assay.kernel.holding import held
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

CLAUSE = "工作方案 四(一)8"
LISTED = 5


@dataclass(frozen=True)
class Drawn:
    """A file for the printer, with what it shows of each certificate; drawn up before the act that notes it, for that takes long."""

    layout: Layout
    pdf: bytes
    sheets: tuple[tuple[str, int, str], ...]
    """Number, edition and serial of each, in the order of the pages."""


def require_drawing(batch: Batch) -> None:
    """Raises Refused unless the batch has certificates, and what is printed of them is of use to who scans it."""
    if not Certificate.objects.in_force().filter(application__batch=batch).exists():
        raise Refused("本批次还没有证书", CLAUSE)
    printing.require_address()


def drawn_up(actor: Actor, certificates: Sequence[Certificate], layout: Layout) -> Drawn:
    """The file for the printer, for whoever may have it. Refused as the act would refuse it."""
    for batch in {c.application.batch_id: c.application.batch for c in certificates}.values():
        against = why_not(draw, actor, batch)
        if against is not None:
            raise against
    return Drawn(layout, printing.certificates(certificates, layout), tuple(map(_shown, certificates)))


def _shown(certificate: Certificate) -> tuple[str, int, str]:
    return certificate.number, certificate.edition, certificate.print_serial


@act("certificates.draw", duty="E13", title="打印证书", clause="三(一)2(1)⑬", guard=require_drawing)
def draw(
    ctx: Context, batch: Batch, drawn: Drawn, *, again: bool = False, unregistered: bool = False, reason: str = ""
) -> PrintRun:
    """Note who printed which certificates of a batch. Those that were handed out, or have no sheet yet, are printed only by whoever
    says so (`again`, with a reason; `unregistered`)."""
    batch = held(batch)
    require_drawing(batch)
    numbers = [number for number, _, _ in drawn.sheets]
    rows = list(
        Certificate.objects.filter(application__batch=batch, number__in=numbers)
        .select_for_update(of=("self",))
        .order_by("number")
    )
    if not rows:
        raise Refused("没有要打印的证书", CLAUSE)
    problems = [*_may_not(rows), *_unasked(rows, again=again, unregistered=unregistered, reason=reason)]
    if problems:
        raise Refused("；".join(problems), CLAUSE)
    if set(map(_shown, rows)) != set(drawn.sheets):
        raise Refused("打印期间证书有变化（登记打印、更正），请重新打印", CLAUSE)
    handed = [row for row in rows if row.state == Certificate.State.ISSUED]
    run = PrintRun.objects.create(
        batch=batch, layout=drawn.layout, count=len(rows), first=rows[0].number, last=rows[-1].number, again=len(handed),
        unregistered=sum(not row.print_serial for row in rows), reason=uncut(reason, 200, "重印的原因") if handed else "",
        sheets=[list(sheet) for sheet in drawn.sheets], digest=sha256(drawn.pdf).hexdigest(), by=ctx.actor.name, at=ctx.at,
    )  # fmt: skip
    ctx.note = run.said[:200]
    ctx.record(run)
    return run


def _may_not(rows: Sequence[Certificate]) -> list[str]:
    waiting = Correction.objects.filter(certificate__in=rows, state=Correction.State.PROPOSED)
    proposed = set(waiting.values_list("certificate", flat=True))
    kinds = (
        ("已撤销，不能打印", [row for row in rows if row.is_withdrawn]),
        ("的更正尚待审批，审批后再打印", [row for row in rows if row.pk in proposed and not row.is_withdrawn]),
    )
    return [f"证书 {_named(some)} {said}" for said, some in kinds if some]


def _unasked(rows: Sequence[Certificate], *, again: bool, unregistered: bool, reason: str) -> list[str]:
    handed = [row for row in rows if row.state == Certificate.State.ISSUED]
    without = [row for row in rows if not row.print_serial]
    problems = []
    if handed and not again:
        problems.append(f"证书 {_named(handed)} 已发放：确要重印，请选“也重印已发放的”并写明原因")
    if handed and again and not reason.strip():
        problems.append("重印已发放的证书须写明原因")
    if without and not unregistered:
        problems.append(f"证书 {_named(without)} 还没有登记打印，No. 处没有流水码：请先登记打印，或选“也打印”")
    return problems


def _named(rows: Sequence[Certificate]) -> str:
    more = f" 等 {len(rows)} 本" if len(rows) > LISTED else ""
    return "、".join(row.number for row in rows[:LISTED]) + more

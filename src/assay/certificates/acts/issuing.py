"""Certificates: numbered, printed, handed out, reported, withdrawn. Corrections are in `correcting.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256

from assay.applications.models import Application
from assay.batches.models import Batch
from assay.centre.models import Centre
from assay.certificates import blanks, given_numbers
from assay.certificates.acts.indexes import give_indexes
from assay.certificates.acts.numbering import source_of
from assay.certificates.acts.telling import forget_changes, note_changes, send_next
from assay.certificates.models import Certificate, Correction, IssueDecision, SpoiledSheet, certificate_of
from assay.certificates.queries import STAGE, to_number, unreported
from assay.certificates.report import certificate_rows, on_their_way
from assay.certificates.right import doubts
from assay.kernel import outbox
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.holding import held
from assay.kernel.ledger import canonical_json
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused, grouped
from assay.kernel.texts import uncut
from assay.results.models import PublicNotice, Result

CLAUSE = "工作方案 四(一)8"
BLANKS = "人社鉴发〔2021〕1号"
LISTED = 20


def require_numbering(batch: Batch) -> None:
    """Raises Refused unless certificates of the batch are numbered here and now, and somebody has none yet. Everybody's right to one
    is derived anew by the act alone: that takes its time."""
    if not batch.has_reached(STAGE):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，还不能核发证书", CLAUSE)
    if not PublicNotice.objects.filter(batch=batch, closed_at__isnull=False).exists():
        raise Refused("公示结束后才能核发证书", "工作方案 二(四)")
    if not to_number(batch).exists():
        raise Refused("没有待编制证书的人员", CLAUSE)
    if given_numbers.by_province():
        given_numbers.require_enough(batch, today().year)


@act("certificates.number", duty="E13", title="编制证书", clause="四(一)8", guard=require_numbering)
def number(ctx: Context, batch: Batch, *, issued_on: date | None = None) -> list[Certificate]:
    """Give each who passed a certificate with a number, after everybody's right was derived anew from what it rests on; nobody
    gets one while anybody's is in doubt. The public notice must have ended. Never a number twice."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_numbering(batch)
    doubted = doubts(batch)
    if doubted:
        said = grouped((f"{doubt.name}（{doubt.line}）", f"：{'、'.join(doubt.texts)}") for doubt in doubted)
        raise Refused(f"证书资格与原始记录不一致，没有编制任何证书。{said}。详见“核发前核对”", CLAUSE)
    day = issued_on or today()
    if given_numbers.by_province():
        blanks.hold()
        given_numbers.require_enough(batch, day.year)
    results = list(
        to_number(batch)
        .select_related(
            "application__applicant", "application__line__scope_row__occupation", "application__line__level"
        )
        .order_by("application__line__scope_row__no", "application__applicant__sort_key", "pk")
    )
    source = source_of(Centre.objects.get().body_code, day.year)
    made = [_certificate(r, source.next(r.application.line.level.code), day) for r in results]
    Certificate.objects.bulk_create(made, batch_size=500)
    ctx.record_all(source.used(made))
    ctx.record_all(made)
    give_indexes(ctx, made)
    return made


def require_deciding(application: Application) -> None:
    """Raises Refused unless it is still open whether the candidate gets a certificate: in the stage of certificates, and again once one
    was withdrawn for a reason that does not bar its holder."""
    batch, certificate = application.batch, certificate_of(application)
    if certificate is not None and not certificate.is_withdrawn:
        raise Refused("该考生已编制证书；证书有误请撤销", CLAUSE)
    if certificate is not None and certificate.withdrawn_ground in Certificate.FOR_GOOD:
        ground = certificate.get_withdrawn_ground_display()
        raise Refused(f"证书 {certificate.number} 因“{ground}”撤销，不能重新核发", "证书管理及发放办法")
    if certificate is None and batch.stage != STAGE:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不能再作核发决定", CLAUSE)


@act("certificates.decide_right", duty="L2", title="核发决定", clause="四(一)8", guard=require_deciding)
def decide_right(ctx: Context, application: Application, *, verdict: str, reason: str) -> IssueDecision:
    """Keep somebody's certificate back while his or her right to it is in doubt, or lift that again; the others of the batch need
    not wait. Lifting it puts the right to the check once more. Whose certificate was withdrawn gets another one, with another number,
    if it is so decided."""
    batch = held(application.batch)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    application.batch = batch
    require_deciding(application)
    ctx.require_apart(application)
    if verdict not in IssueDecision.Verdict.values or not reason.strip():
        raise Refused("请选择决定并写明理由")
    decided = IssueDecision.objects.filter(application=application).first() or IssueDecision(application=application)
    if verdict == IssueDecision.Verdict.LIFTED and not decided.keeps_back:
        raise Refused("该考生没有暂不核发的决定", CLAUSE)
    if verdict == IssueDecision.Verdict.AGAIN and certificate_of(application) is None:
        raise Refused("该考生没有被撤销的证书，不需要重新核发的决定", CLAUSE)
    decided.verdict, decided.reason = verdict, uncut(reason, 200, "理由")
    decided.by, decided.at = ctx.actor.name, ctx.at
    decided.save()
    ctx.record(decided)
    return decided


def _certificate(result: Result, number: str, day: date) -> Certificate:
    application = result.application
    applicant, line = application.applicant, application.line
    return Certificate(
        application=application,
        number=number,
        name=applicant.name,
        id_type=applicant.id_type,
        id_number=applicant.id_number,
        id_index=applicant.id_index,
        occupation_code=line.scope_row.occupation.code,
        occupation=line.scope_row.occupation.name,
        job=line.scope_row.job,
        level_code=line.level.code,
        level_title=line.level.certificate_title,
        issued_on=day,
        photo_id=applicant.photo_id,
    )


def require_printing(certificates: Sequence[Certificate]) -> None:
    """Raises Refused unless there are some and each may be printed, for the first time or once more."""
    if not certificates:
        raise Refused("请先勾选证书")
    _require(certificates, _may_not_print)


@act("certificates.print_certificates", duty="E13", title="登记打印", clause="三(一)2(1)⑬", guard=require_printing)
def print_certificates(
    ctx: Context, certificates: Iterable[Certificate], *, first_serial: str, reason: str = "", reissued: bool = False
) -> list[Certificate]:
    """Note the print serials of the blank sheets, one a certificate from `first_serial` up. Another sheet takes a reason; the former
    one is spoiled unless the next certificate is on it (after a jam), and the province hears of it. `reissued`: the holder's sheet was
    lost or damaged (补发), and the new one says so. What was handed out has to be handed out anew."""
    rows = _locked(certificates)
    require_printing(rows)
    again = [row for row in rows if row.print_serial]
    serials = blanks.taken_from_stock(first_serial, len(rows), own=[row.print_serial for row in again])
    if again and not reason.strip():
        raise Refused(
            f"证书 {again[0].number} 已打印（流水码 {again[0].print_serial}），重新打印须在该证书的页面写明原因", BLANKS
        )
    at_home = [row.number for row in rows if row.state != Certificate.State.ISSUED]
    if reissued and at_home:
        raise Refused(f"证书 {'、'.join(at_home[:LISTED])} 还没有发放，不是补发：请选“更换”", BLANKS)
    spoiled = [_spoiled(ctx, row, reason) for row in again if row.print_serial not in serials]
    SpoiledSheet.objects.bulk_create(spoiled)
    Certificate.objects.filter(pk__in=[row.pk for row in again]).update(
        print_serial=""
    )  # no two on one sheet, not for a moment
    for row, serial in zip(rows, serials, strict=True):
        row.print_serial = serial
        row.printed_times += 1
        row.state, row.handed_to, row.handed_at = Certificate.State.NUMBERED, "", None
        if reissued:
            row.reissued_on = today()
    rewrite(rows, ["print_serial", "printed_times", "state", "handed_to", "handed_at", "reissued_on"])
    ctx.record(*rows, *spoiled)
    said = f"补发：{reason.strip()}" if reissued else reason.strip()
    note_changes(ctx, rows, "reprinted", said or "报送后登记打印")
    return rows


def _spoiled(ctx: Context, row: Certificate, reason: str) -> SpoiledSheet:
    """The sheet that the certificate leaves. One that was handed out lies in the house only once it is brought back."""
    returned = None if row.state == Certificate.State.ISSUED else ctx.at
    why = uncut(reason, 200, "重新打印的原因")
    return SpoiledSheet(
        certificate=row, serial=row.print_serial, reason=why, at=ctx.at, by=ctx.actor.name, returned_at=returned
    )


def _locked(certificates: Iterable[Certificate]) -> list[Certificate]:
    """The certificates, locked, and the batches held in which they were earned."""
    chosen = [c.pk for c in certificates]
    for batch in Batch.objects.filter(applications__certificates__in=chosen).distinct().order_by("pk"):
        held(batch)
    return list(
        Certificate.objects.select_for_update(of=("self",))
        .filter(pk__in=chosen)
        .select_related("application__batch")
        .order_by("number")
    )


def _require(rows: Sequence[Certificate], may_not: Callable[[Certificate], str]) -> None:
    """Refuse with everything that stands in the way of any of the rows."""
    corrected = set(
        Correction.objects.filter(certificate__in=rows, state=Correction.State.PROPOSED).values_list(
            "certificate", flat=True
        )
    )
    problems = [
        (f"证书 {row.number}", f" {said}")
        for row in rows
        if (said := "的更正尚待审批" if row.pk in corrected and not row.is_withdrawn else may_not(row))
    ]
    if problems:
        raise Refused(grouped(problems), CLAUSE)


def _may_not_print(row: Certificate) -> str:
    """From the stage of certificates on: a batch leaves it with all of its own printed, and what comes later came up later."""
    if row.is_withdrawn:
        return "已撤销，不能打印"
    batch = row.application.batch
    return "" if batch.has_reached(STAGE) else f"所在批次现处“{batch.get_stage_display()}”，不能打印"


def _may_not_hand_out(row: Certificate) -> str:
    """As with printing."""
    if row.state != Certificate.State.NUMBERED:
        return row.get_state_display()
    if not row.print_serial:
        return "尚未打印"
    batch = row.application.batch
    return "" if batch.has_reached(STAGE) else f"所在批次现处“{batch.get_stage_display()}”，不能发放"


def require_handing_out(certificates: Sequence[Certificate]) -> None:
    """Raises Refused unless there are some and each is printed and not handed out."""
    if not certificates:
        raise Refused("没有可发放的证书：须先勾选，且已登记打印、尚未发放", CLAUSE)
    _require(certificates, _may_not_hand_out)


@act("certificates.hand_out", duty="E13", title="发放证书", clause="四(一)8", guard=require_handing_out)
def hand_out(ctx: Context, certificates: Iterable[Certificate], *, to: str = "") -> list[Certificate]:
    """Register that certificates were handed out: to the holder, or to who collects them (`to`)."""
    rows = _locked(certificates)
    require_handing_out(rows)
    for row in rows:
        row.state, row.handed_to, row.handed_at = Certificate.State.ISSUED, uncut(to, 60, "领取人") or row.name, ctx.at
    rewrite(rows, ["state", "handed_to", "handed_at"])
    ctx.record_all(rows)
    return rows


def require_reporting(batch: Batch) -> None:
    """Raises Refused unless the province has not all certificates of the batch, and none are on their way."""
    if not batch.has_reached(STAGE):
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不能报送证书数据", CLAUSE)
    if not unreported(batch).exists():
        raise Refused("没有待报送的证书", CLAUSE)
    if on_their_way([batch.pk]):
        raise Refused("证书数据已在报送途中，等省平台接收后再看", CLAUSE)


@act("certificates.report", duty="E13", title="报送证书数据", clause="四(一)8", guard=require_reporting)
def report(ctx: Context, batch: Batch) -> int:
    """Send the batch's certificates not yet reported to the province, for the national query system; one report at a time."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    require_reporting(batch)
    certificates = list(unreported(batch).select_for_update(of=("self",)).order_by("number"))
    rows = certificate_rows(certificates)
    digest = sha256(canonical_json(rows)).hexdigest()
    sendings = outbox.messages_about(batch).filter(kind="certificates").count() + 1
    key = f"certificates-{batch.code}-{sendings}-{digest[:16]}"
    outbox.enqueue(ctx, "certificates", batch, {"batch_code": batch.code, "rows": rows}, key=key)
    ctx.note = f"报送 {len(rows)} 本证书：{certificates[0].number} 至 {certificates[-1].number}"
    return len(rows)


@act("certificates.mark_reported", duty="SYS", title="登记证书已报送", clause="四(一)8")
def mark_reported(ctx: Context, batch: Batch, *, accepted: Sequence[str], refused: Mapping[str, str]) -> int:
    """Take down which numbers the province took, and which it refused and why; then tell it what became of those it took."""
    rows = list(
        Certificate.objects.select_for_update(of=("self",))
        .filter(application__batch=batch, number__in=[*accepted, *refused], reported=False)
        .select_related("application__batch")
        .order_by("number")
    )
    for row in rows:
        row.reported = row.number not in refused
        row.refusal = refused.get(row.number, "")[:300]
    rewrite(rows, ["reported", "refusal"])
    ctx.record_all(rows)
    taken = [row for row in rows if row.reported]
    forget_changes(ctx, [row for row in rows if not row.reported])
    send_next(ctx, taken)
    said = "；".join(f"{number} {reason}" for number, reason in list(refused.items())[:LISTED])
    ctx.note = f"省平台接收 {len(taken)} 本" + (f"，拒收 {len(refused)} 本：{said}" if refused else "")
    return len(taken)


def require_in_force(certificate: Certificate) -> None:
    """Raises Refused when the certificate has been withdrawn."""
    if certificate.is_withdrawn:
        raise Refused("该证书已撤销", CLAUSE)


@act("certificates.withdraw", duty="L2", title="撤销证书", clause="证书管理及发放办法", guard=require_in_force)
def withdraw(ctx: Context, certificate: Certificate, *, reason: str, ground: str = "other") -> Certificate:
    """Withdraw a certificate; its number is never used again. The public reads the ground, the province the reason as well."""
    (certificate,) = _locked([certificate])
    require_in_force(certificate)
    if ground not in dict(Certificate.GROUNDS):
        raise Refused("请选择撤销事由（对公众显示）")
    if not reason.strip():
        raise Refused("请写明撤销原因", CLAUSE)
    certificate.state, certificate.withdrawn_at = Certificate.State.WITHDRAWN, ctx.at
    certificate.withdrawn_ground, certificate.withdrawn_reason = ground, uncut(reason, 200, "撤销原因")
    certificate.save()
    ctx.record(certificate)
    note_changes(ctx, [certificate], "withdrawn", f"{certificate.get_withdrawn_ground_display()}：{reason.strip()}")
    return certificate

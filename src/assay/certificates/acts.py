"""Certificates: numbered, printed, handed out, reported, withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from assay.batches.models import Batch
from assay.centre.models import Centre
from assay.certificates import numbers
from assay.certificates.models import Certificate, NumberCounter, SpoiledSheet
from assay.certificates.report import certificate_rows
from assay.kernel import outbox
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Refused
from assay.results.models import PublicNotice, Result

CLAUSE = "工作方案 四(一)8"
BLANKS = "人社鉴发〔2021〕1号"
SERIAL = re.compile(r"[0-9]{1,20}")


@act("certificates.number", duty="E13", title="编制证书", clause="四(一)8")
def number(ctx: Context, batch: Batch, *, issued_on: date | None = None) -> list[Certificate]:
    """Give each who passed a certificate with a number; the public notice must have ended. Never a number twice."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.stage != "certificates":
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，还不能核发证书", CLAUSE)
    if not PublicNotice.objects.filter(batch=batch, closed_at__isnull=False).exists():
        raise Refused("公示结束后才能核发证书", "工作方案 二(四)")
    centre = Centre.objects.get()
    if centre.number_source != "generated":
        raise Refused("证书编号由省中心给出，请导入编号", "人社鉴发〔2019〕2号")
    day = issued_on or today()
    results = list(
        Result.objects.filter(batch=batch, outcome="pass", application__certificate=None)
        .select_related(
            "application__applicant", "application__line__scope_row__occupation", "application__line__level"
        )
        .order_by("application__line__scope_row__no", "application__applicant__sort_key", "pk")
    )
    counters = _Counters(centre.body_code, day.year)
    made = [_certificate(r, counters.next(r.application.line.level.code), day) for r in results]
    Certificate.objects.bulk_create(made, batch_size=500)
    ctx.record_all(counters.save())
    ctx.record_all(made)
    if not made:
        ctx.note = "没有待编证书"
    return made


class _Counters:
    """The serials of one body and year; each level's row is locked when first asked for."""

    def __init__(self, body_code: str, year: int) -> None:
        self._body, self._year = body_code, year
        self._rows: dict[str, NumberCounter] = {}

    def next(self, level_code: str) -> str:
        row = self._rows.get(level_code)
        if row is None:
            NumberCounter.objects.get_or_create(body_code=self._body, year=self._year, level_code=level_code)
            row = NumberCounter.objects.select_for_update().get(
                body_code=self._body, year=self._year, level_code=level_code
            )
            self._rows[level_code] = row
        row.last += 1
        return numbers.compose(self._body, self._year, level_code, row.last)

    def save(self) -> list[NumberCounter]:
        for row in self._rows.values():
            row.save()
        return list(self._rows.values())


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


@act("certificates.print_certificates", duty="E13", title="打印证书", clause="三(一)2(1)⑬")
def print_certificates(
    ctx: Context, certificates: Iterable[Certificate], *, first_serial: str, reason: str = ""
) -> list[Certificate]:
    """Note the print serials of the blank sheets, one a certificate from `first_serial` up. A reprint takes new sheets and a
    reason; the former ones are spoiled."""
    rows = list(Certificate.objects.select_for_update().filter(pk__in=[c.pk for c in certificates]).order_by("number"))
    if not rows:
        raise Refused("请先勾选证书", BLANKS)
    if not SERIAL.fullmatch(first_serial):
        raise Refused("请填写起始印制流水码（至多 20 位数字）", BLANKS)
    serials = [f"{int(first_serial) + n:0{len(first_serial)}d}" for n in range(len(rows))]
    used = {
        *Certificate.objects.filter(print_serial__in=serials).values_list("print_serial", flat=True),
        *SpoiledSheet.objects.filter(serial__in=serials).values_list("serial", flat=True),
    }
    if used:
        raise Refused(f"印制流水码 {'、'.join(sorted(used)[:5])} 已用过", BLANKS)
    again = [row for row in rows if row.print_serial]
    if again and not reason.strip():
        raise Refused(
            f"证书 {again[0].number} 已打印（流水码 {again[0].print_serial}），重新打印须在该证书的页面写明原因", BLANKS
        )
    spoiled = [
        SpoiledSheet(certificate=row, serial=row.print_serial, reason=reason.strip(), at=ctx.at, by=ctx.actor.name)
        for row in again
    ]
    SpoiledSheet.objects.bulk_create(spoiled)
    for row, serial in zip(rows, serials, strict=True):
        if row.state == "withdrawn":
            raise Refused(f"证书 {row.number} 已撤销，不能打印", CLAUSE)
        row.print_serial = serial
        row.printed_times += 1
    rewrite(rows, ["print_serial", "printed_times"])
    ctx.record(*rows, *spoiled)
    return rows


@act("certificates.hand_out", duty="E13", title="发放证书", clause="四(一)8")
def hand_out(ctx: Context, certificates: Iterable[Certificate], *, to: str = "") -> list[Certificate]:
    """Register that certificates were handed out: to the holder, or to who collects them (`to`)."""
    rows = list(Certificate.objects.select_for_update().filter(pk__in=[c.pk for c in certificates]).order_by("number"))
    for row in rows:
        if row.state != "numbered":
            raise Refused(f"证书 {row.number} {row.get_state_display()}", CLAUSE)
        if not row.print_serial:
            raise Refused(f"证书 {row.number} 尚未打印", CLAUSE)
        row.state, row.handed_to, row.handed_at = "issued", to.strip() or row.name, ctx.at
    rewrite(rows, ["state", "handed_to", "handed_at"])
    ctx.record_all(rows)
    return rows


@act("certificates.report", duty="E13", title="报送证书数据", clause="四(一)8")
def report(ctx: Context, batch: Batch) -> int:
    """Send the batch's certificates not yet reported to the province, for the national query system."""
    certificates = list(
        Certificate.objects.filter(application__batch=batch, reported=False)
        .exclude(state="withdrawn")
        .order_by("number")
    )
    if not certificates:
        raise Refused("没有待报送的证书", CLAUSE)
    rows = certificate_rows(certificates)
    key = f"certificates-{batch.code}-{certificates[0].number}-{certificates[-1].number}-{len(rows)}"
    outbox.enqueue("certificates", batch, {"batch_code": batch.code, "rows": rows}, key=key)
    ctx.note = f"报送 {len(rows)} 本证书：{certificates[0].number} 至 {certificates[-1].number}"
    return len(rows)


@act("certificates.mark_reported", duty="SYS", title="登记证书已报送", clause="四(一)8")
def mark_reported(ctx: Context, batch: Batch, *, accepted: list[str], rejected: list[dict[str, Any]]) -> int:
    """Take down which numbers the province took, and which it refused and why."""
    rows = list(Certificate.objects.select_for_update().filter(application__batch=batch, number__in=accepted))
    for row in rows:
        row.reported = True
    rewrite(rows, ["reported"])
    refused = "；".join(f"{r['number']} {r['reason']}" for r in rejected[:20])
    ctx.note = f"省平台接收 {len(rows)} 本" + (f"，拒收 {len(rejected)} 本：{refused}" if rejected else "")
    return len(rows)


@act("certificates.withdraw", duty="L2", title="撤销证书", clause="证书管理及发放办法")
def withdraw(ctx: Context, certificate: Certificate, *, reason: str) -> Certificate:
    """Withdraw a certificate; its number is never used again."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.state == "withdrawn":
        raise Refused("该证书已撤销", CLAUSE)
    if not reason.strip():
        raise Refused("请写明撤销原因", CLAUSE)
    certificate.state, certificate.withdrawn_reason = "withdrawn", reason.strip()
    certificate.save()
    ctx.record(certificate)
    return certificate

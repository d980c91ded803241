"""Playing the end of a batch: public notice, certificates, archive. The same for all routes."""

from __future__ import annotations

from datetime import date, timedelta

from assay.archive import acts as archive_acts
from assay.batches import acts as batch_acts
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.certificates import verification
from assay.certificates.acts import issuing as certificate_acts
from assay.certificates.models import Certificate
from assay.gateway.delivery import deliver_due
from assay.rehearsal.applying import RehearsalFailed
from assay.rehearsal.calendar import on
from assay.rehearsal.cast import Cast
from assay.rehearsal.report import Report
from assay.results.acts import notices
from assay.results.models import PublicNotice


def publish_notice(cast: Cast, batch: Batch, report: Report, day: date) -> date:
    """Post the notice on `day`, close it when its days are over; the day after."""
    with report.stage(Stage.NOTICE, f"{batch.name}：校内公示") as stage:
        with on(day):
            notice = notices.open_notice(cast("kaowu"), batch)
        after = PublicNotice.objects.get(pk=notice.pk).ends_on + timedelta(days=1)
        with on(after):
            notices.close_notice(cast("kaowu"), batch)
            batch_acts.advance(cast("kaowu"), batch)
            batch.refresh_from_db()
        stage.counts["公示人数"] = len(notice.rows)
    return after


def issue_certificates(cast: Cast, batch: Batch, report: Report, day: date, province: str, first_serial: str) -> None:
    """Number, print, hand out and report; then look every one up as the public would."""
    officer = cast("zhengshu")
    with report.stage(Stage.CERTIFICATES, f"{batch.name}：证书核发") as stage:
        with on(day):
            made = certificate_acts.number(officer, batch)
            certificate_acts.print_certificates(officer, made, first_serial=first_serial)
            certificate_acts.hand_out(officer, Certificate.objects.filter(application__batch=batch))
            certificate_acts.report(officer, batch)
            deliver_due(url=province)
        stage.counts["证书"] = len(made)
        stage.counts["已报送"] = Certificate.objects.filter(application__batch=batch, reported=True).count()
    with report.stage("verification", f"{batch.name}：证书查验") as stage:
        found = sum(verified(c) for c in Certificate.objects.filter(application__batch=batch))
        stage.counts["查验一致"] = found
    report.certificates_issued += len(made)
    report.certificates_verified += found
    with on(day, 16):
        batch_acts.advance(cast("kaowu"), batch)
        batch.refresh_from_db()


def verified(certificate: Certificate) -> bool:
    """Found by number and name, and by the signed text of its QR code."""
    shown = verification.find(certificate.number, certificate.name)
    scanned = verification.by_token(verification.qr_text(certificate).rsplit("/", 1)[1])
    claim = scanned.claim
    return shown is not None and shown == scanned.found and claim is not None and claim.number == certificate.number


def archive(cast: Cast, batch: Batch, report: Report, day: date) -> None:
    """Build and seal the volumes; the batch is closed."""
    with report.stage(Stage.ARCHIVE, f"{batch.name}：资料归档") as stage, on(day):
        volumes = archive_acts.assemble(cast("dangan"), batch)
        archive_acts.seal(cast("dangan"), batch)
        batch = batch_acts.advance(cast("kaowu"), batch)
        stage.counts["档案卷"] = len(volumes)
        stage.counts["文件"] = sum(v.documents.count() for v in volumes)
    if batch.stage != Stage.CLOSED:
        raise RehearsalFailed(f"{batch} 没有办结")

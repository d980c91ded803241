"""The certificate (work plan §六; rules.md §7), the issue list, and the list of who passed with marks and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assay.batches.models import Batch
from assay.batches.registers import day_of, register
from assay.catalogue.parts import Part
from assay.centre import parameters
from assay.centre.models import Centre
from assay.certificates.models import Certificate
from assay.certificates.verification import qr_texts
from assay.kernel import files, qr
from assay.kernel.clock import SHANGHAI, shown_day
from assay.kernel.documents import blocks as b
from assay.kernel.documents import faces, render, render_blocks
from assay.kernel.documents.heads import printed_head
from assay.results.models import Result, attendance
from assay.results.rules import Outcome

TEMPLATE = Path(__file__).parent / "documents" / "certificate.typ"


def certificates(rows: Iterable[Certificate]) -> bytes:
    """Cover and inside of each certificate."""
    centre = Centre.objects.get()
    pictures: dict[str, bytes] = {}
    printed = list(rows)
    codes = qr_texts(printed)
    data = {
        "demo": centre.is_demo,
        "centre": centre.name,
        "centre_en": centre.name_en,
        "url": parameters.text("certificate.url"),
        "body_url": parameters.text("certificate.body_url"),
        "certificates": [_shown(c, codes[c.pk], pictures) for c in printed],
    }
    title = f"职业技能等级证书　{printed[0].name} {printed[0].number}" if len(printed) == 1 else "职业技能等级证书"
    return render(TEMPLATE, data, pictures, title=title, on=max((c.issued_on for c in printed), default=None))


def _shown(c: Certificate, said: str, pictures: dict[str, bytes]) -> dict[str, Any]:
    """What stands on a certificate; `said`: what its QR code says."""
    photo, code = "-", f"{c.number}.svg"
    if c.photo_id:
        photo = f"{c.photo_id[:24]}.jpg"
        pictures.setdefault(photo, files.read(c.photo_id))
    pictures[code] = qr.svg(said)
    return {
        "level_code": c.level_code,
        "cover_level": c.level_title,
        "issued_on": shown_day(c.issued_on),
        "serial": c.print_serial,
        "photo": photo,
        "qr": code,
        "address": said,
        "name": _entry(c.name),
        "id_type": _entry(c.get_id_type_display()),
        "id_number": _entry(c.id_number),
        "occupation": _entry(c.occupation),
        "job": _entry(c.job or "--"),
        "level": _entry(c.level_title),
        "number": _entry(c.number),
    }


def _entry(said: str) -> dict[str, Any]:
    """What is filled in, and whether 仿宋 has all of it."""
    return {"said": said, "fang": faces.in_fang(said)}


def issue_list(batch: Batch) -> bytes:
    """证书核发登记表, with room to sign; for the file, with whole ID numbers."""
    centre = Centre.objects.get()
    rows = [
        [
            n,
            c.number,
            c.name,
            c.id_number,
            f"{c.job or c.occupation} {c.level_title}",
            c.print_serial,
            c.handed_to,
            _day(c),
            "",
        ]
        for n, c in enumerate(Certificate.objects.filter(application__batch=batch).order_by("number"), start=1)
    ]
    paper = [
        b.title("职业技能等级证书核发登记表", above=centre.name, below=f"{batch.name}　共 {len(rows)} 本", whose=batch.name),
        b.table(
            ["序号", "证书编号", "姓名", "证件号码", "工种等级", "流水码", "领取人", "领取日期", "签名"], rows,
            widths=["10mm", "46mm", "26mm", "38mm", "1fr", "20mm", "22mm", "24mm", "22mm"],
        ),
        b.signatures("发放人", "认定中心主任"),
    ]  # fmt: skip
    head, pictures = printed_head()
    return render_blocks([[*paper, *head]], files=pictures, landscape=True, demo=centre.is_demo, on=day_of(batch))


def pass_list(batch: Batch) -> bytes:
    """合格人员成绩及证书编号名册 (work plan §四(一)9(3)): who passed, with marks and certificate; for the file, with whole ID numbers."""
    results = (
        batch.results.filter(outcome=Outcome.PASS)
        .select_related("application__applicant", "application__ticket", "application__certificate", "application__issue_decision")
        .select_related("application__line__scope_row__occupation", "application__line__level")
        .prefetch_related(attendance())
        .order_by("application__line__scope_row__no", "application__line__level__rank", "application__ticket__number", "pk")
    )  # fmt: skip
    rows = [_passed(n, result) for n, result in enumerate(results, start=1)]
    head = ["序号", "准考证号", "姓名", "证件号码", "工种等级", "理论", "技能", "评审", "证书编号", "发证日期", "备注"]
    widths = ["11mm", "25mm", "20mm", "37mm", "1fr", "13mm", "13mm", "13mm", "44mm", "21mm", "16mm"]
    return register(
        batch, "合格人员成绩及证书编号名册", head, rows, widths, empty="本批次没有合格人员。", signed_by=["编制", "复核", "认定中心主任"]
    )  # fmt: skip


def _passed(number: int, result: Result) -> list[Any]:
    """A row of who passed: as on the certificate where there is one."""
    application, certificate = result.application, getattr(result.application, "certificate", None)
    ticket, decision = getattr(application, "ticket", None), getattr(application, "issue_decision", None)
    whose = certificate or application.applicant
    marks = [result.said(part) or "—" for part in Part]
    if certificate is None:
        kept_back = decision.get_verdict_display() if decision and decision.keeps_back else "未编制证书"
        issued = ["—", "—", kept_back]
    else:
        issued = [certificate.number, f"{certificate.issued_on:%Y-%m-%d}", "已撤销" if certificate.is_withdrawn else ""]
    return [number, ticket.number if ticket else "—", whose.name, whose.id_number, application.line, *marks, *issued]


def _day(certificate: Certificate) -> str:
    return f"{certificate.handed_at.astimezone(SHANGHAI):%Y-%m-%d}" if certificate.handed_at else ""

"""The certificate (work plan §六; rules.md §7), the issue list, and the list of who passed with marks and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from assay.batches.models import Batch
from assay.batches.registers import day_of, register
from assay.catalogue.parts import Part
from assay.centre import parameters, site
from assay.centre.models import Centre
from assay.certificates.layouts import Layout
from assay.certificates.models import Certificate, certificate_of
from assay.certificates.verification import qr_texts
from assay.kernel import files, qr
from assay.kernel.clock import SHANGHAI, shown_day
from assay.kernel.documents import blocks as b
from assay.kernel.documents import faces, render, render_blocks
from assay.kernel.documents.heads import printed_head
from assay.kernel.refusals import Refused
from assay.results.models import Result, attendance
from assay.results.rules import Outcome

TEMPLATE = Path(__file__).parent / "documents" / "certificate.typ"


def require_address() -> None:
    """Raises Refused while the QR code would lead to this computer alone: what is printed with it is of no use to anybody. The papers
    of a demonstration bear its mark, and nobody scans them."""
    here = site.opened_here_only()
    if here and not Centre.objects.get().is_demo:
        raise Refused(
            f"证书的二维码会指向 {here}，只有本机能打开，印出去的证书扫不开，所以不能打印。请先由中心主任或领导小组在“中心设置—参数”"
            "的“本站网址（印在二维码里）”填写对外的网址",
            "人社鉴发〔2021〕1号",
        )


def certificates(rows: Iterable[Certificate], layout: Layout = Layout.WHOLE, *, copy: bool = False) -> bytes:
    """Each certificate: cover and inside, the inside alone, or what is filled in alone, moved by the centre's offsets so that it falls
    onto its blank sheets. `copy`: says on each page that it is one (副本)."""
    require_address()
    pictures: dict[str, bytes] = {}
    printed = list(rows)
    codes = qr_texts(printed)
    data = {**_frame(layout), "copy": copy, "certificates": [_shown(c, codes[c.pk], pictures) for c in printed]}
    what = "职业技能等级证书（副本）" if copy else "职业技能等级证书"
    title = f"{what}　{printed[0].name} {printed[0].number}" if len(printed) == 1 else what
    return render(TEMPLATE, data, pictures, title=title, on=max((c.issued_on for c in printed), default=None))


def _frame(layout: Layout) -> dict[str, Any]:
    """What is the same on every sheet. Offsets are of the blank sheets: what is printed whole stays where it is."""
    centre, moved = Centre.objects.get(), layout == Layout.VALUES
    return {
        "demo": centre.is_demo,
        "centre": centre.name,
        "centre_en": centre.name_en,
        "url": parameters.text("certificate.url"),
        "body_url": parameters.text("certificate.body_url"),
        "layout": layout,
        "right": float(parameters.decimal("certificate.offset_right")) if moved else 0,
        "down": float(parameters.decimal("certificate.offset_down")) if moved else 0,
        "copy": False,
        "grid": False,
    }


def test_sheet() -> bytes:
    """What is filled in, as it would fall onto a blank sheet, over a grid of centimetres: held with a blank against the light it shows
    how far it has to be moved. Of nobody's data."""
    said = {
        "name": "示例姓名", "id_type": "居民身份证", "id_number": "000000000000000000", "occupation": "示例职业名称", "job": "--",
        "level": "四级/中级工", "number": "X000000000000000000000",
    }  # fmt: skip
    sample = {
        "level_code": "", "cover_level": "", "issued_on": "2000年1月1日", "reissued_on": "2000年1月1日", "serial": "", "photo": "-",
        "qr": "sample.svg", "address": "urn:assay:sample", **{key: _entry(text) for key, text in said.items()},
    }  # fmt: skip
    data = {**_frame(Layout.VALUES), "grid": True, "certificates": [sample]}
    return render(TEMPLATE, data, {"sample.svg": qr.svg("TEST")}, title="证书套打测试页")


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
        "reissued_on": shown_day(c.reissued_on) if c.reissued_on else "",
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


def issue_list(batch: Batch, rows: Sequence[Certificate] | None = None, which: str = "") -> bytes:
    """证书核发登记表, with room to sign; for the file, with whole ID numbers. Of all certificates of the batch, or of `rows`, with `which`
    of them in words."""
    centre = Centre.objects.get()
    found = Certificate.objects.filter(application__batch=batch).order_by("number") if rows is None else rows
    lines = [
        [
            n,
            c.number,
            c.name,
            c.id_number,
            f"{c.job or c.occupation} {c.level_title}",
            c.print_serial,
            c.handed_to,
            _day(c),
            _remark(c),
            "",
        ]
        for n, c in enumerate(found, start=1)
    ]
    below = "　".join(filter(None, [batch.name, which, f"共 {len(lines)} 本"]))
    paper = [
        b.title("职业技能等级证书核发登记表", above=centre.name, below=below, whose=batch.name),
        b.table(
            ["序号", "证书编号", "姓名", "证件号码", "工种等级", "流水码", "领取人", "领取日期", "备注", "签名"], lines,
            widths=["10mm", "45mm", "22mm", "37mm", "1fr", "26mm", "19mm", "22mm", "22mm", "20mm"],
        ),
        b.signatures("发放人", "认定中心主任"),
    ]  # fmt: skip
    head, pictures = printed_head()
    return render_blocks([[*paper, *head]], files=pictures, landscape=True, demo=centre.is_demo, on=day_of(batch))


def _remark(c: Certificate) -> str:
    if c.is_withdrawn:
        return "已撤销"
    return f"补发 {c.reissued_on:%Y-%m-%d}" if c.reissued_on else "更正" if c.is_corrected else ""


def pass_list(batch: Batch) -> bytes:
    """合格人员成绩及证书编号名册 (work plan §四(一)9(3)): who passed, with marks and certificate; for the file, with whole ID numbers."""
    results = (
        batch.results.filter(outcome=Outcome.PASS)
        .select_related("application__applicant", "application__ticket", "application__issue_decision")
        .select_related("application__line__scope_row__occupation", "application__line__level")
        .prefetch_related(attendance(), "application__certificates")
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
    application, certificate = result.application, certificate_of(result.application)
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

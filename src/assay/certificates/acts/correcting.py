"""Putting a misprint on a certificate right: proposed with the paper that shows it, decided by somebody else.

What may be corrected is what identifies the holder, and the date: name, document, photo, date of issue. Occupation, job and level
are what was decided, not how it was printed: a certificate that is wrong there is withdrawn. The number stays; the old sheet is
spoiled and its QR code is the certificate's no more; another sheet has to be printed and handed out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from assay.applications.people import person_index
from assay.certificates.acts.indexes import give_indexes
from assay.certificates.acts.telling import note_changes
from assay.certificates.models import Certificate, Correction, SpoiledSheet
from assay.certificates.numbers import year_of
from assay.kernel import files
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.documents import faces
from assay.kernel.identity import ID_TYPES, lasting, mask, normalise, number_problem, tidy_name
from assay.kernel.photos import made_fit, photo_problem
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut

CLAUSE = "证书管理及发放办法"
TITLES: Mapping[str, str] = {
    "name": "姓名", "id_type": "证件类型", "id_number": "证件号码", "issued_on": "发证日期",
}  # fmt: skip


def require_correctable(certificate: Certificate) -> None:
    """Raises Refused unless the certificate is in force and no correction of it waits."""
    if certificate.is_withdrawn:
        raise Refused(f"证书 {certificate.number} 已撤销，不能更正", CLAUSE)
    if certificate.corrections.filter(state=Correction.State.PROPOSED).exists():
        raise Refused(f"证书 {certificate.number} 的更正已提出，尚待审批", CLAUSE)


@act(
    "certificates.propose_correction", duty="E13", title="提出证书更正", clause="证书管理及发放办法", guard=require_correctable
)  # fmt: skip
def propose_correction(
    ctx: Context, certificate: Certificate, *, printed: Mapping[str, Any], reason: str, paper: bytes, photo: bytes = b""
) -> Correction:
    """Propose that a certificate say what `printed` gives (see TITLES; what is left out stays), and show another photo."""
    photo = made_fit(photo)
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    require_correctable(certificate)
    ctx.require_apart(certificate)
    wanted = _cleaned(certificate, printed)
    changed = {name for name, value in wanted.items() if value != _printed(certificate)[name]}
    problems = [*_problems(certificate, {**_printed(certificate), **wanted}), *_missing(changed, reason, paper, photo)]
    if problems:
        raise Refused("；".join(problems), CLAUSE)
    correction = Correction.objects.create(
        certificate=certificate,
        before=_written({name: _printed(certificate)[name] for name in changed}),
        after=_written({name: wanted[name] for name in changed}),
        former_photo_id=certificate.photo_id if photo else None,
        photo=files.keep(photo) if photo else None,
        reason=uncut(reason, 200, "更正原因"),
        paper=files.keep(paper),
        proposed_by=ctx.actor.name,
        proposed_account_id=ctx.actor.account_id,
        proposed_at=ctx.at,
    )
    ctx.note = f"证书 {certificate.number}：{said_of(correction)}；理由：{correction.reason}"
    ctx.record(correction)
    return correction


def _printed(certificate: Certificate) -> dict[str, str]:
    """The correctable fields as they stand, as text."""
    return {
        "name": certificate.name,
        "id_type": certificate.id_type,
        "id_number": certificate.id_number,
        "issued_on": certificate.issued_on.isoformat(),
    }


def _cleaned(certificate: Certificate, printed: Mapping[str, Any]) -> dict[str, str]:
    stray = sorted(set(printed) - set(TITLES))
    if stray:
        raise Refused(f"{'、'.join(stray)}不能更正：职业、工种、等级有误是认定结论有误，应撤销证书，不是更正", CLAUSE)
    wanted = {name: str(value).strip() for name, value in printed.items()}
    if "id_number" in wanted:
        wanted["id_number"] = lasting(wanted.get("id_type", certificate.id_type), normalise(wanted["id_number"]))
    if "name" in wanted and wanted["name"] != certificate.name:  # what is left as it was is no correction
        wanted["name"] = tidy_name(wanted["name"])
    return wanted


def _written(values: Mapping[str, str]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _missing(changed: set[str], reason: str, paper: bytes, photo: bytes) -> Iterator[str]:
    if not changed and not photo:
        yield "没有要更正的内容：所填与证书现在的内容相同"
    if not reason.strip():
        yield "请写明更正理由"
    if not paper:
        yield "请附证明材料（PDF、JPG 或 PNG）"
    if photo and (wrong := photo_problem(photo)):
        yield wrong


def _problems(certificate: Certificate, wanted: Mapping[str, str]) -> Iterator[str]:
    """What a certificate that says this would have wrong."""
    if not wanted["name"]:
        yield "姓名为空"
    if signs := faces.missing(wanted["name"]):
        yield faces.said_missing("姓名", signs)
    if wrong := number_problem(wanted["id_type"], wanted["id_number"], today()):
        yield wrong
    yield from _date_problems(certificate, wanted["issued_on"])
    first = first_edition(certificate)
    if all(wanted[name] != first[name] for name in ("name", "id_number")) and wanted["id_type"] == first["id_type"]:
        yield "姓名和证件号码都与原来不同，就是另一个人了：证书发错了人应撤销，不能更正"
    other = certificate.others_of(person_index(wanted["id_type"], wanted["id_number"])).first()
    if other is not None:
        yield f"该证件号码已持有同工种同等级的证书 {other.number}"


def _date_problems(certificate: Certificate, text: str) -> Iterator[str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        yield f"发证日期“{text}”不是日期"
        return
    if day.year % 100 != year_of(certificate.number):
        yield f"发证日期须与证书编号中的年份（{year_of(certificate.number):02d} 年）一致"
    if day > today():
        yield "发证日期不能晚于今天"


def first_edition(certificate: Certificate) -> dict[str, str]:
    """The correctable fields as they were when the certificate was numbered."""
    fields = _printed(certificate)
    for correction in certificate.corrections.filter(state=Correction.State.APPROVED).order_by("-edition"):
        fields.update(correction.was)
    return fields


def require_proposed(correction: Correction) -> None:
    """Raises Refused when the correction has been decided."""
    if not correction.is_proposed:
        raise Refused(f"这项更正{correction.get_state_display()}", CLAUSE)


@act(
    "certificates.decide_correction",
    duty="L2",
    title="审批证书更正",
    clause="证书管理及发放办法",
    guard=require_proposed,
)
def decide_correction(ctx: Context, correction: Correction, *, approve: bool, remark: str = "") -> Correction:
    """Correct the certificate, or leave it as it is; never by who proposed it."""
    certificate = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("application__batch")
        .get(pk=correction.certificate_id)
    )
    correction = Correction.objects.get(pk=correction.pk)
    require_proposed(correction)
    ctx.require_apart(correction)
    if approve and certificate.is_withdrawn:
        raise Refused(f"证书 {certificate.number} 已撤销，不能更正", CLAUSE)
    if not approve and not remark.strip():
        raise Refused("不予更正须写明意见", CLAUSE)
    correction.state = Correction.State.APPROVED if approve else Correction.State.REJECTED
    correction.remark, correction.decided_at = uncut(remark, 200, "审批意见"), ctx.at
    correction.decided_by, correction.decided_account_id = ctx.actor.name, ctx.actor.account_id
    if approve:
        correction.edition = certificate.edition + 1
    correction.save()
    ctx.note = f"证书 {certificate.number}：{correction.get_state_display()}，{said_of(correction)}"
    ctx.record(correction)
    if approve:
        _correct(ctx, certificate, correction)
    return correction


def _correct(ctx: Context, certificate: Certificate, correction: Correction) -> None:
    """The certificate says what is right, in a new edition that no sheet carries yet."""
    after = correction.will_be
    if "issued_on" in after:
        after["issued_on"] = date.fromisoformat(after["issued_on"])
    for name, value in after.items():
        setattr(certificate, name, value)
    if correction.photo_id:
        certificate.photo_id = correction.photo_id
    certificate.id_index = person_index(certificate.id_type, certificate.id_number)
    assert correction.edition is not None
    certificate.edition = correction.edition
    if certificate.print_serial:
        why = f"更正：{correction.reason}"
        sheet = SpoiledSheet(certificate=certificate, serial=certificate.print_serial, reason=why, at=ctx.at)
        sheet.by = ctx.actor.name
        sheet.returned_at = None if certificate.state == Certificate.State.ISSUED else ctx.at
        sheet.save()
        ctx.record(sheet)
    certificate.print_serial, certificate.state = "", Certificate.State.NUMBERED
    certificate.handed_to, certificate.handed_at = "", None
    certificate.save()
    ctx.record(certificate)
    give_indexes(ctx, [certificate])
    note_changes(ctx, [certificate], "corrected", correction.reason)


def said_of(correction: Correction, *, closely: bool = False) -> str:
    """Before → after of each field, document numbers masked; `closely` shows the characters in which two numbers differ, for
    whoever decides."""
    was, will_be = correction.was, correction.will_be
    said = []
    for name in (n for n in TITLES if n in will_be):
        before, after = _shown(name, was[name]), _shown(name, will_be[name])
        if closely and name == "id_number":
            before, after = _differing(was[name], will_be[name])
        said.append(f"{TITLES[name]} {before} → {after}")
    return "；".join([*said, *(["照片已更换"] if correction.photo_id else [])])


def _shown(name: str, value: str) -> str:
    if name == "id_number":
        return mask(value)
    return ID_TYPES.get(value, value) if name == "id_type" else value


def _differing(before: str, after: str) -> tuple[str, str]:
    """Two numbers masked but for where they differ."""
    masked = mask(before), mask(after)
    if len(before) != len(after):
        return masked
    differs = [a != b for a, b in zip(before, after, strict=True)]

    def opened(number: str, hidden: str) -> str:
        return "".join(c if d else h for c, h, d in zip(number, hidden, differs, strict=True))

    return opened(before, masked[0]), opened(after, masked[1])

"""Forms of the certificates room."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms

from assay.centre.act_forms import ActForm, Flag, OneOf, Ticked
from assay.centre.editing import PlainForm
from assay.certificates.models import Certificate, IssueDecision
from assay.kernel.identity import ID_TYPES


class CorrectionForm(PlainForm):
    """What a certificate should say. The document's number is never shown whole: left empty it stays."""

    name = forms.CharField(label="姓名", max_length=60)
    id_type = forms.ChoiceField(label="证件类型", choices=list(ID_TYPES.items()))
    id_number = forms.CharField(label="证件号码", max_length=40, required=False)
    issued_on = forms.DateField(label="发证日期")
    photo = forms.FileField(
        label="新照片（照片有误时）", required=False, help_text="白底一寸（295×413）；较大的竖照片由系统转正、裁小。",
        widget=forms.ClearableFileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
    )  # fmt: skip
    reason = forms.CharField(label="更正理由", max_length=200, help_text="错在哪里、依据什么更正。")
    paper = forms.FileField(
        label="证明材料", help_text="身份证、户口簿复印件等，PDF、JPG 或 PNG。",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )  # fmt: skip

    def __init__(self, certificate: Certificate, id_masked: str, *args: Any) -> None:
        now = {name: getattr(certificate, name) for name in ("name", "id_type", "issued_on")}
        super().__init__(*args, initial=now)
        self.fields["id_number"].help_text = f"现为 {id_masked}，不更正则不填。"

    def printed(self) -> dict[str, Any]:
        """What the act is to compare with the certificate."""
        given = {name: self.cleaned_data[name] for name in ("name", "id_type", "id_number", "issued_on")}
        if not given["id_number"]:
            del given["id_number"]
        return given


class IssueDecisionForm(ActForm):
    """Whether somebody whose right is in doubt is kept waiting, and why."""

    said = "请选择决定并写明理由"
    verdict = OneOf("决定", dict(IssueDecision.Verdict.choices), said=said)
    reason = forms.CharField(label="理由", max_length=200, error_messages={"required": said})


class CertificatesForm(ActForm):
    """Certificates of a batch: those that are ticked, or all that wait."""

    all = Flag("全部")
    chosen = Ticked("勾选的证书")


class PrintForm(CertificatesForm):
    first_serial = forms.CharField(label="起始印制流水码", required=False)


class HandOutForm(CertificatesForm):
    to = forms.CharField(label="领取人", max_length=60, required=False)


class ReprintForm(ActForm):
    """A new sheet for one certificate, and why."""

    first_serial = forms.CharField(label="起始印制流水码", required=False)
    reason = forms.CharField(
        label="重新打印的原因", max_length=200, error_messages={"required": "请写明重新打印的原因"}
    )


class WithdrawForm(ActForm):
    """What the public reads of a withdrawal, and the reason in full."""

    ground = OneOf("撤销事由（公开）", dict(Certificate.GROUNDS), said="请选择撤销事由（对公众显示）")
    reason = forms.CharField(label="撤销原因", max_length=200, required=False)


class Verdict(StrEnum):
    """As the buttons under a proposed correction say it."""

    APPROVE = "approve"
    REJECT = "reject"


class CorrectionDecisionForm(ActForm):
    """Whether a certificate is corrected as proposed; why not."""

    verdict = OneOf("决定", {Verdict.APPROVE: "同意更正", Verdict.REJECT: "不予更正"}, said="请选择同意更正或不予更正")
    remark = forms.CharField(label="审批意见", max_length=200, required=False)

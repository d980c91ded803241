"""Forms of the certificates room."""

from __future__ import annotations

from typing import Any

from django import forms

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


class IssueDecisionForm(PlainForm):
    verdict = forms.ChoiceField(label="决定", choices=IssueDecision.VERDICTS)
    reason = forms.CharField(label="理由", max_length=200)

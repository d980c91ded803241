"""Forms of the certificates room."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms

from assay.batches.models import Batch, BatchLine
from assay.centre.act_forms import ActForm, Chosen, Flag, OneOf, Ticked
from assay.centre.editing import PlainForm
from assay.certificates.layouts import LAYOUTS
from assay.certificates.models import Certificate, IssueDecision
from assay.certificates.selection import classes_of
from assay.kernel.identity import ID_TYPES
from assay.kernel.tables import UPLOADED

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


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


class NumbersForm(PlainForm):
    """Numbers that the province gave."""

    file = forms.FileField(
        label="编号表（Excel、WPS 表格或 CSV）", widget=forms.ClearableFileInput(attrs={"accept": UPLOADED})
    )
    count = forms.IntegerField(
        label="省中心给的个数", required=False, min_value=1, help_text="填写后与文件核对，文件不完整时不导入。"
    )
    source = forms.CharField(
        label="来源", max_length=200, required=False, help_text="下发的文号或日期；不填就记文件名。"
    )


class CertificatesForm(ActForm):
    """Certificates of a batch: those that are ticked, or all that wait."""

    all = Flag("全部")
    chosen = Ticked("勾选的证书")


class PrintForm(CertificatesForm):
    first_serial = forms.CharField(label="起始印制流水码", required=False)
    reason = forms.CharField(label="重新登记的原因", max_length=200, required=False)


class HandedOut(StrEnum):
    LEFT_OUT = "leave"
    AGAIN = "again"


class Unregistered(StrEnum):
    LEFT_OUT = "leave"
    TOO = "too"


class SelectionForm(ActForm):
    """Which certificates of a batch are meant."""

    class_name = forms.ChoiceField(label="班级", required=False)
    line = Chosen(BatchLine.objects.none(), label="工种等级", required=False)
    first = forms.CharField(
        label="从（证书编号或流水码）", max_length=40, required=False, help_text="例如卡纸后从这一本起接着打印。"
    )
    last = forms.CharField(label="到", max_length=40, required=False, help_text="只填一个就是这一本。")

    def __init__(self, batch: Batch, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = self.fields["class_name"]
        assert isinstance(classes, forms.ChoiceField)
        classes.choices = [("", "全部班级"), *((name, name) for name in classes_of(batch))]
        line = self.fields["line"]
        assert isinstance(line, Chosen)
        line.queryset = batch.lines.select_related("scope_row__occupation", "level")
        line.empty_label = "全部工种"


class DrawForm(SelectionForm):
    """How certificates are printed. What was handed out or has no sheet yet is left out unless it is asked for."""

    layout = OneOf("版式", LAYOUTS, said="请选择版式")
    handed_out = OneOf(
        "已发放的", {HandedOut.LEFT_OUT: "不印", HandedOut.AGAIN: "也重印已发放的（写明原因）"},
        said="请选择已发放的印不印", required=False, otherwise=HandedOut.LEFT_OUT,
    )  # fmt: skip
    unregistered = OneOf(
        "未登记打印的", {Unregistered.LEFT_OUT: "不印", Unregistered.TOO: "也打印（No. 处没有流水码）"},
        said="请选择未登记打印的印不印", required=False, otherwise=Unregistered.LEFT_OUT,
    )  # fmt: skip
    reason = forms.CharField(label="重印的原因", max_length=200, required=False)
    chosen = Ticked("勾选的证书")

    def __init__(self, batch: Batch, *args: Any, **kwargs: Any) -> None:
        super().__init__(batch, *args, **kwargs)
        self.fields["chosen"].widget = forms.MultipleHiddenInput()


class HandOutForm(CertificatesForm):
    to = forms.CharField(label="领取人", max_length=60, required=False)


class NewSheet(StrEnum):
    """Why a certificate gets another sheet: the first one was printed badly, or its holder lost or damaged it."""

    REPLACED = "replaced"
    REISSUED = "reissued"


class ReprintForm(ActForm):
    """A new sheet for one certificate, and why."""

    first_serial = forms.CharField(label="起始印制流水码", required=False)
    kind = OneOf(
        "换还是补", {NewSheet.REPLACED: "更换", NewSheet.REISSUED: "补发"}, said="请选择更换或补发", required=False,
        otherwise=NewSheet.REPLACED,
    )  # fmt: skip
    reason = forms.CharField(
        label="重新打印的原因", max_length=200, error_messages={"required": "请写明重新打印的原因"}
    )


class ReceiveForm(ActForm):
    """Blank sheets that came in."""

    first = forms.CharField(label="起始流水码", max_length=40, error_messages={"required": "请填写起始流水码"})
    last = forms.CharField(label="终止流水码", max_length=40, error_messages={"required": "请填写终止流水码"})
    received_on = forms.DateField(
        label="领入日期", error_messages=dict.fromkeys(("required", "invalid"), "请填写领入日期"),
        widget=DAY,
    )  # fmt: skip
    source = forms.CharField(
        label="来源", max_length=100, error_messages={"required": "请写明空白证书从哪里来"},
        help_text="印刷单位、送货单号或省中心的领取单号。",
    )  # fmt: skip


class SpoilForm(ActForm):
    """Blank sheets that are no good."""

    first = forms.CharField(label="起始流水码", max_length=40, error_messages={"required": "请填写起始流水码"})
    last = forms.CharField(label="终止流水码", max_length=40, required=False, help_text="只有一张不填。")
    reason = forms.CharField(
        label="作废原因",
        max_length=200,
        error_messages={"required": "请写明作废的原因"},
        help_text="卡纸、印偏、受潮等。",
    )


class SheetsForm(ActForm):
    """Spoiled sheets: those that are ticked in their list."""

    chosen = Ticked("勾选的废证")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].widget = forms.MultipleHiddenInput()


class DestroyForm(SheetsForm):
    destroyed_on = forms.DateField(
        label="销毁日期", error_messages=dict.fromkeys(("required", "invalid"), "请填写销毁日期"),
        widget=DAY,
    )  # fmt: skip
    how = forms.CharField(label="地点、方式", max_length=100, error_messages={"required": "请写明销毁的地点、方式"})
    witness = forms.CharField(label="监销人", max_length=60, error_messages={"required": "请填写监销人"})


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

"""Forms of the bank."""

from __future__ import annotations

from typing import Any

from django import forms

from assay.bank import rules
from assay.bank.acts import ItemRow
from assay.bank.models import Item, Specification
from assay.catalogue.models import Level, Occupation, ScopeRow
from assay.centre.editing import PlainForm
from assay.kernel import files

IMAGE_KINDS = ("image/png", "image/jpeg")


class SpecificationForm(PlainForm):
    """A new specification: what it is for, and its table as a file."""

    occupation = forms.ModelChoiceField(Occupation.objects.filter(scope__isnull=False).distinct(), label="职业")
    job = forms.CharField(
        label="工种", max_length=60, required=False, help_text="只用于一个工种时填写；留空则整个职业共用。"
    )
    level = forms.ModelChoiceField(Level.objects.all(), label="等级")
    title = forms.CharField(label="名称", max_length=80)
    file = forms.FileField(label="细目表（.xlsx）")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        occupation, job = cleaned.get("occupation"), cleaned.get("job")
        if occupation and job and not ScopeRow.objects.filter(occupation=occupation, job=job).exists():
            self.add_error("job", f"“{job}”不是 {occupation} 的备案工种")
        if occupation and cleaned.get("level"):
            known = Specification.objects.filter(occupation=occupation, job=job or "", level=cleaned["level"])
            if known.exists():
                self.add_error(None, "已有这个职业、工种、等级的细目表，请在原表上更新")
        return cleaned


class FileForm(PlainForm):
    file = forms.FileField(label="细目表（.xlsx）")


class ItemsFileForm(PlainForm):
    file = forms.FileField(label="试题文件（.xlsx 或 .csv）")
    images = forms.FileField(label="图片压缩包（.zip）", required=False, help_text="试题有图片时，与表中的文件名对应。")


class ItemForm(PlainForm):
    """One item. Options are one to a line, in the order A, B, C…"""

    point = forms.ChoiceField(label="鉴定点")
    type = forms.ChoiceField(label="题型", choices=list(rules.TYPES.items()))
    difficulty = forms.IntegerField(label="难度（1 易—5 难）", min_value=1, max_value=5, initial=3)
    stem = forms.CharField(label="题干", widget=forms.Textarea(attrs={"rows": 3}))
    options = forms.CharField(
        label="选项", required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="每行一个，依次为 A、B、C、D……；判断题不填。",
    )  # fmt: skip
    key = forms.CharField(label="答案", max_length=10, help_text="如 B、ABD、对、错。")
    explanation = forms.CharField(label="解析", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    image = forms.FileField(label="图片", required=False, help_text="PNG 或 JPG；不换图片就不选。")

    def __init__(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = self.fields["point"]
        assert isinstance(point, forms.ChoiceField)
        point.choices = [(p.code, str(p)) for p in specification.points.order_by("code")]

    @staticmethod
    def values_of(item: Item) -> dict[str, Any]:
        return {
            "point": item.point.code, "type": item.type, "difficulty": item.difficulty, "stem": item.stem,
            "options": "\n".join(item.options), "key": item.key, "explanation": item.explanation,
        }  # fmt: skip

    def clean_image(self) -> bytes | None:
        given = self.cleaned_data["image"]
        content: bytes | None = given.read() if given else None
        if content is not None and files.kind_of(content) not in IMAGE_KINDS:
            raise forms.ValidationError("不是 PNG 或 JPG 图片")
        return content

    def row(self) -> ItemRow:
        """The cleaned form as the act takes it."""
        given = self.cleaned_data
        options = tuple(line.strip() for line in given["options"].splitlines() if line.strip())
        image = files.keep(given["image"]) if given["image"] else None
        key = rules.normal_key(given["type"], given["key"])
        return ItemRow(
            given["point"], given["type"], given["difficulty"], given["stem"].strip(), options, key,
            given["explanation"].strip(), image,
        )  # fmt: skip

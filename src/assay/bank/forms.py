"""Forms of the bank."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms

from assay.bank import answers, rules
from assay.bank.content import markup
from assay.bank.interchange.drafts import Unreadable
from assay.bank.interchange.pictures import as_kept
from assay.bank.interchange.safety import LARGEST_PICTURE
from assay.bank.items import ItemRow
from assay.bank.models import Item, Specification
from assay.bank.showing import row_of
from assay.catalogue.models import Level, Occupation, ScopeRow
from assay.centre.editing import PlainForm


class SpecificationForm(PlainForm):
    """A new specification: what it is for, and its table as a file."""

    occupation = forms.ModelChoiceField(Occupation.objects.filter(scope__isnull=False).distinct(), label="职业")
    job = forms.CharField(
        label="工种", max_length=60, required=False, help_text="只用于一个工种时填写；留空则整个职业共用。"
    )
    level = forms.ModelChoiceField(Level.objects.all(), label="等级")
    part = forms.ChoiceField(label="部分", choices=Specification.PARTS)
    title = forms.CharField(label="名称", max_length=80)
    file = forms.FileField(label="细目表（.xlsx）")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        occupation, job = cleaned.get("occupation"), cleaned.get("job")
        if occupation and job and not ScopeRow.objects.filter(occupation=occupation, job=job).exists():
            self.add_error("job", f"“{job}”不是 {occupation} 的备案工种")
        if occupation and cleaned.get("level"):
            known = Specification.objects.filter(
                occupation=occupation, job=job or "", level=cleaned["level"], part=cleaned.get("part", "")
            )
            if known.exists():
                self.add_error(None, "已有这个职业、工种、等级、部分的细目表，请在原表上更新")
        return cleaned


class FileForm(PlainForm):
    file = forms.FileField(label="细目表（.xlsx）")


class ItemsFileForm(PlainForm):
    file = forms.FileField(label="试题文件")
    images = forms.FileField(
        label="图片压缩包（.zip）",
        required=False,
        help_text="表格中写了图片文件名时上传；嵌在表格或 Word 里的图片不用。",
    )
    point = forms.ChoiceField(
        label="没有写明鉴定点的题归到", required=False, help_text="不选的，导入后为“待归点”的草稿，逐题或成批再归。"
    )

    def __init__(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = self.fields["point"]
        assert isinstance(point, forms.ChoiceField)
        point.choices = [("", "（先不归点）"), *[(p.code, str(p)) for p in specification.points.order_by("code")]]


class ItemForm(PlainForm):
    """One item, every type on one form: what a type does not need stays empty."""

    type = forms.ChoiceField(
        label="题型", choices=[(k, t) for k, t in answers.TYPES.items() if k not in ("case", answers.PRACTICAL)]
    )
    point = forms.ChoiceField(label="鉴定点", required=False)
    difficulty = forms.IntegerField(label="难度（1 易—5 难）", min_value=1, max_value=5, initial=3)
    stem = forms.CharField(
        label="题干", max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="公式写在 \\( 与 \\) 之间；上标 &lt;sup&gt;2&lt;/sup&gt;，下标 &lt;sub&gt;2&lt;/sub&gt;；"
        "表格每行写成 | 甲 | 乙 |；填空题的空写 ____。",
    )  # fmt: skip
    premises = forms.CharField(
        label="左列项（匹配题，每行一项）", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    key = forms.CharField(
        label="答案", max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 1}),
        help_text="单选 B；多选 ABD；判断 对/错；填空各空用；分开、同义用 | 分开、数值可写 25±0.5；"
        "排序 CABD；匹配依次写各左列项的字母；简答写参考答案。",
    )  # fmt: skip
    explanation = forms.CharField(label="解析", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reference = forms.CharField(label="出处", required=False, max_length=200)
    picture = forms.FileField(
        label="插入图片", required=False, help_text="PNG 或 JPG，保存后出现在题干末尾，可在题干中把它移到需要的地方。"
    )

    def __init__(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = self.fields["point"]
        assert isinstance(point, forms.ChoiceField)
        point.choices = [("", "（待归点）"), *[(p.code, str(p)) for p in specification.points.order_by("code")]]
        for letter in answers.LETTERS[:8]:
            self.fields[f"option_{letter}"] = forms.CharField(
                label=f"选项 {letter}",
                required=False,
                widget=forms.Textarea(attrs={"rows": 1, "class": "form-control"}),
            )

    def option_fields(self) -> list[forms.BoundField]:
        return [self[f"option_{letter}"] for letter in answers.LETTERS[:8]]

    @staticmethod
    def values_of(item: Item) -> dict[str, Any]:
        row = row_of(item)
        options = {f"option_{letter}": text for letter, text in zip(answers.LETTERS, row.options, strict=False)}
        return {
            "point": row.point, "type": row.type, "difficulty": row.difficulty, "stem": row.stem, "key": row.key,
            "premises": "\n".join(row.premises), "explanation": row.explanation, "reference": row.reference, **options,
        }  # fmt: skip

    def clean_picture(self) -> bytes | None:
        return kept_picture(self.cleaned_data["picture"])

    def row(self) -> tuple[ItemRow, dict[str, bytes]]:
        """The cleaned form as the act takes it, and the picture that came with it."""
        given = self.cleaned_data
        kind, stem = given["type"], given["stem"]
        pictures: dict[str, bytes] = {}
        if given.get("picture"):
            digest = sha256(given["picture"]).hexdigest()
            pictures[digest] = given["picture"]
            stem += f"\n![]({digest})"
        options = [given.get(f"option_{letter}", "").strip() for letter in answers.LETTERS[:8]]
        while options and not options[-1]:
            options.pop()
        premises = tuple(line.strip() for line in given.get("premises", "").splitlines() if line.strip())
        return ItemRow(
            given.get("point", ""), kind, given.get("difficulty") or 3, clean_text(answers.normal_stem(kind, stem)),
            tuple(map(clean_text, options)), answers.normal_key(kind, given.get("key", "")), clean_text(given.get("explanation", "")),
            tuple(map(clean_text, premises)), given.get("reference", "").strip(),
        ), pictures  # fmt: skip


def clean_text(text: str) -> str:
    """A text in the one form in which the bank keeps it."""
    return markup.write(markup.parse(text))


def kept_picture(given: Any) -> bytes | None:
    """An uploaded picture as the bank keeps it; ValidationError for what is none."""
    if not given:
        return None
    try:
        return as_kept(given.read(LARGEST_PICTURE + 1))
    except Unreadable as broken:
        raise forms.ValidationError(str(broken)) from broken

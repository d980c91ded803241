"""Forms of the bank."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms

from assay.assembly import mixes
from assay.bank.models import Item, Specification
from assay.bank.showing import row_of
from assay.catalogue.models import Level, Occupation, ScopeRow
from assay.centre.editing import PlainForm, dress
from assay.interchange.drafts import Unreadable
from assay.interchange.pictures import as_kept
from assay.interchange.safety import LARGEST_PICTURE
from assay.items import answers, rules
from assay.items.content import markup
from assay.items.row import ItemRow


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


class MixForm(PlainForm):
    """The mixes of importance and of difficulty that a paper has to have; nothing chosen, none asked for. Own numbers go before
    a usual mix."""

    explained = (
        "选常用比例或自填百分数（自填的优先，合计 100），按最大余数法折成题数，每套试卷每一类的题数都要在允许相差之内；"
        "题库做不到时说明缺哪一类、缺几题。"
    )
    importance = forms.ChoiceField(
        label="重要程度", required=False, choices=[("", "不作硬性要求"), ("usual", "常用 75 : 18 : 7")]
    )
    difficulty = forms.ChoiceField(
        label="难度", required=False,
        choices=[("", "不作硬性要求"), *[(name, title) for name, (title, _) in mixes.USUAL_LEVELS.items()]],
    )  # fmt: skip
    tolerance = forms.IntegerField(
        label="每类允许相差（题）", required=False, min_value=0, max_value=50, initial=mixes.TOLERANCE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, titles, usual in (
            ("importance", mixes.IMPORTANCES, mixes.USUAL_IMPORTANCE),
            ("difficulty", mixes.LEVELS, mixes.usual_levels("middle")),
        ):
            for kind, title in titles.items():
                self.fields[f"{group}_{kind}"] = forms.DecimalField(
                    label=f"{kind} {title}（%）", required=False, min_value=0, max_value=100, decimal_places=2,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": str(usual[kind]), "class": "form-control"}),
                )  # fmt: skip

    def importance_fields(self) -> list[forms.BoundField]:
        return [self[f"importance_{kind}"] for kind in mixes.IMPORTANCES]

    def difficulty_fields(self) -> list[forms.BoundField]:
        return [self[f"difficulty_{level}"] for level in mixes.LEVELS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, group, kinds in (("重要程度", "importance", mixes.IMPORTANCES), ("难度", "difficulty", mixes.LEVELS)):
            total = sum(self._own(group, kinds).values(), Decimal(0))
            if self._own(group, kinds) and total != 100:
                self.add_error(group, f"{name}各项合计 {total.normalize():f}%，应为 100%（不用的填 0 或留空）")
        return cleaned

    def _own(self, group: str, kinds: Iterable[str]) -> dict[str, Decimal]:
        given = {kind: self.cleaned_data.get(f"{group}_{kind}") for kind in kinds}
        return {kind: share for kind, share in given.items() if share is not None}

    def stated(self) -> dict[str, Any]:
        """The mixes as `acts.Options` takes them."""
        given = self.cleaned_data
        usual = mixes.usual_levels(given["difficulty"]) if given["difficulty"] else {}
        allowed = given["tolerance"]
        return {
            "importance": self._own("importance", mixes.IMPORTANCES)
            or (mixes.USUAL_IMPORTANCE if given["importance"] else {}),
            "levels": self._own("difficulty", mixes.LEVELS) or usual,
            "tolerance": mixes.TOLERANCE if allowed is None else allowed,
        }


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

    markup = True
    type = forms.ChoiceField(
        label="题型", choices=[(k, t) for k, t in answers.TYPES.items() if k not in ("case", answers.PRACTICAL)]
    )
    point = forms.ChoiceField(label="鉴定点", required=False)
    difficulty = forms.IntegerField(label="难度（1 易—5 难）", min_value=1, max_value=5, initial=3)
    stem = forms.CharField(
        label="题干", max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="公式写在 \\( 与 \\) 之间；上标 <sup>2</sup>，下标 <sub>2</sub>；"
        "表格每行写成 | 甲 | 乙 |；填空题的空写 ____。",
    )  # fmt: skip
    premises = forms.CharField(
        label="左列项（匹配题，每行一项）",
        required=False,
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.CharField(
        label="答案", max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 1}),
        help_text="单选 B；多选 ABD；判断 对/错；填空各空用；分开、同义用 | 分开、数值可写 25±0.5；"
        "排序 CABD；匹配依次写各左列项的字母；简答写参考答案。",
    )  # fmt: skip
    explanation = forms.CharField(
        label="解析", required=False, max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
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
                max_length=rules.LONGEST,
                widget=forms.Textarea(attrs={"rows": 1, "class": "form-control"}),
            )
        dress(self, markup=self.markup)

    def option_fields(self) -> list[forms.BoundField]:
        return [self[f"option_{letter}"] for letter in answers.LETTERS[:8]]

    @staticmethod
    def values_of(item: Item) -> dict[str, Any]:
        return ItemForm.values_of_row(row_of(item))

    @staticmethod
    def values_of_row(row: ItemRow) -> dict[str, Any]:
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
        kind, stem = given.get("type", "single"), given.get("stem", "")
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

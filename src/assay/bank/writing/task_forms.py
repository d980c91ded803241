"""The form on which an expert writes an operation-skill task."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms

from assay.bank.forms import clean_text, kept_picture
from assay.bank.models import Item, Specification
from assay.bank.showing import row_of
from assay.centre.editing import PlainForm
from assay.items import rules, sheet
from assay.items.answers import PRACTICAL
from assay.items.row import ItemRow

POINTS_HELP = (
    "每行一项，各栏用 | 分开，也可从 Excel 直接粘贴。评分 | 内容 | 配分 | 评分标准；扣分 | 内容 | 配分 | 每处 2 | 评分标准；"
    "测量 | 内容 | 配分 | 24.98~25.02 mm | 评分标准；否定 | 内容（出现则本题记 0 分）。"
)
MATERIALS_HELP = "每行一项：考场（或 考生、考评员）| 名称 | 规格 | 单位 | 数量 | 备注。汇总后印成准备通知单。"


class TaskForm(PlainForm):
    """A task: what to do, how long, how it is marked, what has to be at hand."""

    markup = True
    title = forms.CharField(label="试题名称", max_length=60)
    point = forms.ChoiceField(label="鉴定点", required=False)
    minutes = forms.IntegerField(label="考核时间（分钟）", min_value=1, max_value=600, initial=30)
    form = forms.ChoiceField(label="考核形式", choices=[(f, f) for f in sheet.FORMS])
    difficulty = forms.IntegerField(label="难度（1 易—5 难）", min_value=1, max_value=5, initial=3)
    stem = forms.CharField(
        label="考核要求", max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明操作内容和要求；公式、表格、图片的写法与理论试题相同。",
    )  # fmt: skip
    points = forms.CharField(
        label="评分表", max_length=rules.LONGEST, widget=forms.Textarea(attrs={"rows": 8}), help_text=POINTS_HELP
    )
    materials = forms.CharField(
        label="准备物品",
        required=False,
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=MATERIALS_HELP,
    )
    reference = forms.CharField(label="出处", required=False, max_length=200)
    picture = forms.FileField(
        label="插入图片", required=False, help_text="PNG 或 JPG，保存后出现在考核要求末尾，可移到需要的地方。"
    )

    def __init__(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = self.fields["point"]
        assert isinstance(point, forms.ChoiceField)
        points = specification.points.select_related("range").order_by("code")
        point.choices = [("", "（待归点）"), *[(p.code, f"{p}（{_worth(p.range)} 分）") for p in points]]

    @staticmethod
    def values_of(item: Item) -> dict[str, Any]:
        row = row_of(item)
        return {
            "title": row.sheet["title"], "point": row.point, "minutes": row.sheet["minutes"], "form": row.sheet["form"],
            "difficulty": row.difficulty, "stem": row.stem, "points": sheet.format_points(row.sheet),
            "materials": sheet.format_materials(row.sheet), "reference": row.reference,
        }  # fmt: skip

    def clean_picture(self) -> bytes | None:
        return kept_picture(self.cleaned_data["picture"])

    def clean_points(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        points, vetoes, problems = sheet.parse_points(self.cleaned_data["points"])
        if problems:
            raise forms.ValidationError(problems)
        return points, vetoes

    def clean_materials(self) -> list[dict[str, str]]:
        found, problems = sheet.parse_materials(self.cleaned_data["materials"])
        if problems:
            raise forms.ValidationError(problems)
        return found

    def row(self) -> tuple[ItemRow, dict[str, bytes]]:
        """The cleaned form as the act takes it, and the picture that came with it."""
        given = self.cleaned_data
        stem, pictures = given.get("stem", ""), {}
        if given.get("picture"):
            digest = sha256(given["picture"]).hexdigest()
            pictures[digest] = given["picture"]
            stem += f"\n![]({digest})"
        points, vetoes = given.get("points") or ([], [])
        written = {
            "title": given.get("title", "").strip(), "minutes": given.get("minutes") or 0, "form": given.get("form", ""),
            "points": points, "vetoes": vetoes, "materials": given.get("materials") or [],
        }  # fmt: skip
        row = ItemRow(
            given.get("point", ""), PRACTICAL, given.get("difficulty") or 3, clean_text(stem),
            reference=given.get("reference", "").strip(), sheet=written,
        )  # fmt: skip
        return row, pictures


def _worth(found: Any) -> str:
    return f"{sheet.worth_of(found.weight, found.draw).normalize():f}"

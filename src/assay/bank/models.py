"""The item bank: specification, items, papers."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models

from assay.bank.pictured import PicturesShown
from assay.bank.states import UNDER_REVIEW, ItemState, PaperState, RemarkKind
from assay.catalogue.models import Level, Occupation
from assay.catalogue.parts import Part
from assay.centre.models import Account
from assay.items import answers
from assay.kernel.fields import EncryptedJSON, EncryptedText
from assay.kernel.models import StoredFile
from assay.kernel.recorded import Recorded
from assay.kernel.sealing import CONTENT, decrypt, encrypt

LOCKED_AWAY = "bank_paper.sealed_content"
FOLLOWS_FROM_PAPERS = (
    "follows from which papers were sat, which is recorded of them; of an item it would tell its paper"
)


class Specification(Recorded):
    """鉴定要素细目表 of an occupation (or one job of it, when `job` is set) at one level, for theory or for operation skill."""

    PARTS: ClassVar = [(Part.THEORY.value, "理论知识"), (Part.SKILL.value, "操作技能")]
    FACTS = ("occupation", "job", "level", "part", "title", "is_demo")
    occupation = models.ForeignKey(Occupation, models.PROTECT, verbose_name="职业")
    job = models.CharField("工种", max_length=60, blank=True)
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="等级")
    part = models.CharField("部分", max_length=8, choices=PARTS, default=Part.THEORY.value)
    title = models.CharField("名称", max_length=80)
    is_demo = models.BooleanField("演示题库", default=False)

    class Meta:
        verbose_name = "细目表"
        constraints = [
            models.UniqueConstraint(fields=["occupation", "job", "level", "part"], name="specification_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_skill(self) -> bool:
        """Whether its items are tasks of operation skill."""
        return self.part == Part.SKILL


class Range(Recorded):
    """鉴定范围: up to three levels by its code (A, A-A, A-A-A); weights of children add up to the parent's."""

    FACTS = ("specification", "code", "name", "weight", "draw")
    specification = models.ForeignKey(Specification, models.CASCADE, related_name="ranges")
    code = models.CharField("代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    weight = models.DecimalField("比重（%）", max_digits=5, decimal_places=2)
    draw = models.PositiveSmallIntegerField("抽考题数", default=1)
    """Operation skill: how many tasks of the range a paper has; they count the same."""

    class Meta:
        verbose_name = "鉴定范围"
        ordering = ["specification", "code"]
        constraints = [
            models.UniqueConstraint(fields=["specification", "code"], name="range_once"),
            models.CheckConstraint(condition=models.Q(draw__gte=1), name="range_draws_a_task"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Point(Recorded):
    """鉴定点: what an item hangs on; importance X core, Y general, Z auxiliary."""

    FACTS = ("specification", "range", "code", "name", "importance")
    specification = models.ForeignKey(Specification, models.CASCADE, related_name="points")
    range = models.ForeignKey(Range, models.PROTECT, related_name="points", verbose_name="鉴定范围")
    code = models.CharField("代码", max_length=16)
    name = models.CharField("名称", max_length=80)
    importance = models.CharField("重要程度", max_length=1, choices=[("X", "X 核心"), ("Y", "Y 一般"), ("Z", "Z 辅助")])

    class Meta:
        verbose_name = "鉴定点"
        ordering = ["specification", "code"]
        constraints = [models.UniqueConstraint(fields=["specification", "code"], name="point_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Item(Recorded):
    """An item (试题) of a specification; in use it hangs on a point. Texts are markup (`content.markup`), `options` in order
    A, B, C…, `premises` the left side of a matching item, `key` as in `answers`. The parts of a case group are items whose
    `case` it is; they go through life and onto papers with it. What it says is secret at rest (ADR 21).

    Life: draft → first review → second review → in use → retired; whoever wrote any version reviews it at no step, and the two
    reviews are by two people."""

    TYPES: ClassVar = list(answers.TYPES.items())
    State = ItemState
    FACTS = ("specification", "point", "case", "type", "difficulty", "state", "version", "author", "reviewer", "image")
    SEALED = ("stem", "options", "premises", "key", "sheet", "stem_digest", "explanation", "reference", "pictures")
    UNOFFICIAL = {
        "exposure": FOLLOWS_FROM_PAPERS,
        "last_used": FOLLOWS_FROM_PAPERS,
    }
    specification = models.ForeignKey(Specification, models.PROTECT, related_name="items", verbose_name="细目表")
    point = models.ForeignKey(Point, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="鉴定点")
    case = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="所属案例"
    )
    type = models.CharField("题型", max_length=12, choices=TYPES)
    difficulty = models.PositiveSmallIntegerField("难度", default=3)
    stem = EncryptedText("题干", purpose=CONTENT)
    stem_digest = models.CharField(max_length=64, db_index=True)
    """Keyed: `rules.stem_digest`."""
    options = EncryptedJSON("选项", purpose=CONTENT, default=list, blank=True)
    premises = EncryptedJSON("左列项", purpose=CONTENT, default=list, blank=True)
    key = EncryptedText("答案", purpose=CONTENT, blank=True)
    sheet = EncryptedJSON("操作题任务书", purpose=CONTENT, default=dict, blank=True)
    """Of an operation-skill task: time, points, veto items, materials, as in `skill.sheet`; its stem says what to do."""
    explanation = EncryptedText("解析", purpose=CONTENT, blank=True)
    reference = EncryptedText("出处", purpose=CONTENT, blank=True)
    image = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="题后图片")
    """A picture after the stem, from before pictures stood in the text; a new version has it there."""
    pictures = PicturesShown("题中图片", of=("stem", "options", "premises", "key", "explanation"))
    state = models.CharField("状态", max_length=14, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField("版本", default=1)
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="命题人")
    reviewer = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="初审人"
    )
    exposure = models.PositiveIntegerField("使用次数", default=0)
    """Counted once a paper was sat or leaked: counted at sealing, it would tell what stands on the sealed paper."""
    last_used = models.DateField("上次使用", null=True, blank=True)

    class Meta:
        verbose_name = "试题"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(difficulty__gte=1, difficulty__lte=5), name="item_difficulty"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[ItemState.SECOND_REVIEW, ItemState.IN_USE])
                | models.Q(point__isnull=False)
                | models.Q(case__isnull=False),
                name="item_in_use_has_a_point",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer=None) | models.Q(author=None) | ~models.Q(reviewer=models.F("author")),
                name="item_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_under_review(self) -> bool:
        return self.state in UNDER_REVIEW

    @property
    def is_in_use(self) -> bool:
        return self.state == self.State.IN_USE

    @property
    def is_retired(self) -> bool:
        return self.state == self.State.RETIRED

    def writers(self) -> set[int]:
        """The accounts that wrote any version of it: they stay its authors whoever writes on."""
        return {one for one in (self.author_id, *self.versions.values_list("author_id", flat=True)) if one is not None}

    def live_parts(self) -> models.QuerySet[Item]:
        """The parts of a case group as it is now, in order (those of former versions are replaced)."""
        return self.parts.exclude(state=self.State.REPLACED).order_by("pk")


TEXTS = ("stem", "options", "premises", "key", "sheet", "explanation", "reference")
"""Of an item: what it says. Whoever only counts and sorts items leaves it undeciphered."""


class ItemVersion(Recorded):
    """An item as it was before it was written anew."""

    FACTS = ("item", "version", "author", "replaced_at")
    SEALED = ("content",)
    item = models.ForeignKey(Item, models.PROTECT, related_name="versions", verbose_name="试题")
    version = models.PositiveIntegerField("版本")
    content = EncryptedJSON("内容", purpose=CONTENT)
    author = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="命题人")
    replaced_at = models.DateTimeField("被替换时间")

    class Meta:
        verbose_name = "试题旧版"
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["item", "version"], name="item_version_once")]

    def __str__(self) -> str:
        return f"{self.item} 第 {self.version} 版"


class ItemRemark(Recorded):
    """What was said of an item: a comment, or a review with its decision."""

    Kind = RemarkKind
    FACTS = ("item", "version", "kind", "by", "at")
    SEALED = ("text",)
    item = models.ForeignKey(Item, models.PROTECT, related_name="remarks", verbose_name="试题")
    version = models.PositiveIntegerField("版本")
    kind = models.CharField("类别", max_length=14, choices=Kind.choices)
    text = EncryptedText("内容", purpose=CONTENT, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="何人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审题意见"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item} {self.get_kind_display()}"


class ItemReading(Recorded):
    """Somebody looked at an item in use, key and all."""

    FACTS = ("item", "version", "account", "at", "purpose")
    item = models.ForeignKey(Item, models.PROTECT, related_name="readings", verbose_name="试题")
    version = models.PositiveIntegerField("版本")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, verbose_name="何人")
    at = models.DateTimeField("时间")
    purpose = models.CharField("用途", max_length=40)

    class Meta:
        verbose_name = "试题查阅"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.item} {self.account}"


class SecrecyAgreement(Recorded):
    """保密承诺: whoever works with items has promised for the year; without it the bank stays shut."""

    FACTS = ("account", "year", "text", "signed_at")
    account = models.ForeignKey(Account, models.PROTECT, related_name="secrecy_agreements", verbose_name="何人")
    year = models.PositiveIntegerField("年度")
    text = models.TextField("承诺内容")
    signed_at = models.DateTimeField("签署时间")

    class Meta:
        verbose_name = "保密承诺"
        constraints = [models.UniqueConstraint(fields=["account", "year"], name="secrecy_once_a_year")]

    def __str__(self) -> str:
        return f"{self.account} {self.year}"


class EnemyGroup(Recorded):
    """相近题组: items of which at most one may stand on a paper (one gives another away, or asks the same)."""

    FACTS = ("specification", "title", "items")
    specification = models.ForeignKey(Specification, models.PROTECT, related_name="enemy_groups", verbose_name="细目表")
    title = models.CharField("名称", max_length=80)
    items = models.ManyToManyField(Item, related_name="enemy_groups", verbose_name="试题")

    class Meta:
        verbose_name = "相近题组"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class EnemyDismissal(Recorded):
    """Items that look alike and were looked at: they may meet on a paper. One that is written anew is proposed again."""

    FACTS = ("specification", "items", "by", "at")
    specification = models.ForeignKey(
        Specification, models.PROTECT, related_name="enemy_dismissals", verbose_name="细目表"
    )
    items = models.JSONField("试题")
    """{number of the item: its version}"""
    by = models.CharField("何人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "不设相近题"
        ordering = ["id"]

    def __str__(self) -> str:
        return "、".join(self.items)


class ColumnMapping(Recorded):
    """What somebody said the columns of a table are: remembered by its row of titles."""

    FACTS = ("titles", "mapping")
    titles = models.CharField("表头摘要", max_length=64, unique=True)
    mapping = models.JSONField("对应关系", default=dict)
    """{title: key of a heading}"""

    class Meta:
        verbose_name = "列对应关系"

    def __str__(self) -> str:
        return self.titles[:12]


class Paper(Recorded):
    """A paper, assembled and frozen: [{"item","version","type","mark","stem","options","image","key"}, …]; of operation skill
    each entry is a task and has its `sheet`, and the forms are the versions that are drawn by lot. While it is looked through
    it is in `content`; sealing moves it, and from then on only the exam asks for `frozen()`. Neither is readable at rest, nor
    what stands on it, nor the seed, from which the assembly could be played again (ADR 21)."""

    State = PaperState
    FACTS = (
        "specification", "title", "minutes", "state", "digest", "printed", "swapped_out", "released_at",
        "form", "sections", "deviations", "rules", "gap", "created_at",
    )  # fmt: skip
    SEALED = ("seed", "composition", "content", "sealed_content")
    specification = models.ForeignKey(Specification, models.PROTECT, related_name="papers", verbose_name="细目表")
    title = models.CharField("名称", max_length=80)
    form = models.CharField("卷别", max_length=2, default="A")
    minutes = models.PositiveIntegerField("时长（分钟）")
    sections = models.JSONField("题型结构")
    content = EncryptedJSON("试卷内容（未封存）", purpose=CONTENT, default=list, blank=True)
    sealed_content = models.TextField("试卷内容（封存，加密）", blank=True)
    """Cipher text as it is: whoever has a sealed paper at hand need not decipher it."""
    composition = EncryptedJSON("所含试题", purpose=CONTENT, default=list, blank=True)
    """[[number of the item, its version], …] in order: for overlap, use, and keeping keys shut while the paper is sealed."""
    seed = EncryptedJSON("组卷种子", purpose=CONTENT)
    digest = models.CharField("内容摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASSEMBLED)
    deviations = models.JSONField("未满足的组卷要求", default=list, blank=True)
    """Rules that the bank could not meet when the paper was made, in Chinese."""
    rules = models.JSONField("组卷选项", default=dict, blank=True)
    """What was chosen for the assembly (`acts.Options.as_json`): it holds on when items are changed by hand."""
    printed = models.PositiveIntegerField("印制份数", default=0)
    """Copies taken to be printed: from the first on the paper is not changed any more."""
    swapped_out = models.JSONField("换下的试题", default=list, blank=True)
    """Numbers of the items that were changed for others by hand, in order; none of them is offered again."""
    gap = models.DecimalField("与最优的差距", max_digits=6, decimal_places=4, default=0)
    """0 = proved the best choice of items; 0.01 = within 1 %."""
    created_at = models.DateTimeField("组卷时间")
    released_at = models.DateTimeField("考后解密时间", null=True, blank=True)
    """When it had been sat: from then on its items may be looked at again."""

    class Meta:
        verbose_name = "试卷"
        ordering = ["-id"]

    def frozen(self) -> list[dict[str, Any]]:
        """The content, keys included; deciphered when sealed."""
        if self.sealed_content:
            return list(json.loads(decrypt(self.sealed_content, LOCKED_AWAY, CONTENT)))
        return list(self.content)

    def _canonical(self, name: str) -> Any:
        """Of what is locked away, what it says: enciphered anew it is the same paper."""
        return self.frozen() if name == "sealed_content" and self.sealed_content else super()._canonical(name)

    def put_on(self, content: list[dict[str, Any]]) -> None:
        """Make `content` what stands on it; ValueError when an item stands there twice."""
        self.content = content
        self.composition = [[entry["item"], entry["version"]] for entry in content]
        if len(set(self.items())) < len(content):
            raise ValueError("an item stands on a paper once")

    def items(self) -> list[int]:
        """The numbers of the items that stand on it, in order."""
        return [item for item, _ in self.composition]

    @property
    def is_void(self) -> bool:
        return self.state == self.State.VOID

    def cited(self) -> str:
        """As the ledger names it."""
        return f"“{self.title}”（编号 {self.pk}）"

    def lock_away(self) -> None:
        """Put the content away; nobody looks it through any more."""
        self.sealed_content = encrypt(json.dumps(self.content, ensure_ascii=False), LOCKED_AWAY, CONTENT)
        self.content = []

    def __str__(self) -> str:
        return f"{self.title}（{self.form} 卷）"


class PaperCopies(Recorded):
    """Printed copies of a paper on their way: how many to whom, how many came back, used and unused."""

    FACTS = ("paper", "part", "copies", "to", "out_at", "out_by", "used", "unused", "back_at", "back_by", "remark")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="copies", verbose_name="试卷")
    part = models.CharField("内容", max_length=12)
    copies = models.PositiveIntegerField("发出份数")
    to = models.CharField("领取人（考场）", max_length=60)
    out_at = models.DateTimeField("发出时间")
    out_by = models.CharField("发出人", max_length=60)
    used = models.PositiveIntegerField("收回已用", null=True, blank=True)
    unused = models.PositiveIntegerField("收回未用", null=True, blank=True)
    back_at = models.DateTimeField("收回时间", null=True, blank=True)
    back_by = models.CharField("收回人", max_length=60, blank=True)
    remark = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "试卷发放收取"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(back_at=None) | models.Q(copies__gte=models.F("used") + models.F("unused")),
                name="no_more_copies_back_than_out",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.copies} 份"


class LeakReport(Recorded):
    """泄密报告: what was noticed of a paper; its paper is void and its items out of use from then on."""

    FACTS = ("paper", "text", "items", "by", "at")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="leaks", verbose_name="试卷")
    text = models.TextField("情况")
    items = models.PositiveIntegerField("停用试题")
    by = models.CharField("报告人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "泄密报告"
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.paper)

"""The item bank: specification, items, papers."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models

from assay.catalogue.models import Level, Occupation
from assay.kernel.models import StoredFile
from assay.kernel.recorded import Recorded
from assay.kernel.sealing import decrypt, encrypt

LOCKED_AWAY = "bank_paper.content"


class Specification(Recorded):
    """鉴定要素细目表 of an occupation (or one job of it, when `job` is set) at one level, theory part."""

    FACTS = ("occupation", "job", "level", "title")
    occupation = models.ForeignKey(Occupation, models.PROTECT, verbose_name="职业")
    job = models.CharField("工种", max_length=60, blank=True)
    level = models.ForeignKey(Level, models.PROTECT, verbose_name="等级")
    title = models.CharField("名称", max_length=80)
    is_demo = models.BooleanField("演示题库", default=False)

    class Meta:
        verbose_name = "细目表"
        constraints = [models.UniqueConstraint(fields=["occupation", "job", "level"], name="specification_once")]

    def __str__(self) -> str:
        return self.title


class Range(Recorded):
    """鉴定范围: up to three levels by its code (A, A-A, A-A-A); weights of children add up to the parent's."""

    FACTS = ("specification", "code", "name", "weight")
    specification = models.ForeignKey(Specification, models.CASCADE, related_name="ranges")
    code = models.CharField("代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    weight = models.DecimalField("比重（%）", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "鉴定范围"
        ordering = ["specification", "code"]
        constraints = [models.UniqueConstraint(fields=["specification", "code"], name="range_once")]

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
    """An item (试题). `options` are texts in order A, B, C…; `key` is letters (`B`, `ABD`) or 对/错."""

    TYPES: ClassVar = [("single", "单项选择题"), ("true_false", "判断题"), ("multiple", "多项选择题")]
    STATES: ClassVar = [("draft", "草稿"), ("in_use", "在用"), ("retired", "停用")]
    FACTS = ("point", "type", "difficulty", "state", "version")
    SEALED = ("stem", "options", "key")
    point = models.ForeignKey(Point, models.PROTECT, related_name="items", verbose_name="鉴定点")
    type = models.CharField("题型", max_length=12, choices=TYPES)
    difficulty = models.PositiveSmallIntegerField("难度", default=3)
    stem = models.TextField("题干")
    stem_digest = models.CharField(max_length=64, db_index=True)
    options = models.JSONField("选项", default=list, blank=True)
    key = models.CharField("答案", max_length=10)
    explanation = models.TextField("解析", blank=True)
    image = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="图片")
    state = models.CharField("状态", max_length=10, choices=STATES, default="in_use")
    version = models.PositiveIntegerField("版本", default=1)
    exposure = models.PositiveIntegerField("使用次数", default=0)

    class Meta:
        verbose_name = "试题"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(difficulty__gte=1, difficulty__lte=5), name="item_difficulty"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.pk}"


class Paper(Recorded):
    """A theory paper, assembled and frozen: [{"item","version","type","mark","stem","options","image","key"}, …]. While it
    is looked through it is in `content`; sealing encrypts it, and from then on only the exam asks for `frozen()`."""

    STATES: ClassVar = [("assembled", "已组卷"), ("sealed", "已封存"), ("opened", "已启封"), ("void", "作废")]
    FACTS = ("specification", "title", "minutes", "state", "digest", "seed")
    specification = models.ForeignKey(Specification, models.PROTECT, related_name="papers", verbose_name="细目表")
    title = models.CharField("名称", max_length=80)
    form = models.CharField("卷别", max_length=2, default="A")
    minutes = models.PositiveIntegerField("时长（分钟）")
    sections = models.JSONField("题型结构")
    content = models.JSONField("试卷内容（未封存）", default=list, blank=True)
    sealed_content = models.TextField("试卷内容（封存，加密）", blank=True)
    seed = models.BigIntegerField("组卷种子")
    digest = models.CharField("内容摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=STATES, default="assembled")
    created_at = models.DateTimeField("组卷时间")

    class Meta:
        verbose_name = "试卷"
        ordering = ["-id"]

    def frozen(self) -> list[dict[str, Any]]:
        """The content, keys included; deciphered when sealed."""
        if self.sealed_content:
            return list(json.loads(decrypt(self.sealed_content, LOCKED_AWAY)))
        return list(self.content)

    def lock_away(self) -> None:
        """Encrypt the content; it is in the clear no more."""
        self.sealed_content = encrypt(json.dumps(self.content, ensure_ascii=False), LOCKED_AWAY)
        self.content = []

    def __str__(self) -> str:
        return f"{self.title}（{self.form} 卷）"

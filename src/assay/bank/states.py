"""How items and papers stand (`Item.State`, `Paper.State`), and what is said of an item on its way (`ItemRemark.Kind`)."""

from __future__ import annotations

from django.db import models


class ItemState(models.TextChoices):
    DRAFT = "draft", "草稿"
    FIRST_REVIEW = "first_review", "待初审"
    SECOND_REVIEW = "second_review", "待终审"
    IN_USE = "in_use", "在用"
    RETIRED = "retired", "停用"
    REPLACED = "replaced", "旧版小题"


UNDER_REVIEW = (ItemState.FIRST_REVIEW, ItemState.SECOND_REVIEW)


class RemarkKind(models.TextChoices):
    COMMENT = "comment", "意见"
    SUBMITTED = "submitted", "提交审题"
    PASSED_FIRST = "passed_first", "初审通过"
    PASSED = "passed", "终审通过"
    RETURNED = "returned", "退回修改"
    RETIRED = "retired", "停用"
    RESTORED = "restored", "恢复使用"


class PaperState(models.TextChoices):
    ASSEMBLED = "assembled", "已组卷"
    SEALED = "sealed", "已封存"
    OPENED = "opened", "已启封"
    VOID = "void", "作废"

"""Score sheets of the demo: one shape for every job of the first batch, 100 marks over three tasks."""

from __future__ import annotations

from typing import Any

from assay.batches.models import BatchLine
from assay.catalogue.parts import Part
from assay.kernel.acts import Actor
from assay.marking.acts.scoring import save_template
from assay.marking.printing import TITLES
from assay.marking.queries import template_for

SKILL: list[dict[str, Any]] = [
    {
        "code": "1", "title": "作业准备", "minutes": 20,
        "points": [
            {"code": "1-1", "title": "工具、材料、场地准备", "full": "10.0", "rule": "缺一项扣 2 分"},
            {"code": "1-2", "title": "安全防护与着装", "full": "10.0", "rule": "不符合要求每处扣 5 分"},
        ],
        "vetoes": [],
    },
    {
        "code": "2", "title": "操作实施", "minutes": 80,
        "points": [
            {"code": "2-1", "title": "操作步骤与工艺", "full": "30.0", "rule": "步骤错漏每处扣 3 分"},
            {"code": "2-2", "title": "操作质量与结果", "full": "25.0", "rule": "超差或不合格每项扣 5 分"},
            {"code": "2-3", "title": "用时与熟练程度", "full": "10.0", "rule": "每超时 1 分钟扣 1 分"},
        ],
        "vetoes": [{"code": "V1", "title": "违反安全操作规程造成人身或设备事故"}],
    },
    {
        "code": "3", "title": "检验与整理", "minutes": 20,
        "points": [
            {"code": "3-1", "title": "质量检验与记录", "full": "10.0", "rule": "漏检、错记每处扣 2 分"},
            {"code": "3-2", "title": "清理现场", "full": "5.0", "rule": "未清理扣 5 分"},
        ],
        "vetoes": [],
    },
]  # fmt: skip
REVIEW: list[dict[str, Any]] = [
    {
        "code": "1", "title": "综合评审", "minutes": 30,
        "points": [
            {"code": "1-1", "title": "论文（技术总结）", "full": "50.0", "rule": "选题、论证、创新、规范各占四分之一"},
            {"code": "1-2", "title": "答辩", "full": "50.0", "rule": "陈述 20 分，回答问题 30 分"},
        ],
        "vetoes": [],
    }
]  # fmt: skip


def install(actor: Actor, lines: list[BatchLine]) -> int:
    """Give each line a score sheet that has none yet."""
    made = 0
    for line in lines:
        for part, tasks in ((Part.SKILL, SKILL), (Part.REVIEW, REVIEW)):
            if (part == Part.REVIEW and not line.level.needs_review) or template_for(line, part):
                continue
            row = line.scope_row
            save_template(
                actor, occupation=row.occupation, job=row.job, level=line.level, part=part,
                title=f"{row.title}{TITLES[part]}（演示）", tasks=tasks,
            )  # fmt: skip
            made += 1
    return made

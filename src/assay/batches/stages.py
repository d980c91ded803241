"""Routes and stages of a batch (work plan §四). Pure."""

from __future__ import annotations

ROUTES: dict[str, str] = {
    "exam": "考试考核",
    "direct": "直接认定",
    "process": "过程化考核",
    "contest": "竞赛取证",
}

STAGES: dict[str, str] = {
    "plan": "制定计划",
    "apply": "组织报名",
    "review": "资格审核",
    "arrange": "考场编排",
    "filing": "上报备案",
    "tickets": "准考证",
    "readiness": "考前检查",
    "exam": "实施认定",
    "results": "成绩认定",
    "check": "成绩复核",
    "notice": "校内公示",
    "certificates": "证书核发",
    "archive": "资料归档",
    "closed": "已办结",
}

CLAUSES: dict[str, str] = {
    "plan": "工作方案 四(一)1",
    "apply": "工作方案 四(一)2",
    "review": "工作方案 四(一)3",
    "arrange": "工作方案 四(一)3(2)、4",
    "filing": "工作方案 四(一)4",
    "tickets": "工作方案 四(一)5",
    "readiness": "工作方案 四(一)6(1)",
    "exam": "工作方案 四(一)6",
    "results": "工作方案 四(一)7(1)、四(一)7(2)",
    "check": "工作方案 四(一)7(3)",
    "notice": "工作方案 二(四)",
    "certificates": "工作方案 四(一)8",
    "archive": "工作方案 四(一)9",
}

_SHORT = ["plan", "apply", "review", "notice", "certificates", "archive", "closed"]


def stages_of(route: str) -> list[str]:
    """The stages of a route in order: the exam route has all; the other three go from review to notice."""
    return list(STAGES) if route == "exam" else list(_SHORT)


def next_stage(route: str, stage: str) -> str | None:
    """The stage after `stage`; None at the end. ValueError when the route has no such stage."""
    order = stages_of(route)
    place = order.index(stage)
    return order[place + 1] if place + 1 < len(order) else None

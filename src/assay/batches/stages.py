"""Routes and stages of a batch (work plan §四). Pure. What the database says of them is compared and looked up as it is: a word
of an enum equals its text."""

from __future__ import annotations

from enum import StrEnum


class Route(StrEnum):
    EXAM = "exam"
    DIRECT = "direct"
    PROCESS = "process"
    CONTEST = "contest"


class Stage(StrEnum):
    """In order; `CANCELLED` stands beside it: a batch that came to nothing."""

    PLAN = "plan"
    APPLY = "apply"
    REVIEW = "review"
    ARRANGE = "arrange"
    FILING = "filing"
    TICKETS = "tickets"
    READINESS = "readiness"
    EXAM = "exam"
    RESULTS = "results"
    CHECK = "check"
    NOTICE = "notice"
    CERTIFICATES = "certificates"
    ARCHIVE = "archive"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ROUTES: dict[str, str] = {
    Route.EXAM: "考试考核",
    Route.DIRECT: "直接认定",
    Route.PROCESS: "过程化考核",
    Route.CONTEST: "竞赛取证",
}
ROUTE_CHOICES = [(route.value, ROUTES[route]) for route in Route]

STAGES: dict[str, str] = {
    Stage.PLAN: "制定计划",
    Stage.APPLY: "组织报名",
    Stage.REVIEW: "资格审核",
    Stage.ARRANGE: "考场编排",
    Stage.FILING: "上报备案",
    Stage.TICKETS: "准考证",
    Stage.READINESS: "考前检查",
    Stage.EXAM: "实施认定",
    Stage.RESULTS: "成绩认定",
    Stage.CHECK: "成绩复核",
    Stage.NOTICE: "校内公示",
    Stage.CERTIFICATES: "证书核发",
    Stage.ARCHIVE: "资料归档",
    Stage.CLOSED: "已办结",
    Stage.CANCELLED: "已取消",
}
STAGE_CHOICES = [(stage.value, STAGES[stage]) for stage in Stage]

CLAUSES: dict[str, str] = {
    Stage.PLAN: "工作方案 四(一)1",
    Stage.APPLY: "工作方案 四(一)2",
    Stage.REVIEW: "工作方案 四(一)3",
    Stage.ARRANGE: "工作方案 四(一)3(2)、四(一)4",
    Stage.FILING: "工作方案 四(一)4",
    Stage.TICKETS: "工作方案 四(一)5",
    Stage.READINESS: "工作方案 四(一)6(1)",
    Stage.EXAM: "工作方案 四(一)6",
    Stage.RESULTS: "工作方案 四(一)7(1)、四(一)7(2)",
    Stage.CHECK: "工作方案 四(一)7(3)",
    Stage.NOTICE: "工作方案 二(四)",
    Stage.CERTIFICATES: "工作方案 四(一)8",
    Stage.ARCHIVE: "工作方案 四(一)9",
}

OVER = (Stage.CLOSED, Stage.CANCELLED)
"""Where nothing more is done with a batch."""
_FULL = tuple(stage for stage in Stage if stage != Stage.CANCELLED)
_SHORT = (Stage.PLAN, Stage.APPLY, Stage.REVIEW, Stage.NOTICE, Stage.CERTIFICATES, Stage.ARCHIVE, Stage.CLOSED)


def stages_of(route: str) -> list[Stage]:
    """The stages of a route in order: the exam route has all; the other three go from review to notice."""
    return list(_FULL if route == Route.EXAM else _SHORT)


def next_stage(route: str, stage: str) -> Stage | None:
    """The stage after `stage`; None at the end. ValueError when the route has no such stage."""
    order = stages_of(route)
    place = order.index(Stage(stage))
    return order[place + 1] if place + 1 < len(order) else None

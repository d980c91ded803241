"""A score check is answered by one person and confirmed by another, by none who asked about an own mark; who sends results up does
not answer for the province."""

from assay.applications.own_matters import candidate
from assay.kernel.separation import apart, not_own

CLAUSE = "工作方案 四(一)7"
ANSWER, CONFIRM = "results.answer_check", ("results.confirm_check", "results.send_back_check")

apart("results.scorecheck", ANSWER, CONFIRM, said="答复成绩复核与确认", clause=CLAUSE)
not_own(
    "results.scorecheck", (ANSWER, *CONFIRM), **candidate("result__application__person"), said="成绩复核", clause=CLAUSE
)
apart(
    "results.resultreport", "results.send_up", "results.record_answer", said="成绩上报与登记省中心的审核",
    clause="工作方案 四(一)7(2)",
)  # fmt: skip

"""A score check is answered by one person and confirmed by another, by none who asked about an own mark; who sends results up does
not answer for the province."""

from assay.kernel.separation import apart, not_own

CLAUSE = "工作方案 四(一)7"
ANSWER, CONFIRM = "results.answer_check", ("results.confirm_check", "results.send_back_check")

apart("results.scorecheck", ANSWER, CONFIRM, said="答复成绩复核与确认", clause=CLAUSE)
not_own(
    "results.scorecheck", (ANSWER, *CONFIRM), account="result__application__person__account",
    index="result__application__person__id_index", staff_name="result__application__person__name",
    staff={"result__application__person__source": "staff"}, said="成绩复核", clause=CLAUSE,
)  # fmt: skip
apart(
    "results.resultreport", "results.send_up", "results.record_answer", said="成绩上报与登记省中心的审核",
    clause="工作方案 四(一)7(2)",
)  # fmt: skip

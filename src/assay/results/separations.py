"""Who sends results up does not answer for the province; nobody answers or confirms a score check of an own result."""

from assay.kernel.separation import apart, not_own

apart(
    "results.resultreport", "results.send_up", "results.record_answer", said="成绩上报与登记省中心的审核",
    clause="工作方案 四(一)7(2)",
)  # fmt: skip
PERSON = "result__application__person"
not_own(
    "results.scorecheck", ("results.answer_check", "results.confirm_check", "results.send_back_check"),
    account=f"{PERSON}__account", index=f"{PERSON}__id_index", staff_name=f"{PERSON}__name",
    staff={f"{PERSON}__source": "staff"}, said="成绩复核", clause="工作方案 四(一)7",
)  # fmt: skip

"""Nobody opens the papers of a session in which he or she sits."""

from assay.kernel.separation import not_own

SITS = "publication__session__rooms__seatings__application__person"

not_own(
    "exam.opening", "exam.sign_opening", account=f"{SITS}__account", index=f"{SITS}__id_index", staff_name=f"{SITS}__name",
    staff={f"{SITS}__source": "staff"}, said="启封试卷", clause="工作方案 三(一)2(1)⑦",
)  # fmt: skip

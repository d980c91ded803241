"""Two reviews by two people, none by who entered the application; nothing out of the ordinary is decided over one's own."""

from assay.kernel.separation import apart, not_own

REVIEWS = ("applications.first_review", "applications.centre_review")
EXCEPTIONS = (
    "applications.exempt",
    "applications.drop_exemption",
    "applications.set_parts",
    "applications.admit_again",
)
STAFF = {"person__source": "staff"}

apart("applications.application", *REVIEWS, said="系部初审与中心审核", clause="工作方案 四(一)3(1)")
apart(
    "applications.application", ("applications.hand_in", "applications.import_roster"), REVIEWS[1],
    said="录入报名与中心审核", clause="工作方案 四(一)3(1)",
)  # fmt: skip
not_own(
    "applications.application", REVIEWS, account="person__account", index="person__id_index", staff_name="person__name",
    staff=STAFF, said="资格审核", clause="工作方案 四(一)3(1)",
)  # fmt: skip
not_own(
    "applications.application", EXCEPTIONS, account="person__account", index="person__id_index", staff_name="person__name",
    staff=STAFF, said="免考、考试类别与再次认定", clause="工作方案 四(一)3(1)",
)  # fmt: skip
not_own(
    "applications.applicant", "applications.correct_applicant", account="application__person__account",
    index="application__person__id_index", staff_name="application__person__name", staff={"application__person__source": "staff"},
    said="更正已审核的考生信息", clause="工作方案 四(一)3(1)",
)  # fmt: skip

"""Two reviews by two people, none by who entered the application, none of one's own."""

from assay.kernel.separation import apart, not_own

REVIEWS = ("applications.first_review", "applications.centre_review")
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

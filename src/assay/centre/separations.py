"""Nobody appoints oneself, on whichever page."""

from assay.kernel.separation import not_own

not_own(
    "centre.appointment", ("centre.appoint", "centre.create_account", "desk.install_school"), account="account",
    said="任职", clause="工作方案 三(一)1",
)  # fmt: skip

"""Nobody appoints oneself, on whichever page, or takes the second step off the own sign-in."""

from assay.kernel.separation import not_own

not_own(
    "centre.appointment", ("centre.appoint", "centre.create_account", "desk.install_school"), account="account",
    said="任职", clause="工作方案 三(一)1",
)  # fmt: skip
not_own(
    "centre.account", "centre.reset_second_factor", account="pk", said="重置两步验证", clause="工作方案 三(一)1",
)  # fmt: skip

"""Who draws up the annual plan does not approve it."""

from assay.kernel.separation import apart

apart(
    "batches.annualplan",
    ("batches.create_annual_plan", "batches.revise_annual_plan", "batches.submit_annual_plan"),
    "batches.decide_annual_plan",
    said="拟订与审核年度计划",
    clause="工作方案 三(一)1",
)

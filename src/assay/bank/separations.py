"""Who writes an item does not review it, whatever the version and by whichever account."""

from assay.kernel.separation import apart

apart(
    "bank.item", ("bank.save_item", "bank.import_items"), "bank.review", said="命题与审题",
    clause="工作方案 三(五)",
)  # fmt: skip

"""Who files a batch does not answer for the province."""

from assay.kernel.separation import apart

apart(
    "filing.filing", "filing.file", "filing.record_answer", said="计划上报与登记省中心的审批", clause="工作方案 四(一)5"
)

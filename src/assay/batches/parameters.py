"""The numbers in the rules of planning a batch."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter("filing.lead_working_days", "认定计划提前上报", "int", "10", "工作日", "工作方案 四(一)4"),
)

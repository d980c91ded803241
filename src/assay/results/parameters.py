"""The numbers in the rules of results and their public notice."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter(
        "notice.working_days",
        "公示期",
        "int",
        "5",
        "工作日",
        "外省院校做法；工作方案 二(四) 校内充分公示",
        least=1,
    ),
    Parameter(
        "score_check.working_days",
        "成绩复核申请期",
        "int",
        "10",
        "工作日",
        "通行做法，各地 5 至 10 个工作日",
    ),
    Parameter("results.part_kept_days", "单科合格成绩保留", "int", "365", "天", "通行做法，默认一年"),
)

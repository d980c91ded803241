"""The numbers in the rules of the arrangement and of tickets."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter("exam.late_minutes", "迟到禁止入场", "int", "30", "分钟", "各校 15 或 30 分钟"),
    Parameter("exam.earliest_leave_minutes", "最早交卷", "int", "30", "分钟", "通行做法"),
    Parameter("exam.arrive_early_minutes", "提前到场", "int", "15", "分钟", "通行做法"),
    Parameter(
        "theory.candidates_per_invigilator",
        "每名监考员考生数",
        "int",
        "15",
        "人",
        "保育师标准 2021 1.9.3",
        least=1,
    ),
    Parameter("theory.minimum_invigilators", "每考场监考员至少", "int", "2", "人", "保育师标准 2021 1.9.3"),
    Parameter("panel.minimum", "考评组至少", "int", "3", "人", "保育师标准 2021 1.9.3"),
)

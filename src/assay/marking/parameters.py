"""The numbers in the rules of marking by examiners."""

from assay.centre.parameters import Parameter, declare

declare(
    Parameter(
        "exam.written_gap_percent",
        "主观题两评允许相差",
        "int",
        "20",
        "% 满分",
        "通行做法：超过本题满分的五分之一由第三人裁定",
    ),
    Parameter("panel.score_gap", "考评员评分相差复议", "decimal", "15", "分", "本中心约定"),
)

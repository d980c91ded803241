"""Who draws the lot does not witness it; nobody marks an own performance."""

from assay.applications.own_matters import candidate
from assay.kernel.separation import Side, apart, apart_about, not_own

OWN = "考评员回避制度；工作方案 三(四)2"

apart(
    "marking.skilldraw", "marking.draw_paper", "marking.witness_draw", said="抽签与见证", clause="工作方案 三(一)2(1)⑦"
)
apart_about(
    Side("marking.examinerscore", ("marking.save_scores", "marking.lock_scores"), "sheet"),
    Side("marking.remarking", ("marking.mark_again",), "sheet"),
    said="考评与复核重评", clause="工作方案 四(一)7",
)  # fmt: skip
for subject, acts, to in (
    ("marking.panelsheet", ("marking.set_absent", "marking.settle"), "application__person"),
    ("marking.examinerscore", ("marking.save_scores", "marking.lock_scores"), "sheet__application__person"),
    ("marking.remarking", ("marking.mark_again",), "sheet__application__person"),
    ("marking.writtenmark", ("marking.mark_written",), "answer__sheet__application__person"),
    ("exam.writtenanswer", ("marking.decide_written",), "sheet__application__person"),
):
    not_own(subject, acts, **candidate(to), said="评分", clause=OWN)

"""Nobody opens the papers of a session in which he or she sits, or writes the record of the own room; who puts a record right
does not countersign it."""

from assay.applications.own_matters import candidate
from assay.kernel.separation import apart, not_own

SITS = "publication__session__rooms__seatings__application__person"

ROOM_SITS = "session_room__session__rooms__seatings__application__person"

not_own("exam.opening", "exam.sign_opening", **candidate(SITS), said="启封试卷", clause="工作方案 三(一)2(1)⑦")
not_own(
    "exam.paperexam", ("exam.sign_paper_exam", "exam.print_paper_exam"), **candidate(ROOM_SITS), said="改用纸质试卷",
    clause="工作方案 三(一)2(1)⑦",
)  # fmt: skip
not_own(
    "exam.roomrecord", "exam.close_room_record", **candidate("session_room__seatings__application__person"),
    said="填写考场记录", clause="工作方案 四(一)6(2)",
)  # fmt: skip
not_own(
    "exam.paperentry", "exam.enter_paper_answers", **candidate("seating__application__person"), said="录入纸质答卷",
    clause="工作方案 四(一)7(1)",
)  # fmt: skip
apart(
    "exam.recordaddition", "exam.add_to_record", "exam.countersign_addition", said="考场记录的更正与会签",
    clause="工作方案 四(一)6(2)",
)  # fmt: skip
not_own(
    "exam.recordaddition", ("exam.add_to_record", "exam.countersign_addition"),
    **candidate("record__session_room__seatings__application__person"), said="更正考场记录", clause="工作方案 四(一)6(2)",
)  # fmt: skip

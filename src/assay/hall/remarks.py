"""What is noticed of a candidate, by the page or by the hall, and shown to the invigilator as a fact."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from assay.hall.edit import Edit
from assay.hall.state import LiveSitting
from assay.hall.wording import named


class Noticed(StrEnum):
    """What is noticed and shown to the invigilator as a fact; nothing follows from it by itself."""

    FOCUS = "focus"
    FULLSCREEN = "fullscreen"
    PASTE = "paste"
    RELOAD = "reload"
    ADDRESS = "address"
    SECOND_SIGN_IN = "second_sign_in"
    JOURNAL = "journal"
    MISMATCH = "mismatch"
    AGAIN = "again"
    WRONG_NUMBER = "wrong_number"
    OTHER_BROWSER = "other_browser"


REMARKS: Mapping[str, str] = {
    Noticed.FOCUS: "离开考试窗口", Noticed.FULLSCREEN: "退出全屏", Noticed.PASTE: "粘贴", Noticed.RELOAD: "重新打开页面",
    Noticed.ADDRESS: "更换网络地址", Noticed.SECOND_SIGN_IN: "已登录，再次登录被拒",
    Noticed.JOURNAL: "浏览器不能保存本机记录", Noticed.MISMATCH: "报告信息不符", Noticed.AGAIN: "开考前再次登录",
    Noticed.WRONG_NUMBER: "准考证号被多次输错证件号码", Noticed.OTHER_BROWSER: "未用本场的考试专用浏览器，被拒",
}  # fmt: skip
FROM_PAGE = {
    Noticed.FOCUS, Noticed.FULLSCREEN, Noticed.PASTE, Noticed.RELOAD, Noticed.JOURNAL, Noticed.MISMATCH,
}  # fmt: skip
"""What a page may tell of itself; the others are the hall's own."""
MOST_COUNTED, MOST_NOTED = 300, 30
"""Of one kind at one sitting: beyond the first number nothing is counted, beyond the second nothing more stands in the record."""


def remark(edit: Edit, sitting: LiveSitting, kind: Noticed, text: str, times: int = 1) -> None:
    """Count it, and say it in the room's record."""
    noticed(edit, sitting, kind, f"{named(sitting)}：{REMARKS[kind]}" + (f"（{text}）" if text else ""), times)


def noticed(edit: Edit, sitting: LiveSitting, kind: Noticed, line: str, times: int = 1) -> None:
    """Count it, with a line of its own in the record. No kind takes the place of another, and none fills the record: the
    invigilator is shown a wrong identity whatever else there was, and once until it has been verified."""
    if kind == Noticed.MISMATCH:
        if sitting.reported_mismatch():
            return
        edit.sitting(sitting, mismatch_at=sitting.pack.now())
    if count(edit, sitting, kind, times) < MOST_NOTED:
        edit.said(sitting, kind, line, "考试端")


def count(edit: Edit, sitting: LiveSitting, kind: Noticed, times: int = 1) -> int:
    """How often it had been noticed before."""
    remarks = sitting.facts.remarks
    already = remarks.get(kind, 0)
    edit.sitting(sitting, remarks={**remarks, kind: max(already, min(already + times, MOST_COUNTED))})
    return already

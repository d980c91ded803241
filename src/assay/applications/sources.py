"""Where candidates come from (work plan §二(一)): the plan's two, and whomever else the centre admits, by the word it gave them.

Rules look at the plan's two by their codes; another source is kept as its word and no rule of students or of staff holds for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.catalogue.notation import words

STUDENT, STAFF = "student", "staff"
TITLES = {STUDENT: "在校学生", STAFF: "在职教职工"}
_ALSO = {"学校": STUDENT, "在校生": STUDENT, "教职工": STAFF}
"""What rosters call them too."""
CLAUSE = "工作方案 二(一)"


def admitted_by(said: str) -> dict[str, str]:
    """Word → what is kept, of the parameter as it stands («在校学生、在职教职工、社会人员»), in its order."""
    codes = {title: code for code, title in TITLES.items()} | _ALSO
    return {word: codes.get(word, word) for word in words(said)}


def understood(admitted: dict[str, str]) -> dict[str, str]:
    """What may stand in a roster's cell; an empty one means whom the centre admits first."""
    also = {word: code for word, code in _ALSO.items() if code in admitted.values()}
    return {**admitted, **also, "": next(iter(admitted.values()))}


def title(source: str) -> str:
    return TITLES.get(source, source)


def not_admitted(source: str, admitted: Sequence[str]) -> str:
    """Why somebody of this source may not apply; nothing when it is one of those admitted."""
    if source in admitted:
        return ""
    return f"考生来源“{title(source)}”不在本中心的认定对象内（{'、'.join(map(title, admitted))}）"

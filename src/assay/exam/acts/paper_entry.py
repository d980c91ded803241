"""What was answered on paper becomes a theory sheet: two people type the letters, each without seeing the other's, and only what they
agree on counts. Nobody types a mark: it is computed from the letters as for every other sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.arrangement.models import Seating, SessionRoom
from assay.batches.stages import Stage
from assay.bridge import contract
from assay.exam.marks import key_of, mark_sheet
from assay.exam.models import PaperEntry, Publication, TheorySheet, paper_exam_of, publication_of
from assay.items.answers import LETTERED, LETTERS, normal_key
from assay.items.rules import asked
from assay.kernel.acts import Context, act
from assay.kernel.holding import held
from assay.kernel.persons import person_of
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 四(一)7(1)"
PEOPLE = 2
TYPED = (*LETTERED, "true_false")
"""What is answered by letters; the rest nobody types after a candidate."""
Items = Sequence[Mapping[str, Any]]


def require_taken_up(room: SessionRoom) -> None:
    """Raises Refused unless answers given on paper in this room are to be taken up now."""
    batch, publication, exam = room.session.batch, publication_of(room.session), paper_exam_of(room)
    if batch.stage != Stage.EXAM:
        raise Refused(f"“{batch}”现处“{batch.get_stage_display()}”，不再录入答卷", CLAUSE)
    if exam is None or not exam.printed:
        raise Refused(f"{room} 没有印制过纸质试卷", CLAUSE)
    if publication is None or publication.state != Publication.State.COLLECTED:
        raise Refused(f"{room.session} 收卷后才能录入纸质答卷", CLAUSE)


def require_left(seating: Seating) -> None:
    """Raises Refused unless the answers of this seat are still to be taken up."""
    require_taken_up(seating.session_room)
    if any(entry.agreed for entry in seating.paper_entries.all()):
        raise Refused(f"{seating.seat} 号的答卷已由两人录入一致，不能再改", CLAUSE)


def require_enterable(seating: Seating) -> Items:
    """What the seat's paper asks, item by item; refused where no paper answers are to be taken up."""
    require_left(seating)
    if seating.paper is None:
        raise Refused("这个座位没有试卷", CLAUSE)
    items = asked(seating.paper.frozen())
    if any(item["type"] not in TYPED for item in items):
        raise Refused("这份试卷有填空题或简答题，只有全部用字母作答的试卷可以录入：请另行安排考试", CLAUSE)
    return items


@act(
    "exam.enter_paper_answers", duty=("E6", "E8"), title="录入纸质答卷", clause="四(一)7(1)", guard=require_left
)  # fmt: skip
def enter(ctx: Context, seating: Seating, *, typed: Mapping[str, str]) -> PaperEntry:
    """One of two people types what stands on a candidate's answer sheet (item's number → letters). Once both say the same the
    candidate has a sheet; it takes the place of what the hall had of this seat."""
    held(seating.session_room.session.batch)
    rows = Seating.objects.select_for_update(of=("self",)).select_related("paper", "session_room__session__batch")
    held_seat = rows.filter(pk=seating.pk).first()
    if held_seat is None:
        raise Refused("这个座位的考生已另行安排，不在本场录入", CLAUSE)
    seating, account = held_seat, _own_account(ctx)
    require_left(seating)
    answers = _read(require_enterable(seating), typed)
    others = _by_others(account, seating)
    entry = PaperEntry.objects.filter(seating=seating, account=account).first() or PaperEntry(
        seating=seating, account_id=account
    )
    entry.name, entry.at, entry.answers = ctx.actor.name, ctx.at, answers
    entry.agreed = any(other.answers == answers for other in others)
    entry.save()
    ctx.record(entry)
    if entry.agreed:
        ctx.record(_sheet(seating, answers))
    return entry


def _own_account(ctx: Context) -> int:
    if ctx.actor.account_id is None:
        raise Refused("录入须由本人登录办理", CLAUSE)
    return ctx.actor.account_id


def _by_others(account: int, seating: Seating) -> list[PaperEntry]:
    """What others have typed of the seat; refused when nothing is left to be typed, or not by this one."""
    entries = list(PaperEntry.objects.filter(seating=seating))
    others = [entry for entry in entries if entry.account_id != account]
    if len(others) == PEOPLE:
        raise Refused(
            f"{seating.seat} 号的答卷已由 {'、'.join(other.name for other in others)} 录入，由两人核对更正", CLAUSE
        )
    if any(other.account_id in person_of(account).accounts for other in others):
        raise Refused("您已录入这份答卷，须由另一人录入", CLAUSE)
    return others


def _read(items: Items, typed: Mapping[str, str]) -> dict[str, str]:
    """Item's number → response in the form of the hall; refused with everything that cannot be read."""
    answers, wrong = {}, []
    for number, item in enumerate(items, start=1):
        text = typed.get(str(item["item"]), "").strip()
        said = normal_key(item["type"], text) if text else ""
        if text and not (said and _fits(item, said)):
            wrong.append(f"第 {number} 题“{text[:12]}”")
        elif said:
            answers[str(item["item"])] = said
    if wrong:
        raise Refused(f"看不懂，或超出选项：{'、'.join(wrong[:20])}", CLAUSE)
    return answers


def _fits(item: Mapping[str, Any], said: str) -> bool:
    if item["type"] == "true_false":
        return True
    most = {"single": 1, "matching": len(item.get("premises", []))}.get(item["type"], len(item["options"]))
    return len(said) <= most and all(letter in LETTERS[: len(item["options"])] for letter in said)


def _sheet(seating: Seating, answers: dict[str, str]) -> TheorySheet:
    assert seating.paper is not None  # asked for before
    sheet = TheorySheet.objects.select_for_update().filter(seating=seating).first() or TheorySheet(
        seating=seating, application_id=seating.application_id
    )
    sheet.absent, sheet.came_without, sheet.forced, sheet.answers = False, "", False, answers
    sheet.sheet_digest = contract.sheet_digest(str(seating.pk), answers)
    sheet.receipt, sheet.started_at, sheet.handed_in_at = contract.receipt_of(sheet.sheet_digest), None, None
    sheet.objective = sheet.mark = mark_sheet(key_of(seating.paper.frozen()), answers)
    sheet.save()
    return sheet


def differing(seating: Seating) -> list[int]:
    """Where two people have typed different things: numbers of items on the paper, never what was typed."""
    entries = list(PaperEntry.objects.filter(seating=seating))
    if len(entries) < PEOPLE or any(entry.agreed for entry in entries) or seating.paper is None:
        return []
    one, other = (entry.answers for entry in entries)
    items = enumerate(asked(seating.paper.frozen()), start=1)
    return [number for number, item in items if one.get(str(item["item"])) != other.get(str(item["item"]))]

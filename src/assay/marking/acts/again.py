"""Marking a candidate's sheet again while a score check is asked for: by an examiner who had no part in it, from the paper
record. The room that takes score checks says which sheets wait (`contribute`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.urls import reverse

from assay.centre.models import Account
from assay.corps.models import Member
from assay.kernel.acts import Context, act
from assay.kernel.contributions import Engagement
from assay.kernel.refusals import Refused
from assay.kernel.texts import uncut
from assay.marking import rules
from assay.marking.acts.scoring import SheetRefused, own_member, place
from assay.marking.models import PanelSheet, Remarking
from assay.marking.queries import CARDS, open_to

CLAUSE = "工作方案 四(一)7"

_asked: list[Callable[[], Iterable[int]]] = []


def contribute(sheets: Callable[[], Iterable[int]]) -> None:
    """A room says which panel sheets (pk) wait to be marked again."""
    _asked.append(sheets)


def for_examiner(member: Member) -> QuerySet[PanelSheet]:
    """The sheets that wait and that the examiner may mark again: settled ones of jobs that the card covers, of nobody whom he
    or she has to stay away from, and none that he or she marked before."""
    waiting = {pk for sheets in _asked for pk in sheets()}
    found = PanelSheet.objects.filter(
        open_to(member, "application"), pk__in=waiting, settled_at__isnull=False, absent=False
    )
    return found.exclude(scores__member=member).exclude(remarkings__member=member).order_by("pk")


@act("marking.mark_again", duty="R3", title="复核重新评分", clause="四(一)7")
def mark_again(
    ctx: Context,
    sheet: PanelSheet,
    *,
    marks: Mapping[str, str],
    vetoes: Sequence[str] = (),
    remarks: str = "",
    observed: Mapping[str, str] | None = None,
) -> Remarking:
    """Enter all points anew from the paper record; final at once. The former marks stay as they are beside it."""
    sheet = (
        PanelSheet.objects.select_for_update(of=("self",))
        .select_related("seating", "template", "draw")
        .get(pk=sheet.pk)
    )
    member = own_member(ctx)
    if not for_examiner(member).filter(pk=sheet.pk).exists():
        raise Refused(
            f"{place(sheet)}您不能重评：没有待重评的复核申请、您参加过该考生的评分、证卡不含该职业，或应当回避",
            "考评员回避制度",
        )
    found = dict(observed or {})
    faults = rules.observation_problems(sheet.tasks, found)
    given = {} if faults else rules.marks_with_earned(sheet.tasks, marks, found)
    faults = faults or rules.mark_problems(sheet.tasks, given, vetoes)
    if faults:
        raise SheetRefused(sheet, faults, CLAUSE)
    made = Remarking.objects.create(
        sheet=sheet, member=member, marks=given, observed=found, vetoes=list(vetoes), remarks=uncut(remarks, 300, "备注"),
        total=rules.total_of(sheet.tasks, given, vetoes), at=ctx.at,
    )  # fmt: skip
    ctx.record(made)
    return made


def work_again_of(account: Account) -> Iterator[Engagement]:
    """Sheets that somebody of the examiners may mark again, for the worktable."""
    member = Member.objects.filter(account=account, cards__role__in=CARDS).first()
    if member is None:
        return
    for sheet in for_examiner(member).select_related("application__batch", "application__ticket"):
        number = sheet.application.ticket.number
        link = reverse("marking:again", args=[sheet.pk])
        yield Engagement(None, f"复核重评：准考证 {number}", f"{sheet.application.batch}，按纸质评分记录重新评分", link)

"""Score checks of a played batch: a theory sheet that the system marks again, a panel's sheet that another examiner does."""

from __future__ import annotations

from assay.batches.models import Batch
from assay.catalogue.parts import Part
from assay.corps.models import Member
from assay.marking.acts import again
from assay.marking.models import PanelSheet
from assay.marking.queries import CARDS
from assay.rehearsal.cast import Cast
from assay.results.acts import checks, outcomes
from assay.results.models import ScoreCheck
from assay.results.rules import Outcome

REASONS = {Part.THEORY: "请核对理论得分", Part.SKILL: "请核对技能得分"}


def ask(cast: Cast, batch: Batch) -> list[ScoreCheck]:
    """For who failed first, and for who did first in the skill exam: one check of each part."""
    failed = batch.results.filter(outcome=Outcome.FAIL)
    asking = [
        (failed.filter(theory__isnull=False, theory_absent=False).order_by("pk").first(), Part.THEORY),
        (failed.filter(skill__isnull=False, skill_absent=False).order_by("skill", "pk").first(), Part.SKILL),
    ]
    return [
        outcomes.ask_check(cast("kaowu"), result, part=part, reason=REASONS[part])
        for result, part in asking
        if result is not None
    ]


def answer(cast: Cast, asked: list[ScoreCheck]) -> None:
    """Marked again, answered by the officer, confirmed by the head of the centre."""
    for check in asked:
        finding = "经系统按答卷重判，与原成绩一致。"
        if check.part == Part.SKILL:
            sheet = PanelSheet.objects.get(application=check.result.application_id, part=Part.SKILL)
            total = _mark_again(cast, sheet)
            finding = f"由未参加评分的考评员按评分记录重评 {total} 分，与考评组成绩 {sheet.mark} 分相符，维持原成绩。"
        checks.confirm_check(cast("zhuren"), checks.answer_check(cast("kaowu"), check, finding=finding))


def _mark_again(cast: Cast, sheet: PanelSheet) -> object:
    """By the first examiner who may: what the record of the panel's first examiner says, point by point."""
    record = sheet.scores.order_by("pk").first()
    assert record is not None
    members = Member.objects.filter(account__isnull=False, cards__role__in=CARDS).distinct().order_by("pk")
    other = next(member for member in members if again.for_examiner(member).filter(pk=sheet.pk).exists())
    done = again.mark_again(
        cast.member(other.pk),
        sheet,
        marks=record.marks,
        vetoes=record.vetoes,
        observed=record.observed,
        remarks="按评分记录重评",
    )
    return done.total

"""Keeping what can be assessed and by what rules: every row is saved and removed through an act."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from assay.catalogue.models import (
    ContestScheme,
    CreditScheme,
    DirectMapping,
    EntryCondition,
    Level,
    Major,
    Occupation,
    PaperPattern,
    ScopeRow,
    Standard,
    StandardLevel,
    Weight,
)
from assay.centre.acts.reference import Many, keep
from assay.kernel.acts import Context
from assay.kernel.refusals import Refused

SCOPE = "工作方案 二(三)"
KEEPERS = ("L1", "E1", "X4")


def _within_standard(ctx: Context, row: ScopeRow, many: Many) -> None:
    """A row of the scope is of its standard's occupation, and at least at one level."""
    if row.standard_id and row.occupation_id and row.standard.occupation_id != row.occupation_id:
        raise Refused(f"标准“{row.standard}”不是“{row.occupation}”的标准", SCOPE)
    if "levels" in many and not list(many["levels"]):
        raise Refused("至少要选一个等级", SCOPE)


def _room_for_weight(ctx: Context, row: Weight, many: Many) -> None:
    """The weights of one column never go over 100, whoever else adds to it meanwhile."""
    StandardLevel.objects.select_for_update(no_key=True).filter(pk=row.standard_level_id).first()
    others = Weight.objects.filter(standard_level=row.standard_level_id, part=row.part).exclude(pk=row.pk)
    total = others.aggregate(n=Sum("percent"))["n"] or Decimal(0)
    if row.percent is not None and total + row.percent > 100:
        raise Refused(
            f"{row.get_part_display()}权重合计将达 {total + row.percent}%，不能超过 100%", "国家职业技能标准 4"
        )


LEVELS = keep(Level, "level", duty="L1", clause="二(二)")
MAJORS = keep(Major, "major", duty=("L1", "E1"), clause="二(三)")
OCCUPATIONS = keep(Occupation, "occupation", duty=KEEPERS, clause="二(三)")
STANDARDS = keep(Standard, "standard", duty=KEEPERS, clause="二(三)")
STANDARD_LEVELS = keep(StandardLevel, "standard_level", duty=KEEPERS, clause="二(三)")
WEIGHTS = keep(Weight, "weight", duty=KEEPERS, clause="三(五)", check=_room_for_weight)
CONDITIONS = keep(EntryCondition, "condition", duty=KEEPERS, clause="四(一)3(1)")
PATTERNS = keep(PaperPattern, "pattern", duty=("X4", "E1"), clause="三(五)")
SCOPE_ROWS = keep(ScopeRow, "scope_row", duty=("L1", "E1"), clause="二(三)", check=_within_standard)
CREDIT_SCHEMES = keep(CreditScheme, "credit_scheme", duty=("E1", "L2"), clause="二(四)3")
CONTEST_SCHEMES = keep(ContestScheme, "contest_scheme", duty=("E1", "L2"), clause="二(四)4")
DIRECT_MAPPINGS = keep(DirectMapping, "direct_mapping", duty=("E1", "L2"), clause="二(四)2")

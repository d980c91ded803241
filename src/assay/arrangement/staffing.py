"""How many people a room needs: for the gates of a whole batch, and for one room from which somebody is to be taken."""

from __future__ import annotations

from assay.arrangement import planning
from assay.arrangement.models import SessionRoom
from assay.arrangement.proposal import Invigilation, invigilation, panel_minimum
from assay.batches.models import Batch
from assay.catalogue.models import StandardLevel
from assay.catalogue.parts import Part
from assay.centre import parameters

STAFFING = "保育师标准 2021 1.9.3"
EXAMINERS = ("examiner", "leader")
FEW = 99
"""So many candidates one examiner takes where they come one after the other."""


def rules_of(batch: Batch) -> dict[tuple[int, int], StandardLevel]:
    """What the standards of a batch ask for, by standard and level."""
    found = StandardLevel.objects.filter(standard__scoperow__batchline__batch=batch).distinct()
    return {(s.standard_id, s.level_id): s for s in found}


def invigilators_needed(batch: Batch, candidates: int, watch: Invigilation | None = None) -> int:
    """In a theory room with so many candidates."""
    watch = watch or invigilation(rules_of(batch).values())
    return planning.invigilators_needed(candidates, watch.per_invigilator, watch.minimum)


def examiners_needed(
    room: SessionRoom, candidates: int, rules: dict[tuple[int, int], StandardLevel] | None = None
) -> int:
    """On the panel of a room with so many candidates: an odd number, at least the standard's or the centre's."""
    assert room.line is not None
    known = rules_of(room.session.batch) if rules is None else rules
    rule = known.get((room.line.scope_row.standard_id, room.line.level_id))
    if rule is None:  # taken out of the standard since: the centre's own number is left
        return planning.panel_needed(candidates, FEW, parameters.number("panel.minimum"))
    each = rule.skill_candidates_per_examiner if room.session.part == Part.SKILL else FEW
    return planning.panel_needed(candidates, each, panel_minimum(rule))

"""The skill exam of a played batch: panels open, examiners mark by themselves and lock, the leader settles."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from assay.arrangement.models import Assignment, SessionRoom
from assay.catalogue.parts import Part
from assay.exam.acts import rooms as exam_acts
from assay.kernel import clock
from assay.marking.acts import scoring
from assay.marking.acts.drawing import draw_paper, witness_draw
from assay.marking.models import PanelSheet
from assay.marking.queries import doors_shut_at, versions_for
from assay.rehearsal.cast import Cast

STAYS_AWAY = 0.015
HALF = Decimal("0.5")


def play_room(cast: Cast, room: SessionRoom) -> tuple[int, int]:
    """One room from opening the panel to the room record; (present, absent)."""
    chance = random.Random(str(room))  # noqa: S311 - a simulation, the same whatever the ids
    panel = list(Assignment.objects.filter(session_room=room, role__in=["leader", "examiner"]).order_by("pk"))
    leader = next(a.member_id for a in panel if a.role == "leader")
    with clock.moved_to(room.session.starts_at):
        if room.session.part == Part.SKILL and room.line is not None and versions_for(room.line):
            witness_draw(cast.member(leader), draw_paper(cast("shijuan"), room, witness="考生代表（演练）"))
        sheets = scoring.open_panel(cast("zhuanjia"), room)
    absent = [s for s in sheets if chance.random() < STAYS_AWAY]
    with clock.moved_to(doors_shut_at(room.session)):
        for sheet in absent:
            scoring.set_absent(cast.member(leader), sheet)
    present = [s for s in sheets if s not in absent]
    ability = {s.pk: min(max(chance.gauss(0.8, 0.1), 0.4), 0.98) for s in present}
    with clock.moved_to(room.session.ends_at - timedelta(minutes=10)):
        if present:
            for assignment in panel:
                actor = cast.member(assignment.member_id)
                scoring.save_scores(actor, [_marks(sheet, ability[sheet.pk], chance) for sheet in present])
                scoring.lock_scores(actor, present)
    with clock.moved_to(room.session.ends_at):
        scoring.settle(cast.member(leader), sheets)
        exam_acts.close_room_record(cast.member(leader), room, present=len(present), absent=len(absent))
    return len(present), len(absent)


def _marks(sheet: PanelSheet, ability: float, chance: random.Random) -> scoring.Marks:
    points: list[dict[str, Any]] = [point for task in sheet.tasks for point in task["points"]]
    given = [p for p in points if p.get("kind", "mark") == "mark"]
    marks = {p["code"]: _mark(Decimal(p["full"]), ability, chance) for p in given}
    observed = {
        p["code"]: _observed(p, ability, f"{sheet.seating.seat} {ability} {p['code']}")
        for p in points
        if p not in given
    }
    return scoring.Marks(sheet, marks, observed=observed)


def _observed(point: dict[str, Any], ability: float, seed: str) -> str:
    """Faults counted, or a measure within its limits (now and then just outside): the same for all who look at one piece."""
    good = random.Random(seed).random() < (1 + ability) / 2  # noqa: S311 - a simulation
    if point["kind"] == "deduct":
        return "0" if good else "1"
    return str(point["low"] if good else Decimal(point["high"]) + 1)


def _mark(full: Decimal, ability: float, chance: random.Random) -> str:
    """In halves of a mark, near what the candidate is able to; examiners differ a little."""
    share = Decimal(str(round(min(max(ability + chance.uniform(-0.05, 0.05), 0), 1), 3)))
    return str((full * share / HALF).quantize(Decimal(1)) * HALF)

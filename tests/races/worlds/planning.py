"""The annual plan, and a batch before anybody applies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from assay.batches import acts
from assay.batches.models import AnnualPlan, Batch
from assay.catalogue.models import ScopeRow
from assay.kernel import clock
from tests import factories as f
from tests.races.deeds import Deed, People, deed, world

_codes = count(1)
PLAN = (
    "batches.create_annual_plan", "batches.revise_annual_plan", "batches.submit_annual_plan", "batches.decide_annual_plan",
)  # fmt: skip


def _deeds_of_plan(people: People, plan: AnnualPlan) -> Iterator[Deed]:
    yield deed(people("E1"), acts.revise_annual_plan, plan, title="改后的计划", text="正文")
    yield deed(people("E1"), acts.submit_annual_plan, plan)
    yield deed(people("L2"), acts.decide_annual_plan, plan, approve=True, said="approve")
    yield deed(people("L2"), acts.decide_annual_plan, plan, approve=False, reason="人数不符", said="return")


@world(*PLAN)
def plan_in_draft(people: People) -> Iterator[Deed]:
    plan = f.annual_plan(state="draft")
    yield from _deeds_of_plan(people, plan)
    yield deed(people("E1"), acts.create_annual_plan, year=9000 + next(_codes) % 900, title="新年度")


@world(*PLAN[1:], "batches.advance")
def plan_before_the_leading_group(people: People) -> Iterator[Deed]:
    plan = f.annual_plan(state="submitted")
    yield from _deeds_of_plan(people, plan)
    yield deed(people("E1"), acts.advance, f.batch(plan=plan, lines=[(_row(people), "4", 30)]))


def _row(people: People) -> ScopeRow:
    row: ScopeRow = people.kept("row", f.scope_row)
    return row


def as_planned(batch: Batch) -> dict[str, Any]:
    """What a revision says that changes nothing."""
    return {
        "name": batch.name, "apply_from": batch.apply_from, "apply_to": batch.apply_to, "exam_on": batch.exam_on,
        "exam_to": batch.exam_to, "notice_text": batch.notice_text, "scheme": batch.scheme,
        "lines": [(line.scope_row, line.level, line.planned) for line in batch.lines.all()],
    }  # fmt: skip


@world("batches.revise_batch", "batches.advance", "batches.create_batch")
def planned_batch(people: People) -> Iterator[Deed]:
    row, other = _row(people), people.kept("other", f.scope_row)
    batch = f.batch(lines=[(row, "4", 30)])
    known, day = as_planned(batch), clock.today()
    yield deed(people("E1"), acts.revise_batch, batch, **{**known, "name": "改名"}, said="name")
    yield deed(people("E1"), acts.revise_batch, batch, **{**known, "lines": [(other, f.level("4"), 5)]}, said="lines")
    yield deed(people("E1"), acts.advance, batch)
    yield deed(
        people("E1"), acts.create_batch, plan=batch.plan, code=f"N{next(_codes)}", name="新批次", route="exam",
        apply_from=day, apply_to=day + timedelta(days=5), exam_on=date.fromordinal(day.toordinal() + 40),
        lines=[(row, f.level("4"), 10)],
    )  # fmt: skip

"""The last day on which a batch may still be filed (plan §四(一)4: ten working days ahead)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assay.batches.models import Batch
from assay.centre import parameters
from assay.kernel.calendar import GUESSED, WorkingDays
from assay.kernel.models import HolidayTable
from assay.kernel.refusals import Refused


@dataclass(frozen=True)
class Deadline:
    """`last_day` leaves `working_days` working days before the first exam day; `known` is False when it was counted over a year whose
    holidays are not known."""

    last_day: date
    working_days: int
    known: bool

    @property
    def reservation(self) -> str:
        """What whoever reads the day has to know of its counting: empty while all holidays are known."""
        return "" if self.known else f"（{GUESSED}）"


def deadline_of(batch: Batch) -> Deadline:
    """Raises Refused when the batch has no exam day."""
    if batch.exam_on is None:
        raise Refused("批次没有考核日期", "工作方案 四(一)4")
    days = WorkingDays(HolidayTable())
    lead = parameters.number("filing.lead_working_days")
    last_day = days.add(batch.exam_on, -lead)
    return Deadline(last_day, lead, days.known(last_day, batch.exam_on))

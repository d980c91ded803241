"""The days that a batch lives by, counted in working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assay.batches.models import Batch
from assay.batches.stages import Route, Stage
from assay.centre import parameters
from assay.kernel.calendar import WorkingDays
from assay.kernel.clock import today
from assay.kernel.models import HolidayTable

_ORDER = list(Stage)
EXAM_BEGINS = "考核首日"
PRESSING = 5
"""So many working days before it, a day to keep stands out."""


@dataclass(frozen=True)
class Deadline:
    """A day to keep. `left` counts working days from today (negative: so many have passed), `away` all days. `known` is False when
    the holidays of some year until then are not known and Monday to Friday was assumed."""

    batch: Batch
    title: str
    day: date
    left: int
    known: bool
    away: int

    @property
    def said(self) -> str:
        """How much time is left."""
        if self.away < 0:
            return "已开始" if self._has_begun else "已过"
        if self.away == 0:
            return "今天" if self.title == EXAM_BEGINS else "今天截止"
        return f"还有 {self.left} 个工作日" if self.left else f"还有 {self.away} 天，都是休息日"

    @property
    def tone(self) -> str:
        """The colour of that: red when it was missed, orange when it presses."""
        if self.away < 0:
            return "blue" if self._has_begun else "red"
        return "orange" if self.left <= PRESSING else "blue"

    @property
    def _has_begun(self) -> bool:
        """The exam whose first day is past goes on as it should: nothing was missed."""
        return self.title == EXAM_BEGINS and self.batch.stage == Stage.EXAM


class Timing:
    """Counts for any number of batches over one reading of the calendar."""

    def __init__(self) -> None:
        self._days = WorkingDays(HolidayTable())
        self._lead = parameters.number("filing.lead_working_days")
        self._today = today()

    def left(self, day: date) -> int:
        if day >= self._today:
            return self._days.between(self._today, day)
        return -self._days.between(day, self._today)

    def deadline(self, batch: Batch, title: str, day: date) -> Deadline:
        known = self._days.known(self._today, day)
        return Deadline(batch, title, day, self.left(day), known, (day - self._today).days)

    def filing_day(self, batch: Batch) -> date | None:
        """The last day on which the plan may be filed (工作方案 四(一)4); None for a batch without an exam day."""
        if batch.route != Route.EXAM or batch.exam_on is None:
            return None
        return self._days.add(batch.exam_on, -self._lead)

    def filing_day_is_known(self, batch: Batch) -> bool:
        """Whether it was counted over years whose holidays are known."""
        last = self.filing_day(batch)
        return last is None or batch.exam_on is None or self._days.known(last, batch.exam_on)

    def deadlines(self, batch: Batch) -> list[Deadline]:
        """Those still to be kept at the batch's stage: application, filing, exam."""
        place = _ORDER.index(Stage(batch.stage))
        found = []
        if place <= _ORDER.index(Stage.APPLY):
            found.append(self.deadline(batch, "报名截止", batch.apply_to))
        filing_day = self.filing_day(batch)
        if filing_day is not None and place <= _ORDER.index(Stage.FILING):
            found.append(self.deadline(batch, "认定计划上报期限", filing_day))
        if batch.exam_on is not None and place <= _ORDER.index(Stage.EXAM):
            found.append(self.deadline(batch, EXAM_BEGINS, batch.exam_on))
        return found


def year_is_known(year: int) -> bool:
    """Whether all holidays of that year are known, from the centre's own table or the calendar data."""
    return WorkingDays(HolidayTable()).known(date(year, 1, 4))

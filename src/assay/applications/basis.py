"""How an application takes each part, and on what a part is left out, as reviewers and the 备案表 read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.applications.eligibility import Terms, day_of_exam, parts_taken, terms
from assay.applications.history import History, histories
from assay.applications.models import ENDED, Application
from assay.applications.parts import HOW_CHOICES, HOWS, How, LeftOut, left_out_by
from assay.batches.models import BatchLine
from assay.batches.stages import Stage
from assay.catalogue.parts import SHORT
from assay.items import marks


@dataclass(frozen=True)
class Taken:
    """One part: 新考, 补考 or 免考; for the last on what, empty when there is nothing to leave it out on. `doubt`: what reviewers
    should look at, which stands on no paper."""

    part: str
    how: str
    basis: str = ""
    doubt: str = ""

    @property
    def title(self) -> str:
        return SHORT[self.part]

    @property
    def left_out(self) -> bool:
        return self.how == How.EXEMPT

    @property
    def tone(self) -> str:
        """Its colour: what is left out stands out, and most of all what is left out on nothing."""
        if not self.left_out:
            return "orange" if self.doubt else "blue"
        return "orange" if self.basis else "red"

    @property
    def hows(self) -> list[tuple[str, str, bool]]:
        """The ways in which a part can be taken, and whether it is this one."""
        return [(how, title, how == self.how) for how, title in HOW_CHOICES]

    def __str__(self) -> str:
        said = f"{self.title}{HOWS[self.how]}"
        return f"{said}（{self.basis or '没有依据'}）" if self.left_out else said


def taken_by(applications: Sequence[Application]) -> list[list[Taken]]:
    """Of each application its parts, in the order given; earlier assessments are read for all at once."""
    in_force = terms()
    return [
        [
            Taken(part, how, _basis(application, part, history, in_force), _doubt(part, how, history))
            for part, how in parts_taken(application).items()
        ]
        for application, history in zip(applications, histories(applications), strict=True)
    ]


def applied_elsewhere(applications: Sequence[Application]) -> list[str]:
    """Of each application, in words, where else the same person has applied for the same job and level in a batch that goes on; empty
    when nowhere. Only one of them can lead to a certificate."""
    going_on = Application.objects.exclude(state__in=ENDED).exclude(batch__stage=Stage.CLOSED).order_by("pk")
    others: dict[int, list[Application]] = {}
    for other in going_on.filter(person__in={a.person_id for a in applications}).select_related("batch", "line"):
        others.setdefault(other.person_id, []).append(other)
    return [
        "、".join(
            f"“{other.batch}”（{other.get_state_display()}）"
            for other in others.get(a.person_id, [])
            if other.batch_id != a.batch_id and _same_target(other.line, a.line)
        )
        for a in applications
    ]


def _same_target(one: BatchLine, other: BatchLine) -> bool:
    return (one.scope_row_id, one.level_id) == (other.scope_row_id, other.level_id)


def _doubt(part: str, how: str, history: History) -> str:
    """Where somebody is said to sit a part again: other centres, and years before this system, are known to papers alone."""
    if how != How.RESIT or part in history.sat:
        return ""
    return f"{SHORT[part]}填了补考，本系统没有其此前参加该科的记录：请核对此前的成绩单，首次参加的改为新考"


def _basis(application: Application, part: str, history: History, terms: Terms) -> str:
    kind = left_out_by(part, history, day_of_exam(application), terms.pass_mark)
    if kind == LeftOut.KEPT:
        kept = history.passes[part]
        return f"{kept.source} {kept.on} 发布的成绩 {marks.read(kept.mark)}，保留到 {kept.until}"
    return f"{history.exemptions[part].basis}（{history.exemptions[part].number}）" if kind else ""

"""An application as its candidate sees it: where it stands, what is known of it, and what may still be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from assay.applications.acts.applying import OPEN_STATES
from assay.applications.acts.correcting import correct_person
from assay.applications.acts.withdrawing import withdraw
from assay.applications.models import Application, Person
from assay.batches.acts import is_open_today
from assay.certificates.models import Certificate, certificate_of
from assay.kernel.acts import Actor, why_not
from assay.kernel.clock import day_of, shown
from assay.kernel.offers import Offer, offers
from assay.results.acts.outcomes import ask_check
from assay.results.models import Result

_PASSED: dict[str, str] = {Application.State.FIRST_PASSED: "已通过初审", Application.State.APPROVED: "已审核通过"}


@dataclass(frozen=True)
class OwnApplication:
    """`withdraw` and `ask_check` are what its candidate may do with it now; `details_open`: the own details may be put right for it."""

    application: Application
    withdraw: Offer
    ask_check: Offer | None
    details_open: bool = False

    @property
    def certificate(self) -> Certificate | None:
        return certificate_of(self.application)

    @property
    def ticket(self) -> Any:
        return getattr(self.application, "ticket", None)

    @property
    def result(self) -> Result | None:
        """Once it is released."""
        return _released(self.application)

    @property
    def is_draft(self) -> bool:
        return self.application.state == Application.State.DRAFT

    @property
    def is_returned(self) -> bool:
        return self.application.state == Application.State.RETURNED

    @property
    def is_rejected(self) -> bool:
        return self.application.state == Application.State.REJECTED

    @property
    def is_issued(self) -> bool:
        """The certificate has been handed out and is good."""
        return self.certificate is not None and self.certificate.state == Certificate.State.ISSUED

    @property
    def is_withdrawn(self) -> bool:
        """The certificate is good no more."""
        return self.certificate is not None and self.certificate.state == Certificate.State.WITHDRAWN

    @property
    def standing(self) -> str:
        """How far it has come, in a word."""
        if self.is_withdrawn:
            return "证书已撤销"
        if self.is_issued:
            return "已发证"
        return "成绩已公布" if self.result else self.application.get_state_display()

    @property
    def tone(self) -> str:
        if self.is_withdrawn:
            return "red"
        return "green" if self.is_issued else "blue"

    @property
    def seats_said(self) -> list[str]:
        """When and where each part is sat."""
        return [
            f"{room.session.get_part_display()}：{shown(room.session.starts_at)}，{room.room} {seating.seat} 号"
            for seating in self.application.seatings.all()
            for room in [seating.session_room]
        ]

    @property
    def marks_said(self) -> str:
        """The marks of all parts, once they are released."""
        parts = self.result.parts_said if self.result else []
        return "，".join(f"{title} {said or '—'}" for title, said in parts)

    @property
    def withdrawal_said(self) -> str:
        """Which certificate is good no more, since when and why: a sentence that ends with whom to ask."""
        gone = self.certificate
        if gone is None or gone.withdrawn_at is None:
            return ""
        day, ground = day_of(gone.withdrawn_at), gone.get_withdrawn_ground_display() or "其他原因"
        return (
            f"证书 {gone.number} 已于 {day.year}年{day.month}月{day.day}日 撤销，不再有效。事由：{ground}。"
            "有疑问请向认定中心查询"
        )


def applications_of(person: Person) -> QuerySet[Application]:
    """A person's applications with all that is said of them here."""
    near = ("batch", "line__scope_row__occupation", "line__level", "ticket", "result__batch")
    return person.applications.select_related(*near).prefetch_related(
        "seatings__session_room__session",
        "seatings__session_room__room",
        "result__checks",
        "theory_sheets",
        "certificates",
    )


def as_seen_by(candidate: Actor, applications: Sequence[Application]) -> list[OwnApplication]:
    """Each of these own applications with what the candidate may do with it."""
    withdrawals = offers(
        candidate, withdraw, applications, title="撤回", url=lambda a: reverse("portal:withdraw", args=[a.pk]),
        main=False, small=False,
    )  # fmt: skip
    checks = offers(
        candidate, ask_check, [result for result in map(_released, applications) if result is not None],
        title="申请复核", url=lambda r: reverse("portal:score_check", args=[r.pk]), main=False, small=False, page=True,
    )  # fmt: skip
    asked = {a.pk: replace(withdrawals[a.pk], confirm=_before_withdrawing(a)) for a in applications}
    mending = [a for a in applications if a.state in OPEN_STATES]
    details_open = bool(mending) and why_not(correct_person, candidate, mending[0].person) is None
    return [
        OwnApplication(a, asked[a.pk], checks.get(getattr(_released(a), "pk", None)), a in mending and details_open)
        for a in applications
    ]


def _before_withdrawing(application: Application) -> str:
    """What is asked, with what it costs."""
    batch = application.batch
    reviewed = f"这份报名{_PASSED[application.state]}。" if application.state in _PASSED else ""
    if is_open_today(batch):
        last = f"{batch.apply_to.month}月{batch.apply_to.day}日"
        return f"{reviewed}撤回后可以在 {last} 前重新报名，重新审核。确认撤回？"
    return f"{reviewed}报名已经截止，撤回后本批次不能再报，不参加这次认定。确认撤回？"


def _released(application: Application) -> Result | None:
    result: Result | None = getattr(application, "result", None)
    return result if result is not None and result.released_at else None

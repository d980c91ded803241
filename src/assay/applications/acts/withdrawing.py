"""Taking applications back: by the candidate and the department while nobody has decided, by the centre with its reason until the plan
is filed. Nothing is deleted: the application stays, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.applications.acts.applying import APPLY, REVIEWED_STAGES
from assay.applications.leaving import take_back_with
from assay.applications.models import ENDED, UNDECIDED, Application
from assay.applications.ownership import require_own
from assay.batches.models import Batch
from assay.batches.stages import Stage
from assay.kernel import gates
from assay.kernel.acts import Actor, Context, act
from assay.kernel.holding import held
from assay.kernel.recorded import rewrite
from assay.kernel.refusals import Blocked, ForOthers, Refused, require_each
from assay.kernel.texts import uncut

WITHDRAWN_STAGES = (*REVIEWED_STAGES, Stage.ARRANGE, Stage.FILING)
"""Until the plan is filed. Whoever stays away from then on is absent, and the record says so."""


@dataclass(frozen=True)
class Withdrawn:
    """How many were taken back, and what went with them, in words."""

    count: int
    followed: list[str]


def require_withdrawable(*applications: Application) -> None:
    """Raises Refused where there is nothing to be taken back, and once the plan stands with these people in it."""
    require_each(applications, _require_one)
    for batch in {application.batch_id: application.batch for application in applications}.values():
        found = gates.blockers("withdraw", batch) if batch.stage == Stage.FILING else []
        if found:
            raise Blocked(found)


def _require_one(application: Application) -> None:
    if application.state in ENDED:
        raise Refused(f"该报名{application.get_state_display()}，不能撤回", APPLY)
    if application.batch.stage not in WITHDRAWN_STAGES:
        raise Refused(f"“{application.batch}”现处“{application.batch.get_stage_display()}”，不能再撤回报名", APPLY)


def require_to_withdraw(actor: Actor, *applications: Application) -> None:
    """Raises Refused where others take it back: not the own people, or, for candidate and department, no more theirs to decide."""
    for application in applications:
        require_own(actor, application.person)
        if actor.holds("E5"):
            continue
        if application.batch.stage not in REVIEWED_STAGES:
            raise Refused("资格审核已结束，不能再撤回：确有原因的，由认定中心办理", APPLY)
        if "C1" not in actor.duties and application.state not in UNDECIDED:
            raise ForOthers(f"{application.applicant} 的报名已审核：由认定中心撤回，或由其退回后再撤回", APPLY)


@act(
    "applications.withdraw", duty=("C1", "R1", "E5"), title="撤回报名", clause="四(一)2", guard=require_withdrawable,
    for_whom=require_to_withdraw,
)  # fmt: skip
def withdraw(ctx: Context, applications: Sequence[Application], *, reason: str) -> Withdrawn:
    """Take applications back, and what later rooms made of them."""
    rows = _locked(applications)
    if not rows:
        raise Refused("没有选中任何报名")
    if not reason.strip():
        raise Refused("撤回报名须写明原因", APPLY)
    require_withdrawable(*rows)
    require_to_withdraw(ctx.actor, *rows)
    followed = take_back_with(ctx, rows)
    for row in rows:
        row.state, row.reason = Application.State.WITHDRAWN, uncut(reason.strip(), 300, "撤回原因")
    rewrite(rows, ["state", "reason"])
    ctx.record_all(rows)
    ctx.note = "；".join([f"撤回 {len(rows)} 份", *followed])
    return Withdrawn(len(rows), followed)


def _locked(applications: Sequence[Application]) -> list[Application]:
    """The rows, locked, with their persons; their batches held."""
    pks = [application.pk for application in applications]
    batches = {b.pk: held(b) for b in Batch.objects.filter(applications__in=pks).distinct().order_by("pk")}
    found = Application.objects.filter(pk__in=pks).order_by("pk")
    list(found.select_for_update().values_list("pk"))  # and only then read what belongs to them
    rows = list(found.select_related("person__department", "applicant"))
    for row in rows:
        row.batch = batches[row.batch_id]
    return rows

"""What an application asks for out of the ordinary, decided on its own page: how each part is taken, exemptions with their
paper, and whether the holder of a certificate is admitted once more."""

from __future__ import annotations

from collections.abc import Mapping

from assay.applications.acts.applying import OPEN_STATES, REVIEWED_STAGES
from assay.applications.eligibility import HELD, parts_taken
from assay.applications.history import history_of
from assay.applications.models import Application, Exemption
from assay.applications.ownership import require_of_own_department
from assay.applications.parts import EVERY_PART, How
from assay.catalogue.parts import SHORT
from assay.kernel import files
from assay.kernel.acts import Actor, Context, act
from assay.kernel.clock import today
from assay.kernel.holding import held
from assay.kernel.refusals import ForOthers, Refused
from assay.kernel.texts import uncut

REVIEW = "工作方案 四(一)3"
UNDECIDED = (*OPEN_STATES, Application.State.SUBMITTED, Application.State.FIRST_PASSED)


def require_undecided(application: Application) -> None:
    """Raises Refused once a review has come to its end over the application."""
    if application.state not in UNDECIDED or application.batch.stage not in REVIEWED_STAGES:
        raise Refused(f"该报名{application.get_state_display()}，审核已有结论，不能再改", REVIEW)


def require_parts_open(application: Application) -> dict[str, str]:
    """How its parts are taken. Raises Refused once the application is decided over, or where there are no parts."""
    require_undecided(application)
    known = parts_taken(application)
    if not known:
        raise Refused(f"{application.batch.get_route_display()}不分科目，没有考试类别和免考", EVERY_PART)
    return known


def require_own_department(actor: Actor, application: Application) -> None:
    """Raises Refused where the application is another department's, and once the department has passed it: what was reviewed there
    is changed by the centre, or after it was given back. The centre acts for all."""
    if actor.holds("E5"):
        return
    require_of_own_department(actor, application)
    if application.state == Application.State.FIRST_PASSED:
        raise ForOthers("系部初审已通过：考试类别和免考由中心更正，或由中心退回后再改", REVIEW)


@act(
    "applications.set_parts", duty=("R1", "E5"), title="更正考试类别", clause="四(一)2", guard=require_parts_open,
    for_whom=require_own_department,
)  # fmt: skip
def set_parts(ctx: Context, application: Application, parts: Mapping[str, str]) -> Application:
    """Put right which parts are taken for the first time, again, or not at all."""
    application = _locked(application)
    require_own_department(ctx.actor, application)
    known = require_parts_open(application)
    if set(parts) - set(known) or set(parts.values()) - set(How):
        raise Refused("请按科目选择新考、补考或免考", EVERY_PART)
    wanted = {**known, **parts}
    if all(how == How.EXEMPT for how in wanted.values()):
        raise Refused("各科目都填了免考：至少须参加一科考核", EVERY_PART)
    for part, how in parts.items():
        setattr(application, part, how)
    application.save()
    ctx.record(application)
    return application


@act(
    "applications.exempt", duty=("R1", "E5"), title="登记免考", clause="四(一)3(1)", guard=require_parts_open,
    for_whom=require_own_department,
)  # fmt: skip
def exempt(ctx: Context, application: Application, *, part: str, basis: str, number: str, content: bytes) -> Exemption:
    """Leave a part out on a rule or decision that is named, with its paper; entered again, the former one is replaced."""
    application = _locked(application)
    require_own_department(ctx.actor, application)
    known = require_parts_open(application)
    missing = [
        what
        for what, given in (
            ("科目", part in known),
            ("免考依据", basis.strip()),
            ("文件编号", number.strip()),
            ("文件", content),
        )
        if not given
    ]
    if missing:
        raise Refused(f"登记免考须有：{'、'.join(missing)}", REVIEW)
    if all(how == How.EXEMPT for name, how in known.items() if name != part):
        raise Refused(f"其余科目都已免考，{SHORT[part]}不能再免：至少须参加一科考核", EVERY_PART)
    exemption = Exemption.objects.select_for_update().filter(application=application, part=part).first() or Exemption(
        application=application, part=part
    )
    exemption.basis, exemption.number = uncut(basis, 200, "免考依据"), uncut(number, 60, "文件编号")
    exemption.file, exemption.by, exemption.at = files.keep(content), ctx.actor.name, ctx.at
    exemption.save()
    setattr(application, part, How.EXEMPT)
    application.save()
    ctx.record(exemption, application)
    return exemption


@act("applications.drop_exemption", duty=("R1", "E5"), title="撤销免考登记", clause="四(一)3(1)")
def drop_exemption(ctx: Context, exemption: Exemption) -> Application:
    """Take an exemption back that was entered by mistake: the part is taken like any other. It can be done as long as one can be
    entered (`exempt`)."""
    application = _locked(exemption.application)
    require_own_department(ctx.actor, application)
    require_parts_open(application)
    found = Exemption.objects.select_for_update().filter(pk=exemption.pk).first()
    if found is None:
        raise Refused("该免考登记已撤销", REVIEW)
    ctx.record_removed(Exemption, found.pk)
    found.delete()
    setattr(application, exemption.part, How.FIRST)
    application.save()
    ctx.record(application)
    return application


def require_holder(application: Application) -> list[str]:
    """The numbers of the certificates that the applicant holds for the same. Raises Refused once the application is decided over,
    or where there is none."""
    require_undecided(application)
    numbers = [certificate.number for certificate in history_of(application).held]
    if not numbers:
        raise Refused("该考生没有同工种同等级的有效证书，不需要决定", HELD)
    return numbers


@act(
    "applications.admit_again", duty="E4", title="同意持证人再次认定", clause="四(一)3(1)", guard=require_holder
)  # fmt: skip
def admit_again(ctx: Context, application: Application, *, reason: str) -> Application:
    """The centre admits somebody who holds the same job and level already, and says why. It holds for the certificates in
    force today."""
    application = _locked(application)
    numbers = require_holder(application)
    if not reason.strip():
        raise Refused("请写明同意再次认定的理由", HELD)
    application.again = {
        "numbers": numbers, "reason": uncut(reason, 300, "同意再次认定的理由"), "by": ctx.actor.name, "on": today().isoformat(),
    }  # fmt: skip
    application.save()
    ctx.record(application)
    return application


def _locked(application: Application) -> Application:
    """Its batch held, so that no review ends meanwhile."""
    held(application.batch)
    rows = Application.objects.select_for_update(of=("self",)).select_related("batch", "line__level", "person")
    return rows.get(pk=application.pk)

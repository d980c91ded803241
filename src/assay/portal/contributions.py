from collections.abc import Iterator

from django.urls import reverse

from assay.centre.actors import duties_of
from assay.centre.models import Account, Appointment
from assay.kernel.clock import now, today
from assay.kernel.contributions import Engagement, MenuEntry, add_engagements, add_menu
from assay.portal.models import CLAIM_LASTS, Claim
from assay.portal.reach import concerning

add_menu(
    MenuEntry("报名与考生", "考生注册核实", "portal:claims", order=30),
    MenuEntry("报名与考生", "考生激活码", "portal:codes", order=40),
)


def claims_to_look_at(account: Account) -> Iterator[Engagement]:
    """The department's own for its head; exam affairs are told of those whose department has nobody to look at them."""
    held = duties_of(account)
    waiting = Claim.objects.filter(state=Claim.State.WAITING, at__gt=now() - CLAIM_LASTS)
    if "R1" in held:
        count = waiting.filter(concerning(account.department_id)).count()
    elif "E5" in held:
        count = waiting.exclude(department__in=_looked_after()).count()
    else:
        return
    if count:
        said = "对照名册核对，本人带证件和受理号来的当面确认"
        yield Engagement(None, f"{count} 份考生注册待核实", said, reverse("portal:claims"))


def _looked_after() -> set[int | None]:
    """Departments with somebody who holds R1 today."""
    held = Appointment.objects.filter(account__is_active=True, account__department__isnull=False)
    day = today()
    return {
        a.account.department_id
        for a in held.select_related("account", "post")
        if a.in_force(day) and "R1" in a.post.duties
    }


add_engagements(claims_to_look_at)

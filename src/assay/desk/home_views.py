"""The worktable: what waits for the person who signed in, over all batches; and who does what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assay.batches import cockpit
from assay.batches.acts import create_batch
from assay.batches.models import Batch
from assay.batches.stages import OVER
from assay.batches.timing import Timing, year_is_known
from assay.centre import duty_table as duties_by_act
from assay.centre import second_factor
from assay.centre.actors import account, actor
from assay.centre.duties import DUTIES
from assay.centre.duty_table import Posts
from assay.desk.guide import Guide, guide_for, link_for
from assay.desk.security_views import sprayed
from assay.kernel import contributions
from assay.kernel.access import staff
from assay.kernel.acts import Actor, why_not
from assay.kernel.calendar import GUESSED
from assay.kernel.clock import today
from assay.setup.acts import install_school

SOON_DAYS = 10


@require_GET
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Own tasks first, then what only time or others bring; deadlines of the next working days; the open batches."""
    who = actor(request)
    batches = list(Batch.objects.exclude(stage__in=OVER).select_related("plan").order_by("-pk"))
    posts, timing = Posts(), Timing()
    reader = cockpit.Reader(account(request), who.duties)
    kinds = (cockpit.tasks, cockpit.todos, cockpit.next_step)
    tasks = [task for b in batches for of_kind in kinds for task in of_kind(b, reader, posts)]
    deadlines = sorted((d for batch in batches for d in timing.deadlines(batch)), key=lambda d: d.day)
    soon = [d for d in deadlines if d.left <= SOON_DAYS]
    own = [one for of_account in contributions.engagements for one in of_account(account(request))]
    mine, own_now = [t for t in tasks if t.mine], [one for one in own if one.at is None]
    guide = guide_for(who)
    context = {
        "title": "我的工作台",
        "guide": guide,
        "may_set_up": why_not(install_school, who) is None,
        "guide_steps": [(step, link_for(who, step)) for step in guide.missing] if guide is not None else [],
        "mine": mine,
        "waiting": [t for t in tasks if t.blocker.waits_for],
        "others": [t for t in tasks if not t.mine and not t.blocker.waits_for],
        "to_do": len(mine) + len(own_now),
        "own_now": own_now,
        "engagements": [one for one in own if one.at is not None],
        "batches": batches,
        "deadlines": soon,
        "held": [duty for code, duty in DUTIES.items() if code in who.duties],
        "guessed": "" if year_is_known(today().year) and all(d.known for d in soon) else GUESSED,
        "begin_with": _begin_with(who, batches, guide),
        "second_factor": second_factor.missing(account(request), who.duties),
        "sprayed": list(sprayed()) if who.holds("L1") else [],
    }
    return render(request, "desk/home.html", context)


def _begin_with(who: Actor, batches: list[Batch], guide: Guide | None) -> dict[str, bool]:
    """What this person can begin with while no batch goes on: with the school, as long as something of it is missing."""
    if batches:
        return {}
    return {"set_up": guide is not None, "plan": why_not(create_batch, who) is None}


@require_GET
@staff
def duty_table(request: HttpRequest) -> HttpResponse:
    """Act, duty, post, as `assay duties` prints it."""
    context = {"title": "职责对照表", "rows": duties_by_act.rows(), "duties": DUTIES}
    return render(request, "desk/duties.html", context)

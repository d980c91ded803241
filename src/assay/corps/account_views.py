"""Who of the corps has no account yet: those who are put to work first, ticked already."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from assay.centre.actors import actor
from assay.centre.editing import tabs_of
from assay.centre.handed_out import drawn_for, first_passwords_page
from assay.corps.acts import open_accounts
from assay.corps.editors import READERS, TABS
from assay.corps.models import Member
from assay.corps.needs import needs
from assay.kernel.access import duties
from assay.kernel.clock import today
from assay.kernel.given import wholes
from assay.kernel.offers import offer
from assay.kernel.refusals import Refused

NAMED = 3


@dataclass(frozen=True)
class _Row:
    member: Member
    cards: str
    needed: str
    ticked: bool


@require_GET
@duties(*READERS)
def accounts(request: HttpRequest) -> HttpResponse:
    """Who has none; ticked are those who were asked for, or all who are put to work."""
    rows = _rows(wholes(request.GET.getlist("member")))
    context = {
        "title": "队伍账号",
        "tabs": tabs_of(request, TABS),
        "rows": rows,
        "needed": sum(bool(row.needed) for row in rows),
        "with_account": Member.objects.filter(active=True).exclude(account=None).count(),
        "giving": offer(
            actor(request), open_accounts, title="为选中的人员建立账号", url=reverse("corps:open_accounts")
        ),
    }
    return render(request, "corps/accounts.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@duties("L1")
def give(request: HttpRequest) -> HttpResponse:
    """Accounts for those who are ticked: one, several, or all who are put to work."""
    here = reverse("corps:accounts")
    if request.method == "GET":
        return redirect(here)  # from a page that came back to the one with the passwords
    chosen = wholes(request.POST.getlist("member"))
    if not chosen:
        raise Refused("没有选中任何人")
    waiting = Member.objects.filter(pk__in=chosen, account=None, active=True).values_list("pk", flat=True)
    made = open_accounts(actor(request), drawn_for(list(waiting)))
    return first_passwords_page(request, made, here, "队伍账号")


def _rows(chosen: list[int]) -> list[_Row]:
    """Who is needed stands first; ticked is who was asked for, or else who is needed."""
    wanted, day = needs(), today()
    members = Member.objects.filter(active=True, account=None).select_related("department").prefetch_related("cards")
    rows = []
    for member in members.order_by("pk"):
        cards = "、".join(dict.fromkeys(c.get_role_display() for c in member.cards.all() if c.in_force(day)))
        what = wanted.get(member.pk, [])
        said = "；".join(what[:NAMED]) + (f"等 {len(what)} 处" if len(what) > NAMED else "")
        rows.append(_Row(member, cards, said, member.pk in chosen if chosen else bool(what)))
    return sorted(rows, key=lambda row: (not row.ticked, not row.needed))

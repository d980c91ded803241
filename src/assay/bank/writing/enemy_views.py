"""The page of enemies: groups that there are, groups that are proposed because their items nearly repeat one another."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.bank.models import EnemyGroup, Item, Specification
from assay.bank.promise import ask_to_promise, promised
from assay.bank.queries import closed_items, sees_every_item
from assay.bank.writing.acts import items
from assay.bank.writing.forms import EnemiesForm, Step
from assay.bank.writing.suggestions import Suggestion, suggested_enemies
from assay.centre.actors import actor
from assay.items.content import markup
from assay.kernel.access import duties
from assay.kernel.acts import Actor
from assay.kernel.offers import Offer, offers
from assay.kernel.refusals import Refused

SHOWN = 50
"""Proposed groups on the page at once; the next come when these are dealt with."""
LONGEST = 160


@require_GET
@duties("X4")
def enemies(request: HttpRequest, pk: int) -> HttpResponse:
    """The experts' head goes through what is proposed; stems are shown as in the list of items, of closed items none."""
    if not promised(request):
        return ask_to_promise(request, "查看相近题之前，请先签署本年度的试题保密承诺。")
    specification = get_object_or_404(Specification, pk=pk)
    suggestions, closed = suggested_enemies(specification), closed_items(specification)
    who, groups = actor(request), list(specification.enemy_groups.prefetch_related("items"))
    context = {
        "title": f"相近题组：{specification}",
        "specification": specification,
        "groups": groups,
        "removing": removals(who, groups),
        "opens_items": sees_every_item(who),
        "proposed": [_shown(s, closed) for s in suggestions[:SHOWN]],
        "total": len(suggestions),
    }
    return render(request, "bank/enemies.html", context)


def removals(who: Actor, groups: Iterable[EnemyGroup]) -> dict[Any, Offer]:
    """For each group of enemies that it is one no more."""
    return offers(
        who, items.remove_enemies, groups, title="取消", url=lambda group: reverse("bank:enemies_remove", args=[group.pk]),
        main=False,
    )  # fmt: skip


def _shown(suggestion: Suggestion, closed: Container[int]) -> tuple[str, list[tuple[Item, str]]]:
    return f"{suggestion.likeness:.0%}", [(item, _stem(item, closed)) for item in suggestion.items]


def _stem(item: Item, closed: Container[int]) -> str:
    if item.pk in closed:
        return "在封存的试卷上，考完之前不显示"
    return markup.plain(markup.parse(item.stem)).replace("\n", " ")[:LONGEST]


@require_POST
@duties("X4")
def act_on_proposed(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a group of the ticked items, or say that those shown may meet."""
    specification, given = get_object_or_404(Specification, pk=pk), EnemiesForm.read(request)
    accepts = given["step"] == Step.ACCEPT
    found = list(specification.items.filter(pk__in=given["chosen" if accepts else "shown"], case=None))
    if len(found) < 2:
        raise Refused("相近题组至少要有两道试题，请勾选")
    if accepts:
        items.save_enemies(actor(request), specification, "题干相近", found)
        messages.success(request, f"{len(found)} 题已设为相近题组，不会出现在同一份试卷上。")
    else:
        items.dismiss_enemies(actor(request), specification, found)
        messages.success(request, f"已记下：这 {len(found)} 题可以同卷，不再建议。")
    return redirect("bank:enemies", pk=pk)

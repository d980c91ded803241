"""What pages are made of: a card with its title, facts, a table with its heads, a badge, a note, an empty state, a button that posts.
Each stands once, so that a page says what it shows and not how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assay.kernel.offers import Offer

register = template.Library()

TONES = {
    "draft": "secondary", "prepared": "secondary", "withdrawn": "secondary", "void": "red",
    "submitted": "blue", "first_passed": "blue", "sent": "blue", "published": "blue", "opened": "blue", "issued": "blue",
    "returned": "orange", "reported": "orange",
    "approved": "green", "collected": "green", "in_use": "green", "sealed": "green", "done": "green", "closed": "green",
    "rejected": "red", "refused": "red", "expired": "red", "revoked": "red",
}  # fmt: skip
"""The colour of a state by its code; what stands in no line is grey."""


@register.filter
def counted(title: str, of: int | Sized) -> str:
    """A title that says how many there are: `{% card "等待"|counted:waiting %}`."""
    return f"{title}（{of if isinstance(of, int) else len(of)}）"


@register.filter
def then(so: object, text: str) -> str | None:
    """The text where something is so, else None."""
    return text if so else None


@register.simple_block_tag
def card(content: str, title: str = "", *, body: bool = True, tone: str = "", id: str = "") -> SafeString:
    """`{% card "标题" %}…{% endcard %}`. `body=False`: what stands in it brings its own inside (a table, a list, `body`, `foot`)."""
    head = heading("", title, id=id) if title else ""
    inside = format_html('<div class="card-body">{}</div>', content) if body else content
    return format_html('<div class="card mb-3{}">{}{}</div>', f" border-{tone}" if tone else "", head, inside)


@register.simple_block_tag
def heading(content: str, title: str, *, id: str = "") -> SafeString:
    """The head of a card whose title has something beside it: `{% heading "标题" %}<a …>{% endheading %}`."""
    named = format_html(' id="{}"', id) if id else ""
    return format_html('<div class="card-header"><h2 class="card-title"{}>{}</h2>{}</div>', named, title, content)


@register.simple_block_tag
def body(content: str, *, quiet: bool = False) -> SafeString:
    """A part of a card with the usual margin; `quiet`: in grey."""
    return format_html('<div class="card-body{}">{}</div>', " text-secondary" if quiet else "", content)


@register.simple_block_tag
def foot(content: str, *, quiet: bool = False) -> SafeString:
    """The end of a card, with its buttons side by side; `quiet`: words in grey."""
    return format_html(
        '<div class="card-footer{}">{}</div>', " text-secondary" if quiet else " d-flex flex-wrap gap-2", content
    )


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """Names and values, one under the other: `{% facts %}{% fact "姓名" %}…{% endfact %}{% endfacts %}`."""
    return format_html('<dl class="row mb-0">{}</dl>', content)


@register.simple_block_tag
def fact(content: str, name: str, *, wide: bool = False) -> SafeString:
    """One of `facts`; `wide`: of a card that is as wide as the page."""
    columns = ("sm-2", "sm-10") if wide else ("4", "8")
    return format_html('<dt class="col-{}">{}</dt><dd class="col-{}">{}</dd>', columns[0], name, columns[1], content)


@register.simple_block_tag(end_name="endgrid")
def grid(content: str, *heads: str | None, small: bool = True) -> SafeString:
    """A table in a card: `{% grid "考场" "人数#" "" %}<tr>…</tr>{% endgrid %}`; a head that ends with # is over numbers, one that
    is None (`movable|then:"调整"`) over no column."""
    cells = format_html_join(
        "",
        "<th{}>{}</th>",
        ((SafeString(' class="text-end"') if h.endswith("#") else "", h.rstrip("#")) for h in heads if h is not None),
    )
    return format_html(
        '<div class="table-responsive"><table class="table card-table{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        " table-sm" if small else "", cells, content,
    )  # fmt: skip


@register.simple_tag
def badge(text: str, tone: str = "secondary") -> SafeString:
    """A word in a coloured field."""
    return format_html('<span class="badge bg-{}-lt">{}</span>', tone, text)


@register.simple_tag
def state(row: Any, text: str = "") -> SafeString:
    """The state of a row as a badge, in the colour that this state has on every page; `text` instead of its usual name."""
    return badge(text or row.get_state_display(), TONES.get(row.state, "secondary"))


@register.simple_block_tag
def note(content: str, tone: str = "info", *, role: str = "") -> SafeString:
    """Something to be read before anything else: `{% note "warning" %}…{% endnote %}`. `role`: how it is read out where it comes
    by itself ("alert", "status")."""
    spoken = format_html(' role="{}"', role) if role else ""
    return format_html('<div class="alert alert-{}"{}>{}</div>', tone, spoken, content)


@register.simple_block_tag(end_name="endentries")
def entries(content: str) -> SafeString:
    """Rows of a card under each other: `{% entries %}{% entry %}…{% endentry %}{% endentries %}`."""
    return format_html('<div class="list-group list-group-flush">{}</div>', content)


@register.simple_block_tag(end_name="endentry")
def entry(content: str, *, beside: bool = False, quiet: bool = False) -> SafeString:
    """One of `entries`. `beside`: its parts stand side by side, as a text and its button (`words`); `quiet`: in grey."""
    kind = (" d-flex flex-wrap gap-2 align-items-center" if beside else "") + (" text-secondary" if quiet else "")
    return format_html('<div class="list-group-item{}">{}</div>', kind, content)


@register.simple_block_tag(end_name="endwords")
def words(content: str) -> SafeString:
    """The text of an `entry` that has something beside it: it takes the room that is left."""
    return format_html('<div class="flex-fill">{}</div>', content)


@register.simple_tag
def nothing(text: str, *, inside: bool = False, across: int = 0) -> SafeString:
    """What stands where there is nothing yet, and who does something about it; `inside`: as a row of a list; `across`: as a row of
    a table of so many columns."""
    if across:
        return format_html('<tr><td colspan="{}" class="text-secondary">{}</td></tr>', across, text)
    return format_html('<div class="{} text-secondary">{}</div>', "list-group-item" if inside else "card-body", text)


@register.inclusion_tag("kernel/post.html", takes_context=True)
def post(
    context: RequestContext, url: str, title: str, *, confirm: str = "", wait: str = "", main: bool = False, small: bool = False
) -> dict[str, Any]:  # fmt: skip
    """A button that posts nothing but itself to `url`. `confirm` is asked before, `wait` said while it lasts; `main`: what the page
    is for just now. Where an act decides whether it is there, the page's view offers it (`kernel.offers`)."""
    return {
        "url": url, "title": title, "confirm": confirm, "wait": wait, "main": main, "small": small,
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("kernel/offer.html", takes_context=True)
def offered(context: RequestContext, offer: Offer | Mapping[Any, Offer] | None, key: object = None) -> dict[str, Any]:
    """An act as the view offers it (`kernel.offers`): its button, the link to its form, or why it cannot be done now. `{% offered step %}`,
    or in a list `{% offered steps row.pk %}`."""
    one = offer.get(key) if isinstance(offer, Mapping) else offer
    return {"offer": one, "csrf_token": context.get("csrf_token")}

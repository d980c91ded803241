"""A rendered page as somebody sees it: where it leads, what it posts and how a browser would fill that in; and what its view offered."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from lxml import html

from assay.kernel import offers
from assay.kernel.acts import Actor

FILLED = {"number": "1", "date": "2031-01-06", "datetime-local": "2031-01-06T09:00", "file": None}


@dataclass(frozen=True)
class Made:
    """An offer with what it was made of."""

    deed: Any
    actor: Actor
    rows: tuple[Any, ...]
    offer: offers.Offer

    @property
    def key(self) -> tuple[str, int | None, tuple[str, ...]]:
        return self.deed.act.name, self.actor.account_id, tuple(map(_named, self.rows))


def _named(row: Any) -> str:
    """One of what an act was asked of: a row, a list of rows, or a word."""
    if isinstance(row, list):
        return f"[{', '.join(map(_named, row))}]"
    return f"{type(row).__name__} {getattr(row, 'pk', row)}"


def record_offers(patch: pytest.MonkeyPatch) -> list[Made]:
    """From now on every offer that a view makes is put down, wherever the view has the function from."""
    made: list[Made] = []
    one, many = offers.offer, offers.offers

    def offer(actor: Actor, deed: Any, *rows: Any, **given: Any) -> offers.Offer:
        found = one(actor, deed, *rows, **given)
        made.append(Made(deed, actor, rows, found))
        return found

    def offers_(actor: Actor, deed: Any, rows: Iterable[Any], **given: Any) -> dict[Any, offers.Offer]:
        rows = list(rows)
        found = many(actor, deed, rows, **given)
        made.extend(Made(deed, actor, (row,), found[row.pk]) for row in rows)
        return found

    for name, module in list(sys.modules.items()):
        if name.startswith("assay."):
            for attribute, was, now in (("offer", one, offer), ("offers", many, offers_)):
                if getattr(module, attribute, None) is was:
                    patch.setattr(module, attribute, now)
    return made


@dataclass
class Page:
    """`links` are all of its addresses, `own` those beside the menu; `posts` addresses with the elements that post there."""

    who: str
    address: str
    door: str
    made: list[Made] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    posts: dict[str, Any] = field(default_factory=dict)

    def read(self, answer: HttpResponse) -> Page:
        root = html.fromstring(answer.content.decode())
        self.links = {path_of(link) for link in root.xpath("//a/@href")}
        self.own = {path_of(link) for link in root.xpath("//a[not(ancestor::aside or ancestor::header)]/@href")}
        for form in root.xpath("//form[translate(@method,'POST','post')='post']"):
            self.posts.setdefault(path_of(form.get("action") or self.address), form)
        for button in root.xpath("//button[@formaction]"):
            self.posts.setdefault(path_of(button.get("formaction")), _form_of(root, button))
        return self


def path_of(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


def _form_of(root: Any, control: Any) -> Any:
    named = control.get("form")
    return root.get_element_by_id(named) if named else next(control.iterancestors("form"))


def as_filled(form: Any, address: str) -> dict[str, Any]:
    """What a browser would send, when somebody put in something everywhere and ticked the first row of a list."""
    sent: dict[str, Any] = {}
    for control in _controls(form):
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        value = _value(control, name in sent)
        if value is not None:
            sent.setdefault(name, value)
    return sent | _pressed(form, address)


def _controls(form: Any) -> Iterator[Any]:
    yield from form.iter("input", "select", "textarea")
    named = form.get("id")
    if named:
        for control in form.getroottree().xpath("//*[@form=$named]", named=named):
            if control.tag in ("input", "select", "textarea"):
                yield control


def _value(control: Any, known: bool) -> str | None:
    if control.tag == "select":
        chosen = control.xpath(".//option[@selected]/@value") or [""]
        return str(chosen[0] or next((v for v in control.xpath(".//option/@value") if v), ""))
    if control.tag == "textarea":
        return str((control.text or "").strip() or "示例")
    kind = control.get("type", "text")
    if kind in ("checkbox", "radio"):
        return control.get("value", "on") if not known else None
    if kind in ("submit", "button"):
        return None
    return control.get("value") or (FILLED.get(kind, "示例") if kind != "hidden" else "")


def _pressed(form: Any, address: str) -> dict[str, str]:
    """The first button of the form that says something itself."""
    for button in form.iter("button"):
        if button.get("name") and path_of(button.get("formaction") or address) == address:
            return {button.get("name"): button.get("value", "")}
    return {}

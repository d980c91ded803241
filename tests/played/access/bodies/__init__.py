"""For each page that takes something in: who may send it, and a body that passes its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm, CheckboxInput
from django.forms.models import ModelChoiceIteratorValue

from assay.centre.models import Account
from tests.played.access.rows import officer
from tests.played.access.visitors import undone


@dataclass(frozen=True)
class Posting:
    """`by` may do it (None: anybody); `parts` stand in the address."""

    by: Account | None
    body: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)


Maker = Callable[[], Posting | list[Posting]]
BODIES: dict[str, Maker] = {}
"""By the page's name. A maker may change rows so that the page takes the body in: all of it is undone."""

WITHOUT_AN_ACT: dict[str, str] = {}
"""Pages that take something in and do nothing official with it, and why."""


def body(*names: str) -> Callable[[Maker], Maker]:
    """Declare the maker of pages."""

    def declare(maker: Maker) -> Maker:
        for name in names:
            assert name not in BODIES, name
            BODIES[name] = maker
        return maker

    return declare


def plain(name: str, duty: str, model: Any, **given: Any) -> None:
    """A page of one row that takes a few plain values."""
    body(name)(lambda: Posting(officer(duty), given, {"pk": model.objects.order_by("pk")[0].pk}))


def filled(form: BaseForm) -> dict[str, Any]:
    """What a browser would send of a form as it is shown."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field.widget, CheckboxInput):
            sent |= {bound.html_name: "on"} if value else {}
        elif isinstance(value, list | tuple) or hasattr(value, "all"):
            sent[bound.html_name] = [str(getattr(one, "pk", one)) for one in value]
        elif value is not None:
            sent[bound.html_name] = str(value.value if isinstance(value, ModelChoiceIteratorValue) else value)
    return sent


def tried(name: str) -> Iterator[Posting]:
    """The postings of a page, each in turn; what is done with it is undone before the next."""
    with undone():
        made = BODIES[name]()
        for posting in made if isinstance(made, list) else [made]:
            with undone():
                yield posting


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)

"""The rows of one batch that stand in the addresses of its pages, one of a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from django.db.models import Model

from assay.applications.models import Application, Evidence, Exemption
from assay.archive.models import VolumeDocument
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.bank.models import Paper
from assay.batches.models import AnnualPlan, Batch
from assay.certificates.models import Certificate, Change, Correction
from assay.exam.models import RecordAddition, WrittenAnswer
from assay.filing.models import Filing
from assay.marking.models import PanelSheet
from assay.oversight.models import Feedback
from assay.results.models import Objection, PublicNotice, Result, ScoreCheck
from tests.played.access.doors import Door

_OF_BATCH: dict[type[Model], str] = {
    Batch: "pk", AnnualPlan: "batches", Application: "batch", Evidence: "application__batch", Exemption: "application__batch",
    Session: "batch", SessionRoom: "session__batch", Seating: "application__batch", Assignment: "session_room__session__batch",
    Filing: "batch", RecordAddition: "record__session_room__session__batch", PanelSheet: "application__batch",
    WrittenAnswer: "sheet__seating__application__batch", Result: "batch",
    ScoreCheck: "result__batch", PublicNotice: "batch", Objection: "notice__batch", Certificate: "application__batch",
    Correction: "certificate__application__batch", Change: "certificate__application__batch", VolumeDocument: "volume__batch",
    Feedback: "batch", Paper: "seating__session_room__session__batch",
}  # fmt: skip
_WORDS = {
    "arrangement:all_room_papers paper": ["door"], "arrangement:room_paper paper": ["door"],
    "oversight:give stage": ["exam"],
}  # fmt: skip
_PAPERS = (".pdf", ".csv", ".xlsx", ".json", "/photo/", "/evidence/<int:number>/", "/exemptions/<int:number>/")
BEGINNINGS = (
    "applications:list", "bank:papers", "batches:cockpit", "batches:plans", "exam:my_rooms", "exam:running", "marking:my_panels",
    "portal:home",
)  # fmt: skip
"""What the menu and the lists of batches lead to: from here on a link must lead to a page."""
RowsOf = Callable[[type[Model]], list[Any]]
"""The rows of a kind that a batch has, as `of_batch` finds them."""


def is_page(one: Door) -> bool:
    """Whether it may be a page of a batch or of one of its rows."""
    if one.editor is not None or one.route.endswith(_PAPERS):
        return False
    return one.name in BEGINNINGS or (bool(one.parts) and _is_of_batch(one))


def _is_of_batch(one: Door) -> bool:
    try:
        return one.model in _OF_BATCH
    except StopIteration:  # an address of which no row is known
        return False


def of_batch(model: type[Model], batch: Batch) -> list[Any]:
    """The last row of a kind; of rooms and sessions the first of each part."""
    field = _OF_BATCH.get(model)
    if field is None:
        return []
    found = model._default_manager.filter(**{field: batch.pk}).distinct().order_by("-pk")
    if model in (Session, SessionRoom):
        return list({str(getattr(getattr(row, "session", row), "part", "")): row for row in found}.values())
    return list(found[:1])


def addresses(one: Door, rows_of: RowsOf) -> Iterator[str]:
    """The page's addresses with a batch's rows."""
    given = [[(part, value) for value in _values(one, part, rows_of)] for part in one.parts]
    for chosen in product(*given):
        yield one.address(**dict(chosen))


def _values(one: Door, part: str, rows_of: RowsOf) -> list[Any]:
    if f"{one.name} {part}" in _WORDS:
        return list(_WORDS[f"{one.name} {part}"])
    if part not in ("pk", "paper_pk"):
        return []
    return [row.pk for row in rows_of(Paper if part == "paper_pk" else one.model)]

"""Every address of the office, what its view declares, and the rows that stand in addresses."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from itertools import product
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from assay.applications.models import Application, Evidence, Exemption
from assay.archive.models import Volume, VolumeDocument
from assay.arrangement.models import Assignment, Seating, Session, SessionRoom
from assay.bank.models import EnemyGroup, Item, Paper, PaperCopies, Specification
from assay.batches.models import AnnualPlan, Batch
from assay.batches.stages import STAGES
from assay.centre.editing import Editor
from assay.centre.models import Account, Appointment
from assay.centre.parameters import PARAMETERS
from assay.certificates.models import Certificate, Change, Correction
from assay.exam.models import RecordAddition, WrittenAnswer
from assay.filing.models import Filing
from assay.kernel.access import Access
from assay.kernel.models import LedgerEntry, OutboxMessage, StoredFile
from assay.marking.models import PanelSheet, SheetTemplate
from assay.oversight.checklists import CHECKLISTS
from assay.oversight.models import Feedback
from assay.portal.models import Claim
from assay.results.models import Objection, PublicNotice, Result, ScoreCheck

_PART = re.compile(r"<[a-z]+:([a-z_]+)>")

# Which rows the numbers in an address are of: the first pattern that fits says it.
_ROWS: list[tuple[str, type[Model]]] = [
    ("desk:entry", LedgerEntry), ("desk:release_sign_in", Account), ("desk:reset_second_factor", Account),
    ("portal:public_notice", PublicNotice), ("portal:withdraw", Application),
    ("portal:score_check", Result), ("portal:claim", Claim), ("portal:*", Batch), ("centre:*", Account), ("bank:item", Item),
    ("bank:item_act", Item), ("bank:item_edit", Item), ("bank:enemies_remove", EnemyGroup), ("bank:copies_back", PaperCopies),
    ("bank:paper*", Paper), ("bank:seal", Paper), ("bank:*", Specification), ("batches:plan_*", AnnualPlan),
    ("batches:*", Batch), ("applications:roster_template", Batch), ("applications:roster_file", Batch), ("applications:*", Application),
    ("arrangement:room*", SessionRoom), ("arrangement:move", Seating), ("arrangement:replace", Assignment),
    ("arrangement:release", Assignment), ("arrangement:lead", Assignment), ("arrangement:add", SessionRoom),
    ("arrangement:my_ticket", Application), ("arrangement:*", Batch), ("filing:form", Filing), ("filing:*", Batch),
    ("exam:batch", Batch), ("exam:check_day", Batch), ("exam:records_pdf", Batch), ("exam:collect_batch", Batch), ("exam:*analysis", Batch),
    ("exam:session_step", Session),
    ("exam:overview", Session), ("exam:announce", Session), ("exam:postpone", Session), ("exam:answer_log*", Session),
    ("exam:paper_entry", Seating), ("exam:countersign", RecordAddition), ("exam:*", SessionRoom),
    ("marking:template*", SheetTemplate), ("marking:score", PanelSheet), ("marking:again", PanelSheet),
    ("marking:written_decide", WrittenAnswer),
    ("marking:batch", Batch), ("marking:open_all", Batch), ("marking:batch_sheets", Batch),
    ("marking:written*", Batch), ("marking:*", SessionRoom),
    ("results:answer_check", ScoreCheck), ("results:confirm_check", ScoreCheck), ("results:lapse_exemption", Result),
    ("results:check_basis", ScoreCheck), ("results:answer_objection", Objection), ("results:answer_objections", PublicNotice),
    ("results:*", Batch), ("certificates:batch*", Batch), ("certificates:number", Batch), ("certificates:report", Batch),
    ("certificates:rights", Batch), ("certificates:decide_right", Application), ("certificates:correction*", Correction),
    ("certificates:report_change", Change),
    ("certificates:on_chosen", Batch), ("certificates:issue_list", Batch), ("certificates:*", Certificate),
    ("gateway:*", OutboxMessage), ("archive:document", VolumeDocument), ("archive:volume", Volume),
    ("archive:*", Batch), ("oversight:pdf", Feedback),
    ("oversight:*", Batch),
]  # fmt: skip
_OTHER_ROWS: dict[str, type[Model]] = {
    "centre:end_appointment number": Appointment, "applications:evidence number": Evidence,
    "exam:paper_analysis paper_pk": Paper, "applications:exemption number": Exemption,
    "applications:drop_exemption number": Exemption,
}  # fmt: skip
_WORDS: dict[str, Sequence[str]] = {
    "portal:verify_token token": ["x.y"], "portal:verify_code token": ["2KCA"], "centre:parameter key": list(PARAMETERS)[:1],
    "bank:import_preview token": ["A" * 22], "batches:plan_step name": ["submit", "approve", "return"],
    "applications:decide step": ["first", "centre"], "applications:all step": ["first", "centre"],
    "arrangement:all_room_papers paper": ["door"],
    "arrangement:room_paper paper": ["door", "labels", "sign-in", "photos"],
    "exam:session_step name": ["publish", "open", "collect"],
    "results:step name": ["compute", "send-up", "release", "open-notice", "close-notice"],
    "certificates:correction_photo which": ["old", "new"],
    "certificates:on_chosen what": ["print", "hand-out"], "archive:step name": ["build", "seal"],
    "oversight:give stage": [stage for stage in STAGES if stage in CHECKLISTS][:1],
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """An address of the office: `parts` are the names of what stands in it."""

    name: str
    route: str
    access: Access | None
    callback: Any

    @property
    def parts(self) -> list[str]:
        return _PART.findall(self.route)

    @property
    def editor(self) -> Editor[Any] | None:
        """The common editor of reference data behind it, if there is one."""
        owner = getattr(inspect.unwrap(self.callback), "__self__", None)
        return owner if isinstance(owner, Editor) else None

    def address(self, **parts: Any) -> str:
        return "/" + _PART.sub(lambda part: str(parts[part[1]]), self.route)

    def addresses(self) -> list[str]:
        """The address with rows and words that there are: a few of each kind."""
        given = [[(part, value) for value in self._values(part)] for part in self.parts]
        return [self.address(**dict(chosen)) for chosen in product(*given)]

    def _values(self, part: str) -> Sequence[Any]:
        key = f"{self.name} {part}"
        if key in _WORDS:
            return _WORDS[key]
        if key == "bank:picture digest":
            return sample_of(StoredFile.objects.filter(content_type__startswith="image/").values_list("pk", flat=True))[
                :1
            ]
        if self.name == "exam:paper_analysis":
            return sample(self.model if part == "pk" else Paper)[:1]
        return sample(_OTHER_ROWS.get(key) or self.model, **self._only)

    @property
    def _only(self) -> dict[str, str]:
        """The exam route's rooms know its batches only, the theory exam its sessions only."""
        if self.name.startswith(("arrangement:", "filing:", "exam:", "marking:")) and self.model is Batch:
            return {"route": "exam"}
        return {"part": "theory"} if self.model is Session else {}

    @property
    def model(self) -> type[Model]:
        if self.editor is not None:
            return self.editor.kept.model
        return next(model for pattern, model in _ROWS if fnmatch(self.name, pattern))


def sample(model: type[Model], **only: str) -> list[Any]:
    return sample_of(model._default_manager.filter(**only).order_by("pk").values_list("pk", flat=True))


def sample_of(keys: Any) -> list[Any]:
    """The first, the middle, the last."""
    found = list(keys)
    return sorted({found[0], found[len(found) // 2], found[-1]}) if found else []


@cache
def doors() -> list[Door]:
    return list(_walk(get_resolver().url_patterns))


def door(name: str) -> Door:
    return next(one for one in doors() if one.name == name)


def _walk(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Door]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield Door(f"{space}{pattern.name}", route, getattr(pattern.callback, "access", None), pattern.callback)

"""The page of the basis of the rules: what is shown beside each rule, and what from which day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from assay.centre import clause_table
from assay.centre.actors import actor
from assay.centre.acts import basis as acts
from assay.centre.acts.basis import Given
from assay.centre.basis import now, present, versions
from assay.centre.editing import tabs_of
from assay.centre.editors import READERS, TABS
from assay.centre.forms import BasisForm
from assay.kernel.access import duties
from assay.kernel.acts import why_not
from assay.kernel.basis import NATIONAL, Kind, depth, subject
from assay.kernel.bodies import TABLE, takes
from assay.kernel.refusals import Refused
from assay.kernel.sheet_file import xlsx_response
from assay.kernel.tables import Problem


@dataclass(frozen=True)
class _Line:
    """A rule: how far in it stands, the field of its number, what is written of it everywhere."""

    clause: str
    field: Any
    shown: str

    @property
    def about(self) -> str:
        return subject(self.clause)

    @property
    def indent(self) -> int:
        return 3 + min(depth(self.clause), 2)


@require_GET
@duties("L1", "L2", *READERS)
def index(request: HttpRequest) -> HttpResponse:
    return _page(request, ())


@require_POST
@duties("L1", "L2")
@takes(TABLE)
def set_basis(request: HttpRequest) -> HttpResponse:
    """Another version. Numbers are those of the file where there is one; with problems in it nothing is written."""
    given = BasisForm.read(request)
    numbers = {clause: given[field] for field, clause in BasisForm.clauses().items() if given[field]}
    if file := given["file"]:
        numbers, problems = clause_table.read(file.name, file.read())
        if problems:
            return _page(request, problems)
    own = given["kind"] == Kind.OWN
    if file and not own:
        raise Refused("条款号表只在以“本校文件”为依据时导入，请选择“本校文件”")
    named = Given(given["kind"], given["title"], given["document_no"], given["since"], numbers)
    kept = acts.set_basis(
        actor(request), named if own else Given(given["kind"], since=given["since"]), was=given["was"]
    )
    messages.success(request, f"已设置规则依据：{kept}")
    return redirect("centre:basis")


@require_GET
@duties("L1", "L2", *READERS)
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of the basis in force, to be filled in by Excel."""
    return xlsx_response(clause_table.written(now().numbers), "规则依据_条款号")


def _page(request: HttpRequest, problems: Sequence[Problem]) -> HttpResponse:
    rows = versions()
    standing, last = present(rows), rows[-1]
    fields = {clause: field for field, clause in BasisForm.clauses().items()}
    initial = {
        "was": last.pk, "kind": last.kind, "title": last.title, "document_no": last.document_no,
        **{fields[clause]: number for clause, number in last.numbers.items() if clause in fields},
    }  # fmt: skip
    form = BasisForm(request.POST or None, initial=initial)
    context = {
        "title": "规则依据",
        "tabs": tabs_of(request, TABS),
        "rows": [(row, row is standing, len(row.numbers)) for row in reversed(rows)],
        "form": form,
        "asked": [form[name] for name in ("kind", "title", "document_no", "since", "file")],
        "lines": [_Line(clause, form[field], standing.basis.in_full(clause)) for clause, field in fields.items()],
        "may_change": why_not(acts.set_basis, actor(request)) is None,
        "national": "、".join(f"《{title}》（{number}）" for title, number in dict.fromkeys(NATIONAL.values())),
        "problems": problems,
        "said": f"{len(problems)} 处问题，没有写入任何内容",
    }
    return render(request, "centre/basis.html", context, status=422 if problems else 200)

"""The jobs of a batch in its form after another's change: by job and level, not by row of the page."""

from __future__ import annotations

from django.http import QueryDict

from assay.batches.forms import LinesFormSet, lines_formset
from assay.batches.models import Batch
from assay.kernel import meanwhile

Planned = dict[str, str]
"""«scope row:level» → how many are planned, as typed."""


def taken_in(sent: LinesFormSet, batch: Batch) -> tuple[LinesFormSet, list[str]]:
    """The lines as they are kept by now with what was changed in `sent`; and what both changed, in words."""
    fresh = lines_formset(None, batch)
    was, now, mine = _shown(sent), _kept(fresh), _sent(sent)
    wanted, conflicts = dict(now), []
    for what in {**was, **mine}:
        if mine.get(what) == was.get(what):
            continue
        if what in mine:
            wanted[what] = mine[what]
        else:
            wanted.pop(what, None)
        if now.get(what) not in (was.get(what), mine.get(what)):
            conflicts.append(
                f"{_title(fresh, what)}：别人现在填的是 {_said(now.get(what))}，您填的是 {_said(mine.get(what))}"
            )
    data = QueryDict(mutable=True)
    rows = [*now, *(what for what in wanted if what not in now)]
    data["lines-INITIAL_FORMS"], data["lines-TOTAL_FORMS"] = str(len(now)), str(len(rows))
    for number, what in enumerate(rows):
        data[f"lines-{number}-what"], data[f"lines-{number}-planned"] = what, wanted.get(what, now.get(what, ""))
        if what not in wanted:
            data[f"lines-{number}-DELETE"] = "on"
    return lines_formset(data, batch), conflicts


def _shown(sent: LinesFormSet) -> Planned:
    """What the page showed when it was opened."""
    shown = meanwhile.read(sent.data)
    found: Planned = {}
    for number in range(len(sent.forms)):
        what, planned = (shown.get(f"lines-{number}-{name}", [""])[0] for name in ("what", "planned"))
        if what:
            found[what] = planned
    return found


def _kept(fresh: LinesFormSet) -> Planned:
    return {form.initial["what"]: str(form.initial["planned"]) for form in fresh.initial_forms}


def _sent(sent: LinesFormSet) -> Planned:
    return {form.cleaned_data["what"]: str(form.cleaned_data["planned"]) for form in sent.filled()}


def _title(formset: LinesFormSet, what: str) -> str:
    return meanwhile.said(formset.empty_form["what"], [what])


def _said(planned: str | None) -> str:
    return f"{planned} 人" if planned else "不列这一项"

"""The marks of those who are to get a certificate, derived anew: answers against the sealed key, points added up, passes of
earlier batches, score checks with what they rest on. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assay.applications.models import Exemption
from assay.applications.parts import How, LeftOut, parts_of
from assay.bank.models import Paper
from assay.bank.papers.acts.papers import content_digest
from assay.batches.models import Batch
from assay.batches.stages import Route
from assay.bridge import contract
from assay.catalogue.parts import SHORT, Part
from assay.centre import parameters
from assay.certificates import right_rules as rules
from assay.exam.marks import Key, key_of, mark_sheet, read_as_marked
from assay.exam.models import TheorySheet
from assay.marking.models import ExaminerScore, PanelSheet, Remarking
from assay.marking.rules import mark_problems, total_of
from assay.results.models import Result, ScoreCheck
from assay.results.rules import OUTCOMES, Outcome, TakenPart, outcome

Texts = Iterator[tuple[int, list[str]]]
"""By application what differs."""


def mark_differences(batch: Batch, results: Sequence[Result]) -> Texts:
    """By application what is wrong with the marks and the outcome. The routes without an exam have no marks: what their reviews
    passed is the outcome."""
    if batch.route != Route.EXAM:
        return
    pass_mark = parameters.decimal("results.pass_mark")
    found = _Found(_theory(batch), _panels(batch), _corrections(batch), _kept(results), _exemptions(batch))
    for result in results:
        texts: list[str] = []
        parts: list[TakenPart] = []
        for part in parts_of(result.application.line.level.needs_review):
            derived = _part(result, part, found, texts)
            texts += rules.part_differences(derived)
            parts.append(TakenPart(derived.derived, derived.absent, derived.required))
        derived_outcome = outcome(parts, pass_mark)
        if derived_outcome != result.outcome:
            texts.append(f"结论应为“{OUTCOMES[derived_outcome]}”，成绩表为“{OUTCOMES[result.outcome]}”")
        yield result.application_id, texts


@dataclass(frozen=True)
class _Found:
    """What the marks of a batch rest on: sheets by application (and part), corrections and marks of earlier passes by result and
    part, exemptions by application and part."""

    theory: Mapping[int, Sequence[rules.TheoryFound]]
    panels: Mapping[tuple[int, str], Sequence[rules.PanelFound]]
    corrections: Mapping[tuple[int, str], rules.CorrectionFound]
    kept: Mapping[tuple[int, str], Decimal | None]
    exemptions: Mapping[tuple[int, str], int]


def _part(result: Result, part: str, found: _Found, texts: list[str]) -> rules.PartFound:
    """What follows for one part; what is wrong with its sheets is added to `texts`."""
    title = SHORT[part]
    said = (getattr(result, part), getattr(result, f"{part}_absent"))
    if getattr(result.application, part) == How.EXEMPT:
        return _left_out(result, part, found, texts)
    of = result.application_id
    sheets: Sequence[rules.TheoryFound | rules.PanelFound]
    sheets = found.theory[of] if part == Part.THEORY else found.panels[of, part]
    if len(sheets) != 1:
        texts.append(f"{title}没有考核记录" if not sheets else f"{title}有 {len(sheets)} 份考核记录")
        return rules.PartFound(title, True, None, False, *said)
    sheet, correction = sheets[0], found.corrections.get((result.pk, part))
    if correction is not None:
        texts += rules.correction_differences(title, sheet, correction)
        return rules.PartFound(title, True, correction.after, False, *said)
    texts += (
        rules.theory_differences(sheet)
        if isinstance(sheet, rules.TheoryFound)
        else rules.panel_differences(title, sheet)
    )
    return rules.PartFound(title, True, sheet.derived, sheet.absent, *said)


def _left_out(result: Result, part: str, found: _Found, texts: list[str]) -> rules.PartFound:
    """A part on which an earlier pass stands, or an exemption with its paper; with neither it is missing."""
    title, basis = SHORT[part], result.basis.get(part, {})
    said = (getattr(result, part), getattr(result, f"{part}_absent"))
    if basis.get("kind") == LeftOut.EXEMPTION:
        if found.exemptions.get((result.application_id, part)) != basis["exemption"]:
            texts.append(f"{title}免考的文件没有登记")
        return rules.PartFound(title, False, None, False, *said)
    mark = found.kept.get((result.pk, part))
    if mark is None:
        texts.append(f"{title}免考没有依据")
    return rules.PartFound(title, True, mark, False, *said)


def _exemptions(batch: Batch) -> dict[tuple[int, str], int]:
    rows = Exemption.objects.filter(application__batch=batch)
    return {(row.application_id, row.part): row.pk for row in rows}


def _corrections(batch: Batch) -> dict[tuple[int, str], rules.CorrectionFound]:
    """By result and part: score checks that corrected a mark, and for skill and review what the sheet marked again comes to."""
    again: dict[tuple[int, str], Remarking] = {
        (one.sheet.application_id, one.sheet.part): one
        for one in Remarking.objects.filter(sheet__application__batch=batch)
        .select_related("sheet__template", "sheet__draw")
        .order_by("at", "pk")
    }
    found = {}
    checks = ScoreCheck.objects.filter(result__batch=batch, state=ScoreCheck.State.CORRECTED).select_related("result")
    for check in checks:
        one = again.get((check.result.application_id, check.part))
        by = {check.by_account_id, check.confirmed_account_id} - {None}
        found[check.result_id, check.part] = rules.CorrectionFound(
            check.after, len(by) == 2, _added_up(one.sheet.tasks, one.marks, one.vetoes) if one else None
        )
    return found


def _kept(results: Sequence[Result]) -> dict[tuple[int, str], Decimal | None]:
    """Marks of parts that were left out on an earlier pass, as that earlier result of the same person, job and level has them.
    That the pass is still good is asked with the conditions of the application (`problems_of`)."""
    named = {
        (result.pk, part): int(basis["result"])
        for result in results
        for part, basis in result.basis.items()
        if basis.get("kind") == LeftOut.KEPT
    }
    sources = Result.objects.select_related("application__person", "application__line").in_bulk(set(named.values()))
    whose = {result.pk: _whose(result) for result in results}
    return {
        (pk, part): getattr(sources[source], part)
        for (pk, part), source in named.items()
        if source in sources and _whose(sources[source]) == whose[pk]
    }


def _whose(result: Result) -> tuple[str, int, int]:
    line = result.application.line
    return result.application.person.id_index, line.scope_row_id, line.level_id


def _theory(batch: Batch) -> dict[int, list[rules.TheoryFound]]:
    """By application: the sheets, their answers marked again with the key of the sealed paper."""
    sheets = TheorySheet.objects.filter(application__batch=batch, application__result__outcome=Outcome.PASS)
    rows = list(sheets.select_related("seating").prefetch_related("written__marks").order_by("pk"))
    keys: dict[int | None, tuple[Key, bool]] = {None: (key_of([]), False)}
    for paper in Paper.objects.filter(pk__in={row.seating.paper_id for row in rows if row.seating.paper_id}):
        content = paper.frozen()
        keys[paper.pk] = key_of(content), content_digest(content) == paper.digest
    found: dict[int, list[rules.TheoryFound]] = defaultdict(list)
    for row in rows:
        found[row.application_id].append(_theory_sheet(row, *keys[row.seating.paper_id]))
    return found


def _theory_sheet(row: TheorySheet, key: Key, as_sealed: bool) -> rules.TheoryFound:
    same = contract.sheet_digest(str(row.seating_id), row.answers) == row.sheet_digest
    written = [
        rules.WrittenFound(w.mark, w.full, [m.mark for m in w.marks.all()], bool(w.note.strip()))
        for w in row.written.all()
    ]
    again = mark_sheet(key, row.answers, read_as_marked(key, row.answers, row.objective))
    return rules.TheoryFound(row.absent, same and as_sealed, row.objective, again, written, row.mark)


def _panels(batch: Batch) -> dict[tuple[int, str], list[rules.PanelFound]]:
    """By application and part: the panels' sheets, the examiners' points added up again."""
    sheets = PanelSheet.objects.filter(application__batch=batch, application__result__outcome=Outcome.PASS)
    rows = list(sheets.prefetch_related("scores", "template", "draw").order_by("pk"))
    once = {(row.template_id, row.draw_id): row for row in rows}
    marked = {what: row.tasks for what, row in once.items()}
    found: dict[tuple[int, str], list[rules.PanelFound]] = defaultdict(list)
    for row in rows:
        scores = [_score(score, marked[row.template_id, row.draw_id]) for score in row.scores.all()]
        panel = rules.PanelFound(row.absent, row.settled_at is not None, scores, row.mark)
        found[row.application_id, row.part].append(panel)
    return found


def _score(score: ExaminerScore, tasks: Sequence[Mapping[str, Any]]) -> rules.ScoreFound:
    return rules.ScoreFound(score.locked_at is not None, score.total, _added_up(tasks, score.marks, score.vetoes))


def _added_up(tasks: Sequence[Mapping[str, Any]], marks: Mapping[str, str], vetoes: Sequence[str]) -> Decimal | None:
    """What an examiner's points come to; None when they are not whole."""
    return None if mark_problems(tasks, marks, vetoes) else total_of(tasks, marks, vetoes)

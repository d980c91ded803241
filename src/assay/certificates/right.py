"""Whether everybody who is about to get a certificate has a right to it: the last check before numbers are given.

What was decided on the way is not believed here; it is derived anew from the rows that nobody can have changed since without
the ledger knowing: applications and their reviews, answers and the sealed key, the examiners' own marks. However many
candidates there are, it costs the same number of queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assay.applications.eligibility import problems_of
from assay.applications.models import Application, ReviewDecision
from assay.bank.acts.papers import content_digest
from assay.bank.models import Paper
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import EntryCondition
from assay.centre import parameters
from assay.certificates import right_rules as rules
from assay.certificates.queries import to_number
from assay.exam.marks import Key, key_of, mark_sheet
from assay.exam.models import TheorySheet
from assay.hall import contract
from assay.kernel.identity import mask
from assay.marking.models import ExaminerScore, PanelSheet
from assay.marking.rules import mark_problems, total_of
from assay.results.composition import requires
from assay.results.models import PARTS, PublicNotice, Result, ScoreCheck
from assay.results.rules import Part, outcome

TITLES = dict(ScoreCheck.PARTS)


@dataclass(frozen=True)
class Doubt:
    """A candidate whose right does not follow, and everything that differs."""

    application_id: int
    name: str
    line: str
    texts: tuple[str, ...]


def doubts(batch: Batch) -> list[Doubt]:
    """Everybody who would be given a number but for whom something does not agree; empty when all is as it should be."""
    results = _results(batch)
    applications = [result.application for result in results]
    found: dict[int, list[str]] = defaultdict(list)
    for application, problems in zip(applications, problems_of(applications), strict=True):
        found[application.pk] += [problem.text for problem in problems]
    for application_id, texts in (*_reviews(batch, applications), *_notice(batch, results), *_marks(batch, results)):
        found[application_id] += texts
    return [
        Doubt(a.pk, a.person.name, str(a.line), tuple(dict.fromkeys(found[a.pk]))) for a in applications if found[a.pk]
    ]


def _results(batch: Batch) -> list[Result]:
    """The results to be numbered with all that is asked of their applications, lines and conditions shared."""
    results = list(
        to_number(batch)
        .select_related("application__person__major")
        .order_by("application__line__scope_row__no", "application__person__sort_key", "pk")
    )
    lines = {
        line.pk: line
        for line in BatchLine.objects.filter(batch=batch)
        .select_related("scope_row__occupation", "level")
        .prefetch_related("scope_row__majors")
    }
    wanted = {result.application.condition_id for result in results}
    conditions = EntryCondition.objects.select_related("standard_level").in_bulk([pk for pk in wanted if pk])
    for result in results:
        application = result.application
        application.batch, application.line = batch, lines[application.line_id]
        application.condition = conditions[application.condition_id] if application.condition_id else None
    return results


Texts = Iterator[tuple[int, list[str]]]


def _reviews(batch: Batch, applications: Sequence[Application]) -> Texts:
    decisions: dict[int, list[rules.Reviewed]] = defaultdict(list)
    for d in ReviewDecision.objects.filter(application__batch=batch, application__result__outcome="pass").order_by(
        "at", "pk"
    ):
        by = f"#{d.by_account_id}" if d.by_account_id else d.by
        decisions[d.application_id].append(rules.Reviewed(d.step, d.verdict, by))
    for application in applications:
        texts = list(rules.review_differences(decisions[application.pk]))
        if application.state != "approved":
            texts.append(f"报名现为“{application.get_state_display()}”，不是审核通过")
        yield application.pk, texts


def _notice(batch: Batch, results: Sequence[Result]) -> Texts:
    """Each stands on the list that was on public notice."""
    notice = PublicNotice.objects.filter(batch=batch).first()
    listed = Counter(
        (row["name"], row["id_masked"], row["occupation"], row["job"], row["level"])
        for row in (notice.rows if notice else [])
    )
    for result in results:
        application = result.application
        row, level = application.line.scope_row, application.line.level
        said = (
            application.person.name, mask(application.person.id_number), row.occupation.name, row.job or "--",
            level.certificate_title,
        )  # fmt: skip
        if listed[said] < 1:
            yield result.application_id, ["公示名单上没有此人（姓名、证件、工种、等级须一致）"]
        listed[said] -= 1


def _marks(batch: Batch, results: Sequence[Result]) -> Texts:
    """The marks and the outcome; the routes without an exam have none: what their reviews passed is the outcome."""
    if batch.route != "exam":
        return
    pass_mark = parameters.decimal("results.pass_mark")
    theory, panels = _theory(batch), _panels(batch)
    corrected = {
        (check.result_id, check.part): check.after
        for check in ScoreCheck.objects.filter(result__batch=batch, state="corrected")
    }
    kept = _kept(results)
    for result in results:
        texts: list[str] = []
        parts: list[Part] = []
        for part in PARTS:
            sheets = theory[result.application_id] if part == "theory" else panels[result.application_id, part]
            found = _part(result, part, sheets, corrected, kept, texts)
            texts += rules.part_differences(found)
            parts.append(Part(found.derived, found.absent, found.required))
        if not any(part.required for part in parts):
            texts.append("没有参加任何科目的考核")
        derived = outcome(parts, pass_mark)
        if derived != result.outcome:
            texts.append(f"结论应为“{dict(Result.OUTCOMES)[derived]}”，成绩表为“{result.get_outcome_display()}”")
        yield result.application_id, texts


Sheet = rules.TheoryFound | rules.PanelFound


def _part(
    result: Result,
    part: str,
    sheets: Sequence[Sheet],
    corrected: Mapping[tuple[int, str], Decimal | None],
    kept: Mapping[tuple[int, str], Decimal | None],
    texts: list[str],
) -> rules.PartFound:
    """What follows for one part; what is wrong with its sheets is added to `texts`."""
    title = TITLES[part]
    said = (getattr(result, part), getattr(result, f"{part}_absent"))
    if not requires(result.application, part):
        return rules.PartFound(title, False, kept.get((result.pk, part)), False, *said)
    if len(sheets) != 1:
        texts.append(f"{title}没有考核记录" if not sheets else f"{title}有 {len(sheets)} 份考核记录")
        return rules.PartFound(title, True, None, False, *said)
    sheet = sheets[0]
    if isinstance(sheet, rules.TheoryFound):
        texts += rules.theory_differences(sheet)
    else:
        texts += rules.panel_differences(title, sheet)
    if (result.pk, part) in corrected:
        return rules.PartFound(title, True, corrected[result.pk, part], False, *said)
    return rules.PartFound(title, True, sheet.derived, sheet.absent, *said)


def _kept(results: Sequence[Result]) -> dict[tuple[int, str], Decimal | None]:
    """Marks of parts that were left out on an earlier pass, as that earlier result of the same person, job and level has them.
    That the pass is still good is asked with the conditions of the application (`problems_of`)."""
    named = {
        (result.pk, part): int(basis["result"])
        for result in results
        for part, basis in result.basis.items()
        if basis.get("kind") == "kept"
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
    sheets = TheorySheet.objects.filter(application__batch=batch, application__result__outcome="pass")
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
    again = mark_sheet(key, row.answers)
    return rules.TheoryFound(row.absent, same and as_sealed, row.objective, again, written, row.mark)


def _panels(batch: Batch) -> dict[tuple[int, str], list[rules.PanelFound]]:
    """By application and part: the panels' sheets, the examiners' points added up again."""
    sheets = PanelSheet.objects.filter(application__batch=batch, application__result__outcome="pass")
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
    sound = not mark_problems(tasks, score.marks, score.vetoes)
    again = total_of(tasks, score.marks, score.vetoes) if sound else None
    return rules.ScoreFound(score.locked_at is not None, score.total, again)

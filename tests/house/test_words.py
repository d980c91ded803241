"""Routes, stages, parts and how they are taken, states, outcomes, verdicts and kinds of remarks are said by their word, nowhere by a
literal that can be mistyped."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from assay.applications.parts import How, LeftOut
from assay.applications.reviews import Verdict
from assay.bank.models import ItemRemark
from assay.batches.stages import Route, Stage
from assay.catalogue.parts import Part
from assay.certificates.models import IssueDecision
from assay.kernel.correspondence import Standing
from assay.results.rules import Outcome
from tests.house.floors import SOURCE, room_of
from tests.house.words import bare_words, places_in

PROGRAMS_OF_THEIR_OWN = {
    "standin",  # plays the provincial platform, whose words are its own
    "hall",  # knows no room of the office: its states are those of seats and rooms on the day
}


def _with(column: str) -> list[tuple[type[models.Model], models.Field[object, object]]]:
    """Tables of ours that have such a column with what it may say."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("assay.")]
    fields = [(model, field) for model in ours for field in model._meta.local_fields if field.name == column]
    return [(model, field) for model, field in fields if field.choices]


WORDS = {
    "route": set(Route),
    "stage": set(Stage),
    "part": set(Part),
    "state": {value for model, _ in _with("state") for value in model.State.values} | set(Standing),  # type: ignore[attr-defined]
    "outcome": set(Outcome),
    "verdict": {*Verdict, *IssueDecision.Verdict.values},
    "how": set(How),
    "kind": {*ItemRemark.Kind.values, *LeftOut},
}


def _modules() -> dict[Path, ast.Module]:
    files = [file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts]
    return {file: ast.parse(file.read_text()) for file in files if room_of(file) not in PROGRAMS_OF_THEIR_OWN}


def _found(*modules: ast.Module) -> list[list[tuple[int, str, str]]]:
    places: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for module in modules:
        for name, some in places_in(module).items():
            places[name] |= some
    return [[(bare.line, bare.kind, bare.word) for bare in bare_words(one, WORDS, places)] for one in modules]


def test_no_word_is_a_bare_literal() -> None:
    modules = _modules()
    assert len(modules) > 300
    found = zip(modules, _found(*modules.values()), strict=True)
    assert [(str(file.relative_to(SOURCE)), *bare) for file, some in found for bare in some] == []


@pytest.mark.parametrize(
    "said",
    [
        'if batch.stage != "exam": pass',
        'if "exam" == batch.route: pass',
        'if batch.stage in ("readiness", STAGE): pass',
        'if given["state"] == "sent": pass',
        'if given.get("part") == "skill": pass',
        'filter(part="theory")',
        'filter(publication__state__in=["opened", State.PUBLISHED])',
        'exclude(state="void" if again else State.SEALED)',
        'item.state = "retired"',
        'item.state, item.at = "retired", now',
        'OPEN_STATES = ("draft", State.RETURNED)',
        'values = {"outcome": "pass"}',
        '_BY_ROUTE = {"exam": {"condition"}}',
        'def read(content, part="theory"): pass',
        'def outcome(parts): return "incomplete"',
        'state = CharField("状态", default="draft")',
        'done = "approved"\nfilter(state=done)',
        'for part in ("review", Part.SKILL): pass',
        'for state, title in (("asked", "待复核"),): pass',
        '_states(batch).get("approved")',
        'seated_by_part["review"]',
        'def gate(*stages): pass\n@gate("exam")\ndef checked(batch): pass',
        'class BatchPage:\n    stage: str\n    title: str\nBatchPage("exam", "理论考试")',
        'if decision.verdict != "pass": pass',
        'if how == "exempt": pass',
        'if basis.get("kind") == "kept": pass',
        'def remark(ctx, item, kind, text): pass\nremark(ctx, item, "retired", reason)',
        'class Batch:\n    def has_reached(self, stage): pass\nbatch.has_reached("results")',
    ],
)
def test_a_literal_put_back_is_found(said: str) -> None:
    (found,) = _found(ast.parse(said))
    assert len(found) == 1, found


@pytest.mark.parametrize(
    "said",
    [
        "if batch.stage != Stage.EXAM: pass",
        'FACTS = ("theory", "skill", "review", "state")',  # columns
        'Column("理论", said, "theory")',
        '_BY_ROUTE = {Route.CONTEST: {"contest", "rank"}}',  # columns too
        'context = {"exam": found, "state": shown}',
        'state = "正在发布" if on_its_way else "已发布"',
        'rooms.filter(kind="theory")',
        '"check" in request.POST',
    ],
)
def test_what_is_no_word_may_be_said(said: str) -> None:
    assert _found(ast.parse(said)) == [[]]


@pytest.mark.parametrize(("model", "field"), _with("state"))
def test_a_table_says_its_states_by_its_own_enum(
    model: type[models.Model], field: models.Field[object, object]
) -> None:
    assert issubclass(model.State, models.TextChoices)  # type: ignore[attr-defined]
    assert field.choices == model.State.choices  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("column", "words"), [("route", Route), ("stage", Stage), ("part", Part), ("outcome", Outcome)]
)
def test_a_column_says_no_other_words(column: str, words: type[Route | Stage | Part | Outcome]) -> None:
    said = {str(value) for _, field in _with(column) for value, _ in field.flatchoices}
    assert said <= {word.value for word in words}
    assert said


def test_choices_are_kept_as_plain_texts() -> None:
    """A migration, a spreadsheet or another program would show the enum itself."""
    kept = {type(value) for column in WORDS for _, field in _with(column) for value, _ in field.flatchoices}
    assert kept == {str}

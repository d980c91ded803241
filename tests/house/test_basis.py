"""Whatever the code cites, a centre with another basis never reads a number of the plan."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.centre.duties import DUTIES
from assay.centre.parameters import PARAMETERS
from assay.kernel import separation
from assay.kernel.acts import declared
from assay.kernel.basis import DELIVERED, ELSEWHERE, NATIONAL, OF_PARAMETERS, Basis, Kind, about, subject
from assay.kernel.clauses import NUMBER, PLAN
from tests.house.floors import SOURCE

OTHERS = [
    Basis(Kind.NATIONAL),
    Basis(Kind.OWN, "认定实施办法", {}),
    Basis(Kind.OWN, "认定实施办法", dict.fromkeys(list(PLAN)[::2], "第九条")),
    Basis(Kind.OWN, "认定实施办法", dict.fromkeys(PLAN, "第九条")),
]
IN_A_TEMPLATE = re.compile(r'"[^"]*工作方案[^"]*"\|cited')


def _said_in_code() -> set[str]:
    """Every text in the code that names the plan or begins with a clause; comments and the plan itself apart."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        if file.name in ("clauses.py", "basis.py") and "kernel" in file.parts:
            continue
        tree = ast.parse(file.read_text())
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                text = node.value
                if "工作方案" in text or NUMBER.match(text):
                    found.add(text)
    return found


def names_the_plan(text: str) -> bool:
    return "工作方案" in text or bool(NUMBER.search(text))


@pytest.mark.parametrize("basis", OTHERS)
def test_no_text_of_the_code_shows_a_number_of_the_plan(basis: Basis) -> None:
    said = _said_in_code() - {"随系统的工作方案"}  # the choice itself
    assert len(said) > 100
    assert [text for text in said if names_the_plan(basis.in_full(text))] == []
    assert [text for text in said if names_the_plan(basis.cited(text))] == []


@pytest.mark.parametrize("basis", OTHERS)
def test_nothing_declared_shows_a_number_of_the_plan(basis: Basis) -> None:
    clauses = [one.clause for one in (*declared(), *separation.pairs(), *separation.own_matters())]
    assert [clause for clause in clauses if names_the_plan(basis.in_full(clause) + basis.cited(clause))] == []
    assert [d.code for d in DUTIES.values() if names_the_plan(basis.place(d.clause))] == []
    assert [p.key for p in PARAMETERS.values() if names_the_plan(basis.source_of_number(p.source))] == []


def test_templates_name_the_plan_only_where_it_is_replaced() -> None:
    left = {
        str(file.relative_to(SOURCE))
        for file in (*SOURCE.rglob("*.html"), *SOURCE.rglob("*.js"), *SOURCE.rglob("*.typ"))
        if names_the_plan(IN_A_TEMPLATE.sub("", file.read_text()))
    }
    assert left == set()


def test_every_rule_is_called_otherwise_than_the_others() -> None:
    assert len({subject(clause) for clause in PLAN}) == len(PLAN)
    assert not [clause for clause in PLAN if names_the_plan(subject(clause))]


def test_what_is_said_of_other_bases_is_said_of_clauses_that_there_are() -> None:
    assert {*NATIONAL, *ELSEWHERE, *OF_PARAMETERS} <= PLAN.keys()


PIECES = st.lists(st.sampled_from(sorted(PLAN)), min_size=1, max_size=4, unique=True)
WORDS = st.text(st.characters(categories=["L", "N", "P"]), max_size=8).filter(lambda text: not names_the_plan(text))
NUMBERED = st.dictionaries(st.sampled_from(sorted(PLAN)), st.from_regex(r"第[1-9]条", fullmatch=True))


@given(PIECES, WORDS, WORDS, NUMBERED)
def test_a_clause_amid_words_is_said_by_the_basis_and_the_words_stay(
    clauses: list[str], before: str, after: str, own: dict[str, str]
) -> None:
    citation = f"工作方案 {'、'.join(clauses)}"
    for basis in (Basis(Kind.NATIONAL), Basis(Kind.OWN, "实施办法", own)):
        said = basis.cited(f"{before}（{citation}）{after}")
        assert said.startswith(f"{before}（")
        assert said.endswith(f"）{after}")
        assert not names_the_plan(said)
        in_full = basis.in_full(citation)
        assert all(about(clause) in in_full for clause in clauses)
    assert DELIVERED.cited(f"{before}（{citation}）{after}") == f"{before}（{citation}）{after}"

"""What the product cites of the work plan stands there."""

from __future__ import annotations

import ast
import re

import pytest

from assay.kernel.acts import Context, act, declared
from assay.kernel.basis import DELIVERED
from assay.kernel.clauses import PLAN, NoSuchClause, numbers
from tests.house.floors import SOURCE

PROSE = re.compile(r"工作方案 ((?:、?[一二三四五六]\([一二三四五六七八九十]\)(?:\d+|\(\d+\)|[①-⑳])*)+)")


def _cited() -> dict[str, str]:
    """Every citation in the code → the file where it stands."""
    found = {}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for match in PROSE.finditer(node.value):
                    found[match[1]] = str(file)
    return found


def test_every_clause_that_is_cited_stands_in_the_plan() -> None:
    cited = _cited()
    assert len(cited) > 30
    wrong = []
    for clauses, file in cited.items():
        try:
            numbers(clauses)
        except NoSuchClause:
            wrong.append((clauses, file))
    assert wrong == []


def test_every_act_cites_what_there_is() -> None:
    assert [one.name for one in declared() if one.clause.startswith("工作方案")] == []
    assert {number for one in declared() for number in numbers(one.clause)} <= PLAN.keys()


def test_an_act_that_cites_a_clause_that_there_is_not_cannot_be_declared() -> None:
    with pytest.raises(NoSuchClause, match=re.escape("四(一)99")):

        @act("tests.misspelt", duty="E1", title="示例", clause="四(一)99")
        def _misspelt(ctx: Context) -> None: ...

    assert "tests.misspelt" not in {one.name for one in declared()}


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        ("四(一)8", "工作方案 四(一)8 证书核发"),
        ("工作方案 四(一)8", "工作方案 四(一)8 证书核发"),
        ("四(一)7(1)、四(一)7(2)", "工作方案 四(一)7(1) 评分认定、四(一)7(2) 成绩上报审核"),
        ("证书管理及发放办法", "证书管理及发放办法"),
        ("", ""),
    ],
)
def test_a_citation_says_what_it_is_about(citation: str, said: str) -> None:
    assert DELIVERED.in_full(citation) == said

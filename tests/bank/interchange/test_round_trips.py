"""What is exported comes back the same: every type, formulas, pictures, tables, signs that mean something elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings

from assay.interchange import checking, export, reading
from assay.items.row import ItemRow
from tests.bank.interchange import made

FORMS = ("excel", "qti", "moodle")
MANY = settings(max_examples=250, suppress_health_check=list(HealthCheck))


def back(rows: list[ItemRow], form: str) -> checking.Checked:
    name, content = export.write(made.outgoing(rows), form)
    found = checking.check(reading.read(name, content), checking.Against(made.POINTS))
    assert not found.problems, [str(p) for p in found.problems]
    return found


@MANY
@given(made.banks())
@example([ItemRow("A-A-001", "single", 2, "选\\(x\\)", ("甲", "乙", "丙", "丁"), "B", "见 \\(\\frac{1}{2}\\)")])
def test_what_was_exported_comes_back_the_same(rows: list[ItemRow]) -> None:
    assert {form: back(rows, form).rows for form in FORMS} == dict.fromkeys(FORMS, rows)


@pytest.mark.parametrize("form", FORMS)
def test_pictures_survive_byte_for_byte(form: str) -> None:
    shown = list(made.PICTURES)
    row = ItemRow(
        "A-A-001",
        "single",
        3,
        f"看图 ![电路]({shown[0]})",
        (f"![甲]({shown[1]})", "乙", "丙", "丁"),
        "A",
        f"见 ![]({shown[0]})",
    )
    assert back([row], form).pictures == made.PICTURES


@pytest.mark.parametrize("form", FORMS)
def test_a_premise_that_only_writes_of_a_picture_does_not_cost_an_option_its_own(form: str) -> None:
    digest = next(iter(made.PICTURES))
    premises = ("机油压力", f"\\![图]({digest})")
    row = ItemRow("A-A-001", "matching", 3, "配对", (f"![图]({digest})", "机油"), "AA", "", premises)
    assert back([row], form).rows == [row]

"""What is written on a line of the set-up workbook reads back as what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.catalogue import notation

rules = st.fixed_dictionaries(
    {},
    optional={
        "min_age": st.integers(14, 60),
        "work_years": st.integers(1, 20),
        "holds_level": st.sampled_from(["5", "4", "3"]),
        "major_related": st.just(True),
        "final_year": st.just(True),
        "students_only": st.just(True),
        "education": st.lists(st.sampled_from(["高中", "大学专科和专科学校", "中等专业学校"]), min_size=1, unique=True),
    },
)


@given(rules)
def test_an_entry_rule_survives_writing_and_reading(rule: dict[str, object]) -> None:
    assert notation.parse_rule(notation.format_rule(rule)) == rule


@pytest.mark.parametrize("text", ["单选 80 1；判断 20 1", "单选 20 2.5；判断 10 2.5；多选 5 5"])
def test_a_paper_pattern_survives_reading_and_writing(text: str) -> None:
    sections = notation.parse_sections(text)
    assert notation.parse_sections(notation.format_sections(sections)) == sections


@pytest.mark.parametrize(
    ("text", "said"),
    [("单选 80 1；判断 10 1", "90"), ("论述 100 1", "论述"), ("单选 八十 1", "单选")],
)
def test_a_wrong_pattern_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        notation.parse_sections(text)


def test_courses_survive_writing_and_reading() -> None:
    courses = notation.parse_courses("会计基础 理论 4 必修；收银实务 技能 6 必修；商品知识 理论 2 选修")
    assert [c["name"] for c in courses] == ["会计基础", "收银实务", "商品知识"]
    assert notation.parse_courses(notation.format_courses(courses)) == courses

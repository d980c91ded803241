"""Identity numbers: check digits, what a resident number says, and what the public may see of one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.kernel.identity import RESIDENT, mask, name_problem, normalise, problem, resident_facts

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check_digit(body: str) -> str:
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


numbers = st.builds(
    lambda day, order: with_check_digit(f"410105{day:%Y%m%d}{order:03d}"),
    st.dates(date(1940, 1, 1), date(2015, 12, 31)),
    st.integers(0, 999),
)


@given(numbers)
def test_a_well_formed_number_passes_and_says_birth_and_sex(number: str) -> None:
    assert problem(RESIDENT, number) is None
    facts = resident_facts(number)
    assert f"{facts.birth:%Y%m%d}" == number[6:14]
    assert facts.sex == ("男" if int(number[16]) % 2 else "女")


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(number: str, place: int, off: int) -> None:
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert problem(RESIDENT, wrong) is not None


@pytest.mark.parametrize(
    "typed",
    [
        "41010520060315 001x", "４１０１０５２００６０３１５００１Ｘ", "'41010520060315001X", "\u202d41010520060315001X\u202c",
        "\ufeff410105\u200b20060315\u3164001x", "410105–20060315‑001X", "410105\u00ad20060315\n001ｘ",
        "４１０１０５　２００６０３１５－００１Ｘ",
    ],
)  # fmt: skip
def test_what_is_typed_or_pasted_with_a_number_and_is_none_of_it_is_forgiven(typed: str) -> None:
    assert normalise(typed) == "41010520060315001X"


@given(st.text(max_size=30))
def test_a_number_in_its_one_form_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("number", "said"),
    [("", "为空"), ("4101052006031500", "18 位"), ("41010520061315001X", ""), ("41010520060315001A", "数字或 X")],
)
def test_each_fault_is_named(number: str, said: str) -> None:
    found = problem(RESIDENT, number)
    assert found is not None
    assert said in found


@given(st.text("0123456789ABCXHM", min_size=1, max_size=24))
def test_a_masked_number_shows_at_most_seven_characters(number: str) -> None:
    shown = mask(number)
    assert sum(c != "*" for c in shown) <= 7
    assert "*" in shown


@pytest.mark.parametrize(
    "name",
    [
        "王伟",
        "欧阳文静",
        "阿卜杜热合曼·买买提明江",
        "古丽娜尔•艾力",
        "𠮷㛃龘喆堃",
        "John O'Brien-Smith",
        "张伟（大）",
        "考生12",
    ],
)
def test_names_as_people_bear_them_pass(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "为空"), ("王", "只有 1 个字"), ("王" * 61, "过长"), ("王\n伟", "第 2 个字符"), ("王\u202e伟", "U+202E"),
        ("王\u200b伟", "U+200B"), ("王\u2028伟", "U+2028"), ("王\ue000伟", "自造"), ("王\ufe0f伟", "U+FE0F"), ("王\u2800伟", "看不见"),
        ("王<b>伟", "不能有“<”"), ("＜王伟＞", "不能以“＜”开头"), ("=cmd|'/C calc'!A1", "不能以“=”开头"), ("1号", "不能以“1”开头"),
        ("王😀伟", "不能有"), ("·王伟", "不能以"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_told_why(name: str, said: str) -> None:
    assert said in (name_problem(name) or "")


@given(st.text(min_size=2, max_size=60))
def test_no_name_hides_a_sign_or_carries_markup(name: str) -> None:
    if name_problem(name) is None:
        assert "".join(sign for sign in name if not 0x20000 <= ord(sign) < 0x40000).isprintable()
        assert not set(name) & set('<>{}[]=|@\\"`&;')
        assert name[0] not in "+-=@'"

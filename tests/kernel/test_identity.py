"""Identity numbers: check digits, what a resident number says, and what the public may see of one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.kernel.identity import (
    RESIDENCE_PERMIT,
    RESIDENT,
    birth_problem,
    contradictions,
    id_type_of,
    lasting,
    mask,
    name_problem,
    normalise,
    number_problem,
    own_number_problem,
    problem,
    resident_facts,
    same_name,
    tidy_name,
    type_of_number,
)

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


TODAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("220201119104055935", "1191-04-05 过早"), ("110101185001010018", "1850-01-01 过早"),
        ("110101203501010010", "2035-01-01 还没有到"), ("220201119104955933", "出生日期不对"),
    ],
)  # fmt: skip
def test_nobody_was_born_before_1900_or_in_the_future(number: str, said: str) -> None:
    for found in (number_problem(RESIDENT, number, TODAY), own_number_problem(number, TODAY)):
        assert said in (found or "")


def test_a_birth_date_that_no_number_says_is_looked_at_as_well() -> None:
    assert birth_problem(date(1900, 1, 1), TODAY) is None
    assert birth_problem(TODAY, TODAY) is None
    assert "过早" in (birth_problem(date(1899, 12, 31), TODAY) or "")
    assert "还没有到" in (birth_problem(date(2026, 9, 2), TODAY) or "")


PERMITS = ("830000197810100019", "810000200501010029")


@pytest.mark.parametrize("number", PERMITS)
def test_a_residence_permit_is_a_document_of_its_own_that_says_birth_and_sex(number: str) -> None:
    assert type_of_number(number) == RESIDENCE_PERMIT
    assert number_problem(RESIDENCE_PERMIT, number, TODAY) is None
    assert own_number_problem(number, TODAY) is None
    assert "证件类型应选“港澳台居民居住证”" in (problem(RESIDENT, number) or "")
    assert f"{resident_facts(number).birth:%Y%m%d}" == number[6:14]
    against = dict(contradictions(RESIDENCE_PERMIT, number, sex="女" if resident_facts(number).sex == "男" else "男"))
    assert "与居住证号不符" in against["sex"]
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert problem(RESIDENCE_PERMIT, wrong) == "居住证号校验码不对，请核对是否录错"


def test_other_numbers_are_of_no_residence_permit() -> None:
    assert "81、82 或 83 开头" in (problem(RESIDENCE_PERMIT, "41010520060315001X") or "")
    assert type_of_number("41010520060315001X") == type_of_number("") == RESIDENT
    assert type_of_number("910000199001010018") == "foreign_resident"
    assert "外国人永久居留证" in (problem(RESIDENT, "910000199001010018") or "")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("回乡证", "hk_macao"), ("港澳台居民居住证", RESIDENCE_PERMIT), ("台湾居民居住证", RESIDENCE_PERMIT), (" 身份证 ", RESIDENT),
        ("港澳居民来往内地通行证（回乡证）", "hk_macao"), ("台胞证", "taiwan"), ("永久居留证", "foreign_resident"), ("借书证", None),
    ],
)  # fmt: skip
def test_documents_go_by_what_people_call_them(said: str, kind: str | None) -> None:
    assert id_type_of(said) == kind


def test_of_a_home_return_permit_the_two_digits_that_count_its_issues_do_not_belong_to_the_number() -> None:
    assert lasting("hk_macao", "H0123456701") == "H01234567"
    assert problem("hk_macao", "H0123456701") is None
    assert problem("hk_macao", "H012345670") is not None
    assert lasting("passport", "H0123456701") == "H0123456701"


@pytest.mark.parametrize("dot", "•・‧∙⋅･·.．●")
@pytest.mark.parametrize("between", ["{}", " {} ", "　{}", "{} "])
def test_whichever_dot_is_typed_a_name_is_kept_with_the_middle_dot(dot: str, between: str) -> None:
    name = tidy_name("古丽米热" + between.format(dot) + "艾比布力")
    assert name == "古丽米热·艾比布力"
    assert name_problem(name) is None


def test_full_stops_of_foreign_names_stay() -> None:
    assert tidy_name("J.R. Smith Jr.") == "J.R. Smith Jr."
    assert tidy_name("Anna•Maria") == "Anna·Maria"


@given(st.text("张三古丽AB.·•・‧ 　", max_size=12))
def test_a_tidy_name_stays_as_it_is(text: str) -> None:
    assert tidy_name(tidy_name(text)) == tidy_name(text)


def test_names_that_were_kept_with_another_dot_are_the_same_names() -> None:
    assert same_name("古丽米热•艾比布力", "古丽米热·艾比布力")
    assert same_name("张　三", "张三")
    assert not same_name("张三", "张山")

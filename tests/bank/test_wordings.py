"""Blanks: what says the same as the key by any keyboard is right; what a reader would take for something else stays wrong."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assay.items import answers
from assay.items.wordings import folded, same, same_in_earlier_versions, stated_units, tolerance

SAME = [
    ("0.8", "0.8\u200b", "a sign of no width, pasted"),
    ("0.8\u200b", "0.8", "the same in the key"),
    ("0.8", "\u202d0.8\u202c", "marks of direction"),
    ("齿轮", "\ufeff齿\u00ad轮", "a byte order mark, a soft hyphen"),
    ("0.8", "０．８", "full width"),
    ("齿轮箱", "齿 轮　箱", "blanks"),
    ("PLC", "ｐｌｃ", "capitals"),
    ("-5", "−5", "the minus sign"),
    ("−5", "－5", "a full-width minus for the minus sign of the key"),
    ("-5", "–5", "an en dash before a number"),
    ("-5", "—5", "an em dash before a number"),
    ("-0.5", "− .5", "a minus, a blank, no nought"),
    ("CA6140-A", "CA6140‐A", "a hyphen proper"),
    ("1:2", "1∶2", "the ratio sign"),
    ("1:2", "1：2", "the full-width colon"),
    ("1000", "1，000", "thousands apart by a comma of the input method"),
    ("1,000", "1000", "thousands apart in the key"),
    ("1234567.5", "1 234 567.5", "thousands apart by blanks"),
    ("12000", "12\u2009000", "thousands apart by thin blanks"),
    ("0.8", "0。8", "the stop of the input method as the decimal point"),
    ("0.8", "0.8。", "a stop at the end"),
    ("0.8", "0｡8.", "a half-width stop, and one at the end"),
    ("正火", "正火。", "a stop after a word"),
    ("0.80", "0.8", "the same number"),
    ("10μm", "10µm", "the micro sign for the Greek letter"),
    ("10μm", "10um", "u for the Greek letter"),
    ("5Ω", "5\u2126", "the Ohm sign"),
    ("5Ω", "5欧姆", "the Ohm by its name"),
    ("Φ20", "Ф20", "a Cyrillic letter before a number"),
    ("Φ20", "φ20", "a small letter"),
    ("Φ20", "⌀20", "the sign of the diameter"),
    ("Φ20", "∅20", "the empty set"),
    ("Φ20", "Ø20", "a Nordic letter"),
    ("M10×1.5", "М10х1.5", "Cyrillic letters"),
    ("M10×1.5", "m10*1.5", "a star"),
    ("ΔT", "∆T", "the increment"),
    ("N·m", "N•m", "a bullet"),
    ("N·m", "N⋅m", "the dot operator"),
    ("20N·m", "20 N.m", "a full stop in the unit"),
    ("20N·m", "20牛·米", "the unit by its name"),
    ("25℃", "25°C", "two signs for one"),
    ("25℃", "25 摄氏度", "the name of it"),
    ("25℃", "25ºC", "a raised o"),
    ("45°", "45度", "degrees of an angle"),
    ("80%", "80％", "full-width per cent"),
    ("80%", "80﹪", "small per cent"),
    ("10mm", "10.0毫米", "the same length"),
    ("m²", "m2", "a raised figure after a letter"),
    ("10²", "10^2", "a power"),
    ("1/2", "½", "a fraction in one sign"),
    ("3~5", "3〜5", "a wave dash"),
    ('1/2"', "1/2″", "inches"),
    ("25±0.5", "25.4", "within the tolerance"),
    ("25±0.5", "２４。５。", "just within, by the input method"),
    ("-5±0.5", "−5.2", "a minus within the tolerance"),
    ("1，000±10", "1 005", "thousands within the tolerance"),
    ("25±0.5mm", "25.3毫米", "the unit of the key"),
    ("25mm±0.5mm", "25.3 mm", "the unit of both"),
]  # fmt: skip
OTHER = [
    ("0.8", "8", "another number"),
    ("0.8", "0,8", "a comma is no point here"),
    ("5", "-5", "the sign"),
    ("-5", "5", "no sign"),
    ("-5", "一5", "a figure in Chinese, no minus"),
    ("1:2", "2:1", "the ratio turned round"),
    ("1:2", "12", "no ratio"),
    ("1000", "1,00", "no thousands"),
    ("1000", "10,00", "commas anywhere"),
    ("1000", "1.000", "a European thousand is one"),
    ("102", "10²", "a power is no figure more"),
    ("11/2", "1½", "one and a half"),
    ("102", "10₂", "a number to the base of two"),
    ("10mm", "10cm", "another unit"),
    ("10mm", "10", "no unit where the key has one"),
    ("10", "10mm", "a unit that nobody stated"),
    ("25±0.5", "25.6", "outside"),
    ("25±0.5", "25.3mm", "a unit that nobody stated"),
    ("25±0.5mm", "25.3cm", "another unit"),
    ("25±0.5mm", "25.3", "no unit where the key has one"),
    ("25±0.5", "25±0.5", "the key itself is no number"),
    ("25±0.5", "二十五", "words"),
    ("20N·m", "20N/m", "another unit"),
    ("20℃", "20度", "degrees of what"),
    ("80%", "80‰", "per mille"),
    ("80%", "0.8", "the share is not asked for"),
    ("Φ20", "020", "a nought"),
    ("ρ", "p", "a Greek letter that is not that one"),
    ("3~5", "3-5", "a range, a difference"),
    ("正火", "回火", "another word"),
    ("正火", "", "nothing"),
    ("正火", "\u200b", "nothing that is seen"),
    ("正火", "正火\u3164", "a filler, which marks that were given did not leave out"),
    ("正火", "。", "a stop alone"),
    ("007A", "7A", "a code is no number"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "said", "what"), SAME)
def test_what_only_the_keyboard_makes_different_is_right(key: str, said: str, what: str) -> None:
    assert same(key, said), what


@pytest.mark.parametrize(("key", "said", "what"), OTHER)
def test_what_a_reader_takes_for_something_else_is_wrong(key: str, said: str, what: str) -> None:
    assert not same(key, said), what


@pytest.mark.parametrize(
    ("stem", "key", "said", "right"),
    [
        ("直径____mm。", "25±0.5", "25.3mm", True), ("直径____mm。", "25±0.5", "25.3毫米", True),
        ("直径____mm。", "25±0.5", "25.3", True), ("直径____mm。", "25±0.5", "25.3cm", False),
        ("直径____mm。", "25±0.5mm", "25.3", True), ("直径____mm。", "25", "25mm", True),
        ("直径____（mm）。", "25", "25 mm", True), ("直径____。（单位：mm）", "25", "25mm", True),
        ("直径____，单位为毫米", "25", "25mm", True), ("占____％", "80", "80%", True), ("温度____℃", "25", "25摄氏度", True),
        ("气门间隙（mm）为____", "10.3±0.1", "10.3mm", True), ("气门间隙/mm：____", "10.3±0.1", "10.3 毫米", True),
        ("气门间隙（mm）为____", "10.3±0.1", "10.3", True), ("气门间隙（mm）应不大于____", "0.3", "0.3mm", True),
        ("以 mm 为单位，气门间隙____", "10.3±0.1", "10.3mm", True), ("以毫米（mm）计，间隙为____", "10.3", "10.3mm", True),
        ("转速/（r/min）：____", "800", "800转/分", True), ("温度/℃：____", "25", "25℃", True),
        ("气门间隙（mm）为____", "10.3±0.1", "10.3cm", False), ("气门间隙/mm：____", "10.3±0.1", "10.3m", False),
        ("以 mm 为单位，气门间隙____", "10.3±0.1", "10.3cm", False), ("气门间隙为____", "10.3±0.1", "10.3mm", False),
        ("用长（mm）表，间隙____", "10.3", "10.3mm", False), ("车速 km/h：____", "60", "60h", False),
        ("进给 mm/min：____", "60", "60min", False), ("产量，件/h：____", "60", "60h", False),
        ("孔（mark）为____", "25", "25m", False), ("以 mm 为单位，以 cm 为单位，____", "25", "25mm", False),
        ("直径____，分为____mm", "25", "25mm", False), ("____mark", "25", "25m", False), ("直径____", "25", "25mm", False),
    ],
)  # fmt: skip
def test_the_unit_that_the_stem_states_may_be_said_once_more_and_no_other(
    stem: str, key: str, said: str, right: bool
) -> None:
    response = json.dumps([said] + [""] * (stem.count("____") - 1), ensure_ascii=False)
    assert (answers.share("fill", key, response, stem=stem) == 1) is right


def test_each_blank_has_its_own_unit() -> None:
    assert stated_units("长____mm，宽____ 厘米，高____", "____") == ["mm", "cm", ""]
    assert stated_units("长____，宽____（单位：mm）", "____") == ["mm", "mm"]
    assert stated_units("长（mm）为____，宽____，高/cm：____厘米", "____") == ["mm", "", "cm"]
    assert stated_units("长（单位：mm）为____，重（单位：kg）为____", "____") == ["mm", "kg"]
    assert stated_units("没有空", "____") == []
    given_to = json.dumps(["10mm", "2cm", "3mm"])
    assert answers.share("fill", "10；2；3", given_to, stem="长____mm，宽____cm，高____") == Fraction(2, 3)


def test_a_tolerance_has_one_unit_at_most() -> None:
    assert tolerance("25mm±0.5cm") is None
    assert tolerance("25±0.5左右") is None
    found = tolerance("（25 ± 0.5）毫米")
    assert found is not None
    assert (str(found[0].number), found[0].unit, str(found[1])) == ("25", "mm", "0.5")


def test_keys_are_read_in_their_one_form_at_every_door() -> None:
    assert answers.normal_key("true_false", "对\u200b") == "对"
    assert answers.normal_key("true_false", "☑") == "对"
    assert answers.normal_key("true_false", "☒") == "错"
    assert answers.normal_key("multiple", "\u202aB、A\u202c") == "AB"
    assert answers.normal_key("fill", "\u200b；甲") == ""
    assert answers.normal_key("fill", "−5 ± ０。5") == "-5±0.5"
    assert answers.normal_key("fill", "正火\u200b|退火") == "正火|退火"


typed = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("0123456789.,。，、；-−–—∶：·•⋅º°C℃µμΩФφ⌀×x*²½₂mM N/min度％% \u200b\u202a\u2009()±+"),
    ),
    max_size=14,
)


@given(typed)
@example("5..。,")
@example("1,234,567")
@example("1 ,000,000")
def test_folding_once_is_folding_for_good(words: str) -> None:
    assert folded(folded(words)) == folded(words)


@given(typed)
def test_whoever_types_the_key_as_it_stands_is_right(words: str) -> None:
    assert same(words, words) is (folded(words) != "" and tolerance(words) is None)


@given(typed, typed)
def test_key_and_answer_are_folded_alike(key: str, said: str) -> None:
    if tolerance(key) is None and tolerance(said) is None and folded(key) and folded(said):
        assert same(key, said) == same(said, key) == same(folded(key), folded(said))


@given(typed, typed)
@example("2.50", "2.5")
@example("25±0.5", "25.5")
def test_what_was_right_in_earlier_versions_is_right(key: str, said: str) -> None:
    """But for raised and lowered figures, which were read as figures of the number, and for what nobody sees."""
    figures = any(c in "¹²³" or "⁰" <= c <= "₟" or "¼" <= c <= "¾" or "⅐" <= c <= "⅞" for c in key + said)
    if same_in_earlier_versions(key, said) and folded(said) and not figures:
        assert same(key, said)


@given(st.decimals(-1000, 1000, places=3), st.decimals(0, 10, places=2), st.decimals(-20, 20, places=3))
def test_a_tolerance_takes_what_is_within_and_nothing_else(middle: object, off: object, away: object) -> None:
    assert same(f"{middle}±{off}", f"{middle + away:f}") is (abs(away) <= off)  # type: ignore[operator]

"""A task's sheet as it is written on screen: read back the same, every wrong line named."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assay.items import sheet

words = st.text("工具准备步骤质量abc123", min_size=1, max_size=12)
tenths = st.integers(1, 1000).map(lambda n: str((Decimal(n) / 10).quantize(Decimal("0.1"))))
limits = st.tuples(st.integers(-500, 500), st.integers(0, 500)).map(lambda p: (str(p[0]), str(p[0] + p[1])))


@st.composite
def points(draw: st.DrawFn) -> dict[str, str]:
    kind = draw(st.sampled_from(["mark", "deduct", "measure"]))
    point = {"kind": kind, "title": draw(words), "full": draw(tenths), "rule": draw(st.one_of(st.just(""), words))}
    if kind == "deduct":
        point["each"] = draw(tenths.filter(lambda each: Decimal(each) <= Decimal(point["full"])))
    if kind == "measure":
        point["low"], point["high"] = draw(limits)
        point["unit"] = draw(st.sampled_from(["mm", "N·m", "", "%"]))
    return point


@given(st.lists(points(), max_size=6), st.lists(words, max_size=3))
def test_what_is_written_is_read_back_the_same(given_points: list[dict[str, str]], vetoes: list[str]) -> None:
    written = sheet.format_points({"points": given_points, "vetoes": [{"title": v} for v in vetoes]})
    assert sheet.parse_points(written) == (given_points, [{"title": v} for v in vetoes], [])


def test_rows_pasted_from_a_spreadsheet_are_read() -> None:
    found, vetoes, wrong = sheet.parse_points("评分点\t工具\t10\t缺一项扣 2 分\n否定项\t违反安全规程\n")
    assert (found, vetoes, wrong) == (
        [{"kind": "mark", "title": "工具", "full": "10.0", "rule": "缺一项扣 2 分"}], [{"title": "违反安全规程"}], [],
    )  # fmt: skip


def test_every_wrong_line_is_named_at_once() -> None:
    wrong = sheet.parse_points(
        "打分 | 甲 | 5\n评分 | 乙 | 0\n扣分 | 丙 | 3 | 每处 5\n测量 | 丁 | 3 | 25.1~24.9 mm\n否定 |\n评分 | 好 | 5"
    )[2]
    assert [line.split("行")[0] for line in wrong] == ["第 1 ", "第 2 ", "第 3 ", "第 4 ", "第 5 "]
    assert "评分、扣分、测量、否定" in wrong[0]
    assert "先小后大" in wrong[3]


def test_things_at_hand_need_a_side_a_name_and_a_number() -> None:
    found, wrong = sheet.parse_materials(
        "考场 | 举升机 | 3.5 t | 台 | 1 | 可锁止\n仓库 | 机油\n考生 | 手套 | | 副 | 一"
    )
    assert found == [
        {"side": "site", "name": "举升机", "spec": "3.5 t", "unit": "台", "quantity": "1", "remark": "可锁止"}
    ]
    assert len(wrong) == 2
    assert sheet.parse_materials(sheet.format_materials({"materials": found})) == (found, [])


def test_a_sheet_says_all_that_is_missing() -> None:
    said = sheet.sheet_problems({"title": " ", "minutes": 0, "form": "唱歌", "points": []})
    assert len(said) == 4

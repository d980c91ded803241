"""What stands beside a rule, by the basis of the centre; which basis holds when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from assay.kernel.basis import DELIVERED, Basis, Kind, in_force

OWN = Basis(Kind.OWN, "认定实施办法", {"四(一)7(1)": "第二十条", "四(一)7(2)": "第二十一条", "四(一)5": "3.10"})
NATIONAL = Basis(Kind.NATIONAL)
PROCESS = "《职业技能等级认定工作规程（试行）》"


@pytest.mark.parametrize(
    ("basis", "citation", "said"),
    [
        (DELIVERED, "四(一)8", "工作方案 四(一)8 证书核发"),
        (DELIVERED, "考评员回避制度；工作方案 三(四)2", "考评员回避制度；工作方案 三(四)2 三支队伍人员选聘的基本条件"),
        (OWN, "四(一)5", "认定实施办法 3.10 打印、下发准考证"),
        (OWN, "四(一)7(1)、四(一)7(2)", "认定实施办法 第二十条 评分认定、第二十一条 成绩上报审核"),
        (OWN, "四(一)7(1)、四(一)7(3)", f"认定实施办法 第二十条 评分认定；{PROCESS}：向考生发布成绩，申请复核"),
        (OWN, "四(一)4", "考评通内置规则：上报认定计划"),
        (NATIONAL, "工作方案 四(一)8", f"{PROCESS}：证书核发"),
        (NATIONAL, "三(四)2(2)④", "本中心参数：质量督导员证（卡）有效期"),
        (NATIONAL, "考评员回避制度；工作方案 三(四)2", "考评员回避制度；考评通内置规则：三支队伍人员选聘的基本条件"),
        (
            NATIONAL,
            "工作方案 四(一)8 纳入国家职业技能等级证书查询系统",
            "人社职司便函〔2020〕17号 纳入国家职业技能等级证书查询系统",
        ),
        (NATIONAL, "人社鉴发〔2021〕1号", "人社鉴发〔2021〕1号"),
        (NATIONAL, "", ""),
    ],
)
def test_a_citation_is_said_by_the_basis(basis: Basis, citation: str, said: str) -> None:
    assert basis.in_full(citation) == said


@pytest.mark.parametrize(
    ("basis", "text", "said"),
    [
        (DELIVERED, "范围之外的不能列入（工作方案 二(三)）。", "范围之外的不能列入（工作方案 二(三)）。"),
        (OWN, "发放（工作方案 四(一)5）。", "发放（认定实施办法 3.10）。"),
        (OWN, "工作方案 四(一)9(2)、四(一)9(1)", "人社职司便函〔2020〕17号；考评通内置规则：备案表"),
        (NATIONAL, "四(一)4", "考评通内置规则：上报认定计划"),
    ],
)
def test_a_text_that_cites_clauses_is_said_by_the_basis(basis: Basis, text: str, said: str) -> None:
    assert basis.cited(text) == said


@pytest.mark.parametrize(
    ("basis", "source", "said"),
    [
        (DELIVERED, "工作方案 四(一)4", "工作方案 四(一)4"),
        (NATIONAL, "工作方案 四(一)4", "本中心参数"),
        (OWN, "工作方案 四(一)5", "本中心参数，参见认定实施办法 3.10"),
        (NATIONAL, "外省院校做法；工作方案 二(四) 校内充分公示", "外省院校做法；本中心参数"),
        (NATIONAL, "人社鉴发〔2021〕1号", "人社鉴发〔2021〕1号"),
    ],
)
def test_a_number_of_the_plan_is_elsewhere_the_centres_own(basis: Basis, source: str, said: str) -> None:
    assert basis.source_of_number(source) == said


@dataclass(frozen=True)
class Entered:
    basis: Basis
    since: date | None


FIRST = Entered(DELIVERED, None)
AHEAD = Entered(OWN, date(2026, 9, 20))
RIGHTED = Entered(NATIONAL, date(2026, 9, 20))


@pytest.mark.parametrize(
    ("entered", "day", "holds"),
    [
        ([FIRST], date(2020, 1, 1), FIRST),
        ([AHEAD], date(2020, 1, 1), AHEAD),
        ([FIRST, AHEAD], date(2026, 9, 19), FIRST),
        ([FIRST, AHEAD], date(2026, 9, 20), AHEAD),
        ([FIRST, AHEAD, RIGHTED], date(2026, 9, 20), RIGHTED),
        ([FIRST, AHEAD, Entered(NATIONAL, date(2026, 9, 10))], date(2027, 1, 1), AHEAD),
        ([], date(2026, 9, 1), None),
    ],
)
def test_a_basis_holds_from_its_day_and_of_one_day_the_last_entered(
    entered: list[Entered], day: date, holds: Entered | None
) -> None:
    assert in_force(entered, day) is holds

"""What is refused of many at once is said once for each reason, with those that it holds for."""

from __future__ import annotations

import pytest

from assay.kernel.refusals import ForOthers, Refused, grouped, require_each, together

FIRST = "由您初审，终审须由另一人进行"
DRAFT = "现为“草稿”，不在审题环节"


def of_item(number: int, why: str, kind: type[Refused] = Refused) -> Refused:
    return kind(f"试题 {number} {why}", "工作方案 三(五)", about=f"试题 {number}")


def test_a_reason_is_said_once_with_the_numbers_that_it_holds_for() -> None:
    said = together([of_item(309, FIRST), of_item(310, FIRST), of_item(4, DRAFT)])
    assert said.message == f"试题 309、310 {FIRST}；试题 4 {DRAFT}"
    assert said.clause == "工作方案 三(五)"


def test_of_very_many_some_are_named_and_all_are_counted() -> None:
    said = together([of_item(n, FIRST) for n in range(1, 51)]).message
    assert said == f"试题 {'、'.join(map(str, range(1, 21)))} 等 50 项 {FIRST}"


def test_one_alone_stays_as_it_is() -> None:
    one = of_item(4, DRAFT, ForOthers)
    assert together([one]) is one


def test_what_is_left_to_others_stays_so_only_if_all_of_it_is() -> None:
    several = [of_item(n, FIRST, ForOthers) for n in (1, 2)]
    assert isinstance(together(several), ForOthers)
    assert not isinstance(together([*several, of_item(3, DRAFT)]), ForOthers)


def test_names_without_a_common_beginning_stand_side_by_side() -> None:
    assert (
        grouped([("李示", "：年龄不够"), ("王例", "：年龄不够"), ("", "选了几份")]) == "李示、王例：年龄不够；选了几份"
    )
    assert grouped([("", "另一项已由您办理"), ("", "另一项已由您办理")]) == "2 项：另一项已由您办理"
    assert grouped([("1 号工位", "的成绩已合成"), ("2 号工位", "的成绩已合成")]) == "1 号工位、2 号工位的成绩已合成"


def test_all_rows_are_looked_at_before_anything_is_refused() -> None:
    def require_even(number: int) -> None:
        if number % 2:
            raise of_item(number, DRAFT)

    require_each([2, 4], require_even)
    with pytest.raises(Refused, match="试题 1、3 现为"):
        require_each([1, 2, 3], require_even)

"""The record as it is read: one outage, one line."""

from __future__ import annotations

import pytest

from assay.hall.record import Line, told_together
from assay.hall.state import Hall, LivePack
from assay.hall.wording import moment_text
from tests.hall.packs import pack

AT = 1_778_306_893_000
"""14:08:13 in China."""


@pytest.fixture
def live() -> LivePack:
    return Hall().admit(pack(candidates=6), "digest")


def cut(n: int, since_s: int, until_s: int, more: str = "") -> Line:
    """A computer that was away."""
    at = AT + until_s * 1000
    text = f"{n + 1} 号 考生{n} {moment_text(AT + since_s * 1000)} 起离线，{moment_text(at)} 恢复{more}"
    return Line(f"p1-s{n}", at, "offline", text, "考试端")


def again(n: int, at_s: int) -> Line:
    """Somebody signed in once more."""
    text = f"{n + 1} 号 考生{n} 在原计算机上重新登录，继续作答"
    return Line(f"p1-s{n}", AT + at_s * 1000, "moved", text, "考试端")


def texts(live: LivePack, *lines: Line) -> list[str]:
    return [line.text for line in told_together(lines, live.sittings)]


def test_computers_of_one_cut_cable_are_one_line(live: LivePack) -> None:
    lines = [
        cut(n, since, until) for n, since, until in ((2, 0, 130), (0, 9, 133), (1, 14, 133), (4, 3, 140), (5, 4, 131))
    ]
    assert texts(live, *lines) == ["1–3、5、6 号 14:08:13 至 14:08:27 起离线，14:10:23 至 14:10:33 恢复"]


def test_what_differs_by_more_than_some_seconds_is_another_line(live: LivePack) -> None:
    lines = [cut(0, 0, 130), cut(1, 60, 131), cut(2, 2, 132), cut(3, 1, 170)]
    assert texts(live, *lines) == [
        "1 号 考生0、3 号 考生2 14:08:13 至 14:08:15 起离线，14:10:23 至 14:10:25 恢复",
        "2 号 考生1 14:09:13 起离线，14:10:24 恢复",
        "4 号 考生3 14:08:14 起离线，14:11:03 恢复",
    ]


def test_a_pause_within_is_told_with_them(live: LivePack) -> None:
    lines = [cut(0, 0, 130, "，其中暂停 82 秒"), cut(1, 0, 130, "，其中暂停 78 秒"), cut(2, 0, 130)]
    assert texts(live, *lines) == [
        "1 号 考生0、2 号 考生1 14:08:13 起离线，14:10:23 恢复，其中暂停 78 至 82 秒",
        "3 号 考生2 14:08:13 起离线，14:10:23 恢复",
    ]


def test_what_one_seat_does_twice_stays_two_lines(live: LivePack) -> None:
    said = "1 号 考生0：离开考试窗口"
    assert texts(live, *(Line("p1-s0", AT + n, "focus", said, "考试端") for n in (0, 1000))) == [said, said]


def test_lines_that_are_one_say_when_the_first_was_and_when_the_last(live: LivePack) -> None:
    lines = [again(0, 0), again(1, 5), again(2, 9)]
    (line,) = told_together(lines, live.sittings)
    assert (line.text, line.at, line.until) == (
        "1 号 考生0、2 号 考生1、3 号 考生2 在原计算机上重新登录，继续作答", AT, AT + 9000,
    )  # fmt: skip
    (alone,) = told_together(lines[:1], live.sittings)
    assert alone.until == 0
    (cut_off,) = told_together([cut(0, 0, 60), cut(1, 0, 62)], live.sittings)
    assert cut_off.until == 0, "the text itself says it"


@pytest.mark.parametrize("whom", [0, 1])
def test_lines_are_not_one_where_something_about_one_of_them_stands_between(live: LivePack, whom: int) -> None:
    moved = Line(f"p1-s{whom}", AT + 2000, "move", f"允许换机：{whom + 1} 号 考生{whom}：坐反", "甲")
    both = Line("", AT + 2000, "give_back", f"释放计算机：4 号 考生3、{whom + 1} 号 考生{whom} 已退出登录", "甲")
    for between in (moved, both):
        lines = [again(0, 0), between, again(1, 5)]
        assert told_together(lines, live.sittings) == lines
    about_another = Line("", AT + 2000, "give_back", "释放计算机：4 号 考生3、11 号 考生1 已退出登录", "甲")
    assert len(told_together([again(0, 0), about_another, again(1, 5)], live.sittings)) == 2


def test_lines_of_the_room_and_of_others_stay_as_they_are(live: LivePack) -> None:
    lines = [
        Line("", AT, "pause", "全场暂停：停电", "甲"),
        Line("gone", AT, "note", "1 号 考生0：晚", "甲"),
        cut(0, 0, 60),
    ]
    assert told_together(lines, live.sittings) == lines

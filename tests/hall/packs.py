"""A small made-up pack for tests of the hall."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta

import msgspec

from assay.bridge.contract import Item, Pack, Paper, Room, Section, Sitting, id_digest, seal_items
from assay.items.content import markup
from assay.items.content.blocks import blocks_of

SALT = "salt"
KEY = os.urandom(32)
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""


def number_of(index: int) -> str:
    return f"41010520060315{index:04d}"


def items(count: int = 12) -> list[Item]:
    """Single, true/false and multiple items in turn."""
    made = []
    for n in range(count):
        kind = ("single", "true_false", "multiple")[n % 3]
        options = [] if kind == "true_false" else [f"选项{n}-{letter}" for letter in "ABCD"]
        made.append(Item(id=str(100 + n), type=kind, stem=f"第{n + 1}道示例题，正确的是（　）。", options=options))  # type: ignore[arg-type]
    return made


def pack(
    *,
    name: str = "p1",
    candidates: int = 4,
    starts_in_s: float = -1,
    minutes: int = 60,
    rooms: int = 1,
    count: int = 12,
    rehearsal: bool = True,
    opened: bool = True,
    locked: bool = False,
    picture: bool = False,
    rich: bool = False,
    every_type: bool = False,
    written: bool = False,
    **fields: object,
) -> Pack:
    """A pack that began `-starts_in_s` seconds ago; sittings s0, s1, … with tickets t0, t1, …"""
    key = KEY
    asked = items(count)
    if picture:
        asked[0] = msgspec.structs.replace(asked[0], images=["dot"])
        fields["blobs"] = {"dot": DOT}
    if rich:
        stem = markup.parse(
            "如图 ![电路图](dot)，\\(\\frac{U}{R}=2\\) A，H<sub>2</sub>O：\n| 项目 | 值 |\n| 电压 | \\(12\\) V |"
        )
        option = markup.parse("\\(\\sqrt{x}\\)")
        rich_options = [blocks_of(option), *[[{"p": [text]}] for text in asked[0].options[1:]]]
        asked[0] = msgspec.structs.replace(
            asked[0], stem=markup.plain(stem), rich=blocks_of(stem), rich_options=rich_options
        )
        fields["blobs"] = {"dot": DOT}
    more: list[Section] = []
    if every_type:
        asked += [
            Item("200", "fill", "扭矩为 ____ N·m，共 ____ 处", [], blanks=2),
            Item("201", "ordering", "按次序排列", ["拆下", "检查", "装回"]),
            Item("202", "matching", "连线", ["润滑系", "冷却系", "点火系"], premises=["机油泵", "节温器"]),
        ]
        more = [
            Section("填空", "fill", 1, "2"),
            Section("排序", "ordering", 1, "2"),
            Section("匹配", "matching", 1, "2"),
        ]
    if written:
        lead = blocks_of(markup.parse("案例：车辆不能起动，如图 ![电路图](dot)。"))
        asked += [
            Item("300", "short", "简述更换机油的步骤。", []),
            Item("301", "true_false", "先查蓄电池。", [], group="case-1", lead=lead),
            Item("302", "short", "说出检查的次序。", [], group="case-1", lead=lead),
            Item("303", "short", "另一案例。", [], group="case-2", lead=blocks_of(markup.parse("案例二"))),
        ]
        fields["blobs"] = {"dot": DOT}
        more += [Section("简答", "short", 1, "5"), Section("案例", "case", 2, "10")]
    sealed, nonce, digest = seal_items(asked, key)
    sections = [
        Section("单选", "single", (count + 2) // 3, "2.5"),
        Section("判断", "true_false", (count + 1) // 3, "2.5"),
        Section("多选", "multiple", count // 3, "5"),
        *more,
    ]
    paper = Paper("paper", "示例试卷", minutes, sections, sealed, nonce, digest)
    sittings = [
        Sitting(
            f"{name}-s{n}",
            f"{name}-t{n}",
            f"考生{n}",
            "410***********" + f"{n:04d}",
            id_digest(SALT, number_of(n)),
            f"r{n % rooms}",
            n // rooms + 1,
            "paper",
            n,
        )
        for n in range(candidates)
    ]
    return Pack(
        id=name, centre_name="示例认定中心", batch_name="示例批次", session_name="理论第 1 场",
        starts_at=datetime.now(UTC) + timedelta(seconds=starts_in_s),
        rooms=[Room(f"r{n}", f"第 {n + 1} 考场", 40, locked) for n in range(rooms)],
        papers=[paper], paper_keys={"paper": key} if opened else {}, sittings=sittings, id_salt=SALT, rehearsal=rehearsal, **fields,
    )  # type: ignore[arg-type]  # fmt: skip

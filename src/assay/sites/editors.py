"""Rooms and faulty stations on screen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q

from assay.centre.editing import Editor, RowForm
from assay.kernel.listing import Column, Filter
from assay.sites.acts import FAULTS, ROOMS
from assay.sites.models import BrokenStation, Room

READERS = ("L1", "L2", "E1", "E2", "E6", "E8", "D1", "D2", "R2", "Q5")
TABS = (("考场", "sites:rooms_list"), ("故障机位", "sites:faults_list"))


class RoomForm(RowForm):
    class Meta:
        model = Room
        fields = (
            "code", "name", "building", "kind", "workstations", "columns", "front", "door", "aisles", "addresses", "area_m2",
            "cameras", "occupations", "locked_browser", "active",
        )  # fmt: skip
        widgets = {
            "occupations": forms.CheckboxSelectMultiple,
            "addresses": forms.Textarea(attrs={"rows": 6, "placeholder": "1 10.0.0.31\n2 10.0.0.32"}),
        }
        help_texts = {
            "columns": "考场控制台按此排列座位：1 号起，自讲台一侧逐排编号。",
            "aisles": "如 2,6：第 2 列和第 6 列之后是走道，考场控制台的座位图按此空开；没有走道的不填。",
            "addresses": "每行一台：机位号、空格、网络地址；也可从表格中复制两列粘贴。填写后，考场控制台能发现坐错机位的考生。",
            "occupations": "技能考场选择能考的职业；不选为都能考。",
            "locked_browser": "只允许 Safe Exam Browser 按本场次的设置文件登录。发布后在考场控制台“专用浏览器”中下载文件、"
            "查看密码、登记浏览器版本；考前请用演练逐台试用。",
        }


class FaultForm(RowForm):
    class Meta:
        model = BrokenStation
        fields = ("room", "number", "fault", "reported_on", "repaired_on")
        help_texts = {"repaired_on": "修好后填写；修好之前不安排考生。"}


rooms: Editor[Any] = Editor(
    ROOMS, "rooms", RoomForm,
    [
        Column("编号", lambda r: r.code, "code"), Column("名称", lambda r: r.name, "name"),
        Column("楼宇", lambda r: r.building), Column("类别", lambda r: r.get_kind_display()),
        Column("机位/工位", lambda r: r.workstations, "workstations"), Column("故障", lambda r: r.faulty or ""),
        Column("摄像头", lambda r: r.cameras), Column("适用职业", lambda r: "、".join(o.name for o in r.occupations.all())),
        Column("启用", lambda r: "是" if r.active else "否"),
    ],
    rows=lambda: Room.objects.prefetch_related("occupations").annotate(
        faulty=Count("broken", filter=Q(broken__repaired_on=None))
    ),
    filters=lambda: [Filter("kind", "类别", Room.KINDS, "kind")],
    readers=READERS, search=("code", "name", "building"), order="code", tabs=TABS,
)  # fmt: skip
faults: Editor[Any] = Editor(
    FAULTS, "faults", FaultForm,
    [
        Column("考场", lambda b: b.room.name, "room__code"), Column("机位", lambda b: b.number, "number"),
        Column("故障", lambda b: b.fault), Column("报修", lambda b: str(b.reported_on), "reported_on", lambda b: b.reported_on),
        Column("修复", lambda b: str(b.repaired_on or "未修复"), "repaired_on", lambda b: b.repaired_on or "未修复"),
    ],
    rows=lambda: BrokenStation.objects.select_related("room"),
    filters=lambda: [
        Filter("open", "状态", [("1", "未修复"), ("0", "已修复")], lambda v: Q(repaired_on__isnull=v == "1"))
    ],
    readers=READERS, search=("room__name", "fault"), order="-reported_on", tabs=TABS,
    empty="没有故障机位。",
)  # fmt: skip

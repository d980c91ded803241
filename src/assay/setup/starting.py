"""The start set: what is usual and this school does not have yet, as lines of the set-up workbook. What there is stays as it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.catalogue.models import EntryCondition, Level, PaperPattern, ScopeRow, Standard, StandardLevel
from assay.centre.duties import DUTIES
from assay.centre.models import Post
from assay.setup import usual
from assay.setup.called import STANDARD, Names
from assay.setup.duty_lines import SHEET, Book

Cells = Mapping[str, Any]
NOTES = (
    "本工作簿已填入起步资料：常用的等级、岗位和职责，以及国家职业标准通常的时长、配比和申报条件。它们是建议，不是规定：请逐项核对、修改，"
    "不要的删除该行，再在“建校工作簿”中导入。",
    "来源：等级及证书写法，人社鉴发〔2021〕1号；岗位和职责，院校开展认定通常的组织机构；时长和配比、申报条件，国家职业标准 1.8、1.9 "
    "通常的写法（2018 年、2023 年两版编制技术规程）。各标准的年限不同，以标准原文为准。",
    "学校已有的资料也在表中（人员、证卡、账号除外），没有改动的行导入后没有变化。参数表列出全部参数的默认值和来源，不改的不必填。",
)


@dataclass(frozen=True)
class Line:
    """Something that can be taken over or left: its name, what it says, and the lines of the workbook that bring it in."""

    key: str
    title: str
    said: tuple[str, ...]
    rows: Mapping[str, Sequence[Cells]]


@dataclass(frozen=True)
class Group:
    title: str
    source: str
    hint: str
    lines: Sequence[Line]


def proposed() -> list[Group]:
    """What is missing of what is usual, in the order in which it is needed."""
    levels = Group(
        "等级", "人社鉴发〔2021〕1号 证书样式", "名称和证书上的写法可在“认定范围—等级”中修改。", list(_levels())
    )
    posts = Group(
        "岗位和职责", "院校开展认定通常的组织机构（领导小组、五个工作组、考试岗位）",
        "一人可任几个岗位；岗位的职责可在“中心设置—岗位”中修改。", list(_posts()),
    )  # fmt: skip
    standards = Group(
        "各标准等级的时长、配比、申报条件和组卷结构", "国家职业标准 1.8、1.9 通常的写法（2018 年、2023 年两版编制技术规程）",
        "年限、时长各标准不同：接受后请对照标准原文，在“职业标准”中修改。权重表因标准而异，须照原文填写。",
        list(_standards()),
    )  # fmt: skip
    return [group for group in (levels, posts, standards) if group.lines]


def lines(groups: Sequence[Group]) -> dict[str, list[Cells]]:
    """All that is proposed, by sheet."""
    found: dict[str, list[Cells]] = {}
    for group in groups:
        for line in group.lines:
            for sheet, rows in line.rows.items():
                found.setdefault(sheet, []).extend(rows)
    return found


def book(groups: Sequence[Group], chosen: Collection[str]) -> Book:
    """What was chosen, as if it stood in a workbook."""
    taken = [line for group in groups for line in group.lines if line.key in chosen]
    kept = lines([Group("", "", "", taken)])
    return {sheet: list(enumerate(rows, start=2)) for sheet, rows in kept.items()}


def _levels() -> Iterator[Line]:
    there = set(Level.objects.values_list("code", flat=True))
    ranks = set(Level.objects.values_list("rank", flat=True))
    for code, title, english, rank, review in usual.LEVELS:
        if code in there or rank in ranks:
            continue
        cells = {
            "代码": code, "名称": title, "英文": english, "证书上的写法": title, "高低次序": rank,
            "须综合评审": "是" if review else "否",
        }  # fmt: skip
        said = (f"证书上写“{title}”", english, *(("须综合评审",) if review else ()))
        yield Line(f"等级/{code}", title, said, {"等级": [cells]})


def _posts() -> Iterator[Line]:
    there = set(Post.objects.values_list("code", flat=True)) | set(Post.objects.values_list("title", flat=True))
    for code, title, group, duties in usual.POSTS:
        if not {code, title} & there:
            cells = {"代码": code, "岗位": title, "组别": group}
            each = [{"岗位": title, "职责": f"{one} {DUTIES[one].text}"} for one in duties]
            said = tuple(DUTIES[one].text for one in duties)
            yield Line(f"岗位/{code}", f"{title}（{group}）", said, {"岗位": [cells], SHEET: each})


def _standards() -> Iterator[Line]:
    """Of each standard of the scope, each level of the scope that has no conditions yet."""
    wanted: dict[tuple[Standard, Level], None] = {}
    for row in ScopeRow.objects.select_related("standard__occupation").prefetch_related("levels"):
        for level in row.levels.all():
            wanted[row.standard, level] = None
    there = set(StandardLevel.objects.values_list("standard", "level"))
    conditions = set(EntryCondition.objects.values_list("standard_level__standard", "standard_level__level"))
    patterns = set(PaperPattern.objects.values_list("standard_level__standard", "standard_level__level"))
    names = Names()
    for standard, level in sorted(wanted, key=lambda pair: (pair[0].pk, pair[1].rank)):
        at = (standard.pk, level.pk)
        cells = {"标准": names.of(STANDARD, standard), "等级": level.title}
        rows: dict[str, Sequence[Cells]] = {}
        said: list[str] = []
        if at not in there:
            rows["标准等级"] = [{**cells, **_of_a_level(level)}]
            said.append(
                f"理论 90 分钟、技能 120 分钟{'、评审 30 分钟' if level.needs_review else ''}；考评 1:5，每组至少 3 人"
            )
        usually = _conditions(standard, level)
        if at not in conditions and usually:
            rows["申报条件"] = [
                {**cells, "编号": code, "条件": text, "所需证明": evidence, "可核对": rule}
                for code, text, evidence, rule in usually
            ]
            said += [f"{code} {text}" for code, text, _, _ in usually]
        if at not in patterns:
            name, minutes, sections = usual.PATTERN
            rows["组卷结构"] = [{**cells, "名称": name, "时长": minutes, "题型结构": sections}]
            said.append(f"组卷：{sections}")
        if rows:
            yield Line(f"标准/{standard.pk}/{level.code}", f"{standard} {level}", tuple(said), rows)


def _of_a_level(level: Level) -> Cells:
    return {
        "理论分钟": 90, "技能分钟": 120, "评审分钟": 30 if level.needs_review else 0, "技能考评配比": 5, "考评组至少": 3,
    }  # fmt: skip


def _conditions(standard: Standard, level: Level) -> Sequence[usual.Condition]:
    """Of the generation that the standard's edition is of."""
    year = re.search(r"\d{4}", standard.edition)
    newer = year is not None and int(year[0]) >= usual.SINCE_2023
    return (usual.OF_2023 if newer else usual.OF_2018).get(level.code, ())

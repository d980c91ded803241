"""Rules of items, specifications and papers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from assay.items import answers
from assay.items.answers import LETTERED, TYPES
from assay.items.content import formulas, markup
from assay.items.row import ItemRow
from assay.items.sheet import sheet_problems
from assay.kernel.sealing import blind_index
from assay.kernel.texts import seen, text_problem

MOST_OPTIONS = len(answers.LETTERS)
FEWEST_OPTIONS = {"single": 2, "multiple": 3, "ordering": 2, "matching": 2}
NO_PARTS = "案例分析题下面要有小题"
LONGEST = 20_000
"""Characters of a stem, an option, a key: beyond it something else than an item was read."""


def stem_digest(kind: str, stem: str) -> str:
    """Equal for stems that differ only in blanks, width and punctuation: duplicates are found by it. Keyed, since it lies in the
    table: nobody can try out whether a stem is in the bank."""
    folded = "".join(c for c in normalize("NFKC", stem).lower() if c.isalnum())
    return blind_index("stem", f"{kind}:{folded}")


def problems_by_part(row: ItemRow) -> list[tuple[str, str]]:
    """What is wrong with an item, each with the part of it that is meant: `stem`, `difficulty`, `A`…, `premises`, `key`, `type`."""
    if row.type not in TYPES:
        return [("type", f"题型“{row.type[:20]}”不认识，可填：{'、'.join(TYPES.values())}")]
    problems: list[tuple[str, str]] = []
    if not row.stem.strip():
        problems.append(("stem", "题干为空"))
    if not 1 <= row.difficulty <= 5:
        problems.append(("difficulty", f"难度 {row.difficulty} 应在 1 至 5 之间"))
    if max(map(len, [row.stem, row.key, row.explanation, *row.options, *row.premises])) > LONGEST:
        problems.append(("stem", f"题干、选项、答案或解析超过 {LONGEST} 字"))
    problems += [(part, said) for part, text in _texts(row) if (said := text_problem(text, markup=True))]
    problems += _option_problems(row)
    problems += [("key", p) for p in answers.key_problems(row.type, row.stem, row.options, row.premises, row.key)]
    if (row.type == answers.PRACTICAL) != bool(row.sheet):
        problems.append(("type", "操作技能题请在操作技能细目表中编写"))
    problems += [("sheet", p) for p in sheet_problems(row.sheet)] if row.sheet else []
    problems += _formula_problems(row)
    return problems + _part_problems(row)


def _texts(row: ItemRow) -> Iterator[tuple[str, str]]:
    """Every text of an item with the part that it is."""
    yield from (("stem", row.stem), ("key", row.key), ("explanation", row.explanation), ("reference", row.reference))
    yield from zip(answers.LETTERS, row.options, strict=False)
    yield from (("premises", text) for text in row.premises)


def _option_problems(row: ItemRow) -> list[tuple[str, str]]:
    title = TYPES[row.type]
    problems = []
    if row.type not in LETTERED:
        if row.options:
            problems.append(("A", f"{title}不应有选项"))
    else:
        if len(row.options) < FEWEST_OPTIONS[row.type]:
            problems.append(("A", f"{title}至少要有 {FEWEST_OPTIONS[row.type]} 个选项，现有 {len(row.options)} 个"))
        if len(row.options) > MOST_OPTIONS:
            problems.append(("A", f"选项最多 {MOST_OPTIONS} 个，现有 {len(row.options)} 个"))
        if any(not o.strip() for o in row.options):
            problems.append(("A", "选项有空缺，请按 A、B、C… 依次填写"))
        elif len({seen(o).strip() for o in row.options}) != len(row.options):
            problems.append(("A", "有两个选项相同"))
        if len(row.options) == 2 and {answers.normal_key("true_false", o) for o in row.options} == {
            answers.TRUE,
            answers.FALSE,
        }:
            problems.append(("type", "两个选项是对和错，请改为判断题"))
    if (row.type == "matching") != bool(row.premises):
        problems.append(
            ("premises", "匹配题要有左列项（每行一个）" if row.type == "matching" else f"{title}不应有左列项")
        )
    if any(not p.strip() or "\n" in p for p in row.premises):
        problems.append(("premises", "左列项应每项一行，不能有空行"))
    return problems


def _formula_problems(row: ItemRow) -> list[tuple[str, str]]:
    """Formulas that nobody could read."""
    own = [("stem", row.stem), ("explanation", row.explanation), *zip(answers.LETTERS, row.options, strict=False)]
    problems = []
    for name, text in own:
        for formula in markup.parse(text).formulas() if "\\(" in text else ():
            try:
                formulas.draw(formula.tex)
            except formulas.NotAFormula as broken:
                problems.append((name, str(broken)))
    return problems


def _part_problems(row: ItemRow) -> list[tuple[str, str]]:
    if row.type != "case":
        return [("type", f"{TYPES[row.type]}不能有小题")] if row.parts else []
    if not row.parts:
        return [("stem", NO_PARTS)]
    problems = [("explanation", "案例分析题的解析请写在各小题中")] if row.explanation else []
    for n, part in enumerate(row.parts, start=1):
        if part.type == "case":
            problems.append(("type", f"第 {n} 小题又是案例分析题，不可以"))
        problems += [(name, f"第 {n} 小题：{message}") for name, message in problems_by_part(part)]
    return problems


_OF_THE_OTHERS = re.compile(
    r"(以上|上述)\s*[各几这所有二两三四五]*[个项种条]?(答案|选项|说法|情况)?\s*(都|均|全|皆|没有|无一)"
    r"|([A-H]|[和与、,，\s])*(都|均|全|皆)(不|没有)?(是|对|正确|错|错误|可|可以)[。.]?$"
)
"""An option that speaks of the other options; not one that says how much or how long ("5 min 以上")."""


def item_remarks(kind: str, stem: str, options: Sequence[str], key: str) -> list[str]:
    """What a reviewer should look at, though the item can be used (dossier F4.9, F4.12)."""
    remarks = []
    if kind == "single" and len(options) != 4:
        remarks.append(f"单项选择题通常有 4 个选项，本题 {len(options)} 个")
    lengths = [len(markup.plain(markup.parse(o))) for o in options]
    if kind == "single" and len(lengths) >= 3 and key and len(key) == 1 and answers.LETTERS.index(key) < len(lengths):
        right = lengths[answers.LETTERS.index(key)]
        others = [n for i, n in enumerate(lengths) if i != answers.LETTERS.index(key)]
        if right > 2 * max(others) and right > 12:
            remarks.append("正确选项明显长于其他选项，容易被猜中")
    if any(_OF_THE_OTHERS.match(o.strip()) for o in options):
        remarks.append("有“以上都是/都不是”一类选项，选项打乱次序后会指错")
    if kind in ("single", "multiple") and any(word in stem for word in ("不正确", "不属于", "不包括", "错误的是")):
        remarks.append("否定式提问，请确认否定词已突出")
    return remarks


def pattern_problems(sections: Sequence[Mapping[str, object]]) -> list[str]:
    """A pattern's marks add up to 100 and its types are known."""
    problems = [f"题型“{s['type']}”不认识" for s in sections if s["type"] not in TYPES]
    total = sum((Decimal(str(s["mark"])) * int(str(s["count"])) for s in sections), Decimal(0))
    if total != 100:
        problems.append(f"各题型分值合计 {total}，应为 100")
    return problems


def asked(content: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What candidates answer one by one: of a paper's content every item, the parts of a case in its place."""
    return [answered for entry in content for answered in entry.get("parts") or [entry]]


def split_mark(mark: Decimal, parts: int) -> list[Decimal]:
    """A case's mark over its parts in tenths, as evenly as can be; what is over goes to the first ones."""
    tenths = int(mark * 10)
    return [Decimal(tenths // parts + (n < tenths % parts)) / 10 for n in range(parts)]


def quotas(weights: Mapping[str, Decimal], count: int) -> dict[str, int]:
    """Split `count` items over ranges by weight, largest remainder first, so that the sum is exact (dossier F4.14)."""
    total = sum(weights.values(), Decimal(0))
    if not total:
        return dict.fromkeys(weights, 0)
    exact = {code: count * weight / total for code, weight in weights.items()}
    split = {code: int(share) for code, share in exact.items()}
    rest = sorted(exact, key=lambda code: (split[code] - exact[code], code))
    for code in rest[: count - sum(split.values())]:
        split[code] += 1
    return split

"""A table of certificate numbers that the province gave (dossier F1.5): read, and everything wrong with it named at its cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from assay.certificates import numbers
from assay.kernel.tables import Heading, Problem, Row, Table, read_tables

HEADINGS = (
    Heading("number", "证书编号", required=True, aliases=("编号", "证书号", "证书号码", "职业技能等级证书编号")),
)  # fmt: skip
LENGTH = 22


@dataclass(frozen=True)
class Expected:
    """What a number has to fit: the body's code as the province gave it, the years whose certificates may be numbered yet, the codes of
    the levels, and what is known of numbers already (number → what became of it)."""

    body_code: str
    years: Collection[int]
    levels: Mapping[str, str]
    known: Mapping[str, str]


@dataclass
class NumberBook:
    """The numbers in the order of the table, and what is wrong."""

    numbers: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_numbers(file: str, content: bytes, expected: Expected, *, count: int | None = None) -> NumberBook:
    """`count`: how many the province says that it gave."""
    book = NumberBook()
    seen: dict[str, str] = {}
    for table in read_tables(file, content, HEADINGS):
        book.problems += table.problems
        book.notes += map(str, table.notes)
        for row in table.rows:
            _take(book, table, row, expected, seen)
    if not book.numbers and not book.problems:
        book.problems.append(Problem(file, "", 0, "", "没有证书编号"))
    if count is not None and book.numbers and count != len(book.numbers):
        wrong = f"文件里有 {len(book.numbers)} 个编号，填写的是省中心给 {count} 个，请核对文件是否完整"
        book.problems.append(Problem(file, "", 0, "", wrong))
    return book


def _take(book: NumberBook, table: Table, row: Row, expected: Expected, seen: dict[str, str]) -> None:
    number = plain(row.text("number"))
    place = f"{f'「{table.sheet}」' if table.sheet else ''}第 {row.number} 行"
    wrong = list(problems_of(number, expected))
    if number and number in seen:
        wrong.append(f"与{seen[number]}重复")
    seen.setdefault(number, place)
    book.numbers.append(number)
    book.problems += [table.problem(row.number, "number", said) for said in wrong]


def plain(text: str) -> str:
    """A number as it is kept: without blanks, in half width, in capitals."""
    return "".join(normalize("NFKC", text).split()).upper()


def problems_of(number: str, expected: Expected) -> Iterator[str]:
    """Everything wrong with one number by itself."""
    if not number:
        yield "编号为空"
    elif len(number) != LENGTH:
        yield f"“{number}”应为 {LENGTH} 位，现为 {len(number)} 位"
    elif not numbers.well_formed(number):
        yield f"“{number}”应为 1 位大写字母加 21 位数字"
    else:
        yield from _parts(number, expected)
        if number in expected.known:
            yield f"“{number}”{expected.known[number]}"


def _parts(number: str, expected: Expected) -> Iterator[str]:
    if not number.startswith(expected.body_code):
        yield f"“{number}”的前 13 位不是本中心的机构代码 {expected.body_code}"
    if numbers.year_of(number) not in {year % 100 for year in expected.years}:
        years = "、".join(f"{year % 100:02d}" for year in sorted(expected.years))
        yield f"“{number}”的年份 {number[13:15]} 不对，应为 {years}"
    if numbers.level_of(number) not in expected.levels:
        known = "、".join(f"{code}（{title}）" for code, title in expected.levels.items())
        yield f"“{number}”的等级码 {numbers.level_of(number)} 不对，应为 {known}"


def counted(found: Collection[str], levels: Mapping[str, str]) -> str:
    """How many of each level, in words."""
    by_level = Counter(map(numbers.level_of, found))
    return "，".join(f"{levels.get(code, code)} {by_level[code]} 个" for code in sorted(by_level, reverse=True))

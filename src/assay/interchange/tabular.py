"""Items in a table: our template, or a bank as another system gave it. Columns in any order under their usual titles, one
sheet or one for each type, options in columns or in one cell, pictures by name or lying in the sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from assay.interchange import cell_pictures, words
from assay.interchange.drafts import Draft, Place, Reading, Unreadable
from assay.interchange.safety import LARGEST_PICTURE, Package, spellings
from assay.items import answers
from assay.items.content import markup
from assay.kernel.tables import Heading, Problem, Row, Table, read_tables

HEADINGS = (
    Heading("point", "鉴定点代码", aliases=("鉴定点", "知识点", "知识点代码", "鉴定点编号", "考点", "考核点", "知识点编码", "考核要点",
                  "Point")),
    Heading("type", "题型", aliases=("题目类型", "试题类型", "类型", "题类", "Type", "Question Type")),
    Heading("difficulty", "难度", aliases=("难度(1-5)", "难易度", "难易程度", "难度系数", "难度等级", "Difficulty")),
    Heading("stem", "题干", required=True, aliases=("试题内容", "题目", "试题", "题目内容", "题干内容",
                  "试题题干", "问题", "题目描述", "内容", "Question", "Question Text", "Stem")),
    *[
        Heading(letter, f"选项{letter}", aliases=(letter, f"{letter}选项", f"选项{n}", f"答案{letter}", f"备选{letter}", f"备选项{letter}",
                  f"Option {letter}", f"Choice {letter}", f"Answer {letter}"))
        for n, letter in enumerate(answers.LETTERS, start=1)
    ],
    Heading("options", "选项", aliases=("备选项", "候选项", "备选答案", "选项内容", "可选项", "Options", "Choices")),
    Heading("premises", "左列项", aliases=("匹配项", "配对项", "左列", "匹配左列")),
    Heading("key", "答案", aliases=("正确答案", "参考答案", "标准答案", "正确选项", "试题答案",
                  "Answer", "Correct Answer", "Key", "Correct")),
    Heading("explanation", "解析", aliases=("答案解析", "试题解析", "题目解析", "答案说明", "注解",
                  "Explanation", "Rationale", "Feedback")),
    Heading("reference", "出处", aliases=("来源", "依据", "参考资料", "教材", "试题来源", "Reference", "Source")),
    Heading("image", "图片文件名", aliases=("图片", "题图", "附图", "图片名称", "Image", "Picture")),
    Heading("group", "案例编号", aliases=("案例号", "材料编号", "题组")),
)  # fmt: skip
TITLES = {h.key: h.title for h in HEADINGS}


def read(
    file: str, content: bytes, images: Mapping[str, bytes] | None = None, mapping: Mapping[str, str] | None = None
) -> Reading:
    """The items of an Excel or CSV file. `images`: pictures that cells name. `mapping`: what the user says columns are, title
    → key of a heading."""
    reading = Reading(pictures={f"名/{name}": picture for name, picture in (images or {}).items()})
    lying: dict[str, dict[cell_pictures.Cell, list[str]]] = {}
    if content[:2] == b"PK":
        try:
            lying, pictures, lost = cell_pictures.read(Package(content))
        except Unreadable as broken:
            return reading.failed(file, str(broken))
        reading.pictures |= pictures
        reading.notes += [Problem(file, "", 0, "图片", what) for what in lost]
    for table in read_tables(file, content, _headings(mapping or {}), looked_at=False):
        _read_table(table, lying.get(table.sheet, {}), reading)
    return reading


def _headings(mapping: Mapping[str, str]) -> Sequence[Heading]:
    return [replace(h, aliases=(*h.aliases, *[t for t, key in mapping.items() if key == h.key])) for h in HEADINGS]


def _read_table(table: Table, lying: Mapping[cell_pictures.Cell, Sequence[str]], reading: Reading) -> None:
    displayed = {(row, table_title(table, column)) for row, column in lying}
    reading.problems += [p for p in table.problems if not ("公式" in p.message and (p.row, p.column) in displayed)]
    reading.notes += table.notes
    reading.titles[table.sheet] = table.titles
    if table.unknown:
        reading.unknown[table.sheet] = table.unknown
    if table.lacking:  # without a column of stems no row is an item, and one problem says so
        return
    of_sheet = words.kind_in(table.sheet)
    groups: dict[str, int] = {}
    for row in table.rows:
        draft = _draft(table, row, of_sheet, reading, _pictures_of(table, row, lying))
        group = row.text("group")
        if not group:
            reading.drafts.append(draft)
        elif draft.kind == "case":
            groups[group] = len(reading.drafts)
            reading.drafts.append(draft)
        elif group in groups:
            at = groups[group]
            whole = reading.drafts[at]
            reading.drafts[at] = replace(whole, parts=(*whole.parts, replace(draft, point="")))
        else:
            reading.problems.append(draft.place.problem(f"前面没有编号为“{group}”的案例分析题", table.titles["group"]))


def table_title(table: Table, column: int) -> str:
    """The title of a column as the user sees it, for a problem at it."""
    return next((table.titles[key] for key, at in table.columns.items() if at == column), "")


def _pictures_of(table: Table, row: Row, lying: Mapping[cell_pictures.Cell, Sequence[str]]) -> dict[str, list[str]]:
    """What lies in a row: by option or premise when in its column, else with the stem."""
    found: dict[str, list[str]] = {}
    keys = {at: key for key, at in table.columns.items()}
    for (number, column), names in sorted(lying.items()):
        if number == row.number:
            key = keys.get(column, "stem")
            found.setdefault(key if key in answers.LETTERS or key == "explanation" else "stem", []).extend(names)
    return found


def _draft(table: Table, row: Row, of_sheet: str, reading: Reading, lying: Mapping[str, Sequence[str]]) -> Draft:
    place = Place(table.file, table.sheet, row.number)

    def text(key: str) -> str:
        own = row.text(key)
        if own.startswith("=DISPIMG"):
            own = ""
        return "\n".join([own, *map(_shown, lying.get(key, ()))]).strip()

    stem = text("stem")
    named = "" if "DISPIMG" in row.text("image") else row.text("image")
    for name in _names(named, reading.pictures):
        kept = _kept_as(name, reading.pictures)
        if kept:
            stem += "\n" + _shown(kept)
        else:
            reading.problems.append(place.problem(f"图片压缩包里没有“{name}”", table.titles["image"]))
    options = _options([text(letter) for letter in answers.LETTERS]) or _in_one_cell(row.text("options"))
    premises = tuple(line.strip() for line in row.text("premises").splitlines() if line.strip())
    key = row.text("key")
    kind = words.kind_of(row.text("type")) if row.text("type") else of_sheet or _guessed(stem, options, premises, key)
    return Draft(
        place, kind or row.text("type"), stem, () if kind == "true_false" and _are_truths(options) else options, premises,
        _letters(kind, key, options), row.text("difficulty"), row.text("point"), text("explanation"), row.text("reference"),
    )  # fmt: skip


def _names(cell: str, pictures: Mapping[str, bytes]) -> list[str]:
    """The names in a cell: a blank parts two, unless it is part of one."""
    parts = [part.strip() for part in re.split(r"[;；,，\n]+", cell) if part.strip()]
    return [name for part in parts for name in ([part] if _kept_as(part, pictures) else part.split())]


def _kept_as(name: str, pictures: Mapping[str, bytes]) -> str:
    """The name under which a picture is kept that a cell names as it stands or as a web address writes it; '' when it is not there."""
    meant = (f"名/{PurePosixPath(spelled).name}" for spelled in spellings(name))
    return next((kept for kept in meant if kept in pictures), "")


def _shown(name: str) -> str:
    return f"![]({markup.source_name(name)})"


def _options(texts: Sequence[str]) -> tuple[str, ...]:
    """Options A, B, C… up to the last that is filled; a gap stays as an empty text and is reported."""
    kept = list(texts)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _in_one_cell(text: str) -> tuple[str, ...]:
    """Options in one cell: by their letters, by lines, or by `|`, `；`."""
    if not text:
        return ()
    lettered = re.split(r"(?:^|(?<=[\s　;；|。]))[（(]?([A-J])[)）]?[.．、:：)）]\s*", text)
    if len(lettered) > 4 and lettered[1::2] == list(answers.LETTERS[: len(lettered) // 2]):
        return tuple(part.strip().rstrip(";；|").strip() for part in lettered[2::2])
    for mark in ("\n", "$;$", "|", "；", ";"):
        if mark in text:
            return tuple(part.strip() for part in text.split(mark) if part.strip())
    return (text,)


def _are_truths(options: Sequence[str]) -> bool:
    """A true/false item whose two options are written out."""
    return len(options) == 2 and {answers.normal_key("true_false", o) for o in options} == {answers.TRUE, answers.FALSE}


def _letters(kind: str, key: str, options: Sequence[str]) -> str:
    """The key; where it is the text of an option, its letter; A/B for a true/false item with its two options."""
    if kind == "true_false" and _are_truths(options) and key.strip().upper() in ("A", "B"):
        return options["AB".index(key.strip().upper())]
    if kind in answers.LETTERED and not answers.normal_key(kind, key) and key and key in options:
        return answers.LETTERS[list(options).index(key)]
    return key


def _guessed(stem: str, options: Sequence[str], premises: Sequence[str], key: str) -> str:
    if premises:
        return "matching"
    if options and not _are_truths(options):
        return "multiple" if len(answers.normal_key("multiple", key)) > 1 else "single"
    if answers.normal_key("true_false", key):
        return "true_false"
    return "fill" if re.search(r"_{2,}", stem) else "short"


def pictures_in_zip(package: Package) -> tuple[dict[str, bytes], list[str]]:
    """Pictures by their file name, and those that could not be had."""
    pictures, lost = {}, []
    for name in package.names():
        if PurePosixPath(name).suffix.lower() in (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"):
            try:
                pictures[PurePosixPath(name).name] = package.read(name, LARGEST_PICTURE)
            except Unreadable as broken:
                lost.append(str(broken))
    return pictures, lost

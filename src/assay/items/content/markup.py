r"""The markup that experts type, and what it means. Pure.

A line is a paragraph; lines that begin and end with ``|`` are the rows of a table. Within a line: ``\(…\)`` a formula in
TeX, ``![description](picture)`` a picture, ``<sub> <sup> <b> <i> <u>`` styles. Anything else is itself: a lone ``<`` or
``$`` needs no care. A backslash before ``\( \\ < ! |`` takes their meaning away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from dataclasses import replace as changed
from itertools import pairwise

STYLES = ("sub", "sup", "b", "i", "u")
BLANK = "____"
"""The place of an answer in a fill-in item; any longer or shorter run of underscores is read as one."""


@dataclass(frozen=True)
class Text:
    text: str
    styles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Formula:
    tex: str


@dataclass(frozen=True)
class Picture:
    """`source`: the SHA-256 of a kept picture, or in a file that is being read the name it has there."""

    source: str
    description: str = ""


Run = Text | Formula | Picture
Line = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    runs: Line


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[Line, ...], ...]


Block = Paragraph | Table


@dataclass(frozen=True)
class Content:
    """Blocks in order. `Content()` is empty."""

    blocks: tuple[Block, ...] = ()

    def lines(self) -> Iterator[Line]:
        """Every paragraph and every cell."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.runs
            else:
                for row in block.rows:
                    yield from row

    def pictures(self) -> list[Picture]:
        return [run for line in self.lines() for run in line if isinstance(run, Picture)]

    def formulas(self) -> list[Formula]:
        return [run for line in self.lines() for run in line if isinstance(run, Formula)]

    def is_plain(self) -> bool:
        """One line of text and nothing else: what a plain string shows as well."""
        return len(self.blocks) <= 1 and all(
            isinstance(block, Paragraph) and all(isinstance(run, Text) and not run.styles for run in block.runs)
            for block in self.blocks
        )


_BLANKS = {ord(c): " " for c in "\t\x0b\x0c\x85\xa0\u2028\u2029"}
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What no file format can carry and no reader can see."""

_SPECIAL = re.compile(
    r"\\\((?P<tex>.+?)\\\)"
    r"|!\[(?P<description>[^\[\]\n]*)\]\((?P<source>[^()\s]+)\)"
    r"|<(?P<close>/?)(?P<style>sub|sup|b|i|u)>"
    r"|\\(?P<literal>[\\<!|(])"
    r"|(?P<blank>_{2,})"
)


def source_name(name: str) -> str:
    """A picture's name in a file as it can stand in markup."""
    return re.sub(r"[()\s]", "_", name)


def parse(text: str) -> Content:
    """The meaning of a marked-up text. Never fails: what is not markup is text."""
    blocks: list[Block] = []
    rows: list[tuple[Line, ...]] = []
    for line in [*_UNSEEN.sub("", re.sub(r"\r\n?", "\n", text).translate(_BLANKS)).split("\n"), ""]:
        cells = _cells(line.strip())
        if cells is not None:
            rows.append(cells)
            continue
        if rows:
            blocks.append(Table(tuple(rows)))
            rows = []
        runs = _runs(line.strip())
        if runs:
            blocks.append(Paragraph(runs))
    return Content(tuple(blocks))


_BARS = re.compile(r"\\\(.+?\\\)|\\.|\|")


def _cells(line: str) -> tuple[Line, ...] | None:
    """The cells of a table's row, or None: it must begin and end with a bar that is no part of a formula."""
    bars = [found.start() for found in _BARS.finditer(line) if found.group() == "|"]
    if len(bars) < 2 or bars[0] != 0 or bars[-1] != len(line) - 1:
        return None
    return tuple(_runs(line[start + 1 : end].strip()) for start, end in pairwise(bars))


def _runs(line: str) -> Line:
    runs: list[Run] = []
    styles: list[str] = []
    at = 0

    def add(text: str) -> None:
        if text:
            runs.append(Text(text, frozenset(styles)))

    for found in _SPECIAL.finditer(line):
        add(line[at : found.start()])
        at = found.end()
        if found["tex"] is not None:
            tex = found["tex"].strip()
            if tex:
                runs.append(Formula(tex))
        elif found["source"] is not None:
            runs.append(Picture(found["source"], found["description"].strip()))
        elif found["style"] is not None:
            _turn(styles, found["style"], bool(found["close"]), found.group(), add)
        elif found["literal"] is not None:
            add(found["literal"])
        else:
            add(BLANK)
    add(line[at:])
    return _joined(runs)


def _turn(styles: list[str], style: str, closing: bool, tag: str, add: Callable[[str], None]) -> None:
    if not closing:
        styles.append(style)
    elif style in styles:
        styles.reverse()
        styles.remove(style)
        styles.reverse()
    else:
        add(tag)


def _joined(runs: list[Run]) -> Line:
    """Neighbouring texts of one style as one; no blanks at the ends."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if isinstance(run, Text) and isinstance(last, Text) and last.styles == run.styles:
            # Underscores that only a tag without effect kept apart are one blank.
            joined[-1] = Text(re.sub(r"_{2,}", BLANK, last.text + run.text), run.styles)
        else:
            joined.append(run)
    while joined and isinstance(joined[0], Text):
        first = changed(joined[0], text=joined[0].text.lstrip())
        if first.text:
            joined[0] = first
            break
        joined.pop(0)
    while joined and isinstance(joined[-1], Text):
        final = changed(joined[-1], text=joined[-1].text.rstrip())
        if final.text:
            joined[-1] = final
            break
        joined.pop()
    return tuple(joined)


def write(content: Content) -> str:
    """The markup of a content: `parse(write(c)) == c` for every content that `parse` can give."""
    lines: list[str] = []
    for block in content.blocks:
        if isinstance(block, Paragraph):
            line = _written(block.runs)
            lines.append("\\" + line if line.startswith("|") else line)
        else:
            lines += ["| " + " | ".join(_written(cell, in_cell=True) for cell in row) + " |" for row in block.rows]
    return "\n".join(lines)


def _written(runs: Line, *, in_cell: bool = False) -> str:
    return "".join(_written_run(run, in_cell) for run in runs)


_ESCAPED = re.compile(r"\\(?=[\\<!|(])|\\$|<(?=/?(?:sub|sup|b|i|u)>)|!(?=\[)")


def _written_run(run: Run, in_cell: bool) -> str:
    if isinstance(run, Formula):
        return f"\\({run.tex}\\)"
    if isinstance(run, Picture):
        return f"![{run.description}]({run.source})"
    text = _ESCAPED.sub(lambda m: "\\" + m.group(), run.text)
    if in_cell:
        text = text.replace("|", "\\|")
    for style in sorted(run.styles):
        text = f"<{style}>{text}</{style}>"
    return text


def plain(content: Content) -> str:
    """As text alone: for lists, for finding duplicates, for a screen reader. Pictures by their description."""
    return "\n".join(
        "".join(_plain_run(run) for run in block.runs)
        if isinstance(block, Paragraph)
        else "\n".join(" ".join("".join(map(_plain_run, cell)) for cell in row) for row in block.rows)
        for block in content.blocks
    )


def _plain_run(run: Run) -> str:
    if isinstance(run, Text):
        return run.text
    if isinstance(run, Formula):
        return run.tex
    return f"[图：{run.description}]" if run.description else "[图]"


@dataclass
class Renaming:
    """Gives pictures other sources; those it does not know are told in `unknown`."""

    names: dict[str, str]
    unknown: list[str] = field(default_factory=list)

    def of(self, text: str) -> str:
        """The markup with every picture's source renamed."""
        content = parse(text)
        if not content.pictures():
            return text
        return write(Content(tuple(self._block(block) for block in content.blocks)))

    def _block(self, block: Block) -> Block:
        if isinstance(block, Paragraph):
            return Paragraph(self._line(block.runs))
        return Table(tuple(tuple(self._line(cell) for cell in row) for row in block.rows))

    def _line(self, line: Line) -> Line:
        kept: list[Run] = []
        for run in line:
            if isinstance(run, Picture):
                name = self.names.get(run.source)
                if name is None:
                    self.unknown.append(run.source)
                    continue
                kept.append(Picture(name, run.description))
            else:
                kept.append(run)
        return tuple(kept)

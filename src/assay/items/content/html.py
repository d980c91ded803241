"""Markup from the HTML of other systems, and as HTML for them and for a preview. What HTML says beyond the markup is left
behind: a script can never come in, because only what is known is taken. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from lxml import etree
from lxml import html as lxml_html

from assay.items.content import formulas, markup
from assay.items.content.markup import Content, Formula, Paragraph, Picture, Run, Table, Text

STYLES = {
    "sub": "sub", "sup": "sup", "b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u",
}  # fmt: skip
DROPPED = ("script", "style", "head", "title", "noscript", "template", "iframe", "object", "embed", "form", "applet")
BLOCKS = (
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "tr", "pre", "dd", "dt",
)  # fmt: skip
DEEPEST = 120
_TEX_SIGNS = re.compile(r"\\(?=[(\[])|\$(?=\$)")
_TEX = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$", re.DOTALL)


@dataclass
class Reader:
    """Turns elements into content. `picture(src)` names a picture or gives '' when it may not be had; `interaction(element)`
    may take an element for itself and give what stands in its place (None: not its own). What was lost is in `lost`."""

    picture: Callable[[str], str]
    interaction: Callable[[etree._Element], str | None] = lambda _: None
    lost: list[str] = field(default_factory=list)
    _lines: list[list[Run]] = field(default_factory=lambda: [[]])
    _blocks: list[markup.Block] = field(default_factory=list)

    def markup_of(self, nodes: Iterable[etree._Element | str]) -> str:
        """The markup of a mixed content: texts and elements in order."""
        self._lines, self._blocks = [[]], []
        for node in nodes:
            if isinstance(node, str):
                self._text(node, frozenset())
            else:
                self._element(node, frozenset(), 0)
        self._close_lines()
        # What the runs look like written and read again is the normal form: blanks trimmed, texts joined.
        return markup.write(markup.parse(markup.write(Content(tuple(self._blocks)))))

    def _close_lines(self) -> None:
        self._blocks += [Paragraph(tuple(line)) for line in self._lines if line]
        self._lines = [[]]

    def _text(self, words: str, styles: frozenset[str]) -> None:
        at = 0
        for found in _TEX.finditer(words):
            self._words(words[at : found.start()], styles)
            at = found.end()
            tex = " ".join(next(g for g in found.groups() if g is not None).split())
            if tex:
                self._lines[-1].append(Formula(tex))
        self._words(words[at:], styles)

    def _words(self, words: str, styles: frozenset[str]) -> None:
        folded = re.sub(r"[ \t\r\n\f]+", " ", words).replace("\xa0", " ")
        if folded:
            self._lines[-1].append(Text(folded, styles))

    def _break(self) -> None:
        if self._lines[-1]:
            self._lines.append([])

    def _element(self, element: etree._Element, styles: frozenset[str], depth: int) -> None:
        if not isinstance(element.tag, str):
            return
        name = element.tag.rpartition("}")[2].lower()
        if depth > DEEPEST:
            self.lost.append("嵌套过深的内容")
            return
        taken = self.interaction(element)
        if taken is not None:
            self._words(taken, frozenset())
        elif name in DROPPED:
            self.lost.append(f"<{name}> 已去掉")
        elif name == "img":
            self._picture(element)
        elif name == "math":
            self._formula(element)
        elif name == "table":
            self._table(element, depth)
        elif name == "br":
            self._break()
        else:
            if name in ("audio", "video", "canvas", "svg"):
                self.lost.append(f"<{name}> 不支持，已去掉")
                return
            block = name in BLOCKS
            if block:
                self._break()
            self._inside(element, styles | {STYLES[name]} if name in STYLES else styles, depth)
            if block:
                self._break()

    def _inside(self, element: etree._Element, styles: frozenset[str], depth: int) -> None:
        self._text(element.text or "", styles)
        for child in element:
            self._element(child, styles, depth + 1)
            self._text(child.tail or "", styles)

    def _picture(self, element: etree._Element) -> None:
        source = element.get("src") or ""
        name = markup.source_name(self.picture(source))
        if name:
            description = re.sub(r"[\[\]\s]+", " ", element.get("alt") or "").strip()
            self._lines[-1].append(Picture(name, description))
        else:
            self.lost.append(f"图片 {source[:60] or '（无地址）'} 取不到，已去掉")

    def _formula(self, element: etree._Element) -> None:
        try:
            self._lines[-1].append(Formula(formulas.from_mathml(element)))
        except formulas.NotAFormula as unknown:
            self.lost.append(str(unknown))

    def _table(self, element: etree._Element, depth: int) -> None:
        self._close_lines()
        rows = []
        for row in element.iter():
            if isinstance(row.tag, str) and row.tag.rpartition("}")[2].lower() == "tr":
                cells = [c for c in row if isinstance(c.tag, str) and c.tag.rpartition("}")[2].lower() in ("td", "th")]
                rows.append(tuple(self._cell(cell, depth) for cell in cells))
        wide = [row for row in rows if row]
        if wide:
            self._blocks.append(Table(tuple(wide)))

    def _cell(self, cell: etree._Element, depth: int) -> markup.Line:
        """A cell is one line: what would be several is joined by blanks."""
        outer, self._lines = self._lines, [[]]
        self._inside(cell, frozenset(), depth + 1)
        runs: list[Run] = []
        for line in self._lines:
            if runs and line:
                runs.append(Text(" "))
            runs += line
        self._lines = outer
        return tuple(runs)


def from_html(source: str, picture: Callable[[str], str]) -> tuple[str, list[str]]:
    """(markup, what was lost) of a piece of HTML."""
    reader = Reader(picture)
    if not source.strip():
        return "", []
    try:
        root = lxml_html.fragment_fromstring(source.replace("\x00", ""), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return markup.write(Content((Paragraph((Text(source.strip()),)),))), ["HTML 格式不对，按文字读入"]
    return reader.markup_of([root.text or "", *_with_tails(root)]), reader.lost


def _with_tails(root: etree._Element) -> Iterable[etree._Element | str]:
    for child in root:
        tail, child.tail = child.tail, None
        yield child
        if tail:
            yield tail


def to_html(content: Content, picture: Callable[[Picture], str], formula: Callable[[str], str]) -> str:
    """HTML of a content. `picture` gives the address of a picture, `formula` the HTML of a TeX formula."""
    written = []
    for block in content.blocks:
        if isinstance(block, Paragraph):
            written.append(f"<p>{_line(block.runs, picture, formula)}</p>")
        else:
            rows = "".join(
                "<tr>" + "".join(f"<td>{_line(cell, picture, formula)}</td>" for cell in row) + "</tr>"
                for row in block.rows
            )
            written.append(f"<table><tbody>{rows}</tbody></table>")
    return "".join(written)


def _line(runs: markup.Line, picture: Callable[[Picture], str], formula: Callable[[str], str]) -> str:
    return "".join(_run(run, picture, formula) for run in runs)


def _run(run: Run, picture: Callable[[Picture], str], formula: Callable[[str], str]) -> str:
    if isinstance(run, Formula):
        return formula(run.tex)
    if isinstance(run, Picture):
        return f'<img src="{escape(picture(run))}" alt="{escape(run.description)}"/>'
    words = escape(run.text, quote=False).replace("  ", " \xa0").replace("  ", "\xa0 ")
    # What would be taken for the beginning of a formula is cut in two.
    words = _TEX_SIGNS.sub(r"\g<0><span></span>", words)
    for style in sorted(run.styles):
        words = f"<{style}>{words}</{style}>"
    return words

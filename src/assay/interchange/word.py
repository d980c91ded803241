"""A Word document (.docx) as lines of markup: text with its sub- and superscripts, numbers that Word made, pictures, formulas,
tables. What the lines mean is read by `numbered`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assay.interchange import numbered
from assay.interchange.drafts import Place, Reading, Unreadable
from assay.interchange.safety import LARGEST_PICTURE, Package, inside, local, xml
from assay.items.content import formulas, markup
from assay.items.content.markup import Formula, Paragraph, Picture, Run, Table, Text
from assay.kernel.tables import Problem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STYLES = {"superscript": "sup", "subscript": "sub"}
_GONE = ("del", "moveFrom", "instrText", "delText", "fldSimple.instr", "commentReference")


def read(file: str, package: Package) -> Reading:
    """The questions of a document."""
    try:
        root = xml(package.read("word/document.xml"))
        document = _Document(file, package, _relations(package), _numbering(package))
        lines = list(document.lines(root))
    except Unreadable as broken:
        return Reading().failed(file, f"Word 文件读不出：{broken}")
    reading = numbered.read(file, lines)
    reading.notes = document.notes + reading.notes
    reading.pictures = document.pictures
    return reading


def _relations(package: Package) -> dict[str, str]:
    name = "word/_rels/document.xml.rels"
    if name not in package:
        return {}
    targets = {}
    for relation in xml(package.read(name)):
        if relation.get("TargetMode") != "External":
            targets[relation.get("Id") or ""] = inside("word/document.xml", relation.get("Target") or "")
    return targets


def _numbering(package: Package) -> dict[tuple[str, str], str]:
    """(list, level) → the kind of its numbers: decimal, upperLetter …"""
    if "word/numbering.xml" not in package:
        return {}
    root = xml(package.read("word/numbering.xml"))
    abstract: dict[str, dict[str, str]] = {}
    for definition in root.iter(f"{W}abstractNum"):
        levels = {}
        for level in definition.iter(f"{W}lvl"):
            form = level.find(f"{W}numFmt")
            levels[level.get(f"{W}ilvl") or "0"] = form.get(f"{W}val") or "" if form is not None else "decimal"
        abstract[definition.get(f"{W}abstractNumId") or ""] = levels
    found = {}
    for number in root.iter(f"{W}num"):
        chosen = number.find(f"{W}abstractNumId")
        levels = abstract.get((chosen.get(f"{W}val") or "") if chosen is not None else "", {})
        for level, form in levels.items():
            found[number.get(f"{W}numId") or "", level] = form
    return found


@dataclass
class _Document:
    file: str
    package: Package
    targets: dict[str, str]
    numbering: dict[tuple[str, str], str]
    pictures: dict[str, bytes] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    row: int = 0

    def lines(self, root: etree._Element) -> Iterator[tuple[int, str]]:
        body = root.find(f"{W}body")
        for element in body if body is not None else ():
            yield from self._block(element)

    def _block(self, element: etree._Element) -> Iterator[tuple[int, str]]:
        name = local(element.tag)
        if name == "p":
            self.row += 1
            for line in self._paragraph(element):
                yield self.row, line
        elif name == "tbl":
            self.row += 1
            yield self.row, self._table(element)
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            for child in element:
                yield from self._block(child)

    def _table(self, element: etree._Element) -> str:
        """A table within a question; its rows stay together as one line of several."""
        rows = []
        for row in element.iterfind(f"{W}tr"):
            rows.append(tuple(self._cell(cell) for cell in row.iterfind(f"{W}tc")))
        written = markup.write(markup.Content((Table(tuple(r for r in rows if r)),)))
        return written

    def _cell(self, cell: etree._Element) -> markup.Line:
        runs: list[Run] = []
        for paragraph in cell.iter(f"{W}p"):
            if runs:
                runs.append(Text(" "))
            runs += self._runs(paragraph)
        return tuple(runs)

    def _paragraph(self, paragraph: etree._Element) -> list[str]:
        runs = self._runs(paragraph)
        lines: list[list[Run]] = [[]]
        for run in runs:
            pieces = run.text.split("\n") if isinstance(run, Text) else []
            if not pieces:
                lines[-1].append(run)
            for n, piece in enumerate(pieces):
                if n:
                    lines.append([])
                if piece:
                    assert isinstance(run, Text)
                    lines[-1].append(Text(piece, run.styles))
        written = [markup.write(markup.Content((Paragraph(tuple(line)),))) for line in lines]
        written[0] = self._number(paragraph) + written[0]
        return written

    def _number(self, paragraph: etree._Element) -> str:
        """The number that Word shows before a paragraph of a list."""
        found = paragraph.find(f"{W}pPr/{W}numPr")
        if found is None:
            return ""
        number, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
        key = (
            (number.get(f"{W}val") or "") if number is not None else "",
            (level.get(f"{W}val") or "0") if level is not None else "0",
        )
        form = self.numbering.get(key, "")
        if form == "upperLetter":
            return f"{self._next_letter(key)}. "
        if form in ("decimal", "decimalZero", "decimalFullWidth"):
            self.counts[key] = self.counts.get(key, 0) + 1
            for other in [k for k in self.counts if self.numbering.get(k) == "upperLetter"]:
                del self.counts[other]
            return f"{self.counts[key]}. "
        return ""

    def _next_letter(self, key: tuple[str, str]) -> str:
        self.counts[key] = self.counts.get(key, 0) + 1
        return chr(64 + min(self.counts[key], 26))

    def _runs(self, paragraph: etree._Element) -> list[Run]:
        runs: list[Run] = []
        self._inline(paragraph, runs)
        return runs

    def _inline(self, element: etree._Element, runs: list[Run]) -> None:
        for child in element:
            name = local(child.tag)
            if name == "r":
                self._run(child, runs)
            elif name in ("oMath", "oMathPara"):
                self._formula(child, runs)
            elif name in _GONE or name in ("pPr", "rPr"):
                continue
            else:
                self._inline(child, runs)

    def _run(self, run: etree._Element, runs: list[Run]) -> None:
        styles = frozenset(self._styles(run))
        for part in run:
            name = local(part.tag)
            if name == "t":
                runs.append(Text(part.text or "", styles))
            elif name in ("tab", "ptab"):
                runs.append(Text("  "))
            elif name in ("br", "cr"):
                runs.append(Text("\n"))
            elif name == "sym":
                runs.append(Text(_symbol(part)))
            elif name in ("drawing", "pict", "object"):
                self._picture(part, runs)
            elif name == "AlternateContent":
                self._alternate(part, runs)

    def _alternate(self, part: etree._Element, runs: list[Run]) -> None:
        for choice in part:
            for drawing in choice.iter():
                if local(drawing.tag) in ("drawing", "pict"):
                    self._picture(drawing, runs)
                    return

    def _styles(self, run: etree._Element) -> Iterator[str]:
        properties = run.find(f"{W}rPr")
        aligned = properties.find(f"{W}vertAlign") if properties is not None else None
        style = _STYLES.get((aligned.get(f"{W}val") or "") if aligned is not None else "")
        if style:
            yield style

    def _picture(self, drawing: etree._Element, runs: list[Run]) -> None:
        described = next((e.get("descr") or "" for e in drawing.iter() if local(e.tag) == "docPr"), "")
        ids = [e.get(f"{R}embed") or e.get(f"{R}id") for e in drawing.iter() if local(e.tag) in ("blip", "imagedata")]
        for name in [self.targets.get(i or "", "") for i in ids][:1]:
            try:
                if name.lower().endswith((".wmf", ".emf", ".bin")):
                    raise Unreadable("图片或公式是旧的 WMF/EMF 格式，请在 Word 中另存为 PNG 后重贴")
                self.pictures[name] = self.package.read(name, LARGEST_PICTURE)
                runs.append(
                    Picture(
                        markup.source_name(name), " ".join(described.replace("[", " ").replace("]", " ").split())[:60]
                    )
                )
            except Unreadable as broken:
                self.notes.append(Place(self.file, row=self.row).problem(str(broken)))

    def _formula(self, element: etree._Element, runs: list[Run]) -> None:
        try:
            tex = _office_tex(element).strip()
            if tex:
                runs.append(Formula(tex))
        except formulas.NotAFormula as unknown:
            self.notes.append(Place(self.file, row=self.row).problem(str(unknown)))


def _symbol(part: etree._Element) -> str:
    """A character of a symbol font: the ticks and crosses that papers use; else nothing."""
    code = (part.get(f"{W}char") or "").upper()
    return {"F0FC": "√", "F0D6": "√", "F0FB": "×", "F0B4": "×", "F050": "√", "F04F": "×"}.get(code, "")


def _office_tex(element: etree._Element) -> str:
    """TeX of an Office formula (OMML)."""
    name = local(element.tag)
    if name == "t":
        return formulas.escaped(element.text or "")
    if name.endswith("Pr"):
        return ""

    def part(wanted: str) -> str:
        return "".join(_office_tex(c) for c in element if local(c.tag) == wanted)

    if name == "f":
        return rf"\frac{{{part('num')}}}{{{part('den')}}}"
    if name == "sSup":
        return f"{{{part('e')}}}^{{{part('sup')}}}"
    if name == "sSub":
        return f"{{{part('e')}}}_{{{part('sub')}}}"
    if name == "sSubSup":
        return f"{{{part('e')}}}_{{{part('sub')}}}^{{{part('sup')}}}"
    if name == "rad":
        degree = part("deg")
        return rf"\sqrt[{degree}]{{{part('e')}}}" if degree.strip() else rf"\sqrt{{{part('e')}}}"
    if name == "d":
        return rf"\left({part('e')}\right)"
    if name in ("oMath", "oMathPara", "r", "e", "num", "den", "sup", "sub", "deg", "box", "fName"):
        return "".join(_office_tex(c) for c in element)
    if name == "func":
        return f"{part('fName')}{part('e')}"
    raise formulas.NotAFormula(f"Word 公式中的 {name} 不能识别，请改写成 \\( \\) 之间的 TeX")

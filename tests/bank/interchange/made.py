"""Items made up for tests: every type, with everything that an item may hold."""

from __future__ import annotations

import io
from hashlib import sha256

from hypothesis import assume
from hypothesis import strategies as st
from PIL import Image

from assay.interchange.outgoing import Outgoing, OutItem
from assay.items import answers, rules
from assay.items.content import formulas, markup
from assay.items.row import ItemRow
from assay.kernel.texts import text_problem


def picture(colour: str, form: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 12), colour).save(buffer, form)
    return buffer.getvalue()


PICTURES = {sha256(p).hexdigest(): p for p in (picture("red"), picture("blue", "JPEG"))}
POINTS = {"A-A-001": "职业守则", "B-A-001": "工具的选用"}
SEEN = st.text(max_size=6).filter(lambda text: text_problem(text, markup=True) is None)
"""Signs that nobody sees are refused at every entrance of the bank."""
_PIECES = st.sampled_from(
    [
        "机油压力", "气门间隙为 0.25 mm", "a<b 且 b>c", "&amp;", "\\", "\\(x^2\\)", "\\(\\frac{a}{b}\\)", "\\(a < b\\)", "<sub>2</sub>",
        "<sup>3</sup>", "<b>不</b>", "{~=#:}", "|", "$5 与 $6", "“引号”", "'", '"', "  ", "（　）", "100%", "A. B.", "\n", "!", "[x](y)",
        *[f"![图]({digest})" for digest in PICTURES], "\n| 甲 | 乙 |\n| 1 | \\(y\\) |\n", "\\\\(", "$$x$$", "→", "é", "𠮷",
    ]
)  # fmt: skip


def _normal(text: str) -> str:
    return markup.write(markup.parse(text))


def texts(lines: bool = True) -> st.SearchStrategy[str]:
    """Marked-up texts in their normal form, not empty; without blanks to fill in."""
    made = st.lists(_PIECES | SEEN, min_size=1, max_size=6).map("".join)
    flat = made if lines else made.map(lambda t: t.replace("\n", " "))
    # What a cell of Excel cannot keep apart: carriage returns, and texts that are blanks or begin like a formula.
    return (
        flat.map(_normal)
        .filter(lambda t: any(c.isalnum() for c in t) and markup.BLANK not in t and "_" not in t and "\r" not in t)
        .filter(lambda t: lines or "\n" not in t)
        .filter(_can_be_shown)
    )


def _can_be_shown(text: str) -> bool:
    content = markup.parse(text)
    try:
        for formula in content.formulas():
            formulas.draw(formula.tex)
    except formulas.NotAFormula:
        return False
    return all(p.source in PICTURES for p in content.pictures())


_WORDINGS = st.one_of(
    st.sampled_from(["扭力扳手", "12", "0.5", "25±0.5", "-3±0.01", "a}b", "x\\y", "50%", "a=b~c", "H2O", "是 否"]),
    st.text(alphabet="abc中文 =~#{}:\\<>&\"'", min_size=1, max_size=8).map(str.strip).filter(bool),
)


@st.composite
def _item(draw: st.DrawFn, kind: str, point: str | None) -> ItemRow:
    stem, options, premises, key = draw(texts()), (), (), ""
    if kind in answers.LETTERED:
        fewest = rules.FEWEST_OPTIONS[kind]
        options = tuple(draw(st.lists(texts(), min_size=fewest, max_size=6, unique_by=str.strip)))
        letters = answers.LETTERS[: len(options)]
        if kind == "single":
            key = draw(st.sampled_from(letters))
        elif kind == "multiple":
            key = "".join(sorted(draw(st.sets(st.sampled_from(letters), min_size=2))))
        elif kind == "ordering":
            key = "".join(draw(st.permutations(list(letters))))
        else:
            premises = tuple(draw(st.lists(texts(lines=False), min_size=1, max_size=4)))
            key = "".join(draw(st.lists(st.sampled_from(letters), min_size=len(premises), max_size=len(premises))))
    elif kind == "true_false":
        key = draw(st.sampled_from(["对", "错"]))
    elif kind == "fill":
        blanks = draw(st.lists(st.lists(_WORDINGS, min_size=1, max_size=2, unique=True), min_size=1, max_size=3))
        key = answers.BETWEEN_BLANKS.join(answers.BETWEEN_WORDINGS.join(words) for words in blanks)
        stem = _normal(stem + " " + " 与 ".join([markup.BLANK] * len(blanks)))
        assume(answers.normal_key("fill", key) == key)
    elif kind == "short":
        key = draw(texts())
    parts = tuple(draw(st.lists(_one(None, parts=True), min_size=1, max_size=3))) if kind == "case" else ()
    row = ItemRow(
        draw(st.sampled_from(["", *POINTS])) if point is None and kind != "part" else "",
        kind, draw(st.integers(1, 5)), stem, options, key, "" if kind == "case" else draw(st.just("") | texts()), premises,
        draw(st.sampled_from(["", "教材第 3 章", "GB 7258—2017"])), parts,
    )  # fmt: skip
    assume(not rules.problems_by_part(row))
    return row


def _one(point: str | None, *, parts: bool = False) -> st.SearchStrategy[ItemRow]:
    kinds = [k for k in answers.TYPES if not (parts and k == "case")]
    made = st.sampled_from(kinds).flatmap(lambda kind: _item(kind, point))
    return made.map(lambda row: _without_point(row)) if parts else made


def _without_point(row: ItemRow) -> ItemRow:
    return ItemRow("", *[getattr(row, name) for name in ItemRow.__dataclass_fields__ if name != "point"])


def banks() -> st.SearchStrategy[list[ItemRow]]:
    """A few items of different stems."""
    return st.lists(_one(None), min_size=1, max_size=4, unique_by=lambda r: rules.stem_digest(r.type, r.stem))


def outgoing(rows: list[ItemRow]) -> Outgoing:
    def out(number: int, row: ItemRow) -> OutItem:
        return OutItem(
            number, row.type, row.stem, row.options, row.premises, row.key, row.difficulty, row.point, row.explanation,
            row.reference, tuple(out(n, part) for n, part in enumerate(row.parts, start=1)),
        )  # fmt: skip

    return Outgoing("测试题库", [out(n, row) for n, row in enumerate(rows, start=1)], PICTURES)

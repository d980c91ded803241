"""Moodle XML, read and written: choice, true/false, short answer, numerical, cloze, matching, ordering, essay."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from html import unescape
from pathlib import PurePosixPath

from lxml import etree
from lxml.builder import E

from assay.interchange.drafts import Draft, Place, Reading
from assay.interchange.outgoing import Outgoing, OutItem
from assay.interchange.safety import LARGEST_PICTURE, spellings
from assay.items import answers
from assay.items.content import markup
from assay.items.content.html import from_html, to_html

_TITLES = {
    "calculated": "计算题", "calculatedmulti": "计算选择题", "calculatedsimple": "简单计算题", "ddwtos": "拖放填空", "ddmarker": "拖放标记",
    "ddimageortext": "拖放图片", "gapselect": "选词填空", "randomsamatch": "随机匹配", "random": "随机抽题",
}  # fmt: skip
_TAGS = {"难度": "difficulty", "鉴定点": "point", "出处": "reference", "案例": "case", "选项次序": "order"}
_FILES = "@@PLUGINFILE@@/"


def read(file: str, root: etree._Element) -> Reading:
    """All questions of a quiz file."""
    reading = Reading()
    category = ""
    number = 0
    group: tuple[int, str] | None = None
    for element in root:
        if element.tag != "question":
            continue
        kind = (element.get("type") or "").strip()
        if kind == "category":
            category = _words(element.find("category")).rpartition("/")[2]
            continue
        number += 1
        question = _Question(
            Place(file, item=f"{number} {_words(element.find('name'))[:30]}".strip()), element, reading, kind
        )
        draft = question.read()
        if draft is None:
            continue
        draft = replace(draft, point=draft.point or _as_point(category))
        case = question.tags.get("case", "")
        if draft.kind == "case":
            reading.drafts.append(draft)
            group = (len(reading.drafts) - 1, case) if case else None
        elif case and group and group[1] == case:
            at = group[0]
            whole = reading.drafts[at]
            reading.drafts[at] = replace(whole, parts=(*whole.parts, replace(draft, point="")))
        else:
            reading.drafts.append(draft)
    if not number:
        reading.failed(file, "文件里没有试题（question）")
    return reading


def _named(names: Mapping[str, str], source: str) -> str:
    """The picture that a source means among those beside a text; '' when there is none."""
    for spelled in spellings(source.removeprefix(_FILES)):
        name = next((n for n in (spelled, PurePosixPath(spelled).name) if n in names), None)
        if name is not None:
            return names[name]
    return ""


def _words(element: etree._Element | None) -> str:
    """The text below an element that holds `<text>`."""
    if element is None:
        return ""
    text = element.find("text")
    return ("".join(text.itertext()) if text is not None else (element.text or "")).strip()


def _as_point(category: str) -> str:
    """A category that is named like a point is one."""
    return category if re.fullmatch(r"[A-Z](-[A-Z])*-\d{2,4}", category) else ""


@dataclass
class _Question:
    place: Place
    element: etree._Element
    reading: Reading
    kind: str
    tags: dict[str, str] = field(default_factory=dict)

    def read(self) -> Draft | None:
        for tag in self.element.iterfind("tags/tag"):
            name, _, value = _words(tag).replace("：", ":").partition(":")
            if name in _TAGS:
                self.tags[_TAGS[name]] = value.strip()
        makers: dict[str, Callable[[str], Draft | None]] = {
            "multichoice": self._choice, "multichoiceset": self._choice, "truefalse": self._truth, "shortanswer": self._short,
            "numerical": self._number, "matching": self._match, "ordering": self._order, "essay": self._essay,
            "multianswer": self._cloze, "cloze": self._cloze, "description": self._case,
        }  # fmt: skip
        make = makers.get(self.kind)
        if make is None:
            self._wrong(f"题型“{_TITLES.get(self.kind, self.kind or '未写')}”不支持，未读入")
            return None
        draft = make(self._markup(self.element.find("questiontext")))
        if draft is None:
            return None
        return replace(
            draft,
            explanation=self._markup(self.element.find("generalfeedback")),
            difficulty=self.tags.get("difficulty", ""),
            point=self.tags.get("point", ""),
            reference=self.tags.get("reference", ""),
        )

    def _wrong(self, message: str) -> None:
        self.reading.problems.append(self.place.problem(message))

    def _markup(self, element: etree._Element | None, prepare: Callable[[str], str] = str) -> str:
        """The markup of an element with text and files; `prepare` may change the text first."""
        if element is None:
            return ""
        words = prepare(_words(element))
        if (element.get("format") or "html") in ("plain_text", "markdown") and "<" not in words:
            return markup.write(markup.parse(words))
        names = {f.get("name") or "": self._kept(f) for f in element.iterfind("file")}
        written, lost = from_html(words, lambda source: _named(names, source))
        self.reading.notes += [self.place.problem(what) for what in dict.fromkeys(lost)]
        return written

    def _kept(self, file: etree._Element) -> str:
        name = f"{self.place.item} {file.get('name') or ''}".replace(" ", "_").replace("(", "_").replace(")", "_")
        try:
            content = base64.b64decode("".join((file.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            self.reading.notes.append(self.place.problem(f"图片“{file.get('name')}”的内容已损坏"))
            return ""
        if len(content) > LARGEST_PICTURE:
            self.reading.notes.append(
                self.place.problem(f"图片“{file.get('name')}”超过 {LARGEST_PICTURE // 1024 // 1024} MB")
            )
            return ""
        self.reading.pictures[name] = content
        return name

    def _answers(self) -> list[tuple[str, float]]:
        return [(self._markup(a), _fraction(a)) for a in self.element.iterfind("answer")]

    def _choice(self, stem: str) -> Draft:
        given = self._answers()
        single = (_words(self.element.find("single")) or "true").lower() in ("true", "1")
        right = [n for n, (_, fraction) in enumerate(given) if fraction > 0]
        if single and right:
            right = [max(right, key=lambda n: given[n][1])]
        key = "".join(answers.LETTERS[n] for n in right if n < len(answers.LETTERS))
        return Draft(self.place, "single" if single else "multiple", stem, tuple(text for text, _ in given), key=key)

    def _truth(self, stem: str) -> Draft:
        right = [_words(a) for a in self.element.iterfind("answer") if _fraction(a) > 0]
        return Draft(self.place, "true_false", stem, key=answers.normal_key("true_false", right[0]) if right else "")

    def _short(self, stem: str) -> Draft:
        given = [(_words(a), _fraction(a)) for a in self.element.iterfind("answer")]  # text alone: no HTML in it
        wordings = [text for text, fraction in given if fraction >= 100]
        partial = [text for text, fraction in given if 0 < fraction < 100]
        if partial:
            self.reading.notes.append(self.place.problem(f"部分得分的答案“{'、'.join(partial)[:60]}”没有读入"))
        if any("*" in w for w in wordings):
            self.reading.notes.append(self.place.problem("答案中的通配符 * 按字面读入，请核对"))
        return self._fill(stem, [answers.BETWEEN_WORDINGS.join(wordings)])

    def _number(self, stem: str) -> Draft:
        wordings = []
        for answer in self.element.iterfind("answer"):
            if _fraction(answer) >= 100:
                tolerance = (answer.findtext("tolerance") or "0").strip()
                wordings.append(f"{_words(answer)}±{tolerance}" if _is_some(tolerance) else _words(answer))
        return self._fill(stem, [answers.BETWEEN_WORDINGS.join(wordings)])

    def _fill(self, stem: str, wordings: list[str]) -> Draft:
        if markup.BLANK not in answers.normal_stem("fill", stem):
            stem = f"{stem} {markup.BLANK}"
        return Draft(self.place, "fill", stem, key=answers.BETWEEN_BLANKS.join(wordings))

    def _match(self, stem: str) -> Draft:
        pairs = [(self._markup(s), self._option(s)) for s in self.element.iterfind("subquestion")]
        options = self._in_own_order(list(dict.fromkeys(right for _, right in pairs if right)))
        premises = [(left, right) for left, right in pairs if left and right]
        key = "".join(
            answers.LETTERS[options.index(right)]
            for _, right in premises
            if options.index(right) < len(answers.LETTERS)
        )
        return Draft(self.place, "matching", stem, options, tuple(left for left, _ in premises), key)

    def _option(self, subquestion: etree._Element) -> str:
        """The right-hand side is text alone in Moodle: what is markup in it stays markup."""
        names = {f.get("name") or "": self._kept(f) for f in subquestion.iterfind("file")}
        return markup.write(markup.parse(markup.Renaming(names).of(_words(subquestion.find("answer")))))

    def _order(self, stem: str) -> Draft:
        texts = [text for text, _ in self._answers()]
        options = self._in_own_order(texts)
        letters = [answers.LETTERS[options.index(t)] for t in texts if options.index(t) < len(answers.LETTERS)]
        return Draft(self.place, "ordering", stem, options, key="".join(letters))

    def _in_own_order(self, texts: list[str]) -> tuple[str, ...]:
        """Options in the order in which they stood before they were written to Moodle, which keeps none."""
        order = self.tags.get("order", "")
        if sorted(order) == list(answers.LETTERS[: len(texts)]):
            return tuple(text for _, text in sorted(zip(order, texts, strict=True)))
        return tuple(texts)

    def _essay(self, stem: str) -> Draft:
        return Draft(self.place, "short", stem, key=self._markup(self.element.find("graderinfo")))

    def _case(self, stem: str) -> Draft | None:
        if "case" not in self.tags:
            self._wrong("说明文字（description）不是试题，未读入")
            return None
        return Draft(self.place, "case", stem)

    def _cloze(self, _: str) -> Draft | None:
        """The blanks are taken out of the HTML as it stands: only there a backslash is what was written."""
        wordings: list[str] = []
        broken: list[str] = []

        def blank(found: re.Match[str]) -> str:
            kind = found["kind"].upper()
            if kind in ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC", "NUMERICAL", "NM"):
                wordings.append(_cloze_wordings(unescape(re.sub(r"<[^>]*>", "", found["body"])), kind))
                return markup.BLANK
            broken.append(kind)
            return found.group()

        stem = self._markup(self.element.find("questiontext"), lambda words: _CLOZE.sub(blank, words))
        if broken or not wordings:
            self._wrong(f"完形填空中的“{broken[0] if broken else '空格'}”不支持，未读入")
            return None
        return Draft(self.place, "fill", stem, key=answers.BETWEEN_BLANKS.join(wordings))


_CLOZE = re.compile(r"\{\d*:(?P<kind>[A-Za-z_]+):(?P<body>(?:\\.|[^}\\])*)\}")


def _cloze_wordings(body: str, kind: str) -> str:
    wordings = []
    for part in re.findall(r"(?:\\.|[^~\\])+", body, re.DOTALL):
        marked = re.match(r"(?:=|%100%)((?:\\.|[^#\\])*)", part, re.DOTALL)
        if marked:
            words = re.sub(r"\\(.)", r"\1", marked[1]).strip()
            value, _, tolerance = words.partition(":")
            wordings.append(
                (f"{value}±{tolerance}" if _is_some(tolerance) else value) if kind in ("NUMERICAL", "NM") else words
            )
    return answers.BETWEEN_WORDINGS.join(wordings)


def _fraction(answer: etree._Element) -> float:
    try:
        return float(answer.get("fraction") or 0)
    except ValueError:
        return 0


def _is_some(number: str) -> bool:
    try:
        return Decimal(number) > 0
    except InvalidOperation:
        return False


def write(bank: Outgoing) -> bytes:
    """A quiz file of all items."""
    root = E.quiz()
    for item in bank.items:
        tags = {"案例": str(item.number)} if item.kind == "case" else {}
        root.append(_question(bank, item, str(item.number), tags))
        for n, part in enumerate(item.parts, start=1):
            root.append(_question(bank, part, f"{item.number}-{n}", tags))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _question(bank: Outgoing, item: OutItem, number: str, more_tags: dict[str, str]) -> etree._Element:
    kind, parts = _written(bank, item)
    stem = _cloze_text(bank, item) if kind == "cloze" else _html(bank, "questiontext", item.stem)
    question = E.question(E.name(E.text(f"试题 {number}")), stem, type=kind)
    question.append(_html(bank, "generalfeedback", item.explanation))
    question.append(E.defaultgrade("1"))
    question.extend(parts)
    order = _written_order(item) if item.kind in ("ordering", "matching") else ""
    tags = {"难度": str(item.difficulty), "鉴定点": item.point, "出处": item.reference, "选项次序": order, **more_tags}
    question.append(E.tags(*[E.tag(E.text(f"{name}:{value}")) for name, value in tags.items() if value]))
    return question


def _html(bank: Outgoing, tag: str, text: str, **attributes: str) -> etree._Element:
    """A text with its pictures beside it."""
    content = markup.parse(text)
    html = to_html(content, lambda p: _FILES + bank.picture_name(p.source), _tex)
    element = etree.Element(tag, format="html", **attributes)
    etree.SubElement(element, "text").text = html
    element.extend(_files(bank, [p.source for p in content.pictures()]))
    return element


def _files(bank: Outgoing, digests: Iterable[str]) -> list[etree._Element]:
    return [
        E.file(
            base64.b64encode(bank.pictures.get(digest, b"")).decode(),
            name=bank.picture_name(digest), path="/", encoding="base64",
        )
        for digest in dict.fromkeys(digests)
    ]  # fmt: skip


def _tex(tex: str) -> str:
    return f"\\({tex.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}\\)"


def _written(bank: Outgoing, item: OutItem) -> tuple[str, Iterable[etree._Element]]:
    if item.kind in answers.CHOICES:
        return "multichoice", _choice(bank, item)
    if item.kind == "true_false":
        truths = [("true", answers.TRUE), ("false", answers.FALSE)]
        return "truefalse", [_answer(E.text(name), "100" if item.key == truth else "0") for name, truth in truths]
    if item.kind == "fill":
        return _fill(item)
    if item.kind == "matching":
        return "matching", _pairs(bank, item)
    if item.kind == "ordering":
        texts = [item.options[answers.LETTERS.index(letter)] for letter in item.key]
        return "ordering", [_html(bank, "answer", text, fraction=str(n)) for n, text in enumerate(texts, start=1)]
    if item.kind == "short":
        return "essay", [E.responseformat("editor"), _html(bank, "graderinfo", item.key)]
    return "description", []


def _answer(text: etree._Element, fraction: str) -> etree._Element:
    return E.answer(text, fraction=fraction, format="moodle_auto_format")


def _choice(bank: Outgoing, item: OutItem) -> list[etree._Element]:
    each = f"{100 / len(item.key):.5f}".rstrip("0").rstrip(".")
    wrong = "0" if item.kind == "single" else "-100"
    made = [
        _html(bank, "answer", text, fraction=each if answers.LETTERS[n] in item.key else wrong)
        for n, text in enumerate(item.options)
    ]
    return [
        E.single("true" if item.kind == "single" else "false"),
        E.shuffleanswers("true"),
        E.answernumbering("ABCD"),
        *made,
    ]


def _fill(item: OutItem) -> tuple[str, list[etree._Element]]:
    blanks = answers.blanks_of(item.key)
    if len(blanks) > 1:
        return "cloze", []
    if answers.is_tolerance(blanks[0][0]):
        value, _, tolerance = blanks[0][0].partition("±")
        return "numerical", [E.answer(E.text(value), E.tolerance(tolerance), fraction="100")]
    return "shortanswer", [E.usecase("0"), *[_answer(E.text(words), "100") for words in blanks[0]]]


def _cloze_text(bank: Outgoing, item: OutItem) -> etree._Element:
    element = _html(bank, "questiontext", item.stem)
    text = element.find("text")
    assert text is not None
    assert text.text is not None
    for wordings in answers.blanks_of(item.key):
        text.text = text.text.replace(markup.BLANK, _cloze(wordings), 1)
    return element


def _cloze(wordings: list[str]) -> str:
    if answers.is_tolerance(wordings[0]):
        value, _, tolerance = wordings[0].partition("±")
        return f"{{1:NUMERICAL:={value}:{tolerance}}}"
    said = [re.sub(r"([\\~=#{}])", r"\\\1", w).replace("&", "&amp;").replace("<", "&lt;") for w in wordings]
    return "{1:SHORTANSWER:" + "~".join(f"={words}" for words in said) + "}"


def _written_order(item: OutItem) -> str:
    """The letters of the options in the order in which they are written: as the key has them, then those that fit none."""
    return "".join(dict.fromkeys(item.key + answers.LETTERS[: len(item.options)]))


def _pairs(bank: Outgoing, item: OutItem) -> list[etree._Element]:
    """Premises with their options; options that fit none come with an empty premise."""
    pairs = list(zip(item.premises, item.key, strict=True))
    pairs += [("", letter) for letter in _written_order(item) if letter not in item.key]
    made = []
    for premise, letter in pairs:
        option = item.options[answers.LETTERS.index(letter)]
        element = _html(bank, "subquestion", premise)
        shown = [p.source for p in markup.parse(option).pictures()]
        names = {digest: bank.picture_name(digest) for digest in shown}
        element.append(E.answer(E.text(markup.Renaming(names).of(option))))
        beside = {p.source for p in markup.parse(premise).pictures()}
        element.extend(_files(bank, [d for d in shown if d not in beside]))
        made.append(element)
    return made

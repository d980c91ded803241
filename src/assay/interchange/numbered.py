"""Numbered questions as people type them, in Word or in a text file: `1. …`, `A. …`, `答案：B`, `解析：…`, parts headed
`一、单项选择题`, answers beside each question, in its brackets, or all together at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assay.interchange.drafts import Draft, Place, Reading
from assay.interchange.words import kind_in
from assay.items import answers
from assay.items.content import markup

_HEADING = re.compile(r"\s*(?:第?[一二三四五六七八九十]+\s*(?:部分|大题)?|[IVX]+)\s*[、.．:：]\s*(.+)")
_QUESTION = re.compile(
    r"\s*(?:第\s*(\d{1,5})\s*题\s*[.．、:：]?|[（(]?\s*(\d{1,5})\s*[)）]?\s*[.．、:：)）])\s*(.*)", re.DOTALL
)
# (A) or A. at the beginning or after a blank; not a letter inside the brackets of a stem: （ A ）
_OPTION = re.compile(
    r"(?:(?<=[\s　;；。])|^)(?:[（(]\s*([A-J])\s*[)）](?!\s*(?:[。．.？?，,]|$))\s*[.．、:：]?"
    r"|(?<![（(]\s)(?<![（(]\s\s)([A-J])\s*[.．、:：)）])\s*"
)
_LABELLED = r"\s*(?:[【\[]\s*(?:{words})\s*[】\]]\s*[:：]?|(?:{words})\s*[:：])\s*(.*)"


def _labelled(words: str) -> re.Pattern[str]:
    """`【解析】…` or `解析：…`."""
    return re.compile(_LABELLED.format(words=words), re.DOTALL)


_ANSWER = _labelled("(?:正确|参考|标准)?答案|答")
_MORE = {
    "explanation": _labelled("(?:答案|试题)?(?:解析|分析|详解)"),
    "difficulty": _labelled("难(?:易)?度"),
    "point": _labelled("知识点|鉴定点|考点"),
    "reference": _labelled("出处|来源|依据"),
}
_IN_BRACKETS = re.compile(r"[（(]\s*([A-Ja-j](?:\s*[,，、]?\s*[A-Ja-j])*|[√×✓✗对错]|正确|错误)\s*[)）]")
_KEY_LIST = re.compile(r"\s*(?:[【\[]?(?:参考|正确|标准)?答案[】\]]?(?:与解析|及解析|表)?)\s*[:：]?\s*")
_RANGE = re.compile(r"(\d{1,5})\s*[-~～—－至]+\s*(\d{1,5})\s*[.．、:：]?\s*([A-Ja-j√×✓✗对错TF\s]+)")
_ONE = re.compile(r"(\d{1,5})\s*[.．、:：)）]?\s*([A-Ja-j]+|[√×✓✗对错]|正确|错误)(?=[\s,，;；。]|$)")


@dataclass
class _Question:
    number: int
    row: int
    kind: str
    section: int
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    now: str = "stem"


@dataclass
class _Reader:
    file: str
    reading: Reading
    questions: list[_Question] = field(default_factory=list)
    kind: str = ""
    section: int = 0
    listing: bool = False
    bracketed: bool = False

    def line(self, row: int, line: str) -> None:
        if not line.strip():
            return
        heading = _HEADING.fullmatch(line)
        if heading and (kind := kind_in(heading[1])) and len(markup.plain(markup.parse(line))) < 120:
            self.kind = kind
            self.section += 1
            return
        if self.questions and _KEY_LIST.fullmatch(line):
            self.listing, self.section = True, 0
            return
        if self.listing and self._keys(line):
            return
        question = _QUESTION.fullmatch(line)
        if question and question[3].strip() and not self._continues(question):
            self.listing = False
            number = int(question[1] or question[2])
            self.questions.append(_Question(number, row, self.kind, self.section))
            line = question[3]
        if not self.questions:
            return  # a title, instructions
        self._into(self.questions[-1], line)

    def _continues(self, question: re.Match[str]) -> bool:
        """`（1）` inside a question is one of its scoring points, unless the questions of this part are numbered so."""
        bracketed = question.group().lstrip().startswith(("（", "("))
        if not self.questions or self.questions[-1].section != self.section:
            self.bracketed = bracketed
        return bracketed and not self.bracketed

    def _into(self, question: _Question, line: str) -> None:
        answer = _ANSWER.fullmatch(line)
        if answer:
            question.now = "key"
            self._said(question, self._split_more(question, answer[1]))
            return
        for name, pattern in _MORE.items():
            found = pattern.fullmatch(line)
            if found:
                question.now = name
                self._said(question, found[1])
                return
        if question.now in ("stem", "options") and self._options(question, line):
            return
        if question.now == "options":
            question.options[-1] += "\n" + line.strip()
        elif question.now == "stem":
            question.stem.append(line.strip())
        else:
            self._said(question, line)

    def _split_more(self, question: _Question, words: str) -> str:
        """`答案：B 解析：…` on one line."""
        more = re.search(r"[【\[]?(?:答案)?解析[】\]]?\s*[:：]", words)
        if not more:
            return words
        question.said.setdefault("explanation", []).append(words[more.end() :].strip())
        return words[: more.start()]

    def _said(self, question: _Question, words: str) -> None:
        if words.strip():
            question.said.setdefault(question.now, []).append(words.strip())

    def _options(self, question: _Question, line: str) -> bool:
        """Take the options of a line, if it has the next ones in order."""
        marks: list[re.Match[str]] = []
        for found in _OPTION.finditer(line):
            if (found[1] or found[2]) == answers.LETTERS[min(len(question.options) + len(marks), 9)]:
                marks.append(found)
        if not marks:
            return False
        before = line[: marks[0].start()].strip()
        if before and not question.options:
            question.stem.append(before)
        elif before:
            return False
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            question.options.append(line[mark.end() : following.start() if following else len(line)].strip())
        question.now = "options"
        return True

    def _keys(self, line: str) -> bool:
        """A line of the list of answers at the end: `1-5 ABCDA`, `1.B 2.C`."""
        words = markup.plain(markup.parse(line))
        found = [
            (int(first) + n, key)
            for first, _, keys in _RANGE.findall(words)
            for n, key in enumerate("".join(keys.split()))
        ]
        rest = _RANGE.sub(" ", words)
        found += [(int(number), key) for number, key in _ONE.findall(rest)]
        if not found:
            return False
        for number, key in found:
            same = [q for q in self.questions if q.number == number and "key" not in q.said and self._of_section(q)]
            if same:
                same[0].said["key"] = [key]
            else:
                self.reading.notes.append(
                    Place(self.file, item=str(number)).problem(f"答案表中第 {number} 题的答案 {key} 没有对应的题")
                )
        return True

    def _of_section(self, question: _Question) -> bool:
        return self.section == 0 or question.section == self.section


def read(file: str, lines: Iterable[tuple[int, str]], sheet: str = "") -> Reading:
    """The questions of a document given as (row, line of markup)."""
    reader = _Reader(file, Reading())
    for row, line in lines:
        reader.line(row, line)
    for n, question in enumerate(reader.questions, start=1):
        place = Place(file, sheet, question.row, str(question.number if question.number else n))
        reader.reading.drafts.append(_draft(place, question))
    if not reader.questions:
        reader.reading.failed(file, "没有找到试题：每题应以题号开头，如“1. ……”")
    return reader.reading


def _draft(place: Place, question: _Question) -> Draft:
    stem = "\n".join(question.stem)
    key, *more = question.said.get("key", []) or [""]
    explanation = question.said.get("explanation", [])
    if question.kind in ("fill", "short", "case") or not (question.options or answers.normal_key("true_false", key)):
        key = "\n".join([key, *more])
    else:
        explanation = [*more, *explanation]  # what follows the letter is said about it
    if not key and question.kind not in ("fill", "short", "case"):
        inside = list(_IN_BRACKETS.finditer(stem))
        if inside:
            key = inside[-1][1]
            stem = stem[: inside[-1].start()] + "（　）" + stem[inside[-1].end() :]
    kind = question.kind or _guessed(stem, question.options, key)
    if kind == "single" and len(answers.normal_key("multiple", key)) > 1:
        kind = "multiple"  # a section «选择题» may hold both
    return Draft(
        place, kind, answers.normal_stem(kind, stem), tuple(question.options), key=key,
        difficulty=" ".join(question.said.get("difficulty", [])), point=" ".join(question.said.get("point", [])),
        explanation="\n".join(explanation), reference=" ".join(question.said.get("reference", [])),
    )  # fmt: skip


def _guessed(stem: str, options: list[str], key: str) -> str:
    if options:
        return "multiple" if len(answers.normal_key("multiple", key)) > 1 else "single"
    if answers.normal_key("true_false", key):
        return "true_false"
    return "fill" if re.search(r"_{2,}", stem) else "short"

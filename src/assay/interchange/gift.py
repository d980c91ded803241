"""GIFT, Moodle's text format: choice, true/false, short answer, number, matching, essay, missing word."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from assay.interchange.drafts import Draft, Place, Reading
from assay.items import answers
from assay.items.content import markup
from assay.items.content.html import from_html

_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_BODY = re.compile(r"(?<!\\)\{(?P<body>(?:\\.|[^\\{}])*)\}", re.DOTALL)
_NAME = re.compile(r"\s*::(?P<name>(?:\\.|[^\\:]|:(?!:))*)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|plain|markdown|moodle)\]")
_PART = re.compile(r"(?<!\\)(?=[=~])")


def looks_like(words: str) -> bool:
    """Braces with an answer in them, outside of which no table or numbered list is meant."""
    return bool(re.search(r"(?<!\\)\{\s*(?:[=~#]|T|F|TRUE|FALSE|\})", words))


def read(file: str, words: str) -> Reading:
    """All questions: they stand apart by empty lines."""
    reading = Reading()
    point = ""
    lines = "\n".join(
        "" if line.lstrip().startswith("//") else line for line in words.replace("\r\n", "\n").split("\n")
    )
    number = 0
    for block in re.split(r"\n\s*\n", lines):
        category = re.match(r"\s*\$CATEGORY:\s*(.*)", block)
        if category:
            last = category[1].strip().rpartition("/")[2]
            point = last if re.fullmatch(r"[A-Z](-[A-Z])*-\d{2,4}", last) else ""
            block = block[category.end() :]
        if not block.strip():
            continue
        number += 1
        name = _NAME.match(block)
        place = Place(file, item=f"{number} {_plain(name['name'])[:30]}".strip() if name else str(number))
        draft = _question(place, block[name.end() :] if name else block, reading)
        if draft is not None:
            reading.drafts.append(replace(draft, point=point))
    if not number:
        reading.failed(file, "文件里没有试题")
    return reading


def _plain(words: str) -> str:
    return _ESCAPED.sub(lambda m: "\n" if m[1] == "n" else m[1], words).strip()


def _question(place: Place, block: str, reading: Reading) -> Draft | None:
    bodies = list(_BODY.finditer(block))
    if len(bodies) != 1:
        wrong = "没有答案（花括号）" if not bodies else f"一题中有 {len(bodies)} 处答案，不支持"
        reading.problems.append(place.problem(wrong))
        return None
    form = _FORMAT.match(block)
    as_html = bool(form and form[1] == "html")
    before = block[form.end() if form else 0 : bodies[0].start()]
    after = block[bodies[0].end() :]

    def text(words: str) -> str:
        if as_html:
            written, lost = from_html(_plain(words), lambda _: "")
            reading.notes.extend(place.problem(what) for what in lost)
            return written
        return markup.write(markup.parse(_plain(words)))

    body, _, feedback = _cut(bodies[0]["body"], "####")
    stem = text(f"{before.rstrip()} {markup.BLANK} {after.lstrip()}" if after.strip() else before)
    draft = _by_body(place, stem, body.strip(), text, reading)
    return replace(draft, explanation=text(feedback)) if draft else None


def _cut(words: str, mark: str) -> tuple[str, str, str]:
    return words.partition(mark)


def _by_body(place: Place, stem: str, body: str, text: object, reading: Reading) -> Draft | None:
    if not body:
        reading.notes.append(place.problem("论述题没有参考答案，请补上"))
        return Draft(place, "short", stem)
    first = _cut(body, "#")[0].strip() if not body.startswith("#") else ""
    if first.upper() in ("T", "F", "TRUE", "FALSE"):
        return Draft(place, "true_false", stem, key=answers.normal_key("true_false", first))
    if body.startswith("#"):
        return _number(place, stem, body[1:], reading)
    parts = [p for p in _PART.split(body) if p.strip()]
    if any(p[0] not in "=~" for p in parts):
        reading.problems.append(place.problem(f"答案“{body[:40]}”看不懂"))
        return None
    return _by_parts(place, stem, parts, text, reading)


def _by_parts(place: Place, stem: str, parts: list[str], text: object, reading: Reading) -> Draft | None:
    assert callable(text)
    given = [(p[0], *_weighed(re.split(r"(?<!\\)#", p[1:])[0])) for p in parts]
    if all(sign == "=" for sign, _, _ in given):
        if all("->" in words for _, _, words in given):
            return _match(place, stem, [words for _, _, words in given], text)
        wordings = answers.BETWEEN_WORDINGS.join(
            _plain(words) for _, weight, words in given if weight in (None, Decimal(100))
        )
        return _fill(place, stem, wordings)
    right = [sign == "=" or (weight is not None and weight > 0) for sign, weight, _ in given]
    options = tuple(text(words) for _, _, words in given)
    key = "".join(answers.LETTERS[n] for n, so in enumerate(right) if so and n < len(answers.LETTERS))
    kind = "single" if any(sign == "=" for sign, _, _ in given) else "multiple"
    return Draft(place, kind, stem, options, key=key)


def _weighed(words: str) -> tuple[Decimal | None, str]:
    weight = re.match(r"\s*%(-?[\d.]+)%", words)
    if not weight:
        return None, words
    try:
        return Decimal(weight[1]), words[weight.end() :]
    except InvalidOperation:
        return Decimal(0), words[weight.end() :]


def _fill(place: Place, stem: str, wordings: str) -> Draft:
    if markup.BLANK not in answers.normal_stem("fill", stem):
        stem = f"{stem} {markup.BLANK}"
    return Draft(place, "fill", stem, key=wordings)


def _match(place: Place, stem: str, pairs: list[str], text: object) -> Draft:
    assert callable(text)
    sides = [p.partition("->") for p in pairs]
    said = [(text(left), text(right)) for left, _, right in sides]
    options = tuple(dict.fromkeys(right for _, right in said if right))
    premises = [(left, right) for left, right in said if left and right]
    key = "".join(
        answers.LETTERS[options.index(right)] for _, right in premises if options.index(right) < len(answers.LETTERS)
    )
    return Draft(place, "matching", stem, options, tuple(left for left, _ in premises), key)


def _number(place: Place, stem: str, body: str, reading: Reading) -> Draft:
    """`25:0.5`, `24.5..25.5` or several of them, each after `=`."""
    wordings = []
    for part in [p.lstrip("=~").strip() for p in _PART.split(body) if p.strip()]:
        words = re.sub(r"^%[\d.]+%", "", re.split(r"(?<!\\)#", part)[0]).strip()
        low, dots, high = words.partition("..")
        value, _, tolerance = words.partition(":")
        try:
            if dots:
                middle, off = (Decimal(low) + Decimal(high)) / 2, (Decimal(high) - Decimal(low)) / 2
                wordings.append(f"{middle}±{off}")
            else:
                wordings.append(f"{value}±{tolerance}" if tolerance and Decimal(tolerance) > 0 else value)
        except InvalidOperation:
            reading.notes.append(place.problem(f"数值答案“{words[:30]}”看不懂"))
    return _fill(place, stem, answers.BETWEEN_WORDINGS.join(wordings))

"""Aiken: single choice, one question after another, each ended by `ANSWER: B`."""

from __future__ import annotations

import re

from assay.interchange.drafts import Draft, Place, Reading
from assay.items.content import markup

_ANSWER = re.compile(r"\s*ANSWER\s*[:：]\s*(\S*)\s*", re.IGNORECASE)
_OPTION = re.compile(r"\s*([A-Za-z])\s*[.)．、）]\s*(.*)")


def looks_like(words: str) -> bool:
    return bool(re.search(r"^\s*ANSWER\s*[:：]\s*[A-Za-z]\s*$", words, re.MULTILINE | re.IGNORECASE))


def read(file: str, words: str) -> Reading:
    """All questions; what stands after the last answer is reported."""
    reading = Reading()
    stem: list[str] = []
    options: list[str] = []
    number, first = 1, 1
    lines = words.replace("\r\n", "\n").split("\n")
    for row, line in enumerate(lines, start=1):
        answer = _ANSWER.fullmatch(line)
        option = _OPTION.fullmatch(line)
        if answer:
            place = Place(file, row=first, item=str(number))
            reading.drafts.append(Draft(place, "single", "\n".join(stem), tuple(options), key=answer[1]))
            stem, options, number, first = [], [], number + 1, row + 1
        elif option and stem and option[1].upper() == chr(65 + len(options)):
            options.append(_text(option[2]))
        elif line.strip() and not options:
            first = first if stem else row
            stem.append(_text(line))
        elif line.strip():
            reading.problems.append(
                Place(file, row=row, item=str(number)).problem("选项之后应是下一个选项或 ANSWER，这一行看不懂")
            )
    if stem or options:
        reading.problems.append(Place(file, row=first, item=str(number)).problem("最后一题没有 ANSWER 行，未读入"))
    return reading


def _text(words: str) -> str:
    return markup.write(markup.parse(words))

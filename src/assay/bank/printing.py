"""A paper for rooms without computers: the paper itself, its answer sheet, its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.bank import answers
from assay.bank.content import markup
from assay.bank.content.blocks import blocks_of
from assay.bank.models import Paper
from assay.centre.models import Centre
from assay.kernel import files
from assay.kernel.documents import render

TEMPLATE = Path(__file__).parent / "documents" / "paper.typ"
PARTS = {"paper": "试题卷", "sheet": "答题卡", "key": "标准答案（绝密）"}
SKILL_PARTS = {"paper": "操作技能试题"}
"""Score sheets are printed for the candidates once the version is drawn (room `marking`)."""
NUMERALS = "一二三四五六七八九十"
LINES = 6
"""Lines to write a short answer on."""
SHORT, MIDDLING = 9, 20
"""Characters of an option up to which four, or two, stand in a line."""


def parts_of(paper: Paper) -> dict[str, str]:
    """What of a paper can be printed."""
    return SKILL_PARTS if paper.specification.part == "skill" else PARTS


def paper_pdf(paper: Paper, part: str) -> bytes:
    """The PDF of one part of a paper that is not sealed yet; `part` is one of `parts_of`."""
    sections = task_sections(paper.content) if paper.specification.part == "skill" else _sections(paper, part)
    who = ["姓名＿＿＿＿＿＿＿＿", "准考证号＿＿＿＿＿＿＿＿＿＿", "单位＿＿＿＿＿＿＿＿＿＿"]
    said = parts_of(paper)[part] + (f"　（{paper.minutes} 分钟）" if part == "paper" else "")
    return render_paper(
        paper.content, list(sections), title=paper.title, part=said, kind="paper" if part == "paper" else "list", mark=mark_of(paper),
        head=[] if part == "key" else who,
    )  # fmt: skip


def mark_of(paper: Paper) -> str:
    """What tells a printed copy from every other paper: number and digest."""
    return f"编号 {paper.pk}　摘要 {paper.digest[:12]}"


def render_paper(content: Sequence[Mapping[str, Any]], sections: Sequence[Mapping[str, Any]], **said: Any) -> bytes:
    """The PDF of sections of a paper's content, with its pictures; `said`: title, part, kind and head."""
    centre = Centre.objects.get()
    pictures = {p.source for entry in content for p in _pictures(entry)}
    kept = {digest: files.read(digest) for digest in sorted(pictures)}
    names = {digest: f"{digest[:20]}.{_suffix(content)}" for digest, content in kept.items()}
    data = {"centre": centre.name, "demo": centre.is_demo, "sections": sections, "files": names, **said}
    return render(TEMPLATE, data, {names[digest]: content for digest, content in kept.items()}, tagged=False)


def _suffix(content: bytes) -> str:
    return "png" if content.startswith(b"\x89PNG") else "jpg"


def _pictures(entry: Mapping[str, Any]) -> list[markup.Picture]:
    texts = [entry["stem"], *entry["options"], *entry.get("premises", [])]
    own = [markup.Picture(entry["image"])] if entry.get("image") else []
    below = [picture for part in entry.get("parts", []) for picture in _pictures(part)]
    return own + [p for text in texts for p in markup.parse(text).pictures()] + below


def _sections(paper: Paper, part: str) -> Iterator[dict[str, Any]]:
    number = 0
    for n, section in enumerate(paper.sections):
        entries = [e for e in paper.content if e["type"] == section["type"]]
        title = (
            f"{NUMERALS[n]}、{answers.TYPES[section['type']]}（共 {section['count']} 题，每题 {section['mark']} 分）"
        )
        items = []
        for entry in entries:
            number += 1
            items.append(_printed(number, entry) if part == "paper" else {"number": number, "said": _said(entry, part)})
        yield {
            "title": title,
            "items": items,
            "columns": 5 if section["type"] in answers.CHOICES else 4 if section["type"] == "true_false" else 1,
        }


def task_sections(content: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The tasks of an operation-skill paper: what is to be done, in what time, for how many marks, what fails it."""
    for n, entry in enumerate(content):
        sheet = entry["sheet"]
        fails = "；".join(veto["title"] for veto in sheet["vetoes"])
        stem = blocks_of(markup.parse(entry["stem"]))
        after = [{"p": [f"否定项（出现则本题记 0 分）：{fails}。"]}] if fails else []
        yield {
            "title": f"试题{NUMERALS[n]}　{sheet['title']}（{sheet['form']}，{sheet['minutes']} 分钟，{entry['mark']} 分）",
            "items": [
                {
                    "number": "",
                    "stem": [*stem, *after],
                    "premises": [],
                    "options": [],
                    "columns": 1,
                    "lines": 0,
                    "parts": [],
                }
            ],
            "columns": 1,
        }


def _said(entry: Mapping[str, Any], part: str) -> str:
    """A field of the answer sheet, or the key."""
    if entry.get("parts"):
        own = [(f"（{n}）{p['mark']} 分", _said(p, part)) for n, p in enumerate(entry["parts"], start=1)]
        return "\n".join(f"{number}　{said}" for number, said in own)
    if part == "key":
        return markup.plain(markup.parse(entry["key"])) if entry["type"] == "short" else str(entry["key"])
    if entry["type"] in answers.CHOICES:
        return " ".join(f"[{letter}]" for letter in answers.LETTERS[: len(entry["options"])])
    if entry["type"] == "short":
        return "\n" * LINES
    return "[√] [×]" if entry["type"] == "true_false" else ""


def _printed(number: int, entry: Mapping[str, Any]) -> dict[str, Any]:
    options = [markup.parse(text) for text in entry["options"]]
    stem = entry["stem"] + (f"\n![]({entry['image']})" if entry.get("image") else "")
    return {
        "number": number,
        "stem": blocks_of(markup.parse(stem)),
        "premises": [blocks_of(markup.parse(text)) for text in entry.get("premises", [])],
        "options": [
            {"letter": letter, "body": blocks_of(option)}
            for letter, option in zip(answers.LETTERS, options, strict=False)
        ],
        "columns": _columns(options),
        "lines": LINES if entry["type"] == "short" else 0,
        "parts": [
            {**_printed(n, p), "number": f"（{n}）{answers.TYPES[p['type']]}，{p['mark']} 分"}
            for n, p in enumerate(entry.get("parts", []), start=1)
        ],
    }


def _columns(options: Sequence[markup.Content]) -> int:
    longest = max((len(markup.plain(o)) for o in options), default=0)
    if any(o.pictures() for o in options):
        return 2
    return 4 if longest <= SHORT else 2 if longest <= MIDDLING else 1

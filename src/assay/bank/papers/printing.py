"""A paper for rooms without computers: the paper itself, its answer sheet, its key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.bank.models import Paper
from assay.centre.models import Centre
from assay.items import answers
from assay.items.content import markup
from assay.items.content.blocks import blocks_of
from assay.kernel import files
from assay.kernel.documents import render

TEMPLATE = Path(__file__).parent / "documents" / "paper.typ"
PARTS = {"paper": "试题卷", "sheet": "答题卡", "key": "标准答案（绝密）"}
SKILL_PARTS = {"paper": "操作技能试题"}
"""Score sheets are printed for the candidates once the version is drawn (room `marking`)."""
NUMERALS = "一二三四五六七八九十"
Content = Sequence[Mapping[str, Any]]
LINES = 6
"""Lines to write a short answer on."""
SHORT, MIDDLING = 9, 20
"""Characters of an option up to which four, or two, stand in a line."""


def parts_of(paper: Paper) -> dict[str, str]:
    """What of a paper can be printed."""
    return SKILL_PARTS if paper.specification.is_skill else PARTS


def paper_pdf(paper: Paper, part: str) -> bytes:
    """The PDF of one part of a paper that is not sealed yet; `part` is one of `parts_of`."""
    skill = paper.specification.is_skill
    sections = task_sections(paper.content) if skill else _sections(paper, paper.content, part)
    who = ["姓名＿＿＿＿＿＿＿＿", "准考证号＿＿＿＿＿＿＿＿＿＿", "单位＿＿＿＿＿＿＿＿＿＿"]
    return render_paper(
        paper.content, list(sections), title=paper.title, part=_said_of(paper, part), kind=_kind(part), mark=mark_of(paper),
        head=[] if part == "key" else who,
    )  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """One copy of a paper, for somebody: what stands under its title, and what tells it from every other copy."""

    paper: Paper
    head: list[str]
    mark: str


def copies_pdf(copies: Sequence[Copy]) -> bytes:
    """Each copy's questions, then its answer sheet. What is sealed is deciphered: only for who has taken the copies by an act."""
    papers = {copy.paper.pk: copy.paper for copy in copies}
    contents = {pk: paper.frozen() for pk, paper in papers.items()}
    parts = [(pk, part) for pk in papers for part in ("paper", "sheet")]
    sheets = [_sheet(papers[pk], contents[pk], part) for pk, part in parts]
    places = {pk: [n for n, (of, _) in enumerate(parts) if of == pk] for pk in papers}
    shown = [{"sheets": places[copy.paper.pk], "head": copy.head, "mark": copy.mark} for copy in copies]
    return _rendered(contents.values(), sheets, shown)


def _sheet(paper: Paper, content: Content, part: str) -> dict[str, Any]:
    sections = list(_sections(paper, content, part))
    return {"title": paper.title, "part": _said_of(paper, part), "kind": _kind(part), "sections": sections}


def _said_of(paper: Paper, part: str) -> str:
    return parts_of(paper)[part] + (f"　（{paper.minutes} 分钟）" if part == "paper" else "")


def _kind(part: str) -> str:
    return "paper" if part == "paper" else "list"


def mark_of(paper: Paper) -> str:
    """What tells a printed copy from every other paper: number and digest."""
    return f"编号 {paper.pk}　校验码 {paper.digest[:12]}"


def render_paper(
    content: Content,
    sections: Sequence[Mapping[str, Any]],
    *,
    title: str,
    part: str,
    kind: str,
    head: list[str],
    mark: str,
) -> bytes:
    """The PDF of sections of a paper's content, with its pictures."""
    sheet = {"title": title, "part": part, "kind": kind, "sections": sections}
    return _rendered([content], [sheet], [{"sheets": [0], "head": head, "mark": mark}])


def _rendered(
    contents: Iterable[Content], sheets: Sequence[Mapping[str, Any]], copies: Sequence[Mapping[str, Any]]
) -> bytes:
    """Copies of sheets, each beginning on a page of its own; `contents` are what stands on them, for their pictures."""
    centre = Centre.objects.get()
    pictures = {p.source for content in contents for entry in content for p in _pictures(entry)}
    kept = {digest: files.read(digest) for digest in sorted(pictures)}
    names = {digest: f"{digest[:20]}.{_suffix(picture)}" for digest, picture in kept.items()}
    data = {"centre": centre.name, "demo": centre.is_demo, "sheets": sheets, "copies": copies, "files": names}
    titles = "、".join(dict.fromkeys(sheet["title"] for sheet in sheets))
    return render(TEMPLATE, data, {names[digest]: kept[digest] for digest in kept}, title=titles, tagged=False)


def _suffix(content: bytes) -> str:
    return "png" if content.startswith(b"\x89PNG") else "jpg"


def _pictures(entry: Mapping[str, Any]) -> list[markup.Picture]:
    texts = [entry["stem"], *entry["options"], *entry.get("premises", [])]
    own = [markup.Picture(entry["image"])] if entry.get("image") else []
    below = [picture for part in entry.get("parts", []) for picture in _pictures(part)]
    return own + [p for text in texts for p in markup.parse(text).pictures()] + below


def _sections(paper: Paper, content: Content, part: str) -> Iterator[dict[str, Any]]:
    number = 0
    for n, section in enumerate(paper.sections):
        entries = [e for e in content if e["type"] == section["type"]]
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


def task_sections(content: Content) -> Iterator[dict[str, Any]]:
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

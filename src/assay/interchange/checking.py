"""Drafts against the specification and the bank: what is sound comes out as rows, all that is wrong by its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from assay.interchange import near, words
from assay.interchange.drafts import Draft, Reading, Unreadable
from assay.interchange.pictures import as_kept
from assay.interchange.tabular import TITLES
from assay.items import answers, rules
from assay.items.content import formulas, markup
from assay.items.row import ItemRow
from assay.kernel.tables import Problem

MOST_NEAR = 300


@dataclass
class Checked:
    """`rows` and `places` go together: what is sound, and where it stood. `known`: what the bank has already and is not taken
    again. `items`: how many there were, whatever became of them."""

    rows: list[ItemRow] = field(default_factory=list)
    places: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    items: int = 0
    unknown: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Against:
    """What drafts are checked against: points (code → name) of the specification, digests of stems in the bank (→ the number
    of the item), their texts (for near ones), and the point for items that name none."""

    points: Mapping[str, str]
    digests: Mapping[str, int] = field(default_factory=dict)
    stems: Mapping[int, str] = field(default_factory=dict)
    default_point: str = ""


def check(reading: Reading, against: Against, progress: Callable[[int], None] = lambda _: None) -> Checked:
    """Everything at once; nothing is written. `progress` is told how many drafts are done."""
    checked = Checked(problems=list(reading.problems), notes=list(reading.notes), unknown=reading.unknown)
    run = _Run(reading, against, checked)
    for number, draft in enumerate(reading.drafts, start=1):
        run.draft(draft)
        progress(number)
    run.near()
    return checked


@dataclass
class _Run:
    reading: Reading
    against: Against
    checked: Checked
    names: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes = {name: code for code, name in self.against.points.items()} | {c: c for c in self.against.points}
        for name, content in self.reading.pictures.items():
            self._keep(name, content)

    def _keep(self, name: str, content: bytes) -> None:
        keys = {markup.source_name(name), markup.source_name(name.removeprefix("名/"))}
        try:
            kept = as_kept(content)
        except Unreadable as broken:
            self.refused |= dict.fromkeys(keys, f"“{name.removeprefix('名/').rpartition('/')[2]}”{broken}")
            return
        digest = sha256(kept).hexdigest()
        self.checked.pictures[digest] = kept
        self.names |= dict.fromkeys(keys, digest)

    def draft(self, draft: Draft) -> None:
        self.checked.items += 1
        before = len(self.checked.problems)
        row = self._row(draft, self._point(draft))
        for part, message in rules.problems_by_part(row) if row else ():
            self._wrong(draft, part, message)
        if row is None or len(self.checked.problems) > before:
            return
        digest = rules.stem_digest(row.type, row.stem)
        where = draft.place.item or f"第 {draft.place.row} 行"
        if digest in self.against.digests:
            self.checked.known.append(
                self._said(draft, "stem", f"题干与题库中试题 {self.against.digests[digest]} 重复")
            )
        elif digest in self.seen:
            self._wrong(
                draft,
                "stem",
                f"题干与{self.seen[digest]}重复" if draft.place.row else f"题干与题 {self.seen[digest]} 重复",
            )
        else:
            self.seen[digest] = where
            self.checked.rows.append(row)
            self.checked.places.append(draft)
            return
        self.seen.setdefault(digest, where)

    def _wrong(self, draft: Draft, part: str, message: str) -> None:
        self.checked.problems.append(self._said(draft, part, message))

    def _said(self, draft: Draft, part: str, message: str) -> Problem:
        """`message` with the place that it is about."""
        titles = self.reading.titles.get(draft.place.sheet, TITLES)
        column = (
            titles.get(part, TITLES.get(part, ""))
            if draft.place.row and draft.place.sheet in self.reading.titles
            else ""
        )
        return draft.place.problem(message, column)

    def _point(self, draft: Draft) -> str:
        said = draft.point.strip()
        if not said:
            return self.against.default_point
        first = said.split()[0]
        code = self.codes.get(said) or self.codes.get(first)
        if code is None:
            self._wrong(draft, "point", f"细目表中没有鉴定点“{said[:40]}”")
        return code or ""

    def _row(self, draft: Draft, point: str) -> ItemRow | None:
        kind = draft.kind
        if kind not in answers.TYPES:
            known = "、".join(answers.TYPES.values())
            self._wrong(draft, "type", f"题型“{kind[:20] or '未填'}”不认识，可填：{known}")
            return None
        difficulty = words.difficulty_of(draft.difficulty)
        if difficulty is None:
            self._wrong(draft, "difficulty", f"难度“{draft.difficulty[:20]}”应为 1 至 5 的整数")
        stem = self._text(draft, "stem", answers.normal_stem(kind, draft.stem))
        options = tuple(self._text(draft, letter, o) for letter, o in zip(answers.LETTERS, draft.options, strict=False))
        options += draft.options[len(answers.LETTERS) :]
        premises = tuple(self._text(draft, "premises", p) for p in draft.premises)
        key = answers.normal_key(kind, draft.key)
        if kind == "short":
            key = self._text(draft, "key", key)
        return ItemRow(
            point, kind, difficulty or 3, stem, options, key, self._text(draft, "explanation", draft.explanation), premises,
            draft.reference.strip()[:200], self._parts(draft),
        )  # fmt: skip

    def _parts(self, draft: Draft) -> tuple[ItemRow, ...]:
        if draft.kind != "case":
            return ()
        parts = [self._row(part, "") for part in draft.parts]
        return tuple(part for part in parts if part is not None)

    def _text(self, draft: Draft, part: str, text: str) -> str:
        """The markup in its normal form, pictures by digest, formulas tried."""
        content = markup.parse(text)
        if content.is_plain():
            return markup.write(content)
        for formula in content.formulas():
            try:
                formulas.draw(formula.tex)
            except formulas.NotAFormula as unknown:
                self._wrong(draft, part, str(unknown))
        for picture in content.pictures():
            if picture.source not in self.names:
                refused = self.refused.get(picture.source)
                self._wrong(draft, part, refused or f"没有图片“{picture.source[:60]}”，请与文件一起上传")
        return markup.write(markup.parse(markup.Renaming(self.names).of(text)))

    def near(self) -> None:
        """Say which items nearly repeat another: for a person to look at, no hindrance. Those of the bank are named by their
        numbers alone: who imports need not be who may read them."""
        numbers, known = list(self.against.stems), list(self.against.stems.values())
        given = [_whole(row) for row in self.checked.rows]
        for told, (first, second, overlap) in enumerate(near.near_pairs(known, given)):
            if told >= MOST_NEAR:
                break
            place = self.checked.places[second - len(known)].place
            there = first < len(known)
            other = f"题库中试题 {numbers[first]} " if there else f"“{given[first - len(known)][:40]}”"
            self.checked.notes.append(place.problem(f"与{other}相近（{overlap:.0%}），请确认不是同一题"))


def _whole(row: ItemRow) -> str:
    return markup.plain(markup.parse(row.stem))

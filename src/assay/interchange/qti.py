"""QTI packages and single items of versions 2.1, 2.2 and 3.0: choice, order, match, text entry, extended text. What else an
item holds is reported by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from assay.interchange.drafts import Draft, Place, Reading, Unreadable
from assay.interchange.safety import LARGEST_PICTURE, Package, local, member_of, xml
from assay.items import answers
from assay.items.content import markup
from assay.items.content.html import Reader

DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")
_OLD = "questestinterop"
_INTERACTIONS = (
    "choiceInteraction",
    "orderInteraction",
    "matchInteraction",
    "textEntryInteraction",
    "extendedTextInteraction",
)
_VARYING = ("templateDeclaration", "templateProcessing", "printedVariable", "templateBlock", "templateInline")
"""Of items that are made anew each time they are given."""
_TITLES = {
    "inlineChoiceInteraction": "行内选择", "gapMatchInteraction": "选词填空", "hotspotInteraction": "热点", "uploadInteraction": "上传文件",
    "hottextInteraction": "热词", "associateInteraction": "关联", "graphicGapMatchInteraction": "图片填空", "sliderInteraction": "滑块",
    "drawingInteraction": "绘图", "mediaInteraction": "媒体", "customInteraction": "自定义", "selectPointInteraction": "图上选点",
    "portableCustomInteraction": "自定义", "positionObjectInteraction": "图上摆放", "graphicOrderInteraction": "图片排序",
    "graphicAssociateInteraction": "图片关联", "endAttemptInteraction": "结束作答",
}  # fmt: skip


def name_of(element: etree._Element) -> str:
    """An element's name as QTI 2 has it: `qti-choice-interaction` is choiceInteraction."""
    name = local(element.tag)
    return _camel(name[4:]) if name.startswith("qti-") else name


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _get(element: etree._Element, name: str, default: str = "") -> str:
    """An attribute by its QTI 2 name, or in the spelling of QTI 3."""
    found = element.get(name)
    if found is None:
        found = element.get(re.sub(r"([A-Z])", lambda m: "-" + m[1].lower(), name))
    return default if found is None else found.strip()


def _all(element: etree._Element, *names: str) -> list[etree._Element]:
    return [e for e in element.iter() if name_of(e) in names]


def _first(element: etree._Element, *names: str) -> etree._Element | None:
    return next(iter(_all(element, *names)), None)


def read_package(file: str, package: Package) -> Reading:
    """All items of a package, in the order of its manifest."""
    reading = Reading()
    try:
        manifest = xml(package.read(_manifest(package)))
    except Unreadable as broken:
        return reading.failed(file, f"imsmanifest.xml：{broken}")
    base = _manifest(package)
    resources = [e for e in manifest.iter() if local(e.tag) == "resource"]
    facts = {member_of(package, base, r.get("href") or ""): _metadata(r) for r in resources}
    groups: dict[str, list[Draft]] = {}
    for resource in resources:
        if not re.search(r"qti_(item|assessmentItem)", resource.get("type") or "", re.IGNORECASE):
            continue
        member = member_of(package, base, resource.get("href") or "")
        place = Place(file, item=resource.get("identifier") or member)
        try:
            root = xml(package.read(member))
            draft = _Item(place, member, package, reading).read(root)
        except Unreadable as broken:
            reading.problems.append(place.problem(str(broken)))
            continue
        if draft is None:
            continue
        draft = facts[member].of(draft)
        group = _stimulus(root, member, package)
        if group and group not in groups:
            reading.drafts.append(_group(draft, group, package, reading))
        if group:
            groups.setdefault(group, []).append(draft)
        else:
            reading.drafts.append(draft)
    reading.drafts = [
        _with_parts(d, groups[d.place.item], facts.get(d.place.item)) if d.kind == "case" else d for d in reading.drafts
    ]
    if not reading.drafts and not reading.problems:
        reading.failed(file, "压缩包里没有 QTI 试题（imsqti_item）")
    return reading


def _manifest(package: Package) -> str:
    return next((n for n in package.names() if n.rpartition("/")[2] == "imsmanifest.xml"), "imsmanifest.xml")


def _stimulus(root: etree._Element, member: str, package: Package) -> str:
    """The member of the shared stem that an item refers to."""
    reference = _first(root, "assessmentStimulusRef")
    return member_of(package, member, _get(reference, "href")) if reference is not None else ""


def _group(first: Draft, member: str, package: Package, reading: Reading) -> Draft:
    """A case group, its parts to come: the stem that items share, with the point and reference of the first of them."""
    place = Place(first.place.file, item=member)
    try:
        root = xml(package.read(member))
        body = _first(root, "stimulusBody")
        stem = _Item(place, member, package, reading).markup_of(body if body is not None else root)
    except Unreadable as broken:
        reading.problems.append(place.problem(f"案例材料读不出：{broken}"))
        stem = ""
    return Draft(place, "case", stem, point=first.point, reference=first.reference)


def _with_parts(group: Draft, parts: list[Draft], facts: _Facts | None) -> Draft:
    """The group with its parts; a record of its own says more than the first part's."""
    if facts and facts.said:
        group = facts.of(replace(group, point="", reference=""))
    return replace(group, parts=tuple(replace(p, point="") for p in parts))


@dataclass(frozen=True)
class _Facts:
    """What a LOM record says of a resource."""

    said: bool = False
    difficulty: str = ""
    point: str = ""
    reference: str = ""

    def of(self, draft: Draft) -> Draft:
        return replace(
            draft,
            difficulty=self.difficulty or draft.difficulty,
            point=self.point or draft.point,
            reference=self.reference or draft.reference,
        )


def _metadata(resource: etree._Element) -> _Facts:
    found = _Facts()
    for element in resource.iter():
        name = local(element.tag)
        words = " ".join("".join(element.itertext()).split()).lower() if isinstance(element.tag, str) else ""
        if name == "lom":
            found = replace(found, said=True)
        elif name == "difficulty":
            value = next((d for d in sorted(DIFFICULTIES, key=len, reverse=True) if d in words), "")
            found = replace(found, difficulty=str(DIFFICULTIES.index(value) + 1) if value else "")
        elif name == "taxon":
            ids = [c.text for c in element if local(c.tag) == "id" and c.text]
            found = replace(found, point=ids[0].strip() if ids else "")
        elif name == "relation":
            described = [e for e in element.iter() if local(e.tag) in ("string", "langstring") and e.text]
            found = replace(found, reference=(described[0].text or "").strip() if described else "")
    return found


def read_item(file: str, root: etree._Element) -> Reading:
    """One item in a file of its own; its pictures cannot be had."""
    reading = Reading()
    place = Place(file, item=_get(root, "identifier") or "1")
    item = _Item(place, file, None, reading).read(root)
    if item is not None:
        reading.drafts.append(item)
    return reading


@dataclass
class _Item:
    """One assessment item on its way in."""

    place: Place
    member: str
    package: Package | None
    reading: Reading

    def read(self, root: etree._Element) -> Draft | None:
        if local(root.tag) == _OLD:
            self._wrong("这是 QTI 1.2 的试题，请从原系统导出为 QTI 2.1 以上")
            return None
        if name_of(root) != "assessmentItem":
            self._wrong(f"不是 QTI 试题（根元素 {local(root.tag)[:40]}）")
            return None
        body = _first(root, "itemBody")
        if body is None:
            self._wrong("没有题目内容（itemBody）")
            return None
        varying = _first(root, *_VARYING)
        if varying is not None:
            self._wrong(f"是模板题（{name_of(varying)}），每次出的数值不同，不支持，未读入；请把数值写定后再导入")
            return None
        others = [
            name_of(e) for e in body.iter() if name_of(e).endswith("Interaction") and name_of(e) not in _INTERACTIONS
        ]
        if others:
            self._wrong(f"题型“{_TITLES.get(others[0], others[0])}”（{others[0]}）不支持，未读入")
            return None
        interactions = _all(body, *_INTERACTIONS)
        kinds = {name_of(i) for i in interactions}
        if not interactions:
            self._wrong("没有作答部分（interaction）")
            return None
        if len(interactions) > 1 and kinds != {"textEntryInteraction"}:
            self._wrong(f"一题中有 {len(interactions)} 个作答部分，不支持，请拆成几题")
            return None
        read = {
            "choiceInteraction": self._choice, "orderInteraction": self._order, "matchInteraction": self._match,
            "textEntryInteraction": self._entries, "extendedTextInteraction": self._extended,
        }[name_of(interactions[0])]  # fmt: skip
        draft = read(root, body, interactions)
        self._unread_rubrics(body, draft)
        return replace(draft, explanation=self._explanation(root)) if draft else None

    def _unread_rubrics(self, body: etree._Element, draft: Draft | None) -> None:
        """Words for those who mark or teach have a place in short answers alone."""
        others = [r for r in _all(body, "rubricBlock") if not _is_instruction(r)]
        if draft is None or draft.kind == "short":
            others = [r for r in others if draft is not None and "scorer" not in _get(r, "view")]
        for rubric in others:
            said = " ".join("".join(rubric.itertext()).split())[:40]
            self.reading.notes.append(self.place.problem(f"给{_get(rubric, 'view')}看的说明“{said}”没有读入"))

    def _wrong(self, message: str) -> None:
        self.reading.problems.append(self.place.problem(message))

    def markup_of(self, element: etree._Element, *, without: tuple[str, ...] = ()) -> str:
        """The content of an element; a text entry in it becomes a blank, elements named in `without` stay out."""

        def taken(found: etree._Element) -> str | None:
            name = name_of(found)
            if name == "textEntryInteraction":
                return markup.BLANK
            return "" if name in without and not _is_instruction(found) else None

        reader = Reader(self._picture, taken)
        nodes: list[etree._Element | str] = [element.text or ""]
        for child in element:
            nodes += [child, child.tail or ""]
        written = reader.markup_of(nodes)
        self.reading.notes += [self.place.problem(lost) for lost in dict.fromkeys(reader.lost)]
        return written

    def _picture(self, source: str) -> str:
        if self.package is None:
            return ""
        name = member_of(self.package, self.member, source)
        if not name or name not in self.package:
            return ""
        if name not in self.reading.pictures:
            try:
                self.reading.pictures[name] = self.package.read(name, LARGEST_PICTURE)
            except Unreadable as broken:
                self.reading.notes.append(self.place.problem(str(broken)))
                return ""
        return name

    def _stem(self, body: etree._Element, interaction: etree._Element) -> str:
        stem = self.markup_of(body, without=(name_of(interaction), "rubricBlock", "modalFeedback", "feedbackBlock"))
        prompt = next((e for e in interaction if name_of(e) == "prompt"), None)
        asked = self.markup_of(prompt) if prompt is not None else ""
        return "\n".join(part for part in (stem, asked) if part)

    def _correct(self, root: etree._Element, interaction: etree._Element) -> list[str]:
        wanted = _get(interaction, "responseIdentifier")
        for declaration in _all(root, "responseDeclaration"):
            if _get(declaration, "identifier") == wanted:
                correct = _first(declaration, "correctResponse")
                values = _all(correct, "value") if correct is not None else []
                return ["".join(v.itertext()).strip() for v in values]
        return []

    def _choices(self, interaction: etree._Element) -> dict[str, str]:
        return {
            _get(c, "identifier"): self.markup_of(c, without=("feedbackInline",))
            for c in interaction
            if name_of(c) in ("simpleChoice", "simpleAssociableChoice")
        }

    def _choice(self, root: etree._Element, body: etree._Element, found: list[etree._Element]) -> Draft | None:
        choices = self._choices(found[0])
        correct = self._correct(root, found[0])
        stem = self._stem(body, found[0])
        truths = [
            answers.normal_key("true_false", name if name in ("true", "false") else said)
            for name, said in choices.items()
        ]
        if sorted(truths) == sorted([answers.TRUE, answers.FALSE]):
            key = dict(zip(choices, truths, strict=True)).get(correct[0], "") if correct else ""
            return Draft(self.place, "true_false", stem, key=key)
        kind = "single" if self._is_single(root, found[0]) else "multiple"
        return self._lettered(kind, stem, choices, correct)

    def _is_single(self, root: etree._Element, interaction: etree._Element) -> bool:
        wanted = _get(interaction, "responseIdentifier")
        declared = [d for d in _all(root, "responseDeclaration") if _get(d, "identifier") == wanted]
        cardinality = _get(declared[0], "cardinality") if declared else ""
        return cardinality == "single" or (not cardinality and _get(interaction, "maxChoices", "1") == "1")

    def _lettered(self, kind: str, stem: str, choices: dict[str, str], correct: list[str]) -> Draft:
        names = list(choices)
        letters = [
            answers.LETTERS[names.index(c)] for c in correct if c in names and names.index(c) < len(answers.LETTERS)
        ]
        return Draft(self.place, kind, stem, options=tuple(choices.values()), key="".join(letters))

    def _order(self, root: etree._Element, body: etree._Element, found: list[etree._Element]) -> Draft:
        return self._lettered(
            "ordering", self._stem(body, found[0]), self._choices(found[0]), self._correct(root, found[0])
        )

    def _match(self, root: etree._Element, body: etree._Element, found: list[etree._Element]) -> Draft | None:
        sets = [e for e in found[0] if name_of(e) == "simpleMatchSet"]
        if len(sets) != 2:
            self._wrong("匹配题应有左右两列（simpleMatchSet）")
            return None
        left, right = self._choices(sets[0]), self._choices(sets[1])
        pairs = [value.split() for value in self._correct(root, found[0])]
        names = list(right)
        matched = {pair[0]: names.index(pair[1]) for pair in pairs if len(pair) == 2 and pair[1] in names}
        if len(matched) < len(pairs) or any(n >= len(answers.LETTERS) for n in matched.values()):
            self._wrong("匹配题的答案中有左列一项对右列几项，或指向不存在的选项，不支持")
            return None
        key = "".join(answers.LETTERS[matched[name]] for name in left if name in matched)
        stem = self._stem(body, found[0])
        return Draft(self.place, "matching", stem, tuple(right.values()), tuple(left.values()), key)

    def _entries(self, root: etree._Element, body: etree._Element, found: list[etree._Element]) -> Draft:
        stem = self.markup_of(body, without=("rubricBlock", "modalFeedback", "feedbackBlock"))
        return Draft(self.place, "fill", stem, key=answers.BETWEEN_BLANKS.join(self._wordings(root, e) for e in found))

    def _wordings(self, root: etree._Element, entry: etree._Element) -> str:
        """The wordings of one blank: its correct responses, the keys of its mapping, its tolerance."""
        wanted = _get(entry, "responseIdentifier")
        correct = self._correct(root, entry)
        for declaration in _all(root, "responseDeclaration"):
            if _get(declaration, "identifier") == wanted:
                correct += [
                    _get(m, "mapKey") for m in _all(declaration, "mapEntry") if _positive(_get(m, "mappedValue"))
                ]
        tolerance = next(_tolerances(root, wanted), "")
        if tolerance and correct:
            return f"{correct[0]}±{tolerance}"
        return answers.BETWEEN_WORDINGS.join(dict.fromkeys(c for c in correct if c))

    def _extended(self, root: etree._Element, body: etree._Element, found: list[etree._Element]) -> Draft:
        rubrics = [r for r in _all(body, "rubricBlock") if "scorer" in _get(r, "view") and not _is_instruction(r)]
        key = "\n".join(self.markup_of(r) for r in rubrics) or "\n".join(self._correct(root, found[0]))
        return Draft(self.place, "short", self._stem(body, found[0]), key=key)

    def _explanation(self, root: etree._Element) -> str:
        return "\n".join(filter(None, (self.markup_of(f) for f in root if name_of(f) == "modalFeedback")))


def _is_instruction(element: etree._Element) -> bool:
    """What candidates are told before the question («answer from this drawing»): a part of the stem."""
    return name_of(element) == "rubricBlock" and "candidate" in (_get(element, "view") or "candidate").split()


def _positive(value: str) -> bool:
    try:
        return float(value) > 0
    except ValueError:
        return False


def _tolerances(root: etree._Element, identifier: str) -> Iterator[str]:
    for equal in _all(root, "equal"):
        if any(_get(v, "identifier") == identifier for v in _all(equal, "variable")):
            given = _get(equal, "tolerance").split()
            if given and _get(equal, "toleranceMode") == "absolute":
                yield given[0]

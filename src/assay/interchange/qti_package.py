"""A QTI 3.0 package: one file for each item, one for each case, a manifest with LOM records, the pictures."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from lxml import etree
from lxml.builder import ElementMaker

from assay.interchange.outgoing import Outgoing, OutItem, pictures_in
from assay.interchange.qti import DIFFICULTIES
from assay.items import answers
from assay.items.content import formulas, markup
from assay.items.content.html import to_html

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/LOM"
MATCH = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"
MAPPED = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response"

E = ElementMaker(namespace=QTI, nsmap={None: QTI})
P = ElementMaker(namespace=PACKAGE, nsmap={None: PACKAGE})
L = ElementMaker(namespace=LOM, nsmap={None: LOM})


def write(bank: Outgoing) -> bytes:
    """The package as a ZIP."""
    buffer = io.BytesIO()
    resources: list[etree._Element] = []
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:

        def add(name: str, kind: str, root: etree._Element, item: OutItem, needs: Sequence[str] = ()) -> None:
            package.writestr(name, etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
            resources.append(_resource(bank, name, kind, item, needs))

        for item in bank.items:
            if item.kind != "case":
                add(f"items/i{item.number}.xml", "imsqti_item_xmlv3p0", _item(bank, item, None), item)
                continue
            shared = f"stimuli/s{item.number}.xml"
            add(shared, "imsqti_stimulus_xmlv3p0", _stimulus(bank, item), item)
            for n, part in enumerate(item.parts, start=1):
                name = f"items/i{item.number}-{n}.xml"
                add(name, "imsqti_item_xmlv3p0", _item(bank, part, shared, f"{item.number}-{n}"), part, [shared])
        for digest, content in bank.pictures.items():
            package.writestr(f"images/{bank.picture_name(digest)}", content)
        package.writestr("imsmanifest.xml", _manifest(bank, resources))
    return buffer.getvalue()


def _manifest(bank: Outgoing, resources: list[etree._Element]) -> bytes:
    metadata = P.metadata(P.schema("QTI Package"), P.schemaversion("3.0.0"))
    root = P.manifest(metadata, P.organizations(), P.resources(*resources), identifier="MANIFEST")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _identifier(name: str) -> str:
    return "R-" + name.rpartition("/")[2].partition(".")[0]


def _resource(bank: Outgoing, name: str, kind: str, item: OutItem, needs: Sequence[str]) -> etree._Element:
    shown = [
        f"images/{bank.picture_name(d)}" for d in (pictures_in(item) if item.kind != "case" else _own_pictures(item))
    ]
    return P.resource(
        P.metadata(_lom(item)),
        P.file(href=name),
        *[P.file(href=f) for f in shown],
        *[P.dependency(identifierref=_identifier(n)) for n in needs],
        identifier=_identifier(name), type=kind, href=name,
    )  # fmt: skip


def _own_pictures(case: OutItem) -> list[str]:
    return [p.source for p in markup.parse(case.stem).pictures()]


def _lom(item: OutItem) -> etree._Element:
    lom = L.lom(
        L.educational(L.difficulty(L.source("LOMv1.0"), L.value(DIFFICULTIES[item.difficulty - 1]))),
    )
    if item.reference:
        words = L.string(item.reference)
        lom.append(L.relation(L.kind(L.source("LOMv1.0"), L.value("isbasedon")), L.resource(L.description(words))))
    if item.point:
        lom.append(L.classification(L.taxonPath(L.source(L.string("鉴定点")), L.taxon(L.id(item.point)))))
    return lom


def _content(bank: Outgoing, text: str, depth: str = "../") -> list[etree._Element]:
    """A marked-up text as XHTML elements of the item's namespace."""
    content = markup.parse(text)
    html = to_html(content, lambda p: f"{depth}images/{bank.picture_name(p.source)}", _formula)
    return list(etree.fromstring(f'<div xmlns="{QTI}">{html}</div>'))


def _formula(tex: str) -> str:
    return etree.tostring(formulas.to_mathml(tex), encoding="unicode")


def _stimulus(bank: Outgoing, case: OutItem) -> etree._Element:
    body = E("qti-stimulus-body", *_content(bank, case.stem))
    return E("qti-assessment-stimulus", body, identifier=f"s{case.number}", title=f"案例 {case.number}")


def _item(bank: Outgoing, item: OutItem, stimulus: str | None, number: str = "") -> etree._Element:
    number = number or str(item.number)
    root = E(
        "qti-assessment-item",
        identifier=f"i{number}",
        title=f"试题 {number}",
        adaptive="false",
        **{"time-dependent": "false"},
    )
    body, declared, processing = _PARTS[item.kind](bank, item)
    for declaration in declared:
        root.append(declaration)
    root.append(E("qti-outcome-declaration", identifier="SCORE", cardinality="single", **{"base-type": "float"}))
    if stimulus:
        root.append(E("qti-assessment-stimulus-ref", identifier=_identifier(stimulus), href=f"../{stimulus}"))
    root.append(E("qti-item-body", *body))
    if processing is not None:
        root.append(processing)
    if item.explanation:
        feedback = E("qti-content-body", *_content(bank, item.explanation))
        shown = {"outcome-identifier": "FEEDBACK", "show-hide": "show", "identifier": "explanation"}
        root.append(E("qti-modal-feedback", feedback, **shown))
    return root


_Made = tuple[list[etree._Element], list[etree._Element], etree._Element | None]


def _declaration(
    name: str, cardinality: str, base: str, values: Sequence[str], *others: etree._Element
) -> etree._Element:
    correct = E("qti-correct-response", *[E("qti-value", value) for value in values])
    return E(
        "qti-response-declaration", correct, *others, identifier=name, cardinality=cardinality, **{"base-type": base}
    )


def _template(address: str) -> etree._Element:
    return E("qti-response-processing", template=address)


def _choice_names(item: OutItem) -> list[str]:
    return [f"C{answers.LETTERS[n]}" for n in range(len(item.options))]


def _choices(
    bank: Outgoing, tag: str, texts: Sequence[str], names: Sequence[str], **attributes: str
) -> list[etree._Element]:
    return [E(tag, *_content(bank, t), identifier=n, **attributes) for t, n in zip(texts, names, strict=True)]


def _choice(bank: Outgoing, item: OutItem) -> _Made:
    single = item.kind == "single"
    interaction = E(
        "qti-choice-interaction", *_choices(bank, "qti-simple-choice", item.options, _choice_names(item)),
        **{"response-identifier": "RESPONSE", "shuffle": "true", "max-choices": "1" if single else "0"},
    )  # fmt: skip
    correct = [f"C{letter}" for letter in item.key]
    declared = _declaration("RESPONSE", "single" if single else "multiple", "identifier", correct)
    return [*_content(bank, item.stem), interaction], [declared], _template(MATCH)


def _truth(bank: Outgoing, item: OutItem) -> _Made:
    choices = [
        E("qti-simple-choice", words, identifier=name)
        for name, words in (("true", answers.TRUE), ("false", answers.FALSE))
    ]
    interaction = E("qti-choice-interaction", *choices, **{"response-identifier": "RESPONSE", "max-choices": "1"})
    declared = _declaration("RESPONSE", "single", "identifier", ["true" if item.key == answers.TRUE else "false"])
    return [*_content(bank, item.stem), interaction], [declared], _template(MATCH)


def _order(bank: Outgoing, item: OutItem) -> _Made:
    interaction = E(
        "qti-order-interaction", *_choices(bank, "qti-simple-choice", item.options, _choice_names(item)),
        **{"response-identifier": "RESPONSE", "shuffle": "true"},
    )  # fmt: skip
    declared = _declaration("RESPONSE", "ordered", "identifier", [f"C{letter}" for letter in item.key])
    return [*_content(bank, item.stem), interaction], [declared], _template(MATCH)


def _match(bank: Outgoing, item: OutItem) -> _Made:
    names = [f"P{n}" for n in range(1, len(item.premises) + 1)]
    one = {"match-max": "1"}
    many = {"match-max": str(len(item.premises))}
    left = E("qti-simple-match-set", *_choices(bank, "qti-simple-associable-choice", item.premises, names, **one))
    right = E(
        "qti-simple-match-set",
        *_choices(bank, "qti-simple-associable-choice", item.options, _choice_names(item), **many),
    )
    attributes = {"response-identifier": "RESPONSE", "shuffle": "true", "max-associations": str(len(item.premises))}
    pairs = [f"{name} C{letter}" for name, letter in zip(names, item.key, strict=True)]
    declared = _declaration("RESPONSE", "multiple", "directedPair", pairs)
    return (
        [*_content(bank, item.stem), E("qti-match-interaction", left, right, **attributes)],
        [declared],
        _template(MATCH),
    )


def _fill(bank: Outgoing, item: OutItem) -> _Made:
    body = _content(bank, item.stem)
    blanks = answers.blanks_of(item.key)
    _entries_into(body, len(blanks))
    declared, equals = [], []
    for n, wordings in enumerate(blanks, start=1):
        value, _, tolerance = wordings[0].partition("±")
        if tolerance and answers.is_tolerance(wordings[0]):
            declared.append(_declaration(f"R{n}", "single", "float", [value]))
            equals.append(_equal(f"R{n}", tolerance))
            continue
        entries = [E("qti-map-entry", **{"map-key": w, "mapped-value": "1"}) for w in wordings]
        mapping = E("qti-mapping", *entries, **{"default-value": "0"})
        declared.append(_declaration(f"R{n}", "single", "string", [wordings[0]], mapping))
        equals.append(E("qti-map-response", identifier=f"R{n}"))
    score = E("qti-set-outcome-value", E("qti-sum", *equals), identifier="SCORE")
    return body, declared, E("qti-response-processing", score)


def _equal(name: str, tolerance: str) -> etree._Element:
    compared = E(
        "qti-equal", E("qti-variable", identifier=name), E("qti-correct", identifier=name),
        **{"tolerance-mode": "absolute", "tolerance": f"{tolerance} {tolerance}"},
    )  # fmt: skip
    return compared


def _entries_into(body: Sequence[etree._Element], count: int) -> None:
    """Put a text entry in the place of each blank, in order."""
    entries = [E("qti-text-entry-interaction", **{"response-identifier": f"R{n}"}) for n in range(count, 0, -1)]

    def cut(words: str | None) -> tuple[str | None, list[etree._Element]]:
        first, *rest = (words or "").split(markup.BLANK)
        made = []
        for tail in rest:
            entry = entries.pop()
            entry.tail = tail
            made.append(entry)
        return (first if rest else words), made

    def fill(element: etree._Element) -> None:
        children = list(element)
        element.text, made = cut(element.text)
        for n, entry in enumerate(made):
            element.insert(n, entry)
        for child in children:
            if not child.tag.startswith(f"{{{formulas.MATHML}}}"):
                fill(child)
            child.tail, made = cut(child.tail)
            at = element.index(child) + 1
            for n, entry in enumerate(made):
                element.insert(at + n, entry)

    for block in body:
        fill(block)
    assert not entries, "a fill-in has as many blanks as its key has parts"


def _short(bank: Outgoing, item: OutItem) -> _Made:
    rubric = E("qti-rubric-block", E("qti-content-body", *_content(bank, item.key)), use="scoring", view="scorer")
    interaction = E("qti-extended-text-interaction", **{"response-identifier": "RESPONSE"})
    declared = E("qti-response-declaration", identifier="RESPONSE", cardinality="single", **{"base-type": "string"})
    return [*_content(bank, item.stem), interaction, rubric], [declared], None


_PARTS = {
    "single": _choice, "multiple": _choice, "true_false": _truth, "ordering": _order, "matching": _match, "fill": _fill,
    "short": _short,
}  # fmt: skip

"""Formulas: TeX as experts write it, MathML as other systems do, SVG as everyone sees it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

MATHML = "http://www.w3.org/1998/Math/MathML"
LONGEST = 2000
EM = 24.0
"""Points of an em at which formulas are drawn; sizes are given in em."""
BESIDE_CHINESE = 1.15
"""The letters of a formula are small beside Chinese characters of the same em."""


class NotAFormula(ValueError):
    """TeX that cannot be drawn, or MathML that cannot be written as TeX."""


@dataclass(frozen=True)
class Drawing:
    """An SVG. `height` and `drop` (how far it hangs below the line) in em of the text around it."""

    svg: bytes
    height: float
    drop: float


@lru_cache(maxsize=4096)
def draw(tex: str) -> Drawing:
    """A formula as a picture; NotAFormula when it is not understood."""
    if len(tex) > LONGEST:
        raise NotAFormula(f"公式超过 {LONGEST} 个字符")
    import ziamath  # it reads its fonts, which few commands need

    try:
        drawn = ziamath.Latex(tex, size=EM, inline=True)
        _, height = drawn.getsize()
        scale = BESIDE_CHINESE / EM
        return Drawing(drawn.svg().encode(), round(height * scale, 4), round(-drawn.getyofst() * scale, 4))
    except Exception as broken:  # ziamath fails in many ways (AssertionError, IndexError …) on what it cannot read
        raise NotAFormula(f"公式 {tex[:40]} 不能识别，请检查括号和命令") from broken


def to_mathml(tex: str) -> etree._Element:
    """MathML with the TeX kept in it as an annotation, so that it comes back the same."""
    from latex2mathml.converter import convert

    try:
        presentation = etree.fromstring(convert(tex).encode())
    except Exception as broken:  # as above: many kinds
        raise NotAFormula(f"公式 {tex[:40]} 不能识别") from broken
    root = etree.Element(f"{{{MATHML}}}math", nsmap={None: MATHML})
    semantics = etree.SubElement(root, f"{{{MATHML}}}semantics")
    row = etree.SubElement(semantics, f"{{{MATHML}}}mrow")
    row.extend(list(presentation))
    etree.SubElement(semantics, f"{{{MATHML}}}annotation", encoding="application/x-tex").text = tex
    return root


def from_mathml(root: etree._Element) -> str:
    """TeX of a MathML element: its own annotation if it has one, else written from the usual elements."""
    for annotation in root.iter(f"{{{MATHML}}}annotation", "annotation"):
        if "tex" in (annotation.get("encoding") or "").lower() and annotation.text:
            return annotation.text.strip()
    tex = _tex(root).strip()
    if not tex:
        raise NotAFormula("公式是空的")
    return tex


_COMMANDS = {
    "×": r"\times ", "÷": r"\div ", "±": r"\pm ", "·": r"\cdot ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ",
    "∞": r"\infty ", "∑": r"\sum ", "∫": r"\int ", "√": r"\surd ", "→": r"\to ", "°": r"^\circ ", "π": r"\pi ", "α": r"\alpha ",
    "β": r"\beta ", "γ": r"\gamma ", "θ": r"\theta ", "λ": r"\lambda ", "μ": r"\mu ", "ρ": r"\rho ", "σ": r"\sigma ",
    "φ": r"\varphi ", "ω": r"\omega ", "Ω": r"\Omega ", "Δ": r"\Delta ", "η": r"\eta ", "τ": r"\tau ", "−": "-", "%": r"\% ",
    "&": r"\& ", "#": r"\# ", "_": r"\_ ", "{": r"\{ ", "}": r"\} ", "\\": r"\backslash ", "\u2061": "", "\u2062": "",
}  # fmt: skip


def escaped(words: str) -> str:
    """Signs of a formula as TeX commands."""
    return "".join(_COMMANDS.get(c, c) for c in words)


def _tex(element: etree._Element) -> str:
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    children = [_tex(child) for child in element if isinstance(child.tag, str)]
    words = escaped((element.text or "").strip())
    if name in ("math", "mrow", "mstyle", "semantics", "mpadded", "mphantom", "mtd"):
        return "".join(children) if name != "semantics" else "".join(children[:1])
    if name in ("mi", "mn", "mo"):
        return words if len(words) <= 1 or name != "mi" or words.startswith("\\") else rf"\mathrm{{{words}}}"
    if name in ("mtext", "ms"):
        return rf"\text{{{words}}}"
    if name == "mspace":
        return " "
    if name in ("annotation", "annotation-xml"):
        return ""
    if name == "msqrt":
        return rf"\sqrt{{{''.join(children)}}}"
    if name == "mfenced":
        joined = ",".join(children)
        return rf"\left{element.get('open', '(')}{joined}\right{element.get('close', ')')}"
    if name == "mtable":
        rows = r" \\ ".join(children)
        return rf"\begin{{matrix}}{rows}\end{{matrix}}"
    if name in ("mtr", "mlabeledtr"):
        return " & ".join(children)
    return _with_parts(name, children)


_PARTS = {
    "mfrac": r"\frac{%s}{%s}", "msup": "%s^{%s}", "msub": "%s_{%s}", "msubsup": "%s_{%s}^{%s}", "mroot": r"\sqrt[%2]{%1}",
    "mover": r"\overset{%2}{%1}", "munder": "%s_{%s}", "munderover": "%s_{%s}^{%s}",
}  # fmt: skip
_BASED = ("msup", "msub", "msubsup", "munder", "munderover")


def _with_parts(name: str, parts: list[str]) -> str:
    pattern = _PARTS.get(name)
    if pattern is None:
        raise NotAFormula(f"公式中的 {name or '内容'} 不能识别")
    wanted = 3 if name in ("msubsup", "munderover") else 2
    if len(parts) != wanted:
        raise NotAFormula(f"公式中的 {name} 不完整")
    if name in _BASED and not re.fullmatch(r"\w|\\[a-z]+ ?", parts[0]):
        parts = [f"{{{parts[0]}}}", *parts[1:]]
    if "%1" in pattern:
        return pattern.replace("%1", parts[0]).replace("%2", parts[1])
    return pattern % tuple(parts)

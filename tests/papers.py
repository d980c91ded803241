"""What stands on a paper."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from itertools import combinations


def text_of(pdf: bytes) -> str:
    """The words of a paper without the spaces and breaks between them."""
    said = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(said.stdout.decode().split())


@dataclass(frozen=True)
class Word:
    """Signs that stand together, and the rectangle that they fill on their page, in points from its upper left corner."""

    said: str
    left: float
    top: float
    right: float
    bottom: float

    def lies_on(self, other: Word) -> bool:
        """Whether the two cover each other by more than a hair."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 4


_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def pages_of(pdf: bytes) -> list[list[Word]]:
    """The words of each page with their places."""
    said = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [
        [Word(word, *map(float, place)) for *place, word in _WORD.findall(page)]
        for page in said.split("<page ")[1:]
    ]  # fmt: skip


def overprinted(pdf: bytes) -> list[tuple[str, str]]:
    """What stands on top of something else, on any page."""
    return [(a.said, b.said) for page in pages_of(pdf) for a, b in combinations(page, 2) if a.lies_on(b)]


def about(pdf: bytes) -> dict[str, str]:
    """What a file says of itself: Title, CreationDate, and by which standards (part, conformance) it is made."""
    said = {}
    for option in ([], ["-meta"]):
        ran = subprocess.run(["pdfinfo", *option, "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        said.update(re.findall(r"^(\w+):\s*(.*)$", ran, re.MULTILINE))
        said.update(re.findall(r"<(pdf\w+id:\w+)>([^<]*)<", ran))
    return said


def feet_of(pdf: bytes) -> list[str]:
    """The lowest line of each page."""
    lowest = [(page, max(word.bottom for word in page)) for page in pages_of(pdf)]
    return ["".join(word.said for word in page if word.bottom > low - 3) for page, low in lowest]

"""The parts of an assessment (national standards §1.9): the theory exam, operation skill, and from level 2 up the comprehensive
review. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Part(StrEnum):
    THEORY = "theory"
    SKILL = "skill"
    REVIEW = "review"


SHORT: Mapping[str, str] = {Part.THEORY: "理论", Part.SKILL: "技能", Part.REVIEW: "综合评审"}
"""As columns and sentences call them."""
IN_FULL: Mapping[str, str] = {Part.THEORY: "理论知识考试", Part.SKILL: "操作技能考核", Part.REVIEW: "综合评审"}
"""As sessions, seats and score sheets call them."""
BY_PANEL = (Part.SKILL, Part.REVIEW)
"""What a panel of examiners assesses."""


def choices(titles: Mapping[str, str], parts: tuple[Part, ...] = tuple(Part)) -> list[tuple[str, str]]:
    """For a column: what is kept, and what people read."""
    return [(part.value, titles[part]) for part in parts]

"""What a duty is, in words: nobody has to know its code."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from assay.centre.duties import in_words

register = template.Library()


@register.filter
def duty_text(code: str) -> str:
    return in_words([code])


@register.filter
def duty_texts(codes: Iterable[str]) -> str:
    return in_words(codes)

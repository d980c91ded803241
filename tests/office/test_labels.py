"""Every field of every form has a Chinese name: none is left to what Django makes of its English one."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.urls import get_resolver

ALLOWED: dict[str, str] = {}
"""Labels of Latin letters alone, each with its reason."""


def forms_of_the_office() -> Iterator[type[forms.BaseForm]]:
    """All that are declared; opening the addresses has loaded them."""
    assert get_resolver().url_patterns
    waiting = list(forms.BaseForm.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("assay."):
            yield one


def test_no_field_of_any_form_goes_by_an_english_name() -> None:
    found = {
        f"{form.__module__}.{form.__name__}.{name}: {field.label}"
        for form in forms_of_the_office()
        for name, field in getattr(form, "base_fields", {}).items()
        if str(field.label or "").isascii() and field.label not in ALLOWED
    }
    assert sorted(found) == []

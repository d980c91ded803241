"""The sign-ins that the demo prints."""

from __future__ import annotations

from assay.applications.models import Person
from assay.demo.posts import OTHER_HEADS, SIGN_INS


def sign_ins() -> list[tuple[str, str]]:
    """(user name, what it is for); the demo's candidate signs in by ID number."""
    candidate = Person.objects.filter(account__isnull=False).order_by("pk").first()
    own = [(candidate.id_number, f"考生 {candidate.name}（从“考生登录”进入）")] if candidate else []
    return [*SIGN_INS, *OTHER_HEADS, *own]

"""What the centre writes about its schemes reaches candidates as words, never as parts of their pages."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import assay
from assay.catalogue.models import CreditScheme
from tests import factories as f

pytestmark = pytest.mark.django_db
WORDS = '<i hx-post="/sign-out/" hx-trigger="load">办法</i>'


def page_of_an_application() -> str:
    f.centre()
    row = f.scope_row()
    batch = f.batch("process", stage="apply", lines=[(row, "4", 10)])
    CreditScheme.objects.create(
        scope_row=row, level=f.level(), name=WORDS, courses=[{"name": WORDS, "kind": "theory"}],
        credits_needed=Decimal(4),
    )  # fmt: skip
    client = Client()
    client.force_login(f.candidate(f.person()), "django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("portal:apply", args=[batch.pk])).content.decode()


def test_the_name_of_a_scheme_is_shown_as_it_is_written() -> None:
    page = page_of_an_application()
    assert "<i hx-post" not in page
    assert page.count("&lt;i hx-post=&quot;/sign-out/&quot;") == 2


def test_a_candidates_page_has_neither_htmx_nor_a_token_that_it_would_send_along() -> None:
    page = page_of_an_application()
    assert "htmx" not in page
    assert "hx-headers" not in page


def test_no_page_takes_words_for_a_part_of_itself() -> None:
    pages = [page for folder in assay.__path__ for page in Path(folder).glob("**/templates/**/*.*")]
    assert len(pages) > 100
    assert [page.name for page in pages if re.search(r"\|\s*safe|autoescape", page.read_text(encoding="utf-8"))] == []

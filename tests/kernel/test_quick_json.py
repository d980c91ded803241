"""A document written by the faster encoder is the document that was given, and no migration follows from it."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from hypothesis import given

from assay.kernel.quick_json import QuickEncoder
from tests.kernel.json_values import VALUES


@given(VALUES)
def test_what_was_written_reads_the_same(value: object) -> None:
    assert json.loads(json.dumps(value, cls=QuickEncoder)) == value


@pytest.mark.django_db
def test_the_models_need_no_further_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

"""Every act of the product is known before any page is opened."""

from __future__ import annotations

import subprocess
import sys

import pytest

from assay.kernel.acts import Context, act

LATER = (
    "import django; django.setup();"
    "from assay.kernel.acts import declared; from django.urls import get_resolver;"
    "before = {one.name for one in declared()}; assert len(before) > 120, len(before);"
    "assert get_resolver().url_patterns;"
    "import assay.office.urls, assay.rehearsal.play, assay.rehearsal.demonstration;"
    "print(sorted({one.name for one in declared()} - before))"
)


def test_opening_every_page_declares_no_act_that_was_not_known_before() -> None:
    done = subprocess.run([sys.executable, "-c", LATER], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_an_act_outside_the_modules_that_are_loaded_at_the_start_is_refused() -> None:
    def body(ctx: Context) -> None:
        ctx.note = "试"

    body.__module__ = "assay.exam.running"
    with pytest.raises(RuntimeError, match="an act stands in `acts`"):
        act("tests.beside_a_page", duty="E8", title="试")(body)
    body.__module__ = "assay.exam.acts.announcing"
    act("tests.in_its_place", duty="E8", title="试")(body)

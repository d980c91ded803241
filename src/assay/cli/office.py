"""Getting the office ready for a command: Django set up, the database there and up to date."""

from __future__ import annotations

import os


def setup() -> None:
    """Set Django up with the office's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")
    import django

    django.setup()


def prepare() -> None:
    """Set up, and bring the database up to date (makes it when it is not there)."""
    setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.VAR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)

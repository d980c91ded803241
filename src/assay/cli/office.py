"""Getting the office ready for a command: Django set up, the database there and up to date."""

from __future__ import annotations

import contextlib
import os

import click


def setup() -> None:
    """Set Django up with the office's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")
    import django

    django.setup()


def prepare() -> None:
    """Set up, bring the database up to date, and see that it was written with our keys."""
    migrated()
    look_at_keys()


def migrated() -> None:
    """Set up, and bring the database up to date (makes it when it is not there)."""
    setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.VAR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)


def look_at_keys() -> None:
    """A secrets file that is lost or another's is told before anything is read or written with it."""
    from assay.centre import keys
    from assay.centre.actors import SYSTEM
    from assay.centre.acts import register_keys
    from assay.kernel.refusals import Refused

    found = keys.missing()
    if found:
        raise click.ClickException(keys.sentence(found))
    if keys.unregistered():
        with contextlib.suppress(Refused):  # another process was first
            register_keys(SYSTEM)

"""Before the site starts: the secrets file at hand is the one that the database was written with. `assay serve` has looked already;
whoever runs the site in another way is told here."""

from __future__ import annotations

import os

import django
from django.db import OperationalError, connection

from assay.kernel.secrets import NoSecrets


def set_up() -> None:
    """Django with the office's settings. Ends the program with a sentence when the secrets do not fit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")
    try:
        django.setup()
    except NoSecrets as wrong:
        raise SystemExit(str(wrong)) from wrong
    from assay.centre import keys

    try:
        wrong_file = keys.misfit()
    except OperationalError:  # the database is away just now: pages say so, and nothing is read or written
        return
    finally:
        connection.close()  # requests have connections of their own
    if wrong_file:
        raise SystemExit(wrong_file)

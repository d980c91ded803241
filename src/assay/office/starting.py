"""Before the site starts: the secrets file at hand is the one that the database was written with. `assay serve` has looked already;
whoever runs the site in another way is told here."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

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
    with ThreadPoolExecutor(1) as aside:  # who serves the site may have begun its loop, in which no database is asked
        if wrong_file := aside.submit(_misfit).result():
            raise SystemExit(wrong_file)


def _misfit() -> str:
    from assay.centre import keys

    try:
        return keys.misfit()
    except OperationalError:  # the database is away just now: pages say so, and nothing is read or written
        return ""
    finally:
        connection.close()  # requests have connections of their own

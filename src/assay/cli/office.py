"""Getting the office ready for a command: Django set up, the database there and up to date."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
from pathlib import Path

import click


def require_secrets() -> None:
    """Before the settings make new secrets: a backup opens with those of then only."""
    var = Path(os.environ.get("ASSAY_VAR", "var"))
    file = Path(os.environ.get("ASSAY_SECRETS") or var / "secrets.json").resolve()
    if not file.exists():
        raise click.ClickException(
            f"没有密钥文件 {file}，没有恢复：请先放回与备份分开保管的那一份（或用 ASSAY_SECRETS 指明）"
        )


def setup() -> None:
    """Set Django up with the office's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.office.settings")
    import django

    from assay.kernel.secrets import NoSecrets

    try:
        django.setup()
    except NoSecrets as wrong:
        raise click.ClickException(str(wrong)) from wrong
    from django.db import connections

    gc.freeze()  # what is loaded stays: a command over many rows would look through it for garbage again and again
    atexit.register(
        connections.close_all
    )  # what is frozen closes nothing, and SQLite would leave its log beside the file


def ready() -> None:
    """Set up for a database that is there and ours."""
    setup()
    refuse_others_keys()


def prepare() -> None:
    """Set up, bring the database up to date, see that it was written with our keys, that the ledger says of each row all that it
    covers, and that nothing lies open beside it."""
    migrated()
    register_new_keys()
    from assay.cli.files import encipher_if_due
    from assay.cli.ledger import record_anew_if_due

    record_anew_if_due()
    encipher_if_due()


def migrated() -> None:
    """Set up, and bring the database up to date (makes it when it is not there). Where that encrypted what had been clear,
    nothing of it is left in the files."""
    setup()
    from django.conf import settings
    from django.core.management import call_command

    from assay.front.private_folder import close_to_others

    settings.VAR.mkdir(parents=True, exist_ok=True)
    for wrong in close_to_others(settings.VAR):
        click.echo(wrong, err=True)
    refuse_others_keys()
    encrypts = _will_encrypt()
    call_command("migrate", interactive=False, verbosity=0)
    if encrypts:
        wipe()


def _will_encrypt() -> bool:
    """Whether a migration to come encrypts rows that are there."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    to_come = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return bool(executor.loader.applied_migrations) and any(getattr(m, "encrypts", False) for m, _ in to_come)


def wipe() -> None:
    """Write the database's files anew, so that nothing that was deleted or written over stays in them."""
    from django.db import OperationalError

    from assay.kernel import leftovers

    try:
        leftovers.wipe()
    except OperationalError as busy:
        raise click.ClickException(
            f"数据库没有重写（{busy}），旧的明文可能还在文件里：停下其他程序后运行 assay migrate --wipe"
        ) from busy


def register_new_keys() -> None:
    """The database remembers which keys it is written with."""
    from assay.centre import keys
    from assay.centre.actors import SYSTEM
    from assay.centre.acts.settings import register_keys
    from assay.kernel.refusals import Refused

    if keys.unregistered():
        with contextlib.suppress(Refused):  # another process was first
            register_keys(SYSTEM)


def refuse_others_keys() -> None:
    """A secrets file that is lost or another's is told before anything is read or written with it."""
    from assay.centre import keys

    if wrong := keys.misfit():
        raise click.ClickException(wrong)

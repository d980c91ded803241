"""`assay rehearse`: a whole batch in a database of its own."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import click


def rehearse(*, candidates: int, seats: int | None, minutes: float, database: str | None, json_file: str | None) -> int:
    """Play, show, and write the summary. 0 when nothing was lost or refused, 1 otherwise, 2 for a database in use."""
    with tempfile.TemporaryDirectory(prefix="assay-rehearsal-") as folder:
        os.environ["ASSAY_VAR"] = folder
        os.environ["ASSAY_SECRETS"] = str(Path(folder) / "secrets.json")
        on_server = database is not None and database.startswith(("postgresql:", "postgres:"))
        os.environ["ASSAY_HALL_DATABASE"] = database if database and on_server else f"{folder}/hall.sqlite3"
        os.environ["DATABASE_URL"] = database or f"sqlite:///{folder}/office.sqlite3"
        from assay.cli.office import migrated, setup

        setup()
        if _in_use():
            click.echo("这个数据库已在使用，演练只能在空数据库中进行。", err=True)
            return 2
        migrated()
        return _play(candidates, seats, minutes, json_file)


def _in_use() -> bool:
    """Whether an office has begun with the database: it is left as it is, in the form of its version too."""
    from django.db import connection

    from assay.centre.models import Centre, KeyPeriod

    there = connection.introspection.table_names()
    return any(model._meta.db_table in there and model._default_manager.exists() for model in (Centre, KeyPeriod))


def _play(candidates: int, seats: int | None, minutes: float, json_file: str | None) -> int:
    from django.db import connections

    from assay.cli.office import register_new_keys
    from assay.cli.progress import Bars, show
    from assay.kernel.refusals import Refused
    from assay.rehearsal.applying import RehearsalFailed
    from assay.rehearsal.play import play
    from assay.rehearsal.report import Report

    register_new_keys()
    failed = ""
    with Bars() as bars:
        report = Report(bars)
        try:
            play(report, candidates=candidates, seats=seats, minutes=minutes)
        except (Refused, RehearsalFailed) as stopped:
            failed = str(stopped)
    show(report, bars.console)
    if failed:
        click.echo(f"演练中断：{failed}", err=True)
    good = report.good and not failed
    if json_file:
        said = {**report.as_json(), "good": good, "failed": failed}
        Path(json_file).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    connections.close_all()
    return 0 if good else 1

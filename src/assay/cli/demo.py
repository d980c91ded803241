"""`assay demo`: play the demonstration once. It is played aside and put in place when complete, so that an
interrupted first start leaves nothing half-made behind."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.office import ready

if TYPE_CHECKING:
    from assay.rehearsal.report import Report

BEFORE_THE_EXAM = timedelta(minutes=45)


def demo(candidates: int, *, exam_day: bool) -> int:
    """0 when the demo is there (already, or now), 1 when it could not be played."""
    given = os.environ.get("DATABASE_URL")
    folder = Path(os.environ.get("ASSAY_VAR", "var")).resolve()
    if given is None and (folder / "office.sqlite3").exists():
        ready()
        return 0
    if given is None:
        return _play_aside(folder, candidates, exam_day)
    return _play(candidates, exam_day)


def _play_aside(folder: Path, candidates: int, exam_day: bool) -> int:
    aside = folder / "demo-being-made"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{aside / 'office.sqlite3'}"
    os.environ["ASSAY_HALL_DATABASE"] = str(aside / "hall.sqlite3")
    os.environ["ASSAY_STANDIN_DATABASE"] = str(aside / "standin.sqlite3")
    status = _play(candidates, exam_day)
    if status == 0:
        for made in sorted(aside.iterdir(), key=lambda path: path.name.startswith("office")):
            made.replace(folder / made.name)  # the office's comes last: it is the sign that all is there
        shutil.rmtree(aside)
    return status


def _play(candidates: int, exam_day: bool) -> int:
    from assay.cli.office import prepare

    prepare()
    from django.db import connections

    from assay.centre.models import Centre
    from assay.cli.progress import Bars
    from assay.kernel.refusals import Refused
    from assay.rehearsal.applying import RehearsalFailed
    from assay.rehearsal.report import Report

    if Centre.objects.exists():
        return 0
    with Bars() as bars:
        bars.console.print("首次运行：正在演练第一批认定（演示数据，约一两分钟）……")
        report = Report(bars)
        try:
            made = _exam_tomorrow(report, candidates) if exam_day else _whole_batch(report, candidates)
        except (Refused, RehearsalFailed) as stopped:
            click.echo(f"演示数据没有做成：{stopped}", err=True)
            return 1
    click.echo(f"演示数据已就绪：{made}")
    connections.close_all()
    return 0 if not report.answers_lost else 1


def _whole_batch(report: Report, candidates: int) -> str:
    from assay.rehearsal.demonstration import play_demo

    play_demo(report, candidates=candidates)
    return (
        f"考生 {report.candidates} 人，确认答案 {report.answers_acknowledged}、"
        f"丢失 {report.answers_lost}，证书 {report.certificates_issued} 本。"
    )


def _folder() -> str:
    """The folder of data as it was given, for a command that is to find it again."""
    return f"ASSAY_VAR={shlex.quote(os.environ['ASSAY_VAR'])} " if "ASSAY_VAR" in os.environ else ""


def _exam_tomorrow(report: Report, candidates: int) -> str:
    from assay.kernel import clock
    from assay.rehearsal.demonstration import play_to_the_exam

    begins = play_to_the_exam(report, candidates=candidates)
    moment = (begins - BEFORE_THE_EXAM).astimezone(clock.SHANGHAI).isoformat(timespec="minutes")
    return (
        f"考生 {candidates} 人，{clock.shown(begins)} 开考，准考证已制发、试卷已封存、考场已检查。要从考试当天早上开始，请这样启动：\n"
        f"  {_folder()}ASSAY_REHEARSAL_CLOCK={moment} {sys.argv[0]} serve"
    )

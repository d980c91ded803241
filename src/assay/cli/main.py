"""The command `assay`. Exit status: 0 good, 1 a check failed, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from assay.cli.groups import bank, files, gateway, keys, ledger, roster
from assay.front.private_folder import OTHERS

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--database", "database", metavar="URL", help="sqlite:///PATH or postgresql://… (else DATABASE_URL).")
def assay(database: str | None) -> None:
    """考评通: an occupational skill-level assessment centre."""
    os.umask(OTHERS)  # what is written is for nobody else on this machine
    if database:
        os.environ["DATABASE_URL"] = database


assay.add_command(ledger)
assay.add_command(keys)
assay.add_command(files)
assay.add_command(bank)
assay.add_command(roster)
assay.add_command(gateway)


@assay.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 to be reached from other computers.")
@click.option("--port", default=8000, show_default=True, help="The office.")
@click.option("--hall-port", default=8001, show_default=True, help="The hall; the only port that computer rooms need.")
@click.option("--standin/--no-standin", default=None, help="Run the provincial stand-in too (default: with demo data).")
@click.option(
    "--standin-host", default="127.0.0.1", show_default=True, help="The stand-in, if others are to reach it too."
)
@click.option("--standin-port", default=8002, show_default=True, help="The stand-in, if it runs.")
@click.option(
    "--tls-cert", envvar="ASSAY_TLS_CERT", default="", help="Certificate (PEM): office and hall answer by https alone."
)
@click.option("--tls-key", envvar="ASSAY_TLS_KEY", default="", help="Its key, if it is not in the same file.")
def serve(tls_cert: str, tls_key: str, **options: Any) -> None:
    """Run the office, the hall and the gateway together until stopped."""
    from assay.cli.serving import serve as run

    sys.exit(run(tls=(tls_cert, tls_key or tls_cert), **options))


@assay.command()
@click.option("--wipe", "wiped", is_flag=True, help="Also write the files anew: nothing deleted stays in them.")
def migrate(wiped: bool) -> None:
    """Make or bring up to date the database."""
    from assay.cli.office import prepare, wipe

    prepare()
    if wiped:
        wipe()


@assay.command()
@click.option(
    "--candidates",
    default=1396,
    show_default=True,
    help="Candidates of the first batch; 0: the school and its item bank alone.",
)
@click.option(
    "--exam-day", is_flag=True, help="Instead: a batch of 60 (or --candidates) that sits tomorrow, all but held."
)
@click.pass_context
def demo(context: click.Context, candidates: int, exam_day: bool) -> None:
    """Fill an empty database with the plan's school and its first batch; does nothing when there is one."""
    from assay.cli.demo import demo as run

    given = context.get_parameter_source("candidates") is not click.core.ParameterSource.DEFAULT
    sys.exit(run(candidates if given or not exam_day else 60, exam_day=exam_day))


@assay.command()
@click.option("--candidates", default=1396, show_default=True, help="Candidates of the exam route.")
@click.option("--seats", type=int, help="Seats used at once in the theory exam (default: all there are).")
@click.option(
    "--minutes", default=0.0, show_default=True, help="Minutes over which answers are spread; 0: as fast as it goes."
)
@click.option("--database", metavar="URL", help="An empty database to play in (default: a temporary SQLite file).")
@click.option("--json", "json_file", type=click.Path(dir_okay=False), help="Write the summary to this file.")
def rehearse(candidates: int, seats: int | None, minutes: float, database: str | None, json_file: str | None) -> None:
    """Play a whole batch through the real acts and the real hall, and say how it went."""
    from assay.cli.rehearsing import rehearse as run

    sys.exit(run(candidates=candidates, seats=seats, minutes=minutes, database=database, json_file=json_file))


@assay.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8002, show_default=True)
def standin(host: str, port: int) -> None:
    """Run the provincial stand-in alone."""
    from assay.cli.serving import run_standin

    run_standin(host, port)


@assay.command()
@click.argument("folder", type=click.Path(file_okay=False, resolve_path=True, path_type=Path))
def backup(folder: Path) -> None:
    """Copy databases (SQLite) and kept files into a new FOLDER while everything runs; never the secrets."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.backup import backup as run

    sys.exit(run(folder))


@assay.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path))
@click.option("--check", is_flag=True, help="Look only whether the backup is whole and opens with the secrets at hand.")
@click.option("--unsigned", is_flag=True, help="Take a backup of a former version, which cannot be authenticated.")
def restore(folder: Path, check: bool, unsigned: bool) -> None:
    """Put a backup into an empty data folder. Exit 1 when it is not whole, not this installation's, or does not open with the secrets at
    hand."""
    from assay.cli.office import require_secrets, setup

    require_secrets()
    setup()
    from assay.cli.backup import restore as run

    sys.exit(run(folder, check_only=check, unsigned=unsigned))


@assay.command()
@click.argument("code")
@click.option("--keys", required=True, type=_FILE, help="/.well-known/assay-keys.json of the centre's site.")
@click.option("--status", type=_FILE, help="Its /verify/status.cwt.")
@click.option("--revoked", type=_FILE, help="Its /certificates/revoked.json, for certificates of the first form.")
def verify(code: str, keys: Path, status: Path | None, revoked: Path | None) -> None:
    """Check a certificate without database or network: CODE is the text of its QR code, or a picture of it. Exit 1 unless it is known to
    be good."""
    from assay.cli.verifying import verify as run

    sys.exit(run(code, keys, status, revoked))


@assay.command()
def duties() -> None:
    """Print act, duty, post: who may do what, read from the code and the posts."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.duties import print_table

    sys.exit(print_table())


@assay.command("create-account")
@click.argument("username")
@click.argument("name")
@click.option("--post", "posts", multiple=True, help="Post codes; all duties when none is given (the first account).")
@click.password_option(help="Asked for when not given.")
def create_account(username: str, name: str, posts: tuple[str, ...], password: str) -> None:
    """Make a staff account; the first one of a new installation holds every post."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.accounts import create

    sys.exit(create(username, name, posts, password))


@assay.command("reset-second-factor")
@click.argument("username")
@click.option("--reason", required=True, help="Why: it goes into the ledger.")
def reset_second_factor(username: str, reason: str) -> None:
    """Let somebody in without the telephone, when nobody else who leads (L1, L2) can do it on screen."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.accounts import reset_second_factor as reset

    sys.exit(reset(username, reason))


def main() -> None:
    assay()


if __name__ == "__main__":
    main()

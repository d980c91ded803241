"""Commands that belong together: ledger, files, bank, roster, gateway."""

from __future__ import annotations

import sys
from typing import Any

import click


@click.group()
def ledger() -> None:
    """The tamper-evident ledger."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--head",
    "heads",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="A head kept elsewhere (a file).",
)
@click.option(
    "--heads-dir",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="A folder of such files.",
)
def verify(as_json: bool, heads: tuple[str, ...], folders: tuple[str, ...]) -> None:
    """Check every entry, signature and recorded fact, and that all fits the heads kept elsewhere; name whatever was changed. Exit 1
    when anything was."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.ledger import verify as run

    sys.exit(run(as_json, heads, folders))


@ledger.command()
def checkpoint() -> None:
    """Sign the ledger as it stands and print the checkpoint."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.ledger import checkpoint as run

    sys.exit(run())


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of column, official, reason.")
def coverage(as_json: bool) -> None:
    """Say of every column of every recorded table whether the ledger speaks of it, and of the others why not."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.ledger import coverage as run

    sys.exit(run(as_json))


@click.group()
def files() -> None:
    """Photos, evidence and papers as they are kept."""


@files.command()
def encrypt() -> None:
    """Encrypt files that still lie in the clear (each start does it once). Exit 1 when any could not be."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.files import encipher

    sys.exit(encipher())


@click.group()
def bank() -> None:
    """The item bank."""


@bank.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--job", help="Job or occupation: its name, or number in the scope.")
@click.option("--level", default="4", show_default=True)
@click.option("--images", type=click.Path(exists=True, dir_okay=False), help="ZIP of the pictures named in the file.")
@click.option("--point", default="", help="Code of the point for items that name none.")
@click.option("--good-ones", is_flag=True, help="Take the sound items although others are wrong.")
@click.option(
    "--approved", is_flag=True, help="The bank was reviewed before: its items are in use at once, not drafts."
)
@click.option("--check", is_flag=True, help="Read and check only; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def bank_import(file: str, as_json: bool, **options: Any) -> None:
    """Import items from Excel, CSV, Word, text, QTI, Moodle XML, GIFT or Aiken. Exit 1 when anything is wrong; then nothing is
    written, unless --good-ones."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.imports import BankImport, import_bank

    sys.exit(import_bank(file, BankImport(**options), as_json=as_json))


@click.group()
def roster() -> None:
    """Rosters of candidates."""


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--batch", help="Code of the batch (default: the one open for applications).")
@click.option("--photos", type=click.Path(exists=True, dir_okay=False), help="ZIP of photos named 姓名_身份证号.jpg.")
@click.option("--check", is_flag=True, help="Read and check only; write nothing.")
@click.option("--overwrite", is_flag=True, help="Where the roster differs from what was put right by hand, it counts.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def roster_import(
    file: str, batch: str | None, photos: str | None, check: bool, overwrite: bool, as_json: bool
) -> None:
    """Import a roster into a batch. Exit 1 when anything is wrong; then nothing is written."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.imports import import_roster

    sys.exit(import_roster(file, batch_code=batch, photos=photos, check=check, as_json=as_json, overwrite=overwrite))


@click.group()
def gateway() -> None:
    """Messages to and from the provincial platform."""


@gateway.command()
@click.option("--every", default=5.0, show_default=True, help="Seconds between two rounds.")
@click.option("--once", is_flag=True, help="One round only.")
def run(every: float, once: bool) -> None:
    """Send what waits in the outbox and ask for answers."""
    from assay.cli.office import ready

    ready()
    from assay.cli.rounds import run as rounds

    sys.exit(rounds(every, once))


@click.group()
def keys() -> None:
    """The installation's keys."""


@keys.command("list")
def list_keys() -> None:
    """Say which keys there are and since when; exit 1 when the secrets file does not belong to the database."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.keys import listed

    listed()


@keys.command()
@click.argument("name")
def rotate(name: str) -> None:
    """Add a new key to NAME: used from now on; what was written with earlier ones stays readable and valid."""
    from assay.cli.office import prepare

    prepare()
    from assay.cli.keys import rotate as run

    run(name)

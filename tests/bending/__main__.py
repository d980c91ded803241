"""`make fuzz`: bend sound files of every kind for a while; stop at the first that does not end in rows or named problems.

python -m tests.bending [--seconds 120] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from testbed import migrated

from tests.bank.interchange import fuzzing
from tests.bending.files import bent

KEEP = Path("var")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="assay-bending-") as folder:
        trials = {"items": _items, **_office(Path(folder))}
        tried = _bend(trials, given.seconds, given.seed)
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(tried.items()))
    print(f"{sum(tried.values())} bent files, no crash (seed {given.seed}): {said}")
    return 0


Trial = Callable[[random.Random], tuple[dict[str, bytes], Callable[[], None]]]
"""Makes bent files (name → content), and what brings them in."""


def _bend(trials: dict[str, Trial], seconds: float, seed: int) -> Counter[str]:
    """Every kind has the same time."""
    chance, tried = random.Random(seed), Counter[str]()
    for kind, trial in trials.items():
        until = time.monotonic() + seconds / len(trials)
        while time.monotonic() < until:
            files, bring = trial(chance)
            try:
                bring()
            except Exception as crash:
                print(f"✗ {kind} (seed {seed}): {type(crash).__name__}: {crash}", file=sys.stderr)
                _keep(files, seed, sum(tried.values()))
                raise
            tried[kind] += 1
    return tried


def _keep(files: dict[str, bytes], seed: int, number: int) -> None:
    KEEP.mkdir(exist_ok=True)
    for name, content in files.items():
        kept = KEEP / f"fuzz-{seed}-{number}-{name}"
        kept.write_bytes(content)
        print(f"  kept as {kept}", file=sys.stderr)


def _items(chance: random.Random) -> tuple[dict[str, bytes], Callable[[], None]]:
    name, content = chance.choice(fuzzing.seeds())
    changed = bent(content, chance)
    return {name: changed}, lambda: fuzzing.survives(name, changed)


def _office(folder: Path) -> dict[str, Trial]:
    """An office of its own."""
    os.environ.update(ASSAY_VAR=str(folder), DJANGO_SETTINGS_MODULE="assay.office.settings")
    migrated.into(folder / "office.sqlite3")
    (folder / "static").mkdir()
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    from tests.bending.office import Brought, Office

    setup_test_environment()
    office = Office()

    def trial(make: Callable[[random.Random], Brought]) -> Trial:
        def once(chance: random.Random) -> tuple[dict[str, bytes], Callable[[], None]]:
            brought = make(chance)
            beside = {"照片.zip": brought.beside} if brought.beside else {}
            return {brought.name: brought.content, **beside}, lambda: office.survives(brought)

        return once

    return {kind: trial(make) for kind, make in office.kinds.items()}


if __name__ == "__main__":
    sys.exit(main())

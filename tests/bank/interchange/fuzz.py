"""`make fuzz`: bend sound files of every format for a while; stop at the first that does not end in items or named problems.

python -m tests.bank.interchange.fuzz [--seconds 120] [--seed N]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from tests.bank.interchange import fuzzing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    chance, until, tried = random.Random(given.seed), time.monotonic() + given.seconds, Counter[str]()
    seeds = fuzzing.seeds()
    while time.monotonic() < until:
        name, content = chance.choice(seeds)
        bent = fuzzing.bent(content, chance)
        try:
            fuzzing.survives(name, bent)
        except Exception as crash:
            kept = Path("var") / f"fuzz-{given.seed}-{sum(tried.values())}-{name}"
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(bent)
            print(f"✗ {name} (seed {given.seed}): {type(crash).__name__}: {crash}\n  kept as {kept}", file=sys.stderr)
            raise
        tried[name] += 1
    print(
        f"{sum(tried.values())} bent files, no crash (seed {given.seed}): "
        + ", ".join(f"{n} {c}" for n, c in sorted(tried.items()))
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

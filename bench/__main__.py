"""The command. Exit status: 0 measured, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import assemble, events, items, marking, opening, saves

BENCHES = {"assemble": assemble, "saves": saves, "open": opening, "mark": marking, "events": events, "items": items}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=sorted(BENCHES))
    parser.add_argument("--case", help="one case only; default: all")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each case is measured")
    given = parser.parse_args()
    bench = BENCHES[given.name]
    if given.case and given.case not in bench.CASES:
        parser.error(f"cases of {given.name}: {', '.join(bench.CASES)}")
    cases = [given.case] if given.case else list(bench.CASES)
    rows = [row for case in cases for row in bench.CASES[case](given.seconds)]
    _show(given.name, rows)
    if given.json:
        given.json.write_text(json.dumps({"bench": given.name, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    return 0


def _show(name: str, rows: list[dict[str, object]]) -> None:
    table = Table(title=f"bench {name}")
    for heading in ("case", "metric", "value", "unit"):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    for row in rows:
        table.add_row(str(row["case"]), str(row["metric"]), f"{row['value']:,}", str(row["unit"]))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())

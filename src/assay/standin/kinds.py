"""The four kinds of message the platform takes, and how each is checked and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from assay.standin.certificates import check_certificates
from assay.standin.changes import check_changes
from assay.standin.checking import Findings
from assay.standin.filings import check_filing
from assay.standin.results import check_results


@dataclass(frozen=True)
class Kind:
    """`name` is the path in the API, `id_key` the key of its number in replies, `letter` begins that number,
    `check(body, today)` finds the faults, `counted` is the list that tells its size, `decided` whether an
    officer approves or returns it."""

    name: str
    title: str
    id_key: str
    letter: str
    check: Callable[[dict[str, Any], date], Findings]
    counted: str
    unit: str
    decided: bool = True


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("filings", "认定计划", "filing_id", "F", check_filing, "lines", "人"),
        Kind("results", "成绩", "results_id", "R", check_results, "rows", "人"),
        Kind("certificates", "证书数据", "certificates_id", "C", check_certificates, "rows", "本", decided=False),
        Kind("certificate-changes", "证书变更", "changes_id", "G", check_changes, "rows", "项", decided=False),
    )
}

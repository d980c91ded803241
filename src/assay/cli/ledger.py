"""`assay ledger …`."""

from __future__ import annotations

import json

import click

from assay.kernel import ledger
from assay.kernel.verification import verify as check


def verify(as_json: bool) -> int:
    """Print what the check found; 1 when anything was changed."""
    report = check()
    if as_json:
        found = [{"where": f.where, "what": f.what} for f in report.findings]
        counts = {"entries": report.entries, "subjects": report.subjects, "checkpoints": report.checkpoints}
        click.echo(json.dumps({**counts, "findings": found}, ensure_ascii=False, indent=1))
        return 1 if report.findings else 0
    for finding in report.findings:
        click.echo(f"✗ {finding.where}：{finding.what}")
    click.echo(f"台账 {report.entries} 条，涉及 {report.subjects} 项事实，检查点 {report.checkpoints} 个。")
    click.echo(f"发现 {len(report.findings)} 处改动。" if report.findings else "全部一致，没有改动。")
    return 1 if report.findings else 0


def checkpoint() -> int:
    """Print the signed tree head."""
    made = ledger.checkpoint()
    if made is None:
        click.echo("台账是空的。")
        return 0
    key = ledger.signing_key().public_key().public_bytes_raw().hex()
    click.echo(json.dumps({"size": made.size, "root": made.root, "signature": made.signature, "key": key}))
    return 0

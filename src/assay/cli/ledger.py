"""`assay ledger …`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from assay.centre.acts import record_anew
from assay.kernel import heads, ledger
from assay.kernel.coverage import columns
from assay.kernel.verification import verify as check
from assay.kernel.verifying_heads import HeldHead


def record_anew_if_due() -> None:
    """At the first start of a version whose ledger covers more."""
    if record_anew.is_due() and (count := record_anew.record_anew()):
        click.echo(f"台账已补记 {count} 行：升级后新纳入台账的内容，只此一次。", err=True)


def verify(as_json: bool, files: Sequence[str], folders: Sequence[str]) -> int:
    """Print what the check found; 1 when anything was changed. `files`, `folders`: heads that were kept elsewhere."""
    report = check(_held(files, folders))
    if as_json:
        found = [{"where": f.where, "what": f.what} for f in report.findings]
        counts = {
            "entries": report.entries, "subjects": report.subjects, "checkpoints": report.checkpoints,
            "outside": report.outside,
        }  # fmt: skip
        click.echo(json.dumps({**counts, "findings": found}, ensure_ascii=False, indent=1))
        return 1 if report.findings else 0
    for finding in report.findings:
        click.echo(f"✗ {finding.where}：{finding.what}")
    click.echo(
        f"台账 {report.entries} 条，涉及 {report.subjects} 项事实，检查点 {report.checkpoints} 个，"
        f"与留存在系统外的签署点核对 {report.outside} 个。"
    )
    click.echo(report.verdict)
    return 1 if report.findings else 0


def _held(files: Sequence[str], folders: Sequence[str]) -> list[HeldHead]:
    paths = [Path(name) for name in files]
    paths += [path for folder in folders for path in sorted(Path(folder).glob("*.txt"))]
    return [HeldHead(f"文件 {path}", _note_in(path)) for path in paths]


def _note_in(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return text if heads.ours(text) else heads.as_printed(text)


def coverage(as_json: bool) -> int:
    """Print every column of every recorded table, and in what way the ledger keeps it or why it does not."""
    listed = columns()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in listed], ensure_ascii=False, indent=1))
        return 0
    for one in listed:
        click.echo(f"{'✓' if one.official else '—'} {one.column}：{one.reason}")
    official = sum(one.official for one in listed)
    click.echo(f"台账记载 {official} 列，另有 {len(listed) - official} 列不属正式记录。")
    return 0


def checkpoint() -> int:
    """Print the signed tree head, and on stderr by which keys it is checked."""
    made = ledger.checkpoint()
    if made is None:
        click.echo("台账是空的。")
        return 0
    click.echo(made.note, nl=False)
    for vkey in heads.vkeys():
        click.echo(vkey, err=True)
    return 0

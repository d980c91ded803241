"""`assay verify`: a certificate checked with keys and lists alone; neither database nor network is asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from PIL import UnidentifiedImageError

from assay.certificates import checking, credential, status_list
from assay.kernel import qr


def verify(code: str, keys: Path, statuses: Path | None, revoked: Path | None) -> int:
    """Print what is to be said of a code, or of the code in a picture; 0 when it is good."""
    known = _known(keys, statuses, revoked)
    verdict = checking.judged(_text(code), known, datetime.now(UTC))
    click.echo(f"{'✓' if verdict.good else '✗'} {verdict.title}（{verdict.said}）")
    if claim := verdict.claim:
        click.echo(f"{claim.name}　{claim.occupation}　{claim.job or '--'}　{checking.level_of(claim)}")
        click.echo(f"{claim.number}　{claim.issued_on}")
    return 0 if verdict.good else 1


def _text(code: str) -> str:
    """The text itself, or what the QR code in a picture says."""
    if len(code) > 250 or not Path(code).is_file():
        return code
    try:
        found = qr.read(Path(code).read_bytes())
    except (UnidentifiedImageError, OSError, ValueError) as wrong:
        raise click.UsageError(f"{code} 不是图片：请给出 PNG、JPG 图片，或二维码里的网址") from wrong
    if found is None:
        raise click.UsageError(f"{code} 里没有找到二维码：请用更清楚的图片")
    return found


def _known(keys: Path, statuses: Path | None, revoked: Path | None) -> checking.Known:
    try:
        found = checking.keys_of(_json(keys))
    except checking.NoKeys as wrong:
        raise click.UsageError(f"{keys} 不是公钥文件：请从本站 /.well-known/assay-keys.json 下载") from wrong
    listed = status_list.read(statuses.read_bytes(), found.values()) if statuses else None
    if statuses and listed is None:
        raise click.UsageError(f"{statuses} 不是这些公钥签发的撤销清单：请从本站 /verify/status.cwt 下载")
    by_number = _json(revoked) if revoked else None
    if revoked and not (isinstance(by_number, dict) and credential.is_statement(by_number, found)):
        raise click.UsageError(f"{revoked} 不是这些公钥签发的早期证书清单：请从本站 /certificates/revoked.json 下载")
    return checking.Known(found, listed, by_number)


def _json(path: Path) -> Any:
    """What a file says; None for what is no JSON."""
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        return None

"""`assay keys …`."""

from __future__ import annotations

import click

from assay.centre.actors import SYSTEM
from assay.centre.acts.settings import register_keys
from assay.centre.models import KeyPeriod
from assay.kernel import secrets
from assay.kernel.clock import today
from assay.kernel.keyring import TITLES


def listed() -> None:
    """One line a key."""
    for row in KeyPeriod.objects.all():
        click.echo(f"{TITLES[row.name]}（{row.name}） 第 {row.key_id} 号，{row.since} 启用，校验值 {row.check_value}")


def rotate(name: str) -> None:
    """Make the key, note it in the ledger, and say what has to be done now."""
    if name not in secrets.ROTATED:
        raise click.UsageError(f"没有可更换的密钥“{name}”。可更换的：{'、'.join(secrets.ROTATED)}")
    made = secrets.store().rotate(name, today())
    secrets.forget()
    if name in TITLES:
        register_keys(SYSTEM)
    click.echo(
        f"{TITLES.get(name, name)}已换为第 {made.id} 号密钥，旧密钥留在文件中，旧数据照常可读、旧证书照常有效。"
        f"请重新启动服务，并立即把密钥文件另行备份（与数据库备份分开保管）。"
    )

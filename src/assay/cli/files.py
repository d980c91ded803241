"""`assay files …`, and what of it every start does."""

from __future__ import annotations

import click

from assay.kernel import enciphering


def encipher_if_due() -> None:
    """Files of an earlier version, at the first start of this one."""
    if enciphering.is_due():
        _say(enciphering.encipher_kept())


def encipher() -> int:
    """Look through all kept files. 0 when none is left in the clear, 1 otherwise."""
    done = enciphering.encipher_kept()
    _say(done)
    if not done.left:
        click.echo("存储的文件已全部加密。")
    return 1 if done.left else 0


def _say(done: enciphering.Enciphered) -> None:
    if done.count:
        click.echo(f"已加密 {done.count} 个此前以明文存储的文件。", err=True)
    for left in done.left:
        click.echo(f"未加密：{left}", err=True)

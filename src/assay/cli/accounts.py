"""`assay create-account`: the way into a new installation. `assay reset-second-factor`: the way back into one whose head lost the
telephone and the recovery codes, while nobody else leads."""

from __future__ import annotations

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from assay.centre.acts.accounts import appoint, create_account, save_post
from assay.centre.acts.enrolling import reset
from assay.centre.duties import DUTIES, HELD_BY_NO_POST
from assay.centre.models import Account, Post
from assay.centre.second_factor import afterwards
from assay.kernel.acts import Actor
from assay.kernel.clock import today
from assay.kernel.refusals import Refused

INSTALLER = Actor(None, "安装程序", frozenset({"L1"}))


def create(username: str, name: str, post_codes: tuple[str, ...], password: str) -> int:
    """Make the account; without posts it gets every duty, which only the first account of an installation may."""
    try:
        validate_password(password, Account(username=username, name=name))
    except ValidationError as weak:
        click.echo("；".join(weak.messages), err=True)
        return 1
    posts = list(Post.objects.filter(code__in=post_codes))
    if missing := set(post_codes) - {p.code for p in posts}:
        click.echo(f"没有这样的岗位：{'、'.join(sorted(missing))}", err=True)
        return 1
    if not post_codes:
        if Account.objects.filter(kind="staff").exists():
            click.echo("已有工作人员账号：请用 --post 指明岗位。", err=True)
            return 1
        every = sorted(set(DUTIES) - HELD_BY_NO_POST)
        posts = [save_post(INSTALLER, Post(code="installer", title="系统管理员", group="认定中心", duties=every))]
    try:
        account = create_account(INSTALLER, username=username, name=name, kind="staff", password=password)
        for post in posts:
            appoint(INSTALLER, account, post, today())
    except Refused as refused:
        click.echo(refused.message, err=True)
        return 1
    click.echo(f"已建立账号 {username}（{name}）：{'、'.join(p.title for p in posts)}")
    return 0


def reset_second_factor(username: str, reason: str) -> int:
    """Whoever runs the machine lets somebody in by the password alone; the ledger names the installer."""
    account = Account.objects.filter(username=username, kind="staff").first()
    if account is None:
        click.echo(f"没有这样的工作人员账号：{username}", err=True)
        return 1
    try:
        done = reset(INSTALLER, account, reason=reason)
    except Refused as refused:
        click.echo(refused.message, err=True)
        return 1
    click.echo(f"已重置 {username}（{done.name}）的两步验证：{afterwards(done)}")
    return 0

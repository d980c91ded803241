"""First passwords of several accounts at once: drawn and hashed before the act, which is short, and shown on one page to be printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assay.centre.models import Account
from assay.centre.parameters import number
from assay.centre.passwords import first_password

Key = TypeVar("Key")


@dataclass(frozen=True)
class FirstPassword:
    """What is handed to the holder of a new account, to be read this once."""

    username: str
    name: str
    department: str
    password: str


@dataclass(frozen=True)
class DrawnPassword:
    password: str
    hashed: str

    def of(self, account: Account) -> FirstPassword:
        return FirstPassword(account.username, account.name, str(account.department or ""), self.password)


def drawn_for(wanted: Iterable[Key], *, hashing: bool = True) -> dict[Key, DrawnPassword]:
    """One for each. Hashing takes long; it is off where nothing will be kept."""
    drawn = {key: first_password() for key in wanted}
    return {key: DrawnPassword(one, make_password(one) if hashing else "!") for key, one in drawn.items()}


def first_passwords_page(
    request: HttpRequest, made: Sequence[FirstPassword], back: str, back_title: str
) -> HttpResponse:
    """The only page on which they are ever to be read."""
    context = {
        "title": f"新账号的初始密码（{len(made)}）", "made": made, "days": number("password.first_days"), "back": back,
        "back_title": back_title,
    }  # fmt: skip
    return render(request, "centre/first_passwords.html", context)

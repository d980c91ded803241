"""First passwords, drawn by lot, and what a password may not consist of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from assay.centre import parameters
from assay.centre.models import Account, Centre
from assay.kernel.clock import real_now
from assay.kernel.drawn import drawn

_LENGTH, _GROUP = 16, 4
_HOUSE = ("assay", "kaoping", "考评通", "考评", "password", "密码", "\u53e3\u4ee4")
_CHINESE, _OTHER = 2, 4
"""How many characters in a row of a name or number are known words of it."""


def first_password() -> str:
    """Four groups of four, 74 bits, to be read out and typed: as handed to somebody who then chooses an own one."""
    return drawn(_LENGTH, group=_GROUP).lower()


def first_password_ends() -> datetime:
    """Until when a password that somebody else set lets its holder in."""
    return real_now() + timedelta(days=parameters.number("password.first_days"))


class UnlikeItsHolder(UserAttributeSimilarityValidator):
    """As Django's. What staff knows as the account, a candidate types as the ID number: it is called so."""

    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
        except ValidationError as alike:
            title = str((alike.params or {}).get("verbose_name", ""))
            if isinstance(user, Account) and user.kind == "candidate" and title == _titled("username"):
                title = "证件号码"
            raise ValidationError(f"密码与{title}太相似，请换一个", code=alike.code) from alike


def _titled(column: str) -> str:
    return str(Account._meta.get_field(column).verbose_name)  # type: ignore[union-attr]


class WithoutKnownWords:
    """What everybody knows here (the school's name, the product's, one's own name, account and ID number) does not count towards
    the length."""

    def __init__(self, min_length: int = 8) -> None:
        self.least = min_length

    def validate(self, password: str, user: Any = None) -> None:
        left = password.casefold()
        for word in sorted(_known(left, user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < min(self.least, len(password)):
            raise ValidationError(self.get_help_text(), code="known_words")

    def get_help_text(self) -> str:
        return f"除去校名、考评通、本人姓名、账号、证件号码中的字样，还应有至少 {self.least} 个字符。"


def _known(password: str, user: Any) -> Iterator[str]:
    """The known words that stand in a password, and parts of them."""
    yield from (word for word in _HOUSE if word in password)
    centre = Centre.objects.first()
    for text in (centre.school, centre.name) if centre is not None else ():
        yield from _shared(password, text.casefold(), _CHINESE)
    if isinstance(user, Account):
        yield from _shared(password, user.name.casefold(), _CHINESE)
        yield from _shared(password, user.username.casefold(), _OTHER)


def _shared(password: str, text: str, least: int) -> Iterator[str]:
    """The longest pieces of `text`, `least` characters at least, that stand in the password."""
    start = 0
    while start + least <= len(text):
        piece = text[start : start + least]
        if piece not in password:
            start += 1
            continue
        while start + len(piece) < len(text) and text[start : start + len(piece) + 1] in password:
            piece = text[start : start + len(piece) + 1]
        yield piece
        start += len(piece)

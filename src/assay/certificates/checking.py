"""What is to be said of a code by whoever has keys and lists and asks nobody: docs/certificate-codes.md. Pure.

The page for checks without a network says the same in portal/static/offline/verdict.js.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from assay.certificates import codes, credential
from assay.certificates.status_list import LASTS, Status, StatusList

_TOKEN = re.compile(r"/v/([^/?#]+)$", re.IGNORECASE)
_CHINA = timezone(timedelta(hours=8))
LEVELS = {"5": "五级/初级工", "4": "四级/中级工", "3": "三级/高级工", "2": "二级/技师", "1": "一级/高级技师"}
_VOID: Mapping[int, str] = {
    Status.WITHDRAWN: "已撤销",
    Status.SUSPENDED: "已暂停使用",
    Status.CORRECTED: "这张纸质证书已作废：内容已更正，换发了新证",
}


class NoKeys(ValueError):
    """No set of keys that codes are checked with."""


@dataclass(frozen=True)
class Known:
    """What a verifier has: public keys by their numbers, and lists whose signatures were right."""

    keys: Mapping[str, bytes]
    statuses: StatusList | None = None
    revoked: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Verdict:
    good: bool
    title: str
    said: str
    claim: credential.Claim | codes.Code | None = None


@dataclass(frozen=True)
class _Standing:
    """What a list says of a certificate."""

    status: int | None
    as_of: datetime
    lasts: timedelta


def keys_of(key_set: Any) -> dict[str, bytes]:
    """Public keys from a published JWK set, by number. Raises NoKeys."""
    try:
        found = {str(key["number"]): _from_base64(key["x"]) for key in key_set["keys"] if key["crv"] == "Ed25519"}
    except (LookupError, TypeError, ValueError, binascii.Error) as wrong:
        raise NoKeys("not a set of keys") from wrong
    if not found or any(len(key) != 32 for key in found.values()):
        raise NoKeys("no key of 32 bytes")
    return found


def judged(text: str, known: Known, at: datetime) -> Verdict:
    """Of the text of a QR code, or its last part alone."""
    token = found[1] if (found := _TOKEN.search(text.strip())) else text.strip()
    claim = credential.check(token, known.keys) if "." in token else codes.read(token, known.keys.values())
    if claim is None:
        return Verdict(False, "不是本中心签发", "不是证书的二维码，签名不对，或者内容已被改动")
    standing = (
        _by_number(claim, known.revoked) if isinstance(claim, credential.Claim) else _by_index(claim, known.statuses)
    )
    if standing is None:
        return Verdict(False, "状态未知：没有撤销清单", "签名是本中心的，但不知道此后是否被撤销", claim)
    since = f"清单截至 {standing.as_of.astimezone(_CHINA):%Y-%m-%d %H:%M}"
    void = _VOID.get(standing.status or 0)
    if void:
        return Verdict(False, void, since, claim)
    listed_on = standing.as_of.astimezone(_CHINA).date()
    if standing.status is None or at - standing.as_of > standing.lasts or listed_on < _day(claim.issued_on):
        return Verdict(False, f"状态未知：清单是 {listed_on} 的", "签名是本中心的，但不知道此后是否被撤销", claim)
    return Verdict(True, "真实有效", since, claim)


def level_of(claim: credential.Claim | codes.Code) -> str:
    """In words; a level that has none here by its code."""
    return claim.level if isinstance(claim, credential.Claim) else LEVELS.get(claim.level, claim.level)


def _by_index(code: codes.Code, statuses: StatusList | None) -> _Standing | None:
    if statuses is None:
        return None
    return _Standing(statuses.of(code.index), statuses.as_of, statuses.lasts)


def _by_number(claim: credential.Claim, revoked: Mapping[str, Any] | None) -> _Standing | None:
    if revoked is None:
        return None
    void = Status.CORRECTED if claim.edition < revoked["corrected"].get(claim.number, 1) else Status.GOOD
    status = Status.WITHDRAWN if claim.number in revoked["withdrawn"] else void
    return _Standing(status, datetime.fromisoformat(revoked["as_of"]), LASTS)


def _day(issued_on: str | date) -> date:
    return issued_on if isinstance(issued_on, date) else date.fromisoformat(issued_on)


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

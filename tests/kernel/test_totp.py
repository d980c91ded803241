"""The codes are those of RFC 6238; one is taken once, from half a minute before to half a minute after its time."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlparse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.kernel import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
# Appendix B of RFC 6238, SHA-1.
VECTORS = [
    (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
    (2000000000, "69279037"), (20000000000, "65353130"),
]  # fmt: skip
NOW = datetime(2026, 12, 20, 0, 30, 10, tzinfo=UTC)
STEP = timedelta(seconds=totp.SECONDS)


@pytest.mark.parametrize(("second", "code"), VECTORS)
def test_the_vectors_of_the_rfc(second: int, code: str) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert totp.code_at(RFC_SECRET, moment, digits=8) == code
    assert totp.code_at(RFC_SECRET, moment) == code[-6:]


@given(st.integers(min_value=-4, max_value=4))
def test_a_code_is_taken_a_step_early_or_late_and_no_more(steps: int) -> None:
    secret = RFC_SECRET
    code = totp.code_at(secret, NOW + steps * STEP)
    others = {totp.code_at(secret, NOW + n * STEP) for n in (-1, 0, 1)}
    assert (totp.step_of(secret, code, NOW) is not None) == (code in others)
    assert (code in others) == (abs(steps) <= 1)


def test_a_code_is_taken_once_and_none_before_it() -> None:
    secret = totp.new_secret()
    now, before = (totp.code_at(secret, NOW + n * STEP) for n in (0, -1))
    step = totp.step_of(secret, now, NOW)
    assert step == totp.step_at(NOW)
    assert totp.step_of(secret, now, NOW, after=step) is None
    assert totp.step_of(secret, before, NOW, after=step) is None
    later = totp.code_at(secret, NOW + STEP)
    assert totp.step_of(secret, later, NOW + STEP, after=step) == step + 1


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "0000000", "١٢٣٤٥٦"])
def test_what_is_no_code_is_wrong_and_no_error(typed: str) -> None:
    assert totp.step_of(RFC_SECRET, typed, datetime.fromtimestamp(59, UTC)) is None


def test_blanks_and_wide_digits_are_the_same_code() -> None:
    moment = datetime.fromtimestamp(59, UTC)
    assert totp.step_of(RFC_SECRET, "287 082", moment) == 1
    assert totp.step_of(RFC_SECRET, "２８７０８２", moment) == 1


def test_the_address_says_what_an_authenticator_needs() -> None:
    secret = totp.new_secret()
    found = urlparse(totp.address(secret, issuer="考评通 示例学校", holder="kaowu"))
    assert (found.scheme, found.netloc, unquote(found.path)) == ("otpauth", "totp", "/考评通 示例学校:kaowu")
    said = {name: values[0] for name, values in parse_qs(found.query).items()}
    assert said == {"secret": secret, "issuer": "考评通 示例学校", "digits": "6", "period": "30"}
    assert len(base64.b32decode(secret)) == 20

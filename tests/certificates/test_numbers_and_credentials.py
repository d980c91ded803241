"""Certificate numbers by the coding rule; QR codes that nobody but the centre can make."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from assay.certificates import credential, numbers

claims = st.builds(
    credential.Claim,
    number=st.integers(1, 999_999).map(lambda n: numbers.compose("S000041000123", 2026, "4", n)),
    name=st.text("欧阳诗涵𠮷㛃龘·", min_size=1, max_size=12),
    occupation=st.sampled_from(["汽车维修工", "车工"]),
    job=st.sampled_from(["", "数控车床"]),
    level=st.just("四级/中级工"),
    issued_on=st.dates().map(lambda d: d.isoformat()),
)


@given(st.integers(1, 999_999), st.integers(2020, 2099), st.sampled_from("12345"))
def test_numbers_have_22_characters_and_are_never_equal_for_different_serials(
    serial: int, year: int, level: str
) -> None:
    number = numbers.compose("S000041000123", year, level, serial)
    assert len(number) == 22
    assert numbers.well_formed(number)
    assert number[13:15] == f"{year % 100:02d}"
    assert number[15] == level
    assert int(number[16:]) == serial


@pytest.mark.parametrize(("body", "serial"), [("S00004100012", 1), ("s000041000123", 1), ("S000041000123", 1_000_000)])
def test_a_wrong_body_code_or_a_spent_year_is_refused(body: str, serial: int) -> None:
    with pytest.raises(ValueError, match=r"机构代码|序号"):
        numbers.compose(body, 2026, "4", serial)


@given(claims)
def test_a_signed_claim_reads_back_and_anyone_with_the_public_key_can_check_it(claim: credential.Claim) -> None:
    token = credential.sign(claim)
    assert credential.check(token) == claim
    assert credential.check(token, credential.public_keys()) == claim
    assert credential.check(token, {"1": Ed25519PrivateKey.generate().public_key().public_bytes_raw()}) is None


@given(claims, st.data())
def test_any_changed_character_of_a_token_is_found(claim: credential.Claim, data: st.DataObject) -> None:
    token = credential.sign(claim)
    said, _, signature = token.partition(".")
    place = data.draw(st.integers(0, len(said) - 2))  # the last one may carry bits that mean nothing
    other = "A" if said[place] != "A" else "B"
    assert credential.check(f"{said[:place]}{other}{said[place + 1 :]}.{signature}") is None


@pytest.mark.parametrize("token", ["", ".", "abc", "WzFd.AAAA", "a.b.c", "💥"])
def test_rubbish_is_not_a_credential(token: str) -> None:
    assert credential.check(token) is None

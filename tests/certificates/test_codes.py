"""Codes of both forms: what was printed once stays good; what was changed is found; the QR code stays easy to read."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from assay.certificates import codes, cose, credential, numbers, status_list
from assay.certificates.status_list import Status
from assay.kernel import qr

STORED = json.loads((Path(__file__).parent / "vectors" / "codes.json").read_text(encoding="utf-8"))
KNOWN = {number: bytes.fromhex(public) for number, public in STORED["keys"].items()}
KEY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
AS_OF = datetime(2026, 12, 31, 8, tzinfo=UTC)
some_codes = st.builds(
    codes.Code,
    number=st.integers(1, 999_999).map(lambda n: numbers.compose("S000041000123", 2026, "4", n)),
    name=st.text("欧阳诗涵𠮷㛃龘·", min_size=1, max_size=12),
    occupation=st.sampled_from(["汽车维修工", "车工"]),
    job=st.sampled_from(["", "数控车床"]),
    level=st.sampled_from("12345"),
    issued_on=st.dates(date(1970, 1, 1)),
    edition=st.integers(1, 9),
    index=st.integers(0, status_list.SIZE - 1),
)


@pytest.mark.parametrize("stored", STORED["first_form"])
def test_a_stored_code_of_the_first_form_is_good_for_ever(stored: dict[str, object]) -> None:
    claim = credential.check(str(stored["token"]), KNOWN)
    assert claim == credential.Claim(*STORED["said"], edition=stored["edition"])


@pytest.mark.parametrize("stored", STORED["second_form"])
def test_a_stored_code_of_the_second_form_is_good_for_ever(stored: dict[str, object]) -> None:
    said = {**stored, "issued_on": date.fromisoformat(str(stored["issued_on"]))}
    code = str(said.pop("code"))
    assert codes.read(code, KNOWN.values()) == codes.read(code.lower(), KNOWN.values()) == codes.Code(**said)  # type: ignore[arg-type]


@given(some_codes)
def test_a_code_reads_back_by_its_key_alone(code: codes.Code) -> None:
    text = codes.written(code, KEY)
    assert codes.read(text, [PUBLIC]) == code
    assert codes.read(text, [Ed25519PrivateKey.generate().public_key().public_bytes_raw()]) is None


@given(some_codes, st.data())
def test_any_changed_sign_of_a_code_is_found(code: codes.Code, data: st.DataObject) -> None:
    text = codes.written(code, KEY)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([sign for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if sign != text[place]]))
    assert codes.read(text[:place] + other + text[place + 1 :], [PUBLIC]) is None


def code_that_says(said: object, kind: str = "") -> str:
    return base64.b32encode(cose.signed(said, KEY, kind=kind)).rstrip(b"=").decode()


GOOD: Sequence[object] = [1, "S000041000123264000001", "欧阳诗涵", "车工", "", "4", 20_000, 1, 7]


def test_what_the_key_signed_as_something_else_is_no_code() -> None:
    assert codes.read(code_that_says(GOOD), [PUBLIC]) is not None
    for said in (
        [2, *GOOD[1:]],
        GOOD[:-1],
        [*GOOD, 1],
        [*GOOD[:-1], -1],
        [*GOOD[:-1], "7"],
        [*GOOD[:6], 10**9, 1, 7],
        {1: 2},
        5,
    ):
        assert codes.read(code_that_says(said), [PUBLIC]) is None, said
    assert codes.read(code_that_says(GOOD, kind=status_list.KIND), [PUBLIC]) is None
    listed = status_list.written({}, KEY, address="https://x/", as_of=AS_OF)
    assert codes.read(base64.b32encode(listed).rstrip(b"=").decode(), [PUBLIC]) is None
    assert status_list.read(cose.signed(GOOD, KEY), [PUBLIC]) is None


@pytest.mark.parametrize("text", ["", "A", "AAAAAAAA", "2KCA", "欧阳", "1" * 40, "💥", "A=B", "\0"])
def test_rubbish_is_no_code(text: str) -> None:
    assert codes.read(text, [PUBLIC]) is None


def modules(text: str) -> int:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return int(code.to_image(scale=1, add_quiet_zones=False).shape[0])


def test_the_qr_code_has_fewer_modules_than_one_of_the_first_form_and_opens_as_an_address() -> None:
    stored = STORED["second_form"][0]
    text = codes.address("https://zyjn.school.edu.cn", stored["code"])
    assert text == f"HTTPS://ZYJN.SCHOOL.EDU.CN/V/{stored['code']}"
    assert modules(text) == 57
    assert modules(f"https://zyjn.school.edu.cn/v/{STORED['first_form'][0]['token']}") == 65
    assert b"svg" in qr.svg(text)
    assert codes.address("https://zyjn.school.edu.cn/zhengshu/", "ABC") == "HTTPS://ZYJN.SCHOOL.EDU.CN/zhengshu/V/ABC"


def test_the_longest_names_need_fewer_modules_than_in_the_first_form_and_stay_readable() -> None:
    number, names, day = STORED["said"][0], ("名" * 60, "职" * 60, "工" * 60), date(2026, 12, 31)
    count = modules(
        codes.address(
            "https://zyjn.school.edu.cn", codes.written(codes.Code(number, *names, "4", day, 1, 2**20 - 1), KEY)
        )
    )
    first_form = credential.sign(credential.Claim(number, *names, "四级/中级工", day.isoformat()))
    assert count < modules(f"https://zyjn.school.edu.cn/v/{first_form}")
    assert 34 / (count + 8) > 0.3  # millimetres a module: 34 mm with the quiet zone


def test_a_status_list_reads_back_and_only_by_its_key() -> None:
    values = {7: Status.WITHDRAWN, 8: Status.CORRECTED, 2**20 - 1: Status.WITHDRAWN}
    data = status_list.written(values, KEY, address="https://x/status", as_of=AS_OF)
    found = status_list.read(data, [PUBLIC])
    assert found is not None
    assert found.as_of == AS_OF
    assert [found.of(index) for index in (6, 7, 8, 9, 2**20 - 1, 2**20)] == [0, 1, 3, 0, 1, None]
    assert len(data) < 1000
    assert status_list.read(data, [Ed25519PrivateKey.generate().public_key().public_bytes_raw()]) is None
    assert status_list.read(data[:-1] + bytes([data[-1] ^ 1]), [PUBLIC]) is None
    for rubbish in (b"", b"{}", data[:40]):
        assert status_list.read(rubbish, [PUBLIC]) is None

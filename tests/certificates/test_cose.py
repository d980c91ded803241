"""COSE_Sign1 and status list as their makers publish them."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from assay.certificates import cose, status_list

VECTORS = Path(__file__).parent / "vectors"
EXAMPLES = json.loads((VECTORS / "cose.json").read_text())["examples"]
LISTS = json.loads((VECTORS / "status_list.json").read_text())
KEY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)


def read(example: dict[str, Any]) -> cose.Message:
    data = bytes.fromhex(example["message"])
    return cose.taken_apart(data if data[0] != 0x84 else b"\xd2" + data)  # one has no tag


def es256_is_right(example: dict[str, Any], message: cose.Message) -> bool:
    """With the curve of the examples, which the product does not use: only the bytes that are signed are ours."""
    point = ec.EllipticCurvePublicNumbers(int(example["x"], 16), int(example["y"], 16), ec.SECP256R1())
    half = len(message.signature) // 2
    r, s = int.from_bytes(message.signature[:half], "big"), int.from_bytes(message.signature[half:], "big")
    said = message.to_be_signed(bytes.fromhex(example["external"]))
    try:
        point.public_key().verify(encode_dss_signature(r, s), said, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def test_the_example_with_ed25519_is_right_and_no_other_key_s() -> None:
    (example,) = (one for one in EXAMPLES if one["curve"] == "Ed25519")
    message = read(example)
    assert message.to_be_signed().hex() == example["to_be_signed"]
    assert message.payload == b"This is the content."
    assert message.signed_by(bytes.fromhex(example["x"]))
    assert not message.signed_by(KEY.public_key().public_bytes_raw())


@pytest.mark.parametrize("example", [one for one in EXAMPLES if not one["fails"]], ids=lambda one: one["path"])
def test_what_passes_is_read_and_its_signed_bytes_are_those_of_the_example(example: dict[str, Any]) -> None:
    message = read(example)
    assert message.to_be_signed(bytes.fromhex(example["external"])).hex() == example["to_be_signed"]
    if example["curve"] == "P-256":
        assert es256_is_right(example, message)
        assert not message.signed_by(KEY.public_key().public_bytes_raw())


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one["fails"]], ids=lambda one: one["path"])
def test_what_must_fail_fails(example: dict[str, Any]) -> None:
    try:
        message = read(example)
    except cose.NotSigned:
        return
    known = message.header.get(cose.ALG) == -7
    assert not (known and es256_is_right(example, message))


def test_a_message_without_its_tag_is_none_of_ours() -> None:
    signed = cose.signed([1], KEY)
    assert cose.taken_apart(signed).signed_by_named([KEY.public_key().public_bytes_raw()])
    for data in (signed[1:], signed + b"\0", b"", b"\xd2", b"\xd2\x80", b"\xd2\x84\x40\xa0\xf6\x40", b"\xff" * 9):
        with pytest.raises(cose.NotSigned):
            cose.taken_apart(data)


def test_both_names_of_the_algorithm_are_read() -> None:
    public = KEY.public_key().public_bytes_raw()
    for algorithm in (-8, -19):
        protected = cbor2.dumps({1: algorithm, 4: cose.key_id(public)})
        said = cbor2.dumps(["Signature1", protected, b"", b"\1"])
        data = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, b"\1", KEY.sign(said)]))
        assert cose.taken_apart(data).signed_by_named([public])


@pytest.mark.parametrize("listed", LISTS["lists"], ids=lambda one: f"{one['bits']} bits")
def test_a_status_list_of_the_draft_reads_and_is_written_the_same(listed: dict[str, Any]) -> None:
    found = cbor2.loads(bytes.fromhex(listed["cbor"]))
    unpacked = zlib.decompress(found["lst"])
    assert unpacked.hex() == listed["bytes"]
    values = listed["values"]
    assert [status_list.value_at(unpacked, n, listed["bits"]) for n in range(len(values))] == values
    assert status_list.value_at(unpacked, len(values), listed["bits"]) is None
    assert status_list.packed(dict(enumerate(values)), size=len(values), bits=listed["bits"]) == unpacked


def test_the_draft_s_list_of_a_million_places_is_ours_bit_by_bit() -> None:
    said = LISTS["long"]
    values = {int(index): value for index, value in said["values"].items()}
    assert status_list.packed(values) == zlib.decompress(cbor2.loads(bytes.fromhex(said["cbor"]))["lst"])


def test_the_draft_s_signed_list_has_the_shape_of_ours() -> None:
    theirs = cose.taken_apart(bytes.fromhex(LISTS["cwt"]))
    assert theirs.header[cose.TYPE] == status_list.KIND
    claims = cbor2.loads(theirs.payload)
    assert set(claims) - {4} == {2, 6, 65534, 65533}
    assert status_list.read(bytes.fromhex(LISTS["cwt"]), [KEY.public_key().public_bytes_raw()]) is None

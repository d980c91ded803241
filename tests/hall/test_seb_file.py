"""Settings files that open with a password."""

from __future__ import annotations

import pytest

from assay.hall.seb_file import Chance, encrypted, seb_file
from tests.hall.seb import decrypted, opened

VECTORS = [
    ("a", "0000000000000000", "0000000000000000", "00000000000000000000000000000000", "",
     "03010000000000000000000000000000000000000000000000000000000000000000b3039be31cd7ece5e754f5c8da17003666313ae8a89ddcf8e3cb41"
     "fdc130b2329dbe07d6f4d32c34e050c8bd7e933b12"),
    ("thepassword", "0001020304050607", "0102030405060708", "02030405060708090a0b0c0d0e0f0001", "01",
     "03010001020304050607010203040506070802030405060708090a0b0c0d0e0f0001a1f8730e0bf480eb7b70f690abf21e029514164ad3c474a51b30"
     "c7eaa1ca545b7de3de5b010acbad0a9a13857df696a8"),
    ("thepassword", "0102030405060700", "0203040506070801", "030405060708090a0b0c0d0e0f000102", "0123456789abcdef",
     "030101020304050607000203040506070801030405060708090a0b0c0d0e0f0001020e437fe809309c03fd53a475131e9a1978b8eaef576f60adb8ce"
     "2320849ba32d742900438ba897d22210c76c35c849df"),
    ("thepassword", "0203040506070001", "0304050607080102", "0405060708090a0b0c0d0e0f00010203", "0123456789abcdef01234567",
     "0301020304050607000103040506070801020405060708090a0b0c0d0e0f00010203e01bbda5df2ca8adace38f6c588d291e03f951b78d3417bc2816"
     "581dc6b767f1a2e57597512b18e1638f21235fa5928c"),
    ("中文密码", "0304050607000102", "0405060708010203", "05060708090a0b0c0d0e0f0001020304", "23456789abcdef0123456701",
     "03010304050607000102040506070801020305060708090a0b0c0d0e0f00010203048a9e08bdec1c4bfe13e81fb85f009ab3ddb91387e809c4ad86d9"
     "e8a6014557716657bd317d4bb6a7644615b3de402341"),
]  # fmt: skip
"""Password, two salts, first block, plain text, message: as RNCryptor publishes them for version 3."""


@pytest.mark.parametrize(("password", "salt", "seal", "first", "plain", "message"), VECTORS)
def test_messages_are_those_that_the_format_publishes(
    password: str, salt: str, seal: str, first: str, plain: str, message: str
) -> None:
    chance = Chance(bytes.fromhex(salt), bytes.fromhex(seal), bytes.fromhex(first))
    assert encrypted(bytes.fromhex(plain), password, chance).hex() == message


def test_a_settings_file_opens_with_its_password_only_and_is_another_each_time() -> None:
    settings = {"startURL": "http://hall/seb", "examKeySalt": b"salt", "allowQuit": True}
    made = seb_file(settings, "abcde-fghij")
    assert opened(made, "abcde-fghij") == settings
    with pytest.raises(AssertionError, match="another password"):
        opened(made, "abcde-fghik")
    assert seb_file(settings, "abcde-fghij") != made
    assert b"hall" not in made


def test_a_message_that_was_changed_does_not_open() -> None:
    message = bytearray(encrypted(b"settings", "word"))
    message[40] ^= 1
    with pytest.raises(AssertionError):
        decrypted(bytes(message), "word")

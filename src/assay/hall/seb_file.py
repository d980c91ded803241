"""A .seb file that opens with a password: the format of Safe Exam Browser around version 3 of RNCryptor's."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import os
import plistlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

WITH_PASSWORD = b"pswd"
HEADER = bytes([3, 1])
"""Version 3, made with a password."""
ROUNDS, KEY_BYTES, BLOCK_BITS = 10_000, 32, 128


class Chance(NamedTuple):
    """What has to be another for every file."""

    key_salt: bytes
    seal_salt: bytes
    first_block: bytes


def seb_file(settings: Mapping[str, Any], password: str) -> bytes:
    """The settings as the file that the computers open; it is no secret, its password is."""
    plain = gzip.compress(plistlib.dumps(dict(settings)), mtime=0)
    return gzip.compress(WITH_PASSWORD + encrypted(plain, password), mtime=0)


def encrypted(plain: bytes, password: str, chance: Chance | None = None) -> bytes:
    """AES-256-CBC under the password, sealed with HMAC-SHA256."""
    chance = chance or Chance(os.urandom(8), os.urandom(8), os.urandom(16))
    padder = PKCS7(BLOCK_BITS).padder()
    cipher = Cipher(AES256(_key(password, chance.key_salt)), CBC(chance.first_block)).encryptor()
    hidden = cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()
    said = HEADER + chance.key_salt + chance.seal_salt + chance.first_block + hidden
    return said + hmac.new(_key(password, chance.seal_salt), said, hashlib.sha256).digest()


def _key(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha1", password.encode(), salt, ROUNDS, KEY_BYTES)

"""What became of certificates, for whoever checks codes without asking here: a Token Status List in a signed CWT. Pure.

draft-ietf-oauth-status-list (21): two bits for each index, the first in the lowest bits of a byte, packed by zlib. An index is drawn by
lot, so the list tells nothing of a certificate to whom its code was not shown.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assay.certificates import cose

KIND = "application/statuslist+cwt"
SIZE, BITS = 2**20, 2
"""Indexes of the one list, far more than a centre ever gives out, so that hardly any is drawn twice; bits of each."""
LASTS = timedelta(days=7)
"""After so long a list is too old to call a certificate good by it."""
_LARGEST = 2**20
"""So many bytes are unpacked at most."""
_SUBJECT, _ISSUED, _TTL, _LIST = 2, 6, 65534, 65533


class Status(IntEnum):
    """Values of the draft; the last is its first one for own use."""

    GOOD = 0
    WITHDRAWN = 1
    SUSPENDED = 2
    CORRECTED = 3
    """Another edition has taken the place of this sheet."""


@dataclass(frozen=True)
class StatusList:
    """A list whose signature was right."""

    as_of: datetime
    lasts: timedelta
    bits: int
    packed: bytes

    def of(self, index: int) -> int | None:
        """The status at an index; None when the list does not go so far."""
        return value_at(self.packed, index, self.bits)


def packed(values: Mapping[int, int], *, size: int = SIZE, bits: int = BITS) -> bytes:
    """The list as bytes, not yet compressed; what is not given is 0."""
    found = bytearray(size * bits // 8)
    for index, value in values.items():
        place = index * bits
        found[place // 8] |= value << place % 8
    return bytes(found)


def value_at(values: bytes, index: int, bits: int) -> int | None:
    place = index * bits
    return values[place // 8] >> place % 8 & (1 << bits) - 1 if 0 <= place // 8 < len(values) else None


def written(values: Mapping[int, Status], key: Ed25519PrivateKey, *, address: str, as_of: datetime) -> bytes:
    """The signed list as it is published at `address`."""
    claims = {
        _SUBJECT: address,
        _ISSUED: int(as_of.timestamp()),
        _TTL: int(LASTS.total_seconds()),
        _LIST: {"bits": BITS, "lst": zlib.compress(packed(values))},
    }
    return cose.signed(claims, key, kind=KIND)


def read(data: bytes, publics: Iterable[bytes]) -> StatusList | None:
    """The list when one of these keys has signed it; None otherwise."""
    try:
        message = cose.taken_apart(data)
        if message.header.get(cose.TYPE) != KIND or not message.signed_by_named(publics):
            return None
        claims = cose.decoded(message.payload)
        listed = claims[_LIST]
        unpacked = zlib.decompressobj().decompress(listed["lst"], _LARGEST)
        as_of, lasts = datetime.fromtimestamp(claims[_ISSUED], UTC), timedelta(seconds=claims[_TTL])
        return StatusList(as_of, lasts, listed["bits"], unpacked)
    except (cose.NotSigned, LookupError, TypeError, ValueError, OverflowError, zlib.error):
        return None

"""Signed heads of centres' ledgers, as they come with messages: kept as they are, so that a centre cannot say something else
later. Whether the signature is right is for whoever compares; the platform only keeps.
"""

from __future__ import annotations

import base64
import binascii

from assay.standin.store import Store

HEADER, RECEIPT = "ledger-head", "Ledger-Head-Received"
LARGEST = 4096
SHOWN = 200


def take(store: Store, given: str) -> dict[str, str]:
    """Keep the head in the header, if it is one; the headers that say so. What is no head is passed over: the message counts."""
    note = _decoded(given)
    lines = note.splitlines()
    if len(lines) < 5 or not (lines[1].isascii() and lines[1].isdecimal() and len(lines[1]) < 16):
        return {}
    with store.writing() as book:
        book.take_head(lines[0], int(lines[1]), note)
    return {RECEIPT: lines[1]}


def _decoded(given: str) -> str:
    if not 0 < len(given) <= LARGEST:
        return ""
    try:
        return base64.b64decode(given, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""

"""Time stamps by others over signed heads of the ledger (RFC 3161): who made them, and that the head was there at that time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import rfc3161_client as rfc3161
from cryptography import x509
from django.conf import settings


class BadStamp(ValueError):
    """Not a time stamp of this text, or not by an authority that is trusted here."""


def request(text: str) -> bytes:
    """What a time stamp authority is asked over `text`: a digest of it, never the text. DER."""
    return (
        rfc3161.TimestampRequestBuilder()
        .data(text.encode())
        .hash_algorithm(rfc3161.HashAlgorithm.SHA256)
        .build()
        .as_bytes()
    )


def roots() -> list[x509.Certificate]:
    """The authorities' root certificates that this installation trusts (ASSAY_TSA_ROOTS, a PEM file)."""
    return x509.load_pem_x509_certificates(Path(settings.TSA_ROOTS).read_bytes()) if settings.TSA_ROOTS else []


def stamped_at(answer: bytes, text: str, trusted: Sequence[x509.Certificate]) -> datetime:
    """When `text` was stamped (aware UTC). Raises BadStamp."""
    if not trusted:
        raise BadStamp("no root certificate to check it by")
    builder = rfc3161.VerifierBuilder()
    for root in trusted:
        builder = builder.add_root_certificate(root)
    try:
        read = rfc3161.decode_timestamp_response(answer)
        builder.build().verify_message(read, text.encode())
        return read.tst_info.gen_time
    except (rfc3161.VerificationError, ValueError) as wrong:
        raise BadStamp(str(wrong)) from wrong

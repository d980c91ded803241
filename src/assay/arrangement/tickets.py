"""Ticket numbers. No national rule was found (dossier F5.7): year, batch, level, serial; unique in the centre."""

from __future__ import annotations

from assay.batches.models import Batch


def ticket_number(batch: Batch, level_code: str, serial: int) -> str:
    """Two digits of the exam year, four of the batch, one of the level, five of the serial: 12 characters."""
    assert batch.exam_on is not None
    return f"{batch.exam_on:%y}{batch.pk:04d}{level_code}{serial:05d}"

"""Who writes whose rows: each table is written by the room that it belongs to, and by nobody else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import models
from django.db.models.query import QuerySet

KEEPER = "assay.centre.acts.reference"
"""Writes the rows of every kind that a room has handed to it."""
NOT_OURS = ("tests.", "testbed.", "bench.")


def written_by_its_room(model: type[models.Model], frame: FrameType | None) -> str:
    """Nothing when it is so; else who writes the row, for the frame from which it is written."""
    room = _room(model.__module__)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(NOT_OURS):
            return ""
        if name.startswith("assay."):
            if _room(name) == room or name == KEEPER:
                return ""
            if room == "kernel" or _room(name) != "kernel":  # the kernel writes on behalf of who asks
                return f"{name}.{frame.f_code.co_name} writes {model._meta.label}"
        frame = frame.f_back
    return ""


def _room(module: str) -> str:
    return module.split(".")[1] if module.startswith("assay.") else ""


def watch() -> Callable[[], None]:
    """From now on whoever writes another room's rows fails; returns what ends it."""
    ends = [_watched(models.Model, name, type) for name in ("save_base", "delete")]
    ends += [
        _watched(QuerySet, name, lambda rows: rows.model) for name in ("bulk_create", "update", "delete", "_raw_delete")
    ]

    def end() -> None:
        for one in ends:
            one()

    return end


def _watched(owner: Any, name: str, model_of: Callable[[Any], type[models.Model]]) -> Callable[[], None]:
    written = getattr(owner, name)

    def look(self: Any, *args: Any, **kwargs: Any) -> Any:
        model = model_of(self)
        if model.__module__.startswith("assay."):
            found = written_by_its_room(model, sys._getframe(1))
            assert not found, found
        return written(self, *args, **kwargs)

    setattr(owner, name, look)
    return lambda: setattr(owner, name, written)

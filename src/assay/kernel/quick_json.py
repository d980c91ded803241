"""Large documents written by the ten thousand: the column is JSON as any other, only put into text by a faster encoder."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.db import models

_encode = msgspec.json.Encoder().encode


class QuickEncoder(json.JSONEncoder):
    """What `json.dumps` asks for a text of JSON values."""

    def encode(self, o: Any) -> str:
        return _encode(o).decode()


class QuickJSONField(models.JSONField):
    """To migrations, and in the database, a plain JSONField."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "encoder": QuickEncoder})

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        del kwargs["encoder"]
        return name, "django.db.models.JSONField", args, kwargs

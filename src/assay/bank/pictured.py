"""Which pictures an item shows, kept beside its texts: whether a picture belongs to an item has to be found, and the texts are
encrypted."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField

_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def digests_in(*texts: Any) -> str:
    """The digests of the pictures that texts (or lists of texts) show, each once, parted by blanks."""
    return " ".join(sorted({found for text in texts for found in _DIGEST.findall(json.dumps(text))}))


class PicturesShown(_Text):
    """Written by itself whenever the row is, from the columns `of`."""

    def __init__(self, *args: Any, of: Sequence[str] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        super().__init__(*args, **{**kwargs, "blank": True, "default": "", "editable": False})

    def deconstruct(self) -> Any:
        """To migrations a plain column: what it holds is the model's affair."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        shown = digests_in(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, shown)
        return shown

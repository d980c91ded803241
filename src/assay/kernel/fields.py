"""Model fields that are encrypted at rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.utils.functional import cached_property

from assay.kernel.sealing import IDENTITY, decrypt, encrypt

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
    _Value = models.JSONField[Any, Any]
else:
    _Text = _Value = models.TextField


LONGEST_TYPED = 60
"""What is typed into a field of identity is a number or an address."""


class Encrypted:
    """What both kinds share: a text column holding AES-GCM cipher text, bound to its table and column. The database cannot look
    into it: what has to be found needs a blind index, or is read and compared (`Listing.finds`)."""

    model: Any
    column: str | None

    def __init__(self, *args: Any, purpose: str = IDENTITY, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, path, args, kwargs if self.purpose == IDENTITY else {**kwargs, "purpose": self.purpose}

    def get_lookup(self, lookup_name: str) -> Any:
        """Whatever would compare cipher texts finds nothing and says nothing of it: refused (FieldError)."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None  # type: ignore[misc]

    def _opened(self, stored: str) -> str:
        return decrypt(stored, self._context, self.purpose)

    def _locked(self, text: str) -> str:
        return encrypt(text, self._context, self.purpose)

    @cached_property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


class EncryptedText(Encrypted, _Text):
    """Text; an empty one stays empty."""

    def formfield(self, **kwargs: Any) -> Any:
        typed = {"max_length": LONGEST_TYPED, "widget": forms.TextInput} if self.purpose == IDENTITY else {}
        return super().formfield(**{**typed, **kwargs})

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return self._opened(value) if value else value

    def get_prep_value(self, value: str | None) -> str | None:
        return self._locked(value) if value else value


class EncryptedJSON(Encrypted, _Value):
    """JSON values; what equals the field's default stays empty."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(self._opened(value)) if value else self.get_default()

    def get_prep_value(self, value: Any) -> str:
        if self.has_default() and value == self.get_default():
            return ""
        return self._locked(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def to_python(self, value: Any) -> Any:
        return value

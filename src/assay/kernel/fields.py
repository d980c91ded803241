"""A model field that is encrypted at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from assay.kernel.sealing import decrypt, encrypt

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


LONGEST_TYPED = 60
"""What is typed into such a field is a number or an address."""


class EncryptedText(_Text):
    """Text stored as AES-GCM cipher text, bound to its table and column. Not searchable: pair it with a blind index."""

    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"max_length": LONGEST_TYPED, **kwargs})

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value, self._context()) if value else value

    def get_prep_value(self, value: str | None) -> str | None:
        return encrypt(value, self._context()) if value else value

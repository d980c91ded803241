"""Sessions under a digest of the word in the browser's cookie: whoever reads the database takes over nobody's.

The word has 165 random bits, so a plain digest is enough; the column holds 160 of its bits.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

_COLUMN = 40


def kept(word: str | None) -> str:
    """What stands in the table for a cookie's word."""
    return sha256(f"assay session {word}".encode()).hexdigest()[:_COLUMN]


class SessionStore(db.SessionStore):
    """Django's store in the database, whose rows do not open what they keep."""

    def _get_session_from_db(self) -> Any:
        found = self.model.objects.filter(session_key=kept(self.session_key), expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(kept(session_key))

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)
        row.session_key = kept(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        word = session_key or self.session_key
        if word is not None:
            super().delete(kept(word))

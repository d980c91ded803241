"""Why the hall says no."""

from __future__ import annotations


class Refusal(Exception):
    """HTTP status and a message in Chinese."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message

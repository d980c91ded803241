"""How a row leads to the candidate whom it concerns: by account, by ID number, by name where no number is known of a member of
staff. For the rooms that declare what nobody does in an own matter (`kernel.separation.not_own`)."""

from __future__ import annotations

from typing import Any


def candidate(path: str) -> dict[str, Any]:
    """The paths of `not_own` from a row to its candidate; `path` leads to the `Person`."""
    return {
        "account": f"{path}__account",
        "index": f"{path}__id_index",
        "staff_name": f"{path}__name",
        "staff": {f"{path}__source": "staff"},
    }

"""Who is one and the same person: accounts are told together by the ID number behind them, never by a name's spelling.

Rooms that know whose ID number stands behind an account say so (`known_by`); nothing but blind indexes is compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class _Source:
    """Rows that tie accounts to ID numbers, and the names of the two fields."""

    model: type[Model]
    account: str
    index: str

    def column(self, wanted: str, by: str, values: Iterable[Any]) -> set[Any]:
        """What stands in one field where the other holds any of `values`."""
        rows = self.model._default_manager.filter(**{f"{by}__in": list(values)})
        return set(rows.values_list(wanted, flat=True)) - {None, ""}


_sources: list[_Source] = []


def known_by(model: type[Model], *, account: str = "account", index: str = "id_index") -> None:
    """Rows of `model` tie an account (its field `account`) to an ID number (the blind index in the field `index`)."""
    _sources.append(_Source(model, account, index))


@dataclass(frozen=True)
class Person:
    """All accounts and all ID numbers (blind indexes) that are known to be one person's."""

    accounts: frozenset[int]
    indexes: frozenset[str]


def person_of(account: int) -> Person:
    """The person behind an account; without a known ID number the account stands alone."""
    indexes = {one for s in _sources for one in s.column(s.index, s.account, [account])}
    others = {one for s in _sources for one in s.column(s.account, s.index, indexes)} if indexes else set()
    return Person(frozenset({account, *others}), frozenset(indexes))

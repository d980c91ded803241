"""A sheet's rows as they already stand: each is read once, found by what tells it from the others, and compared with its line."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from django.db.models import Model

from assay.kernel.recorded import Recorded
from assay.setup.sheets import Sheet

Key = tuple[Hashable, ...]


class Present:
    """The rows of a sheet's kind, read when the first line asks."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._many = {column.field for column in sheet.columns if column.many}
        rows = sheet.model._default_manager.prefetch_related(*self._many)
        self._rows = {self._key(vars(row)): row for row in rows}

    def row(self, values: Mapping[str, Any]) -> Recorded:
        """The row that a line is about, as it is, or a new one."""
        given = {self._attribute(field): _plain(values[field]) for field in self._sheet.key}
        return self._rows.get(self._key(given)) or self._sheet.model()

    def differs(self, row: Recorded, values: Mapping[str, Any]) -> bool:
        """Whether the line says anything that the row does not say yet."""
        if row._state.adding:
            return not self._sheet.says_nothing(dict(values))
        for field, value in values.items():
            if field in self._many:
                if {one.pk for one in getattr(row, field).all()} != {one.pk for one in value}:
                    return True
            elif self._says(field, value) and getattr(row, self._attribute(field)) != _plain(value):
                return True
        return False

    def filled(self, row: Recorded, values: Mapping[str, Any]) -> dict[str, list[Model]]:
        """Put the line's values into the row; returns those of its many-to-many fields: of a new row all, for none is none."""
        for field, value in values.items():
            if field not in self._many and self._says(field, value):
                setattr(row, field, value)
        return {field: values.get(field, []) for field in self._many if field in values or row._state.adding}

    def keep(self, row: Recorded) -> None:
        """The row is written: the next line that is about it finds it."""
        self._rows[self._key(vars(row))] = row

    def _says(self, field: str, value: object) -> bool:
        """An empty cell says nothing where something has to stand."""
        return value is not None or bool(self._sheet.model._meta.get_field(field).null)

    def _attribute(self, field: str) -> str:
        return str(self._sheet.model._meta.get_field(field).attname)  # type: ignore[union-attr]

    def _key(self, attributes: Mapping[str, Any]) -> Key:
        return tuple(attributes[self._attribute(field)] for field in self._sheet.key)


def _plain(value: object) -> Any:
    return value.pk if isinstance(value, Model) else value

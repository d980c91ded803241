"""A case group on one page: the case, and a form for each of its parts in the order in which they stand on the page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from assay.bank.forms import ItemForm
from assay.bank.models import Item, Specification
from assay.bank.showing import row_of
from assay.items import answers, rules
from assay.items.row import ItemRow

MOST_PARTS = 30
_OF_A_PART = ("type", "premises", "key", "explanation", *(f"option_{letter}" for letter in answers.LETTERS[:8]))


class CaseForm(ItemForm):
    """The case itself. What is empty is named with everything else that is wrong, not by the browser first."""

    def __init__(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        super().__init__(specification, *args, **kwargs)
        for name in _OF_A_PART:
            del self.fields[name]
        self.fields["stem"].label, self.fields["stem"].required = "案例（背景材料）", False

    def row_with(self, parts: tuple[ItemRow, ...]) -> tuple[ItemRow, dict[str, bytes]]:
        row, pictures = self.row()
        return ItemRow(row.point, "case", row.difficulty, row.stem, reference=row.reference, parts=parts), pictures


class PartForm(ItemForm):
    """A part of a case; its point and reference are the case's."""

    def __init__(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        super().__init__(specification, *args, **kwargs)
        for name in ("point", "reference"):
            del self.fields[name]
        for name in ("stem", "key"):
            self.fields[name].required = False

    def first_options(self) -> list[forms.BoundField]:
        return self.option_fields()[:4]

    def further_options(self) -> list[forms.BoundField]:
        return self.option_fields()[4:]

    def has_further_options(self) -> bool:
        return any(field.value() for field in self.further_options())


def new_part(specification: Specification, initial: Mapping[str, Any] | None = None) -> PartForm:
    """A form of its own name: parts are put in and taken out while others stay."""
    return PartForm(specification, initial=dict(initial or {}), prefix=f"p{secrets.token_hex(4)}")


class CaseSheet:
    """The forms of a page. `parts` of the data names the parts' forms in order."""

    def __init__(
        self,
        specification: Specification,
        data: MultiValueDict[str, Any] | None = None,
        pictures: MultiValueDict[str, Any] | None = None,
        item: Item | None = None,
        point: str = "",
    ) -> None:
        row = row_of(item) if item else None
        initial = ItemForm.values_of_row(row) if row else {"point": point}
        self.form = CaseForm(specification, data, pictures, initial=initial)
        if data is None:
            given = [ItemForm.values_of_row(part) for part in row.parts] if row else [{}]
            self.parts = [new_part(specification, values) for values in given]
        else:
            names = [n for n in data.getlist("parts") if n.isalnum()][:MOST_PARTS]
            self.parts = [PartForm(specification, data, pictures, prefix=name) for name in dict.fromkeys(names)]

    def is_valid(self) -> bool:
        """Every form looked at, then the rules of items: each problem beside its field."""
        for form in (self.form, *self.parts):
            form.is_valid()
        row, _ = self.row
        if not self.parts:
            self.form.add_error(None, rules.NO_PARTS)
        alone = rules.problems_by_part(replace(row, parts=()))
        _add(self.form, [(part, said) for part, said in alone if said != rules.NO_PARTS])
        for form, own in zip(self.parts, row.parts, strict=True):
            _add(form, rules.problems_by_part(own))
        return not any(form.errors for form in (self.form, *self.parts))

    def problems(self) -> list[str]:
        """Everything that is wrong, for the head of the page: a part may be far below."""
        said = [str(message) for messages in self.form.errors.values() for message in messages]
        for number, form in enumerate(self.parts, start=1):
            said += [f"第 {number} 小题：{message}" for messages in form.errors.values() for message in messages]
        return said

    @cached_property
    def row(self) -> tuple[ItemRow, dict[str, bytes]]:
        """The case with its parts as the act takes it, and the pictures that came with them: as it was before problems were put
        to fields, which takes their values away."""
        pairs = [form.row() for form in self.parts]
        row, pictures = self.form.row_with(tuple(part for part, _ in pairs))
        for _, own in pairs:
            pictures |= own
        return row, pictures


def _add(form: ItemForm, problems: Sequence[tuple[str, str]]) -> None:
    """Beside their fields. Of a field that the form itself found wrong nothing more is said."""
    wrong = set(form.errors)
    for part, message in problems:
        name = f"option_{part}" if part in answers.LETTERS else part
        if name not in wrong:
            form.add_error(name if name in form.fields else None, message)

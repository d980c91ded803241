"""What an act takes in by the fields beside its button: every number, text and choice is read in one way, and what is wrong with one is
said in the words of its field.

A room declares an `ActForm` with the fields of each such act; its view reads `CountsForm.read(request)` and gives the act what came of it.
What the act itself asks for (a reason for a refusal alone, no more copies than went out) stays with the act: others call it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from assay.centre.editing import PlainForm, dress
from assay.kernel.given import chosen, whole_or_none, wholes
from assay.kernel.refusals import Refused


class ActForm(PlainForm):
    """The fields beside a button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word()

    def take_in(self, fields: Mapping[str, forms.Field]) -> None:
        """Fields that depend on what the form is made for."""
        self.fields |= fields
        dress(self, markup=self.markup)
        self._word()

    def _word(self) -> None:
        """Of a text that is too long it is said as `texts.uncut` says it of what comes another way."""
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                counted = f"“{field.label}”最多 %(limit_value)d 个字，现有 %(show_value)d 个，请缩短后再提交"
                field.error_messages["max_length"] = counted

    @classmethod
    def read(cls, request: HttpRequest, *about: Any) -> dict[str, Any]:
        """What was filled in, by field. Refused with all that is wrong, each thing once. `about`: what the form is made for."""
        form = cls(*about, request.POST, request.FILES)
        if not form.is_valid():
            raise Refused("；".join(dict.fromkeys(str(said) for errors in form.errors.values() for said in errors)))
        return form.cleaned_data


class Whole(forms.Field):
    """A whole number from 0 on. `said`: what is answered to whoever leaves it out or writes something else, where that has words of
    its own."""

    def __init__(self, label: str, *, required: bool = True, said: str = "") -> None:
        super().__init__(label=label, required=required, error_messages={"required": said or f"请填写“{label}”"})
        self._name, self._said = label, said

    def to_python(self, value: Any) -> int | None:
        try:
            return whole_or_none(str(value or ""), self._name)
        except Refused as unread:
            raise ValidationError(self._said or unread.message) from unread


class Chosen(forms.ModelChoiceField):
    """One of the rows that were offered, by its number: of any other, of none and of letters it is said that it cannot be chosen."""

    def to_python(self, value: Any) -> Any:
        if not self.required and not value:
            return None
        assert self.queryset is not None
        try:
            return chosen(self.queryset, str(value or ""), str(self.label))
        except Refused as gone:
            raise ValidationError(gone.message) from gone


class OneOf(forms.ChoiceField):
    """One of several words; `said`: what is answered to whoever gives another, or none where one is required. `otherwise`: what none means
    where it is not."""

    def __init__(
        self, label: str, choices: Mapping[Any, str], *, said: str, required: bool = True, otherwise: str = ""
    ) -> None:
        wrong = dict.fromkeys(("required", "invalid_choice"), said)
        super().__init__(label=label, choices=list(choices.items()), required=required, error_messages=wrong)
        self._otherwise = otherwise

    def to_python(self, value: Any) -> str:
        return super().to_python(value) or self._otherwise


class Ticked(forms.Field):
    """The numbers of the rows that were ticked; what is none ticks nothing. Whether there must be some is said by the act."""

    widget = forms.SelectMultiple

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False)

    def to_python(self, value: Any) -> list[int]:
        return wholes(value or ())


class _Sent(forms.CheckboxInput):
    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name in data


class Flag(forms.BooleanField):
    """A box that was ticked or a button that was pressed: it comes with the form or not, whatever it says."""

    widget = _Sent

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False)

"""Pages that keep reference data: one list, one form and one removal for every kind of row that a room declares.

A room writes `Editor(...)` for each kind of row and puts `editor.urls()` into its addresses; tabs bind those together
that belong under one line of the menu.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assay.centre.actors import actor
from assay.centre.acts.reference import Kept, M
from assay.kernel.access import duties
from assay.kernel.citing import cited
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.meanwhile import require_as_shown, told
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity
from assay.kernel.texts import seen, text_problem

Tabs = Sequence[tuple[str, str]]
"""(title, name of the address) of pages under one line of the menu."""

LONGEST = 20_000
"""Characters of a text for which the form says nothing else: some pages of print."""
_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
]


def as_it_is_seen(text: str) -> None:
    """For the fields of forms."""
    wrong = text_problem(text)
    if wrong:
        raise ValidationError(wrong)


def as_it_is_seen_or_marked_up(text: str) -> None:
    """For the fields in which items are written."""
    wrong = text_problem(text, markup=True)
    if wrong:
        raise ValidationError(wrong)


def dress(form: forms.BaseForm, *, markup: bool = False) -> None:
    """Give every widget of the form the look of the house, and every text an end; texts are seen as they are
    written, or (`markup`) as items are."""
    looked_at = as_it_is_seen_or_marked_up if markup else as_it_is_seen
    for field in form.fields.values():
        look = next(look for kind, look in _CLASSES if isinstance(field.widget, kind))
        if look:
            field.widget.attrs.setdefault("class", look)
        if isinstance(field, forms.CharField) and field.max_length is None:
            field.max_length = LONGEST
            field.validators.append(MaxLengthValidator(LONGEST))
        if (
            isinstance(field, forms.CharField)
            and not isinstance(field.widget, forms.PasswordInput)
            and looked_at not in field.validators
        ):
            field.validators.append(looked_at)
            if isinstance(field.widget, forms.Textarea) and not markup:
                field.to_python = _of_what_is_seen(field.to_python)  # type: ignore[assignment, method-assign]


def _of_what_is_seen(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A long text loses what shows nothing in it, such as the breaks of a page that it was pasted from: nobody could find them one by
    one. A name is refused with the place, like that of a person: whoever gives it shall know what it is."""
    return lambda value: read(seen(value) if isinstance(value, str) else value)


def read_only(form: forms.BaseForm) -> None:
    """Shown to whoever may not change it, or not now."""
    for field in form.fields.values():
        field.disabled = True
        if isinstance(field, forms.DateField):
            field.widget.input_type = "date"
            field.widget.format = "%Y-%m-%d"


class PlainForm(forms.Form):
    """A form with the look of the house."""

    markup: ClassVar[bool] = False
    """Whether texts of items are written in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, markup=self.markup)


class RowForm(forms.ModelForm):
    """The form of a row of reference data. It never saves: the editor's act does."""

    near: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Field of a choice → what else its rows' names are made of, so that a long list costs one query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)
        for name, others in self.near.items():
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)
            if choice.queryset is not None:
                choice.queryset = choice.queryset.select_related(*others)

    def many(self) -> dict[str, Any]:
        """The chosen many-to-many members by field."""
        return {f.name: self.cleaned_data[f.name] for f in self.instance._meta.many_to_many if f.name in self.fields}


@dataclass(frozen=True)
class Editor(Generic[M]):
    """The pages of one kind of row. `readers` may open the list; who holds the acts' duties may change it."""

    kept: Kept[M]
    name: str
    form: type[RowForm]
    columns: Sequence[Column]
    readers: tuple[str, ...] = ()
    rows: Callable[[], models.QuerySet[M]] | None = None
    filters: Callable[[], Sequence[Filter]] = tuple
    search: Sequence[str] = ()
    search_hint: str = ""
    order: str = "pk"
    tabs: Tabs = ()
    hint: str = ""
    empty: str = ""
    links: Callable[[Any], Sequence[tuple[str, str]]] = lambda row: ()
    """Further pages of a row (title, address), shown above its form."""
    shows_identity: str = ""
    """What the form is called in the security log, when it shows an ID number unmasked."""
    afterwards: Callable[[HttpRequest], None] = lambda request: None
    """What is done once a row has been saved, outside of the act."""

    @property
    def room(self) -> str:
        return self.kept.model._meta.app_label

    @property
    def title(self) -> str:
        return str(self.kept.model._meta.verbose_name)

    def address(self, what: str, *args: Any) -> str:
        """`what`: list, add, edit or remove."""
        return reverse(f"{self.room}:{self.name}_{what}", args=args)

    def queryset(self) -> models.QuerySet[M]:
        return self.rows() if self.rows else self.kept.model._default_manager.all()

    def urls(self) -> list[URLPattern]:
        """Addresses `<name>/`, `<name>/add/`, `<name>/<pk>/`, `<name>/<pk>/remove/`."""
        writers = self.kept.saving.duties
        changing = duties(*writers)
        edit = require_http_methods(["GET", "POST"])(self._edit)
        if self.shows_identity:
            edit = shows_identity(self.shows_identity)(edit)
        return [
            path(f"{self.name}/", reading(self._list, *self.readers, *writers), name=f"{self.name}_list"),
            path(f"{self.name}/add/", changing(require_http_methods(["GET", "POST"])(self._add)), name=f"{self.name}_add"),
            path(f"{self.name}/<int:pk>/", changing(edit), name=f"{self.name}_edit"),
            path(f"{self.name}/<int:pk>/remove/", changing(require_POST(self._remove)), name=f"{self.name}_remove"),
        ]  # fmt: skip

    def _may_change(self, request: HttpRequest) -> bool:
        return actor(request).holds(*self.kept.saving.duties)

    def _list(self, request: HttpRequest) -> HttpResponse:
        may_change = self._may_change(request)
        listing = Listing(
            request,
            self.queryset(),
            self.columns,
            filters=self.filters(),
            search=self.search,
            search_hint=self.search_hint,
            order=self.order,
            name=self.title,
            empty=self.empty
            or f"还没有{self.title}。{'点“新增”添加，或在“建校工作簿”中成批导入。' if may_change else ''}",
            row_url=(lambda row: self.address("edit", row.pk)) if may_change else None,
        )
        context = {
            "title": self.title,
            "tabs": tabs_of(request, self.tabs),
            "hint": cited(self.hint),
            "add": self.address("add") if may_change else "",
        }
        return listing.respond("centre/editor_list.html", context)

    def _add(self, request: HttpRequest) -> HttpResponse:
        return self._form(request, self.kept.model(), f"新增{self.title}")

    def _edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._form(request, get_object_or_404(self.queryset(), pk=pk), f"修改{self.title}")

    def _form(self, request: HttpRequest, row: M, title: str) -> HttpResponse:
        said = str(row) if row.pk else ""

        def anew() -> RowForm:
            return self.form(instance=self.queryset().get(pk=row.pk))

        form = self.form(request.POST or None, instance=row, initial=self._preset(request))
        if request.method == "POST" and form.is_valid():
            try:
                require_as_shown(form, anew)
                kept = self.kept.save(actor(request), form.instance, form.many())
            except Refused as refused:
                form = told(form, refused, anew)
            else:
                messages.success(request, f"已保存{self.title}“{kept}”")
                self.afterwards(request)
                return redirect(self.address("list"))
        context = {
            "title": title, "form": form, "said": said, "back": self.address("list"), "hint": cited(self.hint),
            "list_title": self.title, "row": row, "remove": self.address("remove", row.pk) if row.pk else "",
            "links": self.links(row) if row.pk else (),
        }  # fmt: skip
        return render(request, "centre/editor_form.html", context)

    def _preset(self, request: HttpRequest) -> dict[str, str]:
        """Values for a new row out of the address, so that a page can lead here with part of it filled in."""
        return {name: str(value) for name, value in request.GET.items() if name in self.form.base_fields}

    def _remove(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.kept.model._default_manager.all(), pk=pk)
        said = str(row)
        self.kept.remove(actor(request), row)
        messages.success(request, f"已删除{self.title}“{said}”")
        return redirect(self.address("list"))


def reading(view: Callable[..., HttpResponse], *codes: str) -> Callable[..., HttpResponse]:
    """A page that may only be read, by holders of any of the duties."""
    return duties(*codes)(require_GET(view))


def tabs_of(request: HttpRequest, tabs: Tabs) -> list[tuple[str, str, bool]]:
    """(title, address, whether it is this page) for the template."""
    found = [(title, reverse(name)) for title, name in tabs]
    return [(title, url, request.path == url) for title, url in found]

"""One list mechanism for every list page: search, filters, sorting, paging, export to Excel.

Flat from a thousand rows to a million: one page is read, and the count stops at COUNT_LIMIT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assay.kernel.given import whole
from assay.kernel.recorded import Recorded
from assay.kernel.security_log import note
from assay.kernel.sheet_file import SheetFile, xlsx_response

PAGE_SIZE = 50
COUNT_LIMIT = 10_000
EXPORT_LIMIT = 100_000


@dataclass(frozen=True)
class Column:
    """A column: `value` gives what is shown (text or safe HTML), `sort` the field to order by, `plain` what is exported: a number, a
    day and a moment as what they are, all else as text. `whole` gives an ID number unmasked, to whoever may take it along. A column
    is on the page and in the file, unless it is said otherwise."""

    title: str
    value: Callable[[Any], Any]
    sort: str = ""
    plain: Callable[[Any], Any] | None = None
    whole: Callable[[Any], str] | None = None
    on_page: bool = True
    in_file: bool = True

    def exported(self, row: Any, *, in_full: bool = False) -> Any:
        return (self.whole if in_full and self.whole else self.plain or self.value)(row)


@dataclass(frozen=True)
class Filter:
    """A drop-down: `choices` are (value, label); `lookup` is the field it filters, or a function value -> Q."""

    key: str
    title: str
    choices: Sequence[tuple[Any, str]]
    lookup: str | Callable[[str], Q]

    def condition(self, value: str) -> Q:
        return self.lookup(value) if callable(self.lookup) else Q(**{self.lookup: value})


@dataclass
class Listing:
    """A list page. `search` are fields looked up with icontains, or a function text -> Q; `finds` is a function (text, rows) -> Q
    for texts that the database cannot look into, given the rows that the filters leave. `presets` are the filters of
    a page opened without any query; `tickable` says which rows of a selectable list have a box; `prepare` is given the rows
    of a page, or many to be exported, before any column is asked, to read at once what each needs; `in_full`: whether the reader's duty
    takes whole ID numbers along."""

    request: HttpRequest
    rows: QuerySet[Any]
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] | Callable[[str], Q] = ()
    finds: Callable[[str, QuerySet[Any]], Q] | None = None
    search_hint: str = ""
    order: str = "pk"
    name: str = "list"
    empty: str = "还没有记录。"
    selectable: bool = False
    tickable: Callable[[Any], bool] | None = None
    acts_on: Callable[[Any], Sequence[Recorded]] | None = None
    row_url: Callable[[Any], str] | None = None
    presets: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Sequence[Any]], None] | None = None
    in_full: bool = False
    chosen: dict[str, str] = field(init=False, default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """What is asked for; a filter that was set to “all” is there and empty, so presets do not come back."""
        return {str(k): str(v) for k, v in self.request.GET.items()} or dict(self.presets)

    def selected(self) -> QuerySet[Any]:
        """All rows that the search and filters leave, in order."""
        rows = self.rows
        query = self.query
        for one in self.filters:
            value = query.get(one.key, "")
            if value and value in {str(choice) for choice, _ in one.choices}:
                self.chosen[one.key] = value
                rows = rows.filter(one.condition(value))
        text = query.get("q", "").strip()
        if text and (self.search or self.finds):
            rows = rows.filter(self._search_condition(text, rows))
        return rows.order_by(*self._ordering())

    def _search_condition(self, text: str, rows: QuerySet[Any]) -> Q:
        if self.finds:
            return self.finds(text, rows)
        if callable(self.search):
            return self.search(text)
        condition = Q()
        for name in self.search:
            condition |= Q(**{f"{name}__icontains": text})
        return condition

    def _ordering(self) -> list[str]:
        wanted = self.query.get("sort", "")
        allowed = {c.sort for c in self.columns if c.sort}
        first = [wanted] if wanted.removeprefix("-") in allowed else [self.order]
        return first if first[0].removeprefix("-") in ("pk", "id") else [*first, "pk"]

    def respond(self, template: str = "kernel/list_page.html", context: dict[str, Any] | None = None) -> HttpResponse:
        """The page, or the Excel file with ?export=xlsx; with ?export=full whole ID numbers stand in it."""
        rows, wanted = self.selected(), self.request.GET.get("export")
        if wanted in ("xlsx", "full"):
            return self._export(rows, in_full=wanted == "full")
        return render(self.request, template, {"listing": self.page(rows), **(context or {})})

    def page(self, rows: QuerySet[Any] | None = None) -> dict[str, Any]:
        """What the template `kernel/listing.html` shows."""
        found = self.selected() if rows is None else rows
        count = found.order_by().values("pk")[: COUNT_LIMIT + 1].count()
        last = max(1, -(-min(count, COUNT_LIMIT) // PAGE_SIZE))
        query = self.query
        number = min(max(whole(query.get("page", "")) or 1, 1), last)
        shown = self._read(found.values_list("pk", flat=True)[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
        if self.prepare:
            self.prepare(shown)
        columns = [c for c in self.columns if c.on_page]
        return {
            "columns": [(c.title, self._sort_link(c), self._sort_mark(c)) for c in columns],
            "rows": [
                (
                    row,
                    [c.value(row) for c in columns],
                    self.row_url(row) if self.row_url else "",
                    self.tickable is None or self.tickable(row),
                    self.acts_on(row) if self.acts_on else (),
                )
                for row in shown
            ],
            "filters": [(f, self.chosen.get(f.key, "")) for f in self.filters],
            "query": query.get("q", ""),
            "sort": query.get("sort", ""),
            "all": self._all_link(query),
            "has_search": bool(self.search or self.finds),
            "search_hint": self.search_hint,
            "count": count,
            "more": count > COUNT_LIMIT,
            "number": number,
            "last": last,
            "previous": self._link(page=number - 1) if number > 1 else "",
            "next": self._link(page=number + 1) if number < last else "",
            "export": self._link(export="xlsx"),
            "export_in_full": self._link(export="full") if self._can_be_in_full else "",
            "empty": "没有符合条件的记录。" if query.get("q") or any(self.chosen.values()) else self.empty,
            "selectable": self.selectable,
        }

    def _read(self, keys: Iterable[Any]) -> list[Model]:
        """The rows of these keys, in this order. Putting whole rows in order, with all that is joined to them and worked out for
        each, would be done for every row of the table."""
        wanted = list(keys)
        found = self.rows.order_by().in_bulk(wanted)
        return [found[key] for key in wanted if key in found]

    def _link(self, **changes: Any) -> str:
        kept = {k: v for k, v in self.query.items() if k not in {"page", "export"}}
        return "?" + urlencode({**kept, **changes})

    def _all_link(self, query: Mapping[str, str]) -> str:
        """Out of every filter and search; nothing when none is set."""
        narrowed = bool(self.chosen or query.get("q", "").strip())
        return "?" + urlencode({one.key: "" for one in self.filters} or {"q": ""}) if narrowed else ""

    def _sort_link(self, column: Column) -> str:
        if not column.sort:
            return ""
        return self._link(sort=f"-{column.sort}" if self.query.get("sort") == column.sort else column.sort)

    def _sort_mark(self, column: Column) -> str:
        current = self.query.get("sort", "")
        return (
            ""
            if not column.sort or current.removeprefix("-") != column.sort
            else ("↓" if current.startswith("-") else "↑")
        )

    @property
    def _can_be_in_full(self) -> bool:
        return self.in_full and any(c.whole for c in self.columns)

    def _export(self, rows: QuerySet[Any], *, in_full: bool) -> HttpResponse:
        if in_full and not self._can_be_in_full:
            raise PermissionDenied
        count = rows.order_by()[:EXPORT_LIMIT].count()
        if in_full:
            note(self.request, "identity", what=f"{self.name}（Excel，完整证件号码，{count} 行）")
        else:
            note(self.request, "export", what=f"{self.name}（Excel，{count} 行）")
        columns = [c for c in self.columns if c.in_file]
        sheet = SheetFile(self.name, [c.title for c in columns])
        for row in self._prepared(rows[:EXPORT_LIMIT]):
            sheet.row(*(c.exported(row, in_full=in_full) for c in columns))
        return xlsx_response(sheet.content(), self.name)

    def _prepared(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """All rows, each thousand of them prepared at once."""
        left = rows.iterator(chunk_size=1000)
        while some := list(islice(left, 1000)):
            if self.prepare:
                self.prepare(some)
            yield from some

"""One list mechanism for every list page: search, filters, sorting, paging, export to Excel.

Flat from a thousand rows to a million: one page is read, and the count stops at COUNT_LIMIT.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

import xlsxwriter
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assay.kernel.given import whole
from assay.kernel.recorded import Recorded
from assay.kernel.security_log import note

PAGE_SIZE = 50
COUNT_LIMIT = 10_000
EXPORT_LIMIT = 100_000


@dataclass(frozen=True)
class Column:
    """A column: `value` gives what is shown (text or safe HTML), `plain` what is exported, `sort` the field to order by."""

    title: str
    value: Callable[[Any], Any]
    sort: str = ""
    plain: Callable[[Any], Any] | None = None

    def exported(self, row: Any) -> Any:
        found = (self.plain or self.value)(row)
        return found if isinstance(found, int) else ("" if found is None else str(found))


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
    of a page, or many to be exported, before any column is asked, to read at once what each needs."""

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
        """The page, or the Excel file with ?export=xlsx."""
        rows = self.selected()
        if self.request.GET.get("export") == "xlsx":
            return self._export(rows)
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
        return {
            "columns": [(c.title, self._sort_link(c), self._sort_mark(c)) for c in self.columns],
            "rows": [
                (
                    row,
                    [c.value(row) for c in self.columns],
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

    def _export(self, rows: QuerySet[Any]) -> HttpResponse:
        count = rows.order_by()[:EXPORT_LIMIT].count()
        note(self.request, "export", what=f"{self.name}（Excel，{count} 行）")
        table = ([c.exported(row) for c in self.columns] for row in self._prepared(rows[:EXPORT_LIMIT]))
        return workbook_response(self.name, [c.title for c in self.columns], table)

    def _prepared(self, rows: QuerySet[Any]) -> Iterator[Any]:
        """All rows, each thousand of them prepared at once."""
        left = rows.iterator(chunk_size=1000)
        while some := list(islice(left, 1000)):
            if self.prepare:
                self.prepare(some)
            yield from some


def workbook_response(name: str, titles: Sequence[str], table: Any) -> HttpResponse:
    """An Excel file of one sheet as a download; every value is written as text or integer, never as a formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    for number, values in enumerate(table, start=1):
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    response = HttpResponse(
        buffer.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response

"""A copy of the database and of the files, without the secrets: what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from assay.applications.models import Applicant, Person
from assay.bank.models import Item
from assay.kernel import files
from assay.kernel.models import StoredFile
from tests.played.conftest import Played

TOO_COMMON = 6
"""Texts of fewer characters stand in titles, names and rules too."""


def columns() -> Iterator[tuple[str, list[str]]]:
    """Every column of every table as texts, as the database keeps it."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            described = connection.introspection.get_table_description(cursor, table)
            cursor.execute(f"SELECT * FROM {quote(table)}")
            rows = cursor.fetchall()
            for place, column in enumerate(described):
                yield f"{table}.{column.name}", [text(row[place]) for row in rows if row[place] is not None]


def text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    if isinstance(value, str):
        return unescaped(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def unescaped(value: str) -> str:
    """JSON may have been written with `\\uXXXX`."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), value)


def where_found(needles: set[str]) -> dict[str, str]:
    """Column → the first of the needles that stands in it."""
    assert needles
    any_of = re.compile("|".join(re.escape(needle) for needle in sorted(needles, key=len, reverse=True)))
    found = {}
    for column, values in columns():
        hit = next((match.group(0) for value in values if (match := any_of.search(value))), None)
        if hit is not None:
            found[column] = hit
    return found


def test_no_identity_number_stands_in_any_table(played: Played) -> None:
    numbers = {row.id_number for row in Person.objects.all()} | {row.id_number for row in Applicant.objects.all()}
    assert len(numbers) > 30
    assert where_found(numbers) == {}


def test_no_text_of_an_item_stands_in_any_table(played: Played) -> None:
    texts = {
        part for item in Item.objects.all() for part in [item.stem, *map(str, item.options)] if len(part) > TOO_COMMON
    }
    assert len(texts) > 200
    assert where_found(texts) == {}


def test_no_photo_and_no_paper_can_be_read_in_the_folder_of_files(played: Played) -> None:
    kept = {files.path_of(row.sha256): files.read(row.sha256) for row in StoredFile.objects.all()}
    assert len(kept) > 40
    starts = {content[:4] for content in kept.values()}
    for path in kept:
        assert path.read_bytes()[:4] not in starts, path
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("name", ["office.sqlite3", "hall.sqlite3"])
def test_a_database_file_is_for_its_service_alone(played: Played, name: str) -> None:
    for path in Path(settings.VAR).glob(f"{name}*"):
        assert path.stat().st_mode & 0o077 == 0, path

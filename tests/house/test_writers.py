"""What the house says of writing: a table is its room's, and whoever acts is somebody."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest

from assay.centre.models import Department
from assay.sites.models import Room
from tests.house import writers
from tests.house.floors import SOURCE

MAKE_ACTORS = {
    "centre/actors.py",  # from an account, and the system itself
    "cli/accounts.py", "cli/imports.py",  # whoever has the machine
    "rehearsal/cast.py",  # who sets the school of a demo up
}  # fmt: skip


def _created() -> Any:
    return Department.objects.create(code="X", name="示例")


def _saved() -> None:
    Department(code="X", name="示例").save()


def _made_in_bulk() -> None:
    Department.objects.bulk_create([Department(code="X", name="示例")])


def _updated() -> None:
    Department.objects.update(name="示例")


def _removed() -> None:
    Department.objects.all().delete()


def _standing_in(module: str, write: Callable[[], Any]) -> Callable[[], Any]:
    """The function as if it stood in that module."""
    return FunctionType(write.__code__, {"__name__": module, "Department": Department, "Room": Room})  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("write", [_created, _saved, _made_in_bulk, _updated, _removed])
def test_a_room_that_writes_anothers_table_is_told(write: Callable[[], Any]) -> None:
    with pytest.raises(AssertionError, match=r"assay\.portal\.made_up\.\w+ writes centre\.Department"):
        _standing_in("assay.portal.made_up", write)()
    _standing_in("assay.centre.made_up", write)()


@pytest.mark.django_db
def test_what_keeps_reference_data_writes_for_the_room_that_asks() -> None:
    by_the_keeper = _standing_in(writers.KEEPER, lambda: Room.objects.create(code="X", name="示例", kind="theory"))
    assert by_the_keeper().pk


def test_nobody_makes_an_actor_of_duties_that_no_post_gives() -> None:
    making = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Actor"
    }
    assert making == MAKE_ACTORS

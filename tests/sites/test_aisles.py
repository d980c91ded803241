"""Where one walks through a room: a text that people type, said to be wrong in words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.kernel.expected import FIELD, token_of
from assay.kernel.refusals import Refused
from assay.sites.acts import ROOMS
from assay.sites.aisles import aisles_of, problems_of
from tests import factories as f


@pytest.mark.parametrize(
    ("text", "read"), [("2,6", (2, 6)), ("６、２", (2, 6)), (" 4 ", (4,)), ("2，6", (2, 6)), ("", ()), ("3；5", (3, 5))]
)
def test_columns_are_read_as_typed(text: str, read: tuple[int, ...]) -> None:
    assert (problems_of(text, 8), aisles_of(text)) == ([], read)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2,八", ["“八”看不懂，应为列号，用逗号分开，如“2,6”"]),
        ("2-6", ["“2-6”看不懂，应为列号，用逗号分开，如“2,6”"]),
        ("0", ["走道不能在第 0 列之后：每排 8 个机位，走道在两列之间"]),
        ("8,9", [f"走道不能在第 {n} 列之后：每排 8 个机位，走道在两列之间" for n in (8, 9)]),
        ("2,6,02", ["第 2 列写了两次"]),
    ],
)
def test_what_is_no_aisle_is_said_in_words(text: str, said: list[str]) -> None:
    assert problems_of(text, 8) == said


@pytest.mark.django_db
def test_fewer_columns_than_the_aisles_need_are_refused() -> None:
    room = f.room(workstations=24)
    room.columns, room.aisles = 8, "2,6"
    ROOMS.save(f.actor_with("E6"), room)
    room.columns = 6
    with pytest.raises(Refused, match="走道不能在第 6 列之后：每排 6 个机位"):
        ROOMS.save(f.actor_with("E6"), room)


@pytest.mark.django_db
def test_the_page_of_a_room_takes_aisles_and_says_what_is_none() -> None:
    room = f.room(workstations=16)
    page = Client()
    page.force_login(f.staff("E6"))
    address = reverse("sites:rooms_edit", args=[room.pk])
    form = {
        "code": room.code, "name": room.name, "kind": "theory", "workstations": "16", "columns": "8", "front": "top", "door": "",
        "aisles": "2,8", "cameras": "0", "active": "on", FIELD: token_of(room),
    }  # fmt: skip
    shown = page.post(address, form).content.decode()
    assert "走道（在第几列之后）" in shown
    assert "走道不能在第 8 列之后" in shown
    assert page.post(address, {**form, "aisles": "2,6"}).status_code == 302
    room.refresh_from_db()
    assert room.aisles == "2,6"

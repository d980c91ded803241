"""Which computer stands at which seat: a text that people type or paste, with everything that is wrong said at once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assay.kernel.expected import FIELD, token_of
from assay.kernel.refusals import Refused
from assay.sites.acts import ROOMS
from assay.sites.addresses import addresses_of, problems_of
from tests import factories as f


def test_lines_are_read_as_typed_and_as_pasted() -> None:
    text = "1 10.0.0.31\n\n 2\t10.0.0.32 \n３，１０．０．０．３３\n4、fe80:0::1"
    assert problems_of(text, 4) == []
    assert addresses_of(text) == {1: "10.0.0.31", 2: "10.0.0.32", 3: "10.0.0.33", 4: "fe80::1"}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = problems_of("1 10.0.0.31\n1 10.0.0.32\n2 10.0.0.31\n9 10.0.0.39\n3 10.0.0.999\n五号机\n", 8)
    assert [line.split("行")[0] + "行" for line in said] == ["第 2 行", "第 3 行", "第 4 行", "第 5 行", "第 6 行"]
    assert ["已在第 1 行" in line for line in said] == [True, True, False, False, False]
    assert "没有 9 号机位" in said[2]
    assert "不是网络地址" in said[3]
    assert "看不懂" in said[4]


@pytest.mark.django_db
def test_a_room_keeps_no_addresses_that_cannot_be_read() -> None:
    room = f.room(workstations=2)
    room.addresses = "3 10.0.0.33\n2 ten"
    with pytest.raises(Refused, match=r"没有 3 号机位.*不是网络地址"):
        ROOMS.save(f.actor_with("E6"), room)


@pytest.mark.django_db
def test_the_page_of_a_room_says_each_line_and_keeps_what_was_typed() -> None:
    room = f.room(workstations=2)
    page = Client()
    page.force_login(f.staff("E6"))
    address = reverse("sites:rooms_edit", args=[room.pk])
    form = {
        "code": room.code, "name": room.name, "kind": "theory", "workstations": "2", "columns": "2", "front": "bottom", "door": "left",
        "addresses": "3 10.0.0.33\n2 ten", "cameras": "0", "active": "on", FIELD: token_of(room),
    }  # fmt: skip
    shown = page.post(address, form).content.decode()
    assert "没有 3 号机位" in shown
    assert "“ten”不是网络地址" in shown
    assert "3 10.0.0.33" in shown
    assert page.post(address, {**form, "addresses": "1 10.0.0.31"}).status_code == 302
    room.refresh_from_db()
    assert (room.front, room.door, room.addresses) == ("bottom", "left", "1 10.0.0.31")

"""Any two deeds that meet on one object end as if one came after the other, with a sentence for who comes too late."""

from __future__ import annotations

import pytest
from django.db import connection

from assay.kernel import verification
from tests.races.building import build
from tests.races.deeds import People, World, worlds
from tests.races.meeting import two_desks
from tests.races.verdicts import meet, pairs
from tests.races.worlds import load

load()
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.title)
def test_two_deeds_at_once_end_as_if_one_came_after_the_other(world: World) -> None:
    people, wrong = People(), []
    with two_desks() as desks:
        deeds = build(world, people)
        assert frozenset(one.name for deed in deeds for one in deed.acts) == world.acts
        for meeting, other_way in pairs(deeds):
            verdict = meet(world, people, desks, meeting)
            wrong += [f"{meeting.said(deeds)}: {verdict.wrong}"] if verdict.wrong else []
            # Where neither waited, neither saw anything of the other, and the other way round it is the same.
            if other_way is not None and verdict.waited:
                back = meet(world, people, desks, other_way)
                wrong += [f"{other_way.said(deeds)}: {back.wrong}"] if back.wrong else []
    assert not wrong, "\n\n".join(wrong)
    assert not verification.verify().findings

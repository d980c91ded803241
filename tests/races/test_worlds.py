"""Worlds in which something can be done: a meeting with a deed that is always refused would prove nothing."""

from __future__ import annotations

from functools import partial

import pytest

from tests.races.building import build
from tests.races.deeds import People, World, worlds
from tests.races.meeting import one_after_the_other
from tests.races.pictures import now
from tests.races.worlds import load

load()


@pytest.mark.django_db
@pytest.mark.parametrize("world", worlds(), ids=lambda world: world.title)
def test_each_deed_of_a_world_can_be_done_at_once_or_after_another(world: World) -> None:
    deeds, since = build(world, People()), now()
    assert {act.name for deed in deeds for act in deed.acts} == world.acts
    assert len({deed.name for deed in deeds}) == len(deeds)
    calls = [partial(deed.call, deed.who[0]) for deed in deeds]

    def how(*places: int) -> str:
        ended, _ = one_after_the_other([calls[n] for n in places], since, world.blurred)
        assert ended[-1].how != "broken", ended[-1].said
        return ended[-1].how

    at_once = [n for n in range(len(deeds)) if how(n) == "done"]
    idle = [n for n in range(len(deeds)) if n not in at_once and all(how(first, n) != "done" for first in at_once)]
    assert not [deeds[n].name for n in idle]

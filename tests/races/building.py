"""Building a world: its rows in the tables and, as everything in them must be, in the ledger."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from assay.kernel.recorded import Recorded
from tests.races.deeds import SYSTEM, Deed, People, World
from tests.races.meeting import found


def build(world: World, people: People) -> list[Deed]:
    """The world anew, everything in it written down in the ledger."""
    made: dict[type[Recorded], set[Any]] = defaultdict(set)

    def note(sender: type[Any], instance: Any, **_: Any) -> None:
        if isinstance(instance, Recorded):
            made[sender].add(instance.pk)

    post_save.connect(note)
    try:
        with transaction.atomic():
            people.begin()
            deeds = list(world.build(people))
            rows = [row for kind, pks in made.items() for row in kind._default_manager.filter(pk__in=pks)]
            found(SYSTEM[0], rows)
    finally:
        post_save.disconnect(note)
    return deeds

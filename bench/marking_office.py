"""The office's side of the marking bench: fills an empty school with a batch of so many sat papers, then marks them.

Prints one line of JSON: seconds from the hall's collections to recorded sheets, and the marking alone.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Any

import django
import msgspec

django.setup()

if TYPE_CHECKING:
    from assay.arrangement.models import Seating, Session
    from assay.bank.models import Paper
    from assay.bridge.contract import Collection

ROOM, SESSION = 50, 500
ITEMS = 100
DAY = datetime(2026, 6, 1, 1, tzinfo=UTC)


def main(count: int) -> None:
    from assay.bridge.contract import Collection
    from assay.exam.acts.collecting import record_collection
    from assay.exam.marks import key_of, mark_sheet
    from assay.exam.models import Publication, TheorySheet
    from assay.kernel.acts import Actor

    actor = Actor(None, "bench", frozenset({"E8", "SYS"}))
    paper = _paper()
    handed = [(publication, msgspec.json.encode(found)) for publication, found in _sat(count, paper)]
    began = perf_counter()
    for publication, body in handed:
        record_collection(actor, publication, msgspec.json.decode(body, type=Collection))
    seconds = perf_counter() - began
    marked = TheorySheet.objects.exclude(mark=None).count()
    assert marked == count, marked
    assert not Publication.objects.exclude(state="collected").exists()
    key = key_of(paper.frozen())
    answers = list(TheorySheet.objects.order_by("pk").values_list("answers", flat=True)[:1000])
    began = perf_counter()
    for given in answers:
        mark_sheet(key, given)
    alone = (perf_counter() - began) * count / 1000
    print(json.dumps({"seconds": round(seconds, 2), "papers": marked, "marking_alone": round(alone, 2)}))


def _paper() -> Paper:
    from assay.bank.models import Paper, Specification

    content = [
        {"item": n, "version": 1, "type": "single", "mark": "1", "stem": f"第 {n} 题", "options": list("甲乙丙丁"),
         "image": None, "key": "ABCD"[n % 4]}
        for n in range(1, ITEMS + 1)
    ]  # fmt: skip
    paper = Paper(
        specification=Specification.objects.all()[0], title="示例", minutes=90, sections=[], content=content, seed=1,
        digest="0" * 64, state="sealed", created_at=DAY,
    )  # fmt: skip
    paper.lock_away()
    paper.save()
    return paper


def _sat(count: int, paper: Paper) -> Iterator[tuple[Any, Collection]]:
    """Sessions with their publications, and what the hall would hand over for each."""
    chance = random.Random(1)
    for session, seatings in _seated(count, paper):
        from assay.exam.models import Publication

        digests = {str(paper.pk): paper.digest}
        publication = Publication.objects.create(
            session=session, pack_id=f"b-{session.pk}", state="opened", paper_digests=digests
        )
        yield publication, _collection(publication.pack_id, seatings, chance)


def _collection(pack: str, seatings: list[Seating], chance: random.Random) -> Collection:
    from assay.bridge import contract

    sittings = []
    for seating in seatings:
        answers = {str(n): chance.choice("ABCD") for n in range(1, ITEMS + 1)}
        digest = contract.sheet_digest(str(seating.pk), answers)
        sittings.append(
            contract.CollectedSitting(
                str(seating.pk),
                DAY,
                DAY,
                DAY,
                False,
                answers,
                dict.fromkeys(answers, 1),
                contract.receipt_of(digest),
                digest,
            )
        )
    rooms = [
        contract.RoomRecord(str(room), ROOM, ROOM, 0, ROOM, [], "bench", DAY)
        for room in sorted({seating.session_room_id for seating in seatings})
    ]
    return contract.Collection(pack, True, sittings, rooms, len(sittings) * ITEMS, "0" * 64)


def _seated(count: int, paper: Paper) -> Iterator[tuple[Session, list[Seating]]]:
    """A batch, its people, and their seats: rows only, made in bulk."""
    from assay.applications.models import Applicant, Application, Person
    from assay.arrangement.models import Seating, Session, SessionRoom
    from assay.batches.models import AnnualPlan, Batch, BatchLine
    from assay.catalogue.models import ScopeRow
    from assay.sites.models import Room

    plan = AnnualPlan.objects.create(year=2199, title="示例", state="approved")
    batch = Batch.objects.create(
        plan=plan, code="bench", name="示例", route="exam", stage="exam", apply_from="2026-01-01", apply_to="2026-01-02"
    )
    row = ScopeRow.objects.all()[0]
    line = BatchLine.objects.create(batch=batch, scope_row=row, level=row.levels.all()[0], planned=count)
    rooms = list(Room.objects.filter(kind="theory")[: SESSION // ROOM])
    for first in range(0, count, SESSION):
        people = [
            Person(name=f"考生{n}", sort_key=str(n), sex="女", id_number=f"{n:018d}", id_index=f"bench-{n}")
            for n in range(first, min(first + SESSION, count))
        ]
        Person.objects.bulk_create(people)
        applicants = [Applicant(name=p.name, sort_key=p.sort_key, sex=p.sex, id_number=p.id_number) for p in people]
        Applicant.objects.bulk_create(applicants)
        applications = [
            Application(batch=batch, line=line, person=p, applicant=a, state="approved")
            for p, a in zip(people, applicants, strict=True)
        ]
        Application.objects.bulk_create(applications)
        number = first // SESSION + 1
        starts = DAY + timedelta(hours=2 * number)
        session = Session.objects.create(
            batch=batch, part="theory", number=number, starts_at=starts, ends_at=starts + timedelta(hours=1)
        )
        used = [SessionRoom.objects.create(session=session, room=room) for room in rooms]
        seatings = [
            Seating(session_room=used[n // ROOM], application=a, part="theory", seat=n % ROOM + 1, paper=paper)
            for n, a in enumerate(applications)
        ]
        Seating.objects.bulk_create(seatings)
        yield session, seatings


if __name__ == "__main__":
    main(int(sys.argv[1]))

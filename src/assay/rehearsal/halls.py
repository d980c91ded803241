"""The theory exam of a played batch: sessions in the running hall, simulated candidates, every answer accounted for."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlparse

import httpx

from assay.arrangement.models import Seating, Session
from assay.bank.models import Paper
from assay.bridge import contract
from assay.bridge.client import HallClient
from assay.bridge.tokens import DEEDS, RoomPass, room_token
from assay.exam.acts import collecting as exam_acts
from assay.exam.acts import opening, publishing
from assay.exam.halls import connected, hall_secret
from assay.exam.models import TheorySheet
from assay.items.rules import asked
from assay.kernel import clock
from assay.rehearsal.applying import RehearsalFailed
from assay.rehearsal.candidates import Outcome, Script, run_all
from assay.rehearsal.cast import Cast
from assay.rehearsal.report import Played, Report

STAYS_AWAY = 0.02
SPREAD = 0.9
"""A session after another begins when at least this share of the other's minutes is over."""


@dataclass(frozen=True)
class Sessions:
    """The theory sessions of a batch in the hall at `url`, answers spread over `minutes`."""

    cast: Cast
    sessions: list[Session]
    url: str
    minutes: float

    @contextmanager
    def moment(self, number: int) -> Iterator[None]:
        """The time at which session `number` is published: just after its start, less the sessions before it."""
        ahead = timedelta(minutes=SPREAD * self.minutes * number) - timedelta(seconds=1)
        with clock.moved_to(self.sessions[number].starts_at - ahead):
            yield

    def publish(self) -> int:
        for number, session in enumerate(self.sessions):
            with self.moment(number):
                publication = publishing.publish(self.cast("shijuan"), session, hall_url=self.url, rehearsal=True)
            with clock.moved_to(session.starts_at):
                for keeper in ("shijuan", "kaowu"):
                    opening.open_papers(self.cast(keeper), publication, hall_url=self.url)
        return len(self.sessions)

    def play(self, report: Report, stage: Played) -> None:
        """Each session in turn: candidates, room records closed by the invigilator, collection."""
        for session in self.sessions:
            scripts = scripts_of(session)
            outcome = asyncio.run(self._run(scripts, report))
            report.refused += outcome.refused
            self._close_rooms(session)
            with clock.moved_to(session.ends_at + timedelta(minutes=5)):
                sheets = exam_acts.collect(self.cast("kaowu"), session, hall_url=self.url)
            self._account(session, sheets, outcome, report)
            for name, count in (
                ("场次", 1),
                ("应考", len(sheets)),
                ("实考", sum(not s.absent for s in sheets)),
                ("交卷", len(outcome.receipts)),
                ("保存答案", outcome.saves),
            ):
                stage.counts[name] = stage.counts.get(name, 0) + count

    async def _run(self, scripts: list[Script], report: Report) -> Outcome:
        place = urlparse(self.url)
        assert place.hostname is not None
        assert place.port is not None
        return await run_all(scripts, place.hostname, place.port, self.minutes, report.progress.step)

    def _close_rooms(self, session: Session) -> None:
        """As the invigilator does, from the room console: identities verified, the rooms closed at the end."""
        pack = session.publication.pack_id
        invigilator, now = self.cast("jiankao01"), int(time.time())
        given = RoomPass(pack, "*", invigilator.name, str(invigilator.account_id), DEEDS, now, now + 600)
        token = room_token(hall_secret(), given)
        with httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        ) as console:
            for room in session.rooms.values_list("pk", flat=True):
                console.post("/room/act", json={"do": "admit", "room": str(room)})  # refused where nobody came
            reply = console.post("/room/act", json={"do": "close", "room": "*"})
        if reply.status_code != 200:
            raise RehearsalFailed(f"{session} 考场未能结束：{reply.text[:200]}")

    def _account(self, session: Session, sheets: list[TheorySheet], outcome: Outcome, report: Report) -> None:
        """Compare what the clients recorded with the hall's log and with the office's copy."""
        pack = session.publication.pack_id
        with connected(self.url) as client:
            logged = {(e.sitting, e.item, e.rev, e.choice) for e in _whole_log(client, pack)}
        kept = {(str(s.seating_id), item): choice for s in sheets for item, choice in s.answers.items()}
        for (sitting, item), (rev, choice) in outcome.acknowledged.items():
            in_log = (sitting, item, rev, choice) in logged
            report.answers_lost += not (in_log and kept.get((sitting, item)) == choice)
        report.answers_acknowledged += outcome.saves
        report.requests_retried += outcome.retries
        for path, waits in outcome.waits.items():
            report.waits.setdefault(path, []).extend(waits)


def _whole_log(client: HallClient, pack: str) -> Iterator[contract.LogEntry]:
    after = 0
    while part := client.log(pack, after):
        yield from part
        after = part[-1].seq


def scripts_of(session: Session) -> list[Script]:
    """What each candidate of a session will do; a few stay away."""
    seatings = (
        Seating.objects.filter(session_room__session=session)
        .select_related("application__applicant", "application__ticket")
        .order_by("pk")
    )
    contents = {
        paper.pk: [dict(entry) for entry in asked(paper.frozen())]
        for paper in Paper.objects.filter(seating__session_room__session=session).distinct()
    }
    chance = random.Random(f"{session.batch.code} {session.number}")  # noqa: S311 - a simulation, the same whatever the ids
    return [
        Script(
            sitting=str(seating.pk),
            ticket=seating.application.ticket.number,
            id_number=seating.application.applicant.id_number,
            ability=min(max(chance.gauss(0.78, 0.1), 0.35), 0.98),
            content=contents[seating.paper_id] if seating.paper_id else [],
        )
        for seating in seatings
        if chance.random() >= STAYS_AWAY
    ]

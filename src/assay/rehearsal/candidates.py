"""Simulated candidates: they sign in, answer over HTTP, change their minds, lose the network, hand in.

Each keeps a record of what the hall acknowledged; afterwards it is compared with the hall's own log.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from assay.items.answers import CHOICES, LETTERS, full_marks
from assay.rehearsal.http import Broken, Connection

RETRIES = 60
CROWD = 200


@dataclass(frozen=True)
class Script:
    """What one candidate will do: who, how able (0-1), and the paper's content (to know what is right)."""

    sitting: str
    ticket: str
    id_number: str
    ability: float
    content: Sequence[dict[str, Any]]


@dataclass
class Outcome:
    """What the clients saw. `acknowledged`: (sitting, item) → (revision, choice) as the hall confirmed it last."""

    acknowledged: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    saves: int = 0
    retries: int = 0
    refused: list[str] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    waits: dict[str, list[float]] = field(default_factory=dict)
    """Milliseconds from asking to the answer, by path; what was asked again counts from the first time."""


async def run_all(
    scripts: Sequence[Script], host: str, port: int, minutes: float, progress: Callable[[int], None]
) -> Outcome:
    """Play all candidates at once (all of a session sit at the same time); `progress` is told of each who is done."""
    outcome = Outcome()
    door = asyncio.Semaphore(CROWD if minutes == 0 else len(scripts) or 1)

    async def play(script: Script) -> None:
        async with door:
            await _Candidate(script, Connection(host, port), minutes, outcome).play()
        progress(1)

    await asyncio.gather(*(play(s) for s in scripts))
    return outcome


class _Candidate:
    def __init__(self, script: Script, connection: Connection, minutes: float, outcome: Outcome) -> None:
        self.script, self.connection, self.outcome = script, connection, outcome
        self.chance = random.Random(script.ticket)  # noqa: S311 - a simulation
        self.pause = minutes * 60 / max(len(script.content), 1)
        self.revs: dict[str, int] = {}

    async def play(self) -> None:
        profile = await self._ask(
            "POST", "/api/sign-in", {"ticket": self.script.ticket, "id_number": self.script.id_number}
        )
        if profile is None:
            return
        self.connection.token = profile["token"]
        await self._ask("GET", "/api/paper")
        if await self._ask("POST", "/api/key", {}) is None:
            return
        await self._answer_all()
        done = await self._ask("POST", "/api/hand-in", {})
        if done is not None:
            self.outcome.receipts[self.script.sitting] = done["receipt"]
        self.connection.drop()

    async def _answer_all(self) -> None:
        items = list(self.script.content)
        self.chance.shuffle(items)
        for number, item in enumerate(items):
            if self.pause:
                await asyncio.sleep(self.pause * self.chance.uniform(0.5, 1.5))
            if self.chance.random() < 0.01:
                continue
            await self._answer(item)
            if self.chance.random() < 0.05:
                await self._answer(item)
            if number == len(items) // 2 and self.chance.random() < 0.03:
                await self._reload()

    async def _answer(self, item: dict[str, Any]) -> None:
        name = str(item["item"])
        able = self.chance.random() < self.script.ability
        choice = full_marks(item["type"], item["key"]) if able else self._wrong(item)
        rev = self.revs[name] = self.revs.get(name, 0) + 1
        reply = await self._ask(
            "POST", "/api/answers", {"answers": [{"item": name, "choice": choice, "rev": rev, "at": 0}]}
        )
        if reply is not None and reply["saved"].get(name) == rev:
            self.outcome.acknowledged[(self.script.sitting, name)] = (rev, choice)
            self.outcome.saves += 1

    def _wrong(self, item: dict[str, Any]) -> str:
        if item["type"] == "true_false":
            return "错" if item["key"] == "对" else "对"
        if item["type"] not in CHOICES:
            return ""  # left open
        letters = LETTERS[: len(item["options"])]
        if item["type"] == "single":
            return self.chance.choice([x for x in letters if x != item["key"]])
        picked = "".join(sorted(self.chance.sample(letters, self.chance.randint(2, len(letters) - 1))))
        return picked if picked != item["key"] else letters[:2]

    async def _reload(self) -> None:
        """The page is reloaded: a new connection, and the saved answers come back from the hall."""
        self.connection.drop()
        state = await self._ask("GET", "/api/state")
        for item, (rev, choice) in (state or {}).get("answers", {}).items():
            mine = self.outcome.acknowledged.get((self.script.sitting, item))
            if mine is not None and mine != (rev, choice):
                self.outcome.refused.append(f"{self.script.ticket}：重新打开后第 {item} 题与已确认的不同")

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask until answered; what the hall refuses for good is noted and gives None."""
        started = perf_counter()
        for attempt in range(RETRIES):
            try:
                status, reply = await self.connection.ask(method, path, body)
            except Broken:
                self.outcome.retries += 1
                await asyncio.sleep(min(0.2 * (attempt + 1), 2))
                continue
            if status == 200:
                self.outcome.waits.setdefault(path, []).append(1000 * (perf_counter() - started))
                return reply
            if status in (425, 503):
                self.outcome.retries += 1
                await asyncio.sleep(0.2)
                continue
            self.outcome.refused.append(f"{self.script.ticket} {path}：{status} {(reply or {}).get('message', '')}")
            return None
        self.outcome.refused.append(f"{self.script.ticket} {path}：考试端一直没有答复")
        return None

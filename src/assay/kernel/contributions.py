"""What rooms add to the house without the house knowing them: menu entries and archive volumes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any, TypeVar


@dataclass(frozen=True)
class MenuEntry:
    """A line of the staff menu, shown to whoever may open its page."""

    section: str
    title: str
    url_name: str
    icon: str = "file"
    order: int = 100


@dataclass(frozen=True)
class VolumePart:
    """One document of an archive volume. `content` is the file itself; `name` its file name."""

    name: str
    content: bytes
    content_type: str = "application/pdf"


class VolumeKind(StrEnum):
    """The volumes of a batch in their order (work plan §四(一)9): what the archive binds, and rooms bring documents for."""

    REGISTRATION = "1-registration"
    FILING = "2-filing"
    PROCESS = "3-process"
    RESULTS = "4-results"
    CERTIFICATES = "5-certificates"
    SUPERVISION = "6-supervision"


_IN_A_FILE = 200
Row = TypeVar("Row")


def in_files(title: str, rows: Sequence[Row], draw: Callable[[Sequence[Row]], bytes]) -> Iterator[VolumePart]:
    """What is drawn of each row, in files of two hundred that say which rows they hold; none for no rows."""
    for start in range(0, len(rows), _IN_A_FILE):
        part = rows[start : start + _IN_A_FILE]
        yield VolumePart(f"{title}（{start + 1}-{start + len(part)}）.pdf", draw(part))


Parts = Callable[[Any], Iterable[VolumePart]]
"""What a room brings for a volume of a batch."""


@dataclass(frozen=True)
class VolumeSource:
    """Where the parts of an archive volume come from; `routes` names the routes of batches that have it."""

    kind: str
    title: str
    clause: str
    routes: tuple[str, ...]
    parts: Parts


@dataclass(frozen=True)
class BatchPage:
    """A page of a room about one batch, linked from the cockpit at a stage. The URL takes the batch's pk."""

    stage: str
    title: str
    url_name: str


@dataclass(frozen=True)
class Engagement:
    """Something that waits for an account itself, whatever the batch: a room to invigilate, a panel to sit on (at a time),
    items to review (at none)."""

    at: datetime | None
    title: str
    said: str
    url: str


menu: list[MenuEntry] = []
volumes: list[VolumeSource] = []
volume_parts: dict[VolumeKind, list[tuple[int, Parts]]] = {}
batch_pages: list[BatchPage] = []
engagements: list[Callable[[Any], Iterable[Engagement]]] = []


def add_menu(*entries: MenuEntry) -> None:
    menu.extend(entries)


def add_volumes(*sources: VolumeSource) -> None:
    volumes.extend(sources)


def add_volume_parts(volume: VolumeKind, order: int, parts: Parts) -> None:
    """A room brings documents for a volume; they lie in it by `order`."""
    volume_parts.setdefault(volume, []).append((order, parts))


def parts_of(volume: VolumeKind, batch: Any) -> Iterator[VolumePart]:
    """All that the rooms bring for a volume of a batch, in order."""
    for _, parts in sorted(volume_parts.get(volume, []), key=itemgetter(0)):
        yield from parts(batch)


def add_engagements(of_account: Callable[[Any], Iterable[Engagement]]) -> None:
    """A room says what an account is appointed to; the worktable shows it."""
    engagements.append(of_account)


def add_batch_pages(*pages: BatchPage) -> None:
    batch_pages.extend(pages)

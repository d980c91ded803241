"""What rooms add to the house without the house knowing them: menu entries and archive volumes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


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


@dataclass(frozen=True)
class VolumeSource:
    """Where the parts of an archive volume come from; `routes` names the routes of batches that have it."""

    kind: str
    title: str
    clause: str
    routes: tuple[str, ...]
    parts: Callable[[Any], Iterable[VolumePart]]


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
batch_pages: list[BatchPage] = []
engagements: list[Callable[[Any], Iterable[Engagement]]] = []


def add_menu(*entries: MenuEntry) -> None:
    menu.extend(entries)


def add_volumes(*sources: VolumeSource) -> None:
    volumes.extend(sources)


def add_engagements(of_account: Callable[[Any], Iterable[Engagement]]) -> None:
    """A room says what an account is appointed to; the worktable shows it."""
    engagements.append(of_account)


def add_batch_pages(*pages: BatchPage) -> None:
    batch_pages.extend(pages)

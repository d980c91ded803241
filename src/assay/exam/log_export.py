"""The answer log of a session as a table for people: what was saved when, by whom, as the hall wrote it down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol

from assay.arrangement.models import Seating
from assay.bridge.client import HallUnreachable
from assay.bridge.log import LogDigest
from assay.exam.halls import connected
from assay.exam.models import Publication
from assay.kernel.clock import SHANGHAI
from assay.kernel.csv_file import CsvFile
from assay.kernel.refusals import Refused
from assay.kernel.sheet_file import SheetFile

HEADINGS = ("序号", "准考证号", "姓名", "试题", "修改次序", "作答（原选项）", "考试端收到时间", "考生页面记录时间")


class Table(Protocol):
    """A file that is written row by row."""

    def row(self, *cells: Any) -> None: ...

    def content(self) -> bytes: ...


class _Csv(CsvFile):
    """The log as CSV: moments to the millisecond."""

    def row(self, *cells: Any) -> None:
        super().row(*(_said(cell) if isinstance(cell, datetime) else cell for cell in cells))


def as_csv(publication: Publication, hall_url: str) -> bytes:
    """CSV in GB 18030, for other programs."""
    table = _Csv()
    table.row(*HEADINGS)
    return _filled(table, publication, hall_url)


def as_sheet(publication: Publication, hall_url: str) -> bytes:
    """An Excel sheet, in which ticket numbers stay whole and every sign can be read."""
    return _filled(SheetFile(f"作答日志 {publication.session}", HEADINGS), publication, hall_url)


def _filled(table: Table, publication: Publication, hall_url: str) -> bytes:
    """The last row says how many entries there are and their SHA-256, the same as recorded when the session was collected."""
    candidates = {
        str(seating.pk): (seating.application.ticket.number, seating.application.applicant.name)
        for seating in Seating.objects.filter(session_room__session=publication.session).select_related(
            "application__ticket", "application__applicant"
        )
    }
    digest, after = LogDigest(), 0
    try:
        with connected(hall_url) as hall:
            while entries := hall.log(publication.pack_id, after):
                for e in entries:
                    digest.add(e)
                    who = candidates.get(e.sitting, (e.sitting, ""))
                    table.row(e.seq, *who, e.item, e.rev, e.choice, _moment(e.at), _moment(e.said_at))
                after = entries[-1].seq
    except HallUnreachable as down:
        raise Refused(str(down)) from down
    table.row("合计", digest.count, "SHA-256", digest.hex(), "收卷时记载", publication.log_digest or "尚未收卷")
    return table.content()


def _moment(ms: int) -> datetime | None:
    """In Shanghai; nothing when the page did not say."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(SHANGHAI) if ms else None


def _said(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="milliseconds")[:23]

"""The answer log of a session as a table for people: what was saved when, by whom, as the hall wrote it down."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from assay.arrangement.models import Seating
from assay.exam.models import Publication
from assay.exam.packing import hall_secret
from assay.hall.client import HallClient, HallUnreachable
from assay.hall.log import LogDigest
from assay.kernel.clock import SHANGHAI
from assay.kernel.refusals import Refused

HEADINGS = ("序号", "准考证号", "姓名", "试题", "修改次序", "作答（原选项）", "考试端收到时间", "考生页面记录时间")


def export_log(publication: Publication, hall_url: str) -> bytes:
    """CSV in GB 18030; the last row says how many entries there are and their SHA-256, the same as recorded when the
    session was collected."""
    candidates = {
        str(seating.pk): (seating.application.ticket.number, seating.application.applicant.name)
        for seating in Seating.objects.filter(session_room__session=publication.session).select_related(
            "application__ticket", "application__applicant"
        )
    }
    text, digest, after = io.StringIO(), LogDigest(), 0
    table = csv.writer(text)
    table.writerow(HEADINGS)
    try:
        with HallClient(hall_url, hall_secret()) as hall:
            while entries := hall.log(publication.pack_id, after):
                for e in entries:
                    digest.add(e)
                    who = candidates.get(e.sitting, (e.sitting, ""))
                    table.writerow([e.seq, *who, e.item, e.rev, _as_text(e.choice), _moment(e.at), _moment(e.said_at)])
                after = entries[-1].seq
    except HallUnreachable as down:
        raise Refused(str(down)) from down
    table.writerow(["合计", digest.count, "SHA-256", digest.hex(), "收卷时记载", publication.log_digest or "尚未收卷"])
    return text.getvalue().encode("gb18030")


def _as_text(choice: str) -> str:
    """What a candidate wrote never runs as a formula in the spreadsheet that opens the table."""
    return f"'{choice}" if choice.startswith(("=", "+", "-", "@", "\t", "\r")) else choice


def _moment(ms: int) -> str:
    """To the millisecond, in Shanghai; blank when the page did not say."""
    if not ms:
        return ""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(SHANGHAI).isoformat(sep=" ", timespec="milliseconds")[:23]

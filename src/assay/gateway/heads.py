"""Heads of the ledger that leave the house: with every message to the province, and into a folder of other people's."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import httpx
import structlog
from django.conf import settings

from assay.bridge.trust import well_known
from assay.centre.actors import SYSTEM
from assay.gateway import acts
from assay.kernel import clock, durable, ledger, timestamps
from assay.kernel.ledger import newest_head
from assay.kernel.models import Checkpoint, LedgerHead, OutsideHead

HEADER, RECEIPT = "Ledger-Head", "Ledger-Head-Received"
"""The newest head as base64 of its note; the answer names the size of the head that was taken down."""
_TSA_HEADERS = {"Content-Type": "application/timestamp-query"}
LONGEST_PLACE = 120
SIGNED_DAILY = timedelta(days=1)
log = structlog.get_logger("gateway")


def as_header(point: Checkpoint | None) -> dict[str, str]:
    return {HEADER: base64.b64encode(point.note.encode()).decode()} if point else {}


def sign_daily() -> None:
    """A ledger that grew since the last head is signed once a day also when no stage ends."""
    last = Checkpoint.objects.order_by("-size").first()
    head = LedgerHead.objects.filter(pk=1).first()
    grown = head is not None and (last is None or head.size > last.size)
    if grown and (last is None or clock.now() - last.at >= SIGNED_DAILY):
        ledger.checkpoint()


def keep_in_folder() -> None:
    """Write the newest head into the folder, once; a folder that cannot be reached is tried again in the next round."""
    folder = Path(settings.HEADS_DIR)
    place = f"文件夹 {folder}"[:LONGEST_PLACE]
    point = _not_yet_at(place) if settings.HEADS_DIR else None
    if point is None:
        return
    try:
        if not folder.is_dir():  # nothing is made in its place: the share of others is not there
            raise FileNotFoundError(folder)
        durable.put(folder / f"ledger-head-{point.size:010d}.txt", lambda out: out.write(point.note.encode()))
    except OSError as trouble:
        log.warning("head not kept", folder=settings.HEADS_DIR, error=str(trouble))
        return
    acts.keep_head(SYSTEM, place, point)


def have_stamped() -> None:
    """Ask the time stamp authority for a stamp over the newest head, once; one that does not answer is asked again next round."""
    place = f"时间戳 {settings.TSA_URL}"[:LONGEST_PLACE]
    point = _not_yet_at(place) if settings.TSA_URL else None
    if point is None:
        return
    try:
        answer = httpx.post(
            settings.TSA_URL,
            content=timestamps.request(point.note),
            headers=_TSA_HEADERS,
            timeout=15.0,
            verify=well_known(),
        )
        stamp = answer.raise_for_status().content
        timestamps.stamped_at(stamp, point.note, timestamps.roots())
    except (httpx.HTTPError, timestamps.BadStamp, OSError) as trouble:
        log.warning("head not stamped", tsa=settings.TSA_URL, error=str(trouble))
        return
    acts.keep_head(SYSTEM, place, point, stamp)


def _not_yet_at(place: str) -> Checkpoint | None:
    """The newest head, unless it is known to be there."""
    point = newest_head()
    kept = point is not None and OutsideHead.objects.filter(place=place, size=point.size).exists()
    return None if kept else point


def not_kept() -> str:
    """Why the newest head is not known to be outside, in Chinese; empty when it is, or nothing is asked."""
    point = newest_head()
    if point is None:
        return "台账还没有签署点：批次的第一个环节结束时产生。"
    if OutsideHead.objects.filter(size__gte=point.size).exists():
        return ""
    last = OutsideHead.objects.order_by("-size").first()
    since = f"最近一次留存的是第 {last.size} 条（{last.place}）。" if last else "还没有一个签署点留存在系统外。"
    return (
        f"最新的签署点（第 {point.size} 条）还没有留存在系统外：{since}"
        "能改整个数据库的人改不了留存在别人那里的签署点，请把它发给监督方、印在名单上，或设置 ASSAY_HEADS_DIR。"
    )

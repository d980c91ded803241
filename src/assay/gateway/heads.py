"""Heads of the ledger that leave the house: with every message to the province, and into a folder of other people's."""

from __future__ import annotations

import base64
import os
from datetime import timedelta
from pathlib import Path

import httpx
import structlog
from django.conf import settings

from assay.centre.actors import SYSTEM
from assay.gateway import acts
from assay.kernel import clock, ledger, timestamps
from assay.kernel.models import Checkpoint, LedgerHead, OutsideHead

PROVINCE = "省平台"
HEADER, RECEIPT = "Ledger-Head", "Ledger-Head-Received"
"""The newest head as base64 of its note; the answer names the size of the head that was taken down."""
_TSA_HEADERS = {"Content-Type": "application/timestamp-query"}
SIGNED_DAILY = timedelta(days=1)
log = structlog.get_logger("gateway")


def newest() -> Checkpoint | None:
    """The newest head as a note."""
    return Checkpoint.objects.exclude(note="").order_by("-size").first()


def as_header(point: Checkpoint | None) -> dict[str, str]:
    return {HEADER: base64.b64encode(point.note.encode()).decode()} if point else {}


def sign_daily() -> None:
    """A ledger that grew since the last head is signed once a day also when no stage ends."""
    last = Checkpoint.objects.order_by("-size").first()
    head = LedgerHead.objects.filter(pk=1).first()
    grown = head is not None and (last is None or head.size > last.size)
    if grown and (last is None or clock.now() - last.at >= SIGNED_DAILY):
        ledger.checkpoint()


def folder() -> str:
    """The folder as a place where heads are kept; empty when none is set."""
    return f"文件夹 {settings.HEADS_DIR}" if settings.HEADS_DIR else ""


def keep_in_folder() -> None:
    """Write the newest head into the folder, once; a folder that cannot be reached is tried again in the next round."""
    point = newest()
    if not settings.HEADS_DIR or point is None or OutsideHead.objects.filter(place=folder(), size=point.size).exists():
        return
    try:
        _write(Path(settings.HEADS_DIR) / f"ledger-head-{point.size:010d}.txt", point.note)
    except OSError as trouble:
        log.warning("head not kept", folder=settings.HEADS_DIR, error=str(trouble))
        return
    acts.keep_head(SYSTEM, folder()[:120], point)


def have_stamped() -> None:
    """Ask the time stamp authority for a stamp over the newest head, once; one that does not answer is asked again next round."""
    point, place = newest(), f"时间戳 {settings.TSA_URL}"[:120]
    if not settings.TSA_URL or point is None or OutsideHead.objects.filter(place=place, size=point.size).exists():
        return
    try:
        answer = httpx.post(
            settings.TSA_URL, content=timestamps.request(point.note), headers=_TSA_HEADERS, timeout=15.0
        )
        stamp = answer.raise_for_status().content
        timestamps.stamped_at(stamp, point.note, timestamps.roots())
    except (httpx.HTTPError, timestamps.BadStamp, OSError) as trouble:
        log.warning("head not stamped", tsa=settings.TSA_URL, error=str(trouble))
        return
    acts.keep_head(SYSTEM, place, point, stamp)


def _write(path: Path, note: str) -> None:
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as out:
        out.write(note)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)


def not_kept() -> str:
    """Why the newest head is not known to be outside, in Chinese; empty when it is, or nothing is asked."""
    point = newest()
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

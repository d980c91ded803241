"""The halls of this office: one by default, several where exams are held in more than one place.

A session is run by one hall, chosen when it is published and remembered with it. ASSAY_HALLS names them:
`东校区 http://10.1.0.5:8001; 西校区 http://10.2.0.5:8001 http://hall-west.example:8001` (the second address, where given,
is the one for browsers). Without it there is one hall, ASSAY_HALL_URL.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from assay.bridge.client import HallClient
from assay.bridge.trust import trust_for
from assay.kernel.refusals import Refused

SLOW_S = 60.0
MAIN = ""


@dataclass(frozen=True)
class HallAddress:
    """`url`: where the office reaches the hall; `public_url`: where browsers do ('' : this host, with the hall's port)."""

    name: str
    url: str
    public_url: str


def read(text: str) -> list[HallAddress]:
    """The halls named in `text`; ValueError when it cannot be read."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        words = part.split()
        if len(words) not in (2, 3) or not all(word.startswith("http") for word in words[1:]):
            raise ValueError(f"ASSAY_HALLS: {part!r}")
        found.append(HallAddress(words[0], words[1].rstrip("/"), words[-1].rstrip("/")))
    return found


def halls() -> list[HallAddress]:
    """All halls of this office, at least one."""
    return read(settings.HALLS) or [HallAddress(MAIN, settings.HALL_URL, settings.HALL_PUBLIC_URL)]


def hall_named(name: str) -> HallAddress:
    """The hall of that name."""
    for hall in halls():
        if hall.name == name:
            return hall
    raise Refused(f"没有名为“{name}”的考试端，请检查 ASSAY_HALLS 设置", "工作方案 四(一)6")


def browser_address(hall: HallAddress, request: HttpRequest) -> str:
    """Where this browser reaches the hall."""
    if hall.public_url:
        return hall.public_url
    return f"{request.scheme}://{request.get_host().rsplit(':', 1)[0]}:{settings.HALL_PUBLIC_PORT}"


def connected(url: str, timeout: float = SLOW_S) -> HallClient:
    """The way to the hall at `url`; use as a context manager."""
    try:
        trust = trust_for(url, settings.HALL_CA, settings.HALL_CERT)
    except (OSError, ValueError) as unreadable:
        raise Refused(
            f"考试端的证书文件读不出（{unreadable}），请检查 ASSAY_HALL_CA 设置", "工作方案 四(一)6"
        ) from unreadable
    return HallClient(url, hall_secret(), timeout, trust)


def hall_secret() -> bytes:
    """The secret that office and halls share."""
    return str(settings.HALL_SECRET).encode()

"""Every address opened by everybody, once: how it answered, and whether a whole ID number stood there and the log says so."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from assay.applications.models import Person
from assay.corps.models import Member
from assay.kernel.access import may_open
from assay.kernel.models import SecurityEvent
from tests.played.access.doors import Door, doors
from tests.played.access.visitors import Visitor, undone

_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9])")


@dataclass(frozen=True)
class Opened:
    """How a page answered somebody. `whole`: somebody's whole ID number stood on it, and `told`: the log has a line of that; both
    are looked for once for each address, with a member of staff."""

    door: Door
    who: Visitor
    address: str
    status: int
    shut: bool
    on_to: str
    whole: bool = False
    told: bool = False


def opens(one: Door, who: Visitor) -> bool:
    assert one.access is not None
    return may_open(one.access, kind=who.kind, held=who.held, reading=True)


def is_shut(answer: HttpResponse) -> bool:
    """Forbidden, or led to signing in."""
    return answer.status_code == 403 or (answer.status_code == 302 and "sign-in/?next=" in answer["Location"])


def opened_by_everybody(crowd: Sequence[Visitor]) -> list[Opened]:
    """The first to whom a page is open looks at several rows, and so does the first of the staff; the others look at one."""
    numbers = {p.id_number for p in Person.objects.all()} | {m.id_number for m in Member.objects.all()}
    return [found for one in doors() for found in _everybody_at(one, crowd, numbers)]


def _everybody_at(one: Door, crowd: Sequence[Visitor], numbers: set[str]) -> Iterator[Opened]:
    addresses = one.addresses()
    comers = sorted(crowd, key=lambda who: not opens(one, who))
    reader = next((who for who in crowd if who.kind == "staff" and who.held and opens(one, who)), None)
    for who in comers:
        several = who in (comers[0], reader)
        answers = [
            _open(one, who, address, numbers if who is reader else None)
            for address in addresses[: None if several else 1]
        ]
        yield from answers
        if any(answer.status == 405 for answer in answers):
            return  # it is not for opening


def _open(one: Door, who: Visitor, address: str, numbers: set[str] | None) -> Opened:
    with undone():
        if numbers is None:
            answer, whole, told = who.as_signed_in().get(address), False, False
        else:
            last = SecurityEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            answer = who.as_signed_in().get(address)
            whole = answer.status_code == 200 and not numbers.isdisjoint(_NUMBER.findall(text_of(answer)))
            told = whole and SecurityEvent.objects.filter(pk__gt=last, kind="identity", page=address).exists()
        on_to = answer.headers.get("Location", "")
        return Opened(one, who, address, answer.status_code, is_shut(answer), on_to, whole, told)


def text_of(answer: HttpResponse) -> str:
    kind = answer["Content-Type"]
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
    if "pdf" in kind:
        ran = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=False)
        return ran.stdout.decode(errors="replace")
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return content.decode("gb18030" if "gb18030" in kind else "utf-8", errors="replace") if "image" not in kind else ""

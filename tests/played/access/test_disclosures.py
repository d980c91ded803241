"""No page hands out whole ID numbers without a line in the security log: every page is opened and read for them."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile

import pytest
from django.http import HttpResponse

from assay.applications.models import Person
from assay.corps.models import Member
from assay.kernel.models import SecurityEvent
from tests.played.access.doors import Door, doors
from tests.played.access.test_opening import opens
from tests.played.access.visitors import Visitor, undone

_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9])")
MUST_SHOW = {
    "applications:form", "arrangement:tickets_pdf", "certificates:batch_pdf", "certificates:pdf",
    "corps:members_edit", "setup:present",
}  # fmt: skip


def text_of(answer: HttpResponse) -> str:
    kind, content = answer["Content-Type"], answer.content
    if "pdf" in kind:
        ran = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=False)
        return ran.stdout.decode(errors="replace")
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return content.decode("gb18030" if "gb18030" in kind else "utf-8", errors="replace") if "image" not in kind else ""


def opened(one: Door, who: Visitor, numbers: set[str]) -> tuple[bool, bool]:
    """Whether whole numbers of somebody stood on a page, and whether the log says so."""
    shown = told = False
    for address in one.addresses():
        with undone():
            before = SecurityEvent.objects.count()
            answer = who.as_signed_in().get(address)
            lines = list(SecurityEvent.objects.order_by("pk")[before:])
            whole = answer.status_code == 200 and bool(set(_NUMBER.findall(text_of(answer))) & numbers)
        if whole and not any(line.kind == "identity" and line.page == address for line in lines):
            return True, False
        shown, told = shown or whole, told or whole
    return shown, told


@pytest.mark.once
def test_whole_id_numbers_are_read_by_nobody_without_a_line_in_the_log(crowd: list[Visitor]) -> None:
    numbers = {p.id_number for p in Person.objects.all()} | {m.id_number for m in Member.objects.all()}
    silent, shown = [], set()
    for one in doors():
        who = next((who for who in crowd if who.kind == "staff" and who.held and opens(one, who)), None)
        if who is None or "C1" in who.held:
            continue
        there, told = opened(one, who, numbers)
        shown |= {one.name} if there else set()
        silent += [one.name] if there and not told else []
    assert silent == []
    assert shown >= MUST_SHOW, sorted(MUST_SHOW - shown)

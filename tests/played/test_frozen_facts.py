"""Whatever becomes of a person after the review: papers, pages, the hall's pack and the report say what was reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from assay.applications.models import Person
from assay.arrangement.models import Seating, Session
from assay.batches.models import Batch
from assay.bridge import contract
from assay.centre.models import Account
from assay.exam import packing
from assay.kernel import files
from assay.results.report import report_rows
from tests.applications.rosters import photo
from tests.played.conftest import Played
from tests.played.test_official_papers import papers, squeezed, text_of

NAME, CLASS, NUMBER = "改名者", "改过的班", "G1234567"
PAGES = ("/applications/?batch={pk}", "/results/{pk}/", "/certificates/batches/{pk}/")


@pytest.fixture
def batch(played: Played) -> Batch:
    return Batch.objects.get(route="exam")


def change_everybody() -> None:
    """More than any act would do: every person another one."""
    kept = files.keep(photo("blue"))
    for person in Person.objects.all():
        person.name, person.class_name, person.id_number, person.photo, person.sex = NAME, CLASS, NUMBER, kept, "男"
        person.save()


def sittings(session: Session) -> list[tuple[object, ...]]:
    found = Seating.objects.filter(session_room__session=session).select_related("application__ticket", "paper")
    pack: contract.Pack
    pack, _ = packing.build(session, list(found.order_by("pk")), "once more")
    return [(s.name, s.id_masked, s.photo) for s in pack.sittings]


def test_no_paper_of_the_batch_speaks_of_the_changed_person(batch: Batch, tmp_path: Path) -> None:
    change_everybody()
    for title, (pdf, said) in papers(batch).items():
        text = squeezed(text_of(pdf, tmp_path))
        for piece in said:
            assert squeezed(piece) in text, f"{title}: {piece}"
        assert not [piece for piece in (NAME, CLASS, NUMBER) if piece in text], title


def test_neither_pack_nor_report_nor_page_speaks_of_the_changed_person(batch: Batch) -> None:
    session = batch.sessions.filter(part="theory").order_by("pk")[0]
    before = sittings(session), report_rows(batch)
    change_everybody()
    assert (sittings(session), report_rows(batch)) == before
    client = Client()
    client.force_login(Account.objects.get(username="kaowu"), backend="django.contrib.auth.backends.ModelBackend")
    for page in PAGES:
        shown = client.get(page.format(pk=batch.pk), follow=True).content.decode()
        assert batch.applications.order_by("pk")[0].applicant.name[:1] in shown
        assert not [piece for piece in (NAME, CLASS, NUMBER) if piece in shown], page

"""Bent files brought to the pages of an office, as a department and a leader bring them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assay.applications.models import Applicant, Application, Person
from assay.demo import school
from assay.kernel.models import LedgerEntry
from assay.setup import workbook
from tests import factories as f
from tests.applications.rosters import HEAD
from tests.applications.rosters import workbook as sheets
from tests.applications.test_roster_bad_input import School
from tests.bending.files import bent
from tests.bending.pictures import bent_photos
from tests.bending.tables import bent_table, with_few_accounts

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROWS = 6
ANSWERS = (200, 302, 413, 422)
"""Taken, or named problems, or more than the page takes."""
KEPT = (Person, Applicant, Application, LedgerEntry)


@dataclass(frozen=True)
class Brought:
    """What was brought, so that it can be brought again."""

    name: str
    content: bytes
    beside: bytes = b""


class Office:
    """A school that takes applications, in the database that is at hand; what each file changes is undone."""

    def __init__(self) -> None:
        with transaction.atomic():
            school.install(f.actor_with("L1"))
            self._book = with_few_accounts(workbook.write(with_data=True))
            transaction.set_rollback(True)
        self._school = School()
        self._roster = sheets(("名册", [HEAD, *(self._school.line(n) for n in range(1, ROWS))]))
        self._department, self._leader = Client(), Client()
        self._department.force_login(f.staff("R1", department=self._school.department), BACKEND)
        self._leader.force_login(f.staff("L1"), BACKEND)
        self.kinds: dict[str, Callable[[random.Random], Brought]] = {
            "roster": lambda chance: Brought("名册.xlsx", bent_table(self._roster, chance)),
            "roster, bytes": lambda chance: Brought("名册.xlsx", bent(self._roster, chance)),
            "photos": self._with_photos,
            "set-up workbook": lambda chance: Brought("学校.xlsx", bent_table(self._book, chance)),
            "set-up workbook, bytes": lambda chance: Brought("学校.xlsx", bent(self._book, chance)),
        }

    def _with_photos(self, chance: random.Random) -> Brought:
        people = [(f.name(n), f.resident_number(n)) for n in range(1, ROWS)]
        return Brought("名册.xlsx", self._roster, bent_photos(people, chance))

    def survives(self, brought: Brought) -> None:
        """The page answers, and what it refuses has changed nothing."""
        with transaction.atomic():
            before = [model._default_manager.count() for model in KEPT]
            status = self._bring(brought)
            assert status in ANSWERS, status
            if status not in (200, 302):
                assert [model._default_manager.count() for model in KEPT] == before, "refused, and something was kept"
            transaction.set_rollback(True)

    def _bring(self, brought: Brought) -> int:
        file = SimpleUploadedFile(brought.name, brought.content)
        if brought.name == "学校.xlsx":
            return self._leader.post(reverse("setup:workbook"), {"file": file}).status_code
        given = {"batch": self._school.batch.pk, "file": file, "pledged": "on"}
        beside = {"photos": SimpleUploadedFile("照片.zip", brought.beside)} if brought.beside else {}
        return self._department.post(reverse("applications:roster"), {**given, **beside}).status_code

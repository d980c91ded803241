"""A certificate says who was reviewed, whatever became of the person meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assay.applications.models import Applicant
from assay.certificates.acts.issuing import number
from assay.certificates.models import Certificate
from assay.kernel import clock, files
from tests import factories as f
from tests.applications.rosters import photo
from tests.certificates.conftest import OFFICER, Ready

pytestmark = pytest.mark.django_db


def test_the_certificate_is_made_of_the_applicant(ready: Ready) -> None:
    application = ready.candidate()
    Applicant.objects.update(photo_on=clock.today() - timedelta(days=400))
    applicant, person = application.applicant, application.person
    person.name, person.id_number, person.photo = "换了人", f.resident_number(999), files.keep(photo("blue"))
    person.save()
    number(OFFICER, ready.batch)
    made = Certificate.objects.get()
    assert (made.name, made.photo_id) == (applicant.name, applicant.photo_id)
    assert (made.id_number, made.id_index) == (applicant.id_number, applicant.id_index)
    assert made.name != "换了人"

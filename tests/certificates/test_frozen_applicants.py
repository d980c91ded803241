"""A certificate says who was reviewed, whatever became of the person meanwhile."""

from __future__ import annotations

import pytest

from assay.certificates.acts import number
from assay.certificates.models import Certificate
from assay.kernel import clock, files
from assay.results.models import PublicNotice, Result
from tests import factories as f
from tests.applications.rosters import photo

pytestmark = pytest.mark.django_db


def test_the_certificate_is_made_of_the_applicant() -> None:
    f.centre()
    batch = f.batch("direct", stage="certificates")
    application = f.application(batch, person=f.person(name="柳一", photo=files.keep(photo("red"))))
    Result.objects.create(application=application, batch=batch, outcome="pass", computed_at=clock.now())
    PublicNotice.objects.create(
        batch=batch,
        title="公示",
        starts_on=clock.today(),
        ends_on=clock.today(),
        rows=[],
        digest="0",
        closed_at=clock.now(),
    )
    person = application.person
    person.name, person.id_number, person.photo = "柳二", f.resident_number(999), files.keep(photo("blue"))
    person.save()
    number(f.actor_with("E13"), batch)
    made = Certificate.objects.get()
    assert (made.name, made.photo_id) == ("柳一", files.digest_of(photo("red")))
    assert (made.id_number, made.id_index) == (application.applicant.id_number, application.applicant.id_index)

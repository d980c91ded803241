"""Applications of the version before get their own copy of what they say of their persons, and the ledger knows of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from assay.kernel import clock, ledger, verification
from tests import factories as f

BEFORE = [("applications", "0001_initial"), ("certificates", "0003_spoiled_sheets")]
BELOW = ("kernel", "centre", "catalogue", "batches")
OLD, NEW = "1" * 64, "2" * 64


def _old_rows(old: Any) -> None:
    """Two applications of one person, who was renamed and photographed anew after the first one's certificate."""
    make = lambda room, model, **values: old.get_model(room, model).objects.create(**values)  # noqa: E731
    occupation = make("catalogue", "Occupation", code="4-12-01-01", name="汽车维修工", dictionary="2015")
    level = make("catalogue", "Level", code="4", title="四级/中级工", rank=2)
    standard = make("catalogue", "Standard", occupation=occupation, title="标准", edition="2018")
    row = make("catalogue", "ScopeRow", no=1, occupation=occupation, standard=standard, valid_from=date(2025, 1, 1))
    plan = make("batches", "AnnualPlan", year=2026, title="计划", state="approved")
    for digest, day in ((OLD, 1), (NEW, 20)):
        given = datetime(2026, 3, day, 20, tzinfo=UTC)
        make("kernel", "StoredFile", sha256=digest, content_type="image/jpeg", size=1, created_at=given)
    number = f.resident_number(7)
    person = make(
        "applications", "Person", name="曾新名", sort_key="zeng xin ming", sex="男", id_number=number, id_index="i" * 64,
        phone="13900000001", class_name="汽修2401", photo_id=NEW, birth=date(2006, 3, 15),
    )  # fmt: skip
    for code in ("A", "B"):
        batch = make(
            "batches", "Batch", plan=plan, code=code, name=code, route="direct", stage="closed",
            apply_from=date(2026, 1, 1), apply_to=date(2026, 1, 2),
        )  # fmt: skip
        line = make("batches", "BatchLine", batch=batch, scope_row=row, level=level, planned=1)
        application = make("applications", "Application", batch=batch, line=line, person=person, state="approved")
        header = ledger.Header(clock.now(), "applications.centre_review", "E4", None, "测试员", "", False)
        said = {"batch": batch.pk, "line": line.pk, "person": person.pk, "state": "approved"}
        with transaction.atomic():
            ledger.append(header, [ledger.Line("applications.application", str(application.pk), said)])
        if code == "A":
            make(
                "certificates", "Certificate", application=application, number="S000041000123264000001", name="曾旧名",
                id_type="resident", id_number=number, id_index="i" * 64, occupation_code="4-12-01-01",
                occupation="汽车维修工", level_code="4", level_title="四级", issued_on=date(2026, 3, 10), photo_id=OLD,
            )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_each_application_of_the_version_before_keeps_what_it_says_of_its_person() -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()  # all of them: what leans on these rooms went back with them
    executor.migrate(BEFORE)
    try:
        below = [key for key in executor.loader.graph.leaf_nodes() if key[0] in BELOW]
        _old_rows(executor.loader.project_state([*BEFORE, *below]).apps)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)
    from assay.applications.models import Application, Person

    first, second = Application.objects.select_related("applicant", "person").order_by("batch__code")
    person = Person.objects.get()
    assert (first.applicant.name, first.applicant.sort_key, second.applicant.name) == (
        "曾旧名",
        "zeng jiu ming",
        "曾新名",
    )
    assert (first.applicant.photo_id, second.applicant.photo_id) == (OLD, NEW)
    # Shanghai's day, not that of the stored time.
    assert (first.applicant.photo_on, person.photo_on) == (date(2026, 3, 2), date(2026, 3, 21))
    for applicant in (first.applicant, second.applicant):
        assert applicant.id_number == person.id_number == f.resident_number(7)
        assert (applicant.phone, applicant.class_name, applicant.birth) == (
            "13900000001",
            "汽修2401",
            date(2006, 3, 15),
        )
    found = {finding.where for finding in verification.verify().findings if finding.where.startswith("报名")}
    assert found == set()
    second.applicant.name = "换了人"
    second.applicant.save()
    found = {finding.where for finding in verification.verify().findings if finding.where.startswith("报名")}
    assert found == {f"报名考生信息 applications.applicant:{second.applicant_id}（换了人）"}

"""Each application gets its own copy of what it says of its person; of whom a certificate was made, what it says."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.db import migrations

from assay.kernel import clock, merkle
from assay.kernel.ledger import Header, Line, entry_digest
from assay.kernel.recorded import canonical
from assay.kernel.sealing import seal

COLUMNS = (
    "name", "sort_key", "sex", "id_type", "id_number", "id_index", "birth", "ethnic", "education", "phone", "source",
    "department_id", "major_id", "class_name", "student_no", "enrolled_on", "graduates_on", "photo_id", "photo_on",
)  # fmt: skip
OF_CERTIFICATES = ("name", "id_type", "id_number", "id_index", "photo_id")
FACTS = (
    "id_type", "sex", "source", "education", "major", "department", "class_name", "enrolled_on", "graduates_on",
    "photo", "photo_on",
)  # fmt: skip
SEALED = ("name", "id_number", "birth", "ethnic", "student_no", "phone")
CHUNK = 500


def freeze(apps: Any, schema_editor: Any) -> None:
    given_on = _date_the_photos(apps)
    made = [pair for chunk in _chunks(apps) for pair in _freeze(apps, chunk, given_on)]
    if made:
        _tell_the_ledger(apps, made)


def _date_the_photos(apps: Any) -> dict[str, Any]:
    """When each file came, by its digest; written down at the persons whose photo it is."""
    given_on = dict(apps.get_model("kernel", "StoredFile").objects.values_list("sha256", "created_at"))
    given_on = {digest: at.astimezone(clock.SHANGHAI).date() for digest, at in given_on.items()}
    persons = apps.get_model("applications", "Person").objects
    for digest in persons.exclude(photo=None).order_by().values_list("photo_id", flat=True).distinct():
        persons.filter(photo=digest).update(photo_on=given_on[digest])
    return given_on


def _chunks(apps: Any) -> Iterator[list[Any]]:
    applications = apps.get_model("applications", "Application").objects
    pks = list(applications.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), CHUNK):
        yield list(applications.filter(pk__in=pks[start : start + CHUNK]).select_related("person").order_by("pk"))


def _freeze(apps: Any, applications: Sequence[Any], given_on: dict[str, Any]) -> list[tuple[Any, Any]]:
    certificates = {
        c.application_id: c
        for c in apps.get_model("certificates", "Certificate").objects.filter(application__in=applications)
    }
    applicant_model = apps.get_model("applications", "Applicant")
    made = []
    for application in applications:
        said = {name: getattr(application.person, name) for name in COLUMNS}
        certificate = certificates.get(application.pk)
        if certificate is not None:
            said |= {name: getattr(certificate, name) for name in OF_CERTIFICATES if getattr(certificate, name)}
            said["sort_key"] = _sort_key(said["name"], application.person)
            said["photo_on"] = given_on.get(said["photo_id"])
        made.append(applicant_model(**said))
    applicant_model.objects.bulk_create(made)
    for application, applicant in zip(applications, made, strict=True):
        application.applicant = applicant
    type(applications[0]).objects.bulk_update(applications, ["applicant"])
    return list(zip(applications, made, strict=True))


def _sort_key(name: str, person: Any) -> str:
    if name == person.name:
        return str(person.sort_key)
    from assay.kernel.pinyin import sort_key

    return sort_key(name)


def _tell_the_ledger(apps: Any, made: Sequence[tuple[Any, Any]]) -> None:
    """One entry: the new rows, and of each application what was recorded of it last with its applicant beside it; what
    was changed behind the ledger's back before stays found."""
    last = {
        line.subject_id: line.facts
        for line in apps.get_model("kernel", "LedgerLine")
        .objects.filter(subject="applications.application")
        .order_by("entry_id", "position")
        .iterator()
    }
    lines = [Line("applications.applicant", str(applicant.pk), _facts(applicant)) for _, applicant in made]
    lines += [
        Line("applications.application", str(application.pk), {**facts, "applicant": applicant.pk})
        for application, applicant in made
        if (facts := last.get(str(application.pk)))
    ]
    header = Header(
        at=clock.now(), act="applications.freeze", duty="SYS", actor_id=None, actor_name="系统",
        note=f"系统升级：为 {len(made)} 份报名各留一份考生信息，以后考生信息的更正不再影响已审核的报名",
        simulated=clock.simulated(),
    )  # fmt: skip
    head, _ = apps.get_model("kernel", "LedgerHead").objects.select_for_update().get_or_create(pk=1)
    seq = head.size + 1
    digest = entry_digest(seq, header, lines, head.last_digest)
    entry = apps.get_model("kernel", "LedgerEntry").objects.create(
        seq=seq, previous=head.last_digest, digest=digest, **asdict(header)
    )
    line_model = apps.get_model("kernel", "LedgerLine")
    line_model.objects.bulk_create(
        [line_model(entry=entry, position=n, **asdict(line)) for n, line in enumerate(lines)], batch_size=CHUNK
    )
    head.peaks = merkle.append(head.peaks, head.size, merkle.leaf_hash(bytes.fromhex(digest)))
    head.size, head.last_digest = seq, digest
    head.save()


def _facts(applicant: Any) -> dict[str, Any]:
    facts = {name: canonical(getattr(applicant, applicant._meta.get_field(name).attname)) for name in FACTS}
    for name in SEALED:
        value = canonical(getattr(applicant, name))
        facts[f"#{name}"] = seal(_text(value)) if value not in (None, "") else value
    return facts


def _text(value: Any) -> str:
    """As `kernel.recorded` puts a sealed value into words."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def thaw(apps: Any, schema_editor: Any) -> None:
    apps.get_model("applications", "Application").objects.update(applicant=None)
    apps.get_model("applications", "Applicant").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_applicant"),
        ("certificates", "0003_spoiled_sheets"),
        ("kernel", "0001_initial"),
    ]
    operations = [migrations.RunPython(freeze, thaw)]

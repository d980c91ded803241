"""Which certificates of a batch are meant: by class, by job, from one number to another, or those that are ticked. In the order of their
sheets, so that a stack of blank ones fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.batches.models import Batch
from assay.certificates import blanks, serials
from assay.certificates.models import Certificate
from assay.certificates.numbers import well_formed
from assay.kernel.refusals import Refused


def classes_of(batch: Batch) -> list[str]:
    """The classes of those who have a certificate."""
    rows = Certificate.objects.filter(application__batch=batch).exclude(application__applicant__class_name="")
    return sorted(set(rows.values_list("application__applicant__class_name", flat=True)))


def selected(batch: Batch, given: Mapping[str, Any]) -> list[Certificate]:
    """Certificates in force that are meant by what was `given`: chosen (keys of ticked rows), class_name, line, first and last (two
    certificate numbers, or two serials). Refused when first and last cannot be read."""
    rows = Certificate.objects.in_force().filter(application__batch=batch).select_related("application__batch")
    if given.get("chosen"):
        rows = rows.filter(pk__in=given["chosen"])
    if given.get("class_name"):
        rows = rows.filter(application__applicant__class_name=given["class_name"])
    if given.get("line"):
        rows = rows.filter(application__line=given["line"])
    first, last = (serials.plain(str(given.get(name) or "")) for name in ("first", "last"))
    if not (first or last):
        return _by_sheet(rows)
    first, last = first or last, last or first
    if well_formed(first) != well_formed(last):
        raise Refused("“从”和“到”须都是证书编号，或都是印制流水码")
    if well_formed(first):
        return _by_sheet(rows.filter(number__gte=first, number__lte=last))
    span = blanks.read_span(first, last)
    return _by_sheet(row for row in rows if serials.read(row.print_serial) in span)


def _by_sheet(rows: Any) -> list[Certificate]:
    def place(row: Certificate) -> tuple[bool, Any, str]:
        serial = serials.read(row.print_serial)
        return serial is None, serial or 0, row.number

    return sorted(rows, key=place)

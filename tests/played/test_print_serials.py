"""Print serials of the blank sheets: one a certificate, never twice, moved on by a reprint."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from assay.certificates import acts
from assay.certificates.models import Certificate
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.played.conftest import Played

OFFICER = f.actor_with("E13")


def some() -> list[Certificate]:
    return list(Certificate.objects.order_by("number")[:3])


def serials() -> list[str]:
    return [certificate.print_serial for certificate in some()]


def test_a_reprint_may_move_serials_within_the_chosen_ones(played: Played) -> None:
    first = int(serials()[0])
    assert serials() == [f"{first + n:08d}" for n in range(3)]
    Certificate.objects.filter(print_serial=f"{first + 3:08d}").update(print_serial="99999999")
    acts.print_certificates(OFFICER, some(), first_serial=f"{first + 1:08d}")
    assert serials() == [f"{first + n:08d}" for n in range(1, 4)]
    assert [certificate.printed_times for certificate in some()] == [2, 2, 2]


def test_a_serial_that_is_on_another_certificate_is_refused_by_the_act_and_by_the_table(played: Played) -> None:
    before = serials()
    with pytest.raises(Refused, match=f"印制流水码 {before[2]} 已用过"):
        acts.print_certificates(OFFICER, some()[:1], first_serial=before[2])
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=some()[0].pk).update(print_serial=before[2])
    assert serials() == before

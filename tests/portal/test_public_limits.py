"""What anybody may send is limited: misses of the certificate check, objections to a public notice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from assay.centre.actors import SYSTEM
from assay.kernel import clock
from assay.kernel.clock import today
from assay.kernel.limits import CERTIFICATE_CHECK, OBJECTION, SIGN_UP
from assay.kernel.refusals import Refused
from assay.results.acts.notices import raise_objection
from assay.results.models import Objection, PublicNotice
from tests import factories as f
from tests.portal.strangers import sign_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def check(number: int, name: str = "某人") -> int:
    return Client().post("/verify/", {"number": f"S000041000123{number:09d}", "name": name}).status_code


def test_certificates_cannot_be_walked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    f.centre()
    start = clock.now()
    statuses = [check(n) for n in range(60)]
    free = CERTIFICATE_CHECK.address.free
    assert statuses[:free] == [200] * free
    assert statuses[free + 5 :] == [429] * (60 - free - 5)
    page = Client().post("/verify/", {"number": "S000041000123000000001", "name": "某人"})
    assert "秒后再试" in page.content.decode()
    with clock.moved_to(start + timedelta(minutes=2)):
        assert check(1) == 200


@pytest.fixture
def notice() -> PublicNotice:
    f.centre()
    batch = f.batch("exam", stage="notice")
    return PublicNotice.objects.create(
        batch=batch, title="公示", starts_on=today(), ends_on=today() + timedelta(days=7), rows=[], digest="0" * 64
    )


def objection(n: int) -> dict[str, str]:
    return {"name": "群众", "contact": "13900000000", "text": f"问题 {n}"}


def test_a_flood_of_objections_ends_after_a_few_and_says_when_to_come_again(notice: PublicNotice) -> None:
    page = f"/notices/{notice.pk}/"
    start = clock.now()
    with clock.moved_to(start):
        statuses = [Client().post(page, objection(n)).status_code for n in range(150)]
    assert Objection.objects.count() <= OBJECTION.subject.free + 1
    assert statuses[: OBJECTION.subject.free] == [302] * OBJECTION.subject.free
    held = Client().post(page, objection(999))
    assert held.status_code == 429
    assert "问题 999" in held.content.decode(), "what was typed is still there"
    assert Client().post(page, objection(1000), REMOTE_ADDR="192.0.2.9").status_code == 302
    with clock.moved_to(start + timedelta(seconds=OBJECTION.subject.longest + 1)):
        assert Client().post(page, objection(1001)).status_code == 302


def test_the_same_objection_again_is_refused(notice: PublicNotice) -> None:
    raise_objection(SYSTEM, notice, **objection(1))
    with pytest.raises(Refused, match="已经收到"):
        raise_objection(SYSTEM, notice, name="别人", contact="1", text=" 问题 1 ")
    raise_objection(SYSTEM, notice, **objection(2))
    assert Objection.objects.count() == 2


def test_signing_up_is_slowed_down_at_one_address_and_not_at_another() -> None:
    f.centre()
    department = f.department()
    free = SIGN_UP.address.free
    statuses = [sign_up(f.resident_number(n, "20050101"), department).status_code for n in range(free + 30)]
    assert statuses[:free] == [302] * free
    assert statuses[free + 8 :] == [429] * 22
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert sign_up(f.resident_number(700, "20050101"), department, elsewhere).status_code == 302

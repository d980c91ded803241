"""The page of the filing says who works by the document, and how the last day was counted."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from assay.filing.acts import file
from assay.filing.deadline import Deadline
from assay.filing.models import Filing
from assay.filing.views import people_said
from assay.kernel.clock import today
from assay.kernel.gates import blockers
from assay.kernel.refusals import Refused
from tests import factories as f


def test_people_are_named_under_their_work_examiners_with_their_cards() -> None:
    document = {
        "invigilators": [{"name": "柳一", "card_no": ""}, {"name": "柳二", "card_no": ""}],
        "examiners": [{"name": "杨三", "card_no": "K1"}],
        "supervisors": [],
    }
    said = people_said(document)
    assert said[:3] == [("监考人员", ["柳一", "柳二"]), ("考评员", ["杨三（K1）"]), ("内部督导员", [])]
    assert said[3] == ("工作人员", [])


@pytest.mark.parametrize(("known", "said"), [(True, ""), (False, "暂按周一至周五、除去法定节日计算")])
def test_a_year_whose_holidays_are_not_known_is_said(known: bool, said: str) -> None:
    reservation = Deadline(date(2027, 1, 4), 10, known).reservation
    assert said in reservation
    assert bool(reservation) is not known


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "shown"), [("returned", True), ("sent", False), ("approved", False)])
def test_what_is_to_be_mended_is_said_of_a_returned_filing(state: str, shown: bool, client: Client) -> None:
    f.centre()
    batch = f.batch("exam", "filing")
    document = {"lines": [], "timetable": [], "rooms": []}
    Filing.objects.create(batch=batch, version=1, state=state, document=document, sent_on=today(), reason="证卡不清")
    client.force_login(f.staff("E5"))
    page = client.get(reverse("filing:batch", args=[batch.pk])).content.decode()
    assert ("省中心已退回，理由：“证卡不清”。" in page) is shown
    assert ("修订计划（日期、工种、方案）</a>" in page) is shown
    assert "没有审核通过的考生" in page


@pytest.mark.django_db
@pytest.mark.parameter("filing.lead_working_days")
def test_how_long_before_the_exam_it_is_filed_is_what_the_parameters_page_was_told(client: Client) -> None:
    f.centre()
    batch = f.batch("exam", "filing")
    client.force_login(f.staff("E5"))

    def said() -> str:
        return client.get(reverse("filing:batch", args=[batch.pk])).content.decode()

    assert "须提前 10 个工作日上报" in said()
    assert [b.text[:7] for b in blockers("filing", batch)] == ["认定计划未上报"]
    f.set_parameter("filing.lead_working_days", "40")
    assert "须提前 40 个工作日上报" in said()
    assert [b.text.split("（")[0] for b in blockers("filing", batch)] == ["认定计划已过上报期限"]
    with pytest.raises(Refused, match="不足 40 个工作日"):
        file(f.actor_with("E5"), batch)

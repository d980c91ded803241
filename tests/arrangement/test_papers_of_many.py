"""Papers of many come as one PDF: of a class, a department, a session, a batch; and whoever takes whole numbers along leaves a trace."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.archive.models import Volume, VolumeDocument
from assay.arrangement.models import Seating, Session, SessionRoom, Ticket
from assay.batches.models import Batch
from assay.centre.models import Department
from assay.exam.models import RoomRecord
from assay.kernel import clock, files
from assay.kernel.models import SecurityEvent
from assay.marking.models import PanelSheet
from tests import factories as f
from tests.papers import text_of

pytestmark = pytest.mark.django_db
NAMES = ("赵甲", "钱乙", "孙丙")


@pytest.fixture
def batch() -> Batch:
    """Three candidates in a room, of two departments and three classes, with tickets."""
    f.centre()
    batch = f.batch("exam", stage="exam")
    departments = [f.department(name="汽车工程系"), f.department(name="机电工程系")]
    starts = clock.now() + timedelta(hours=1)
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    room = SessionRoom.objects.create(session=session, room=f.room(name="一号机房"))
    for n, name in enumerate(NAMES, start=1):
        department = departments[n % 2]
        person = f.person(name=name, department=department, class_name=f"230{n} 班")
        application = f.application(batch, person=person, department=department)
        Ticket.objects.create(application=application, number=f"2611040000{n}", issued_at=clock.now())
        Seating.objects.create(session_room=room, application=application, part="theory", seat=n)
    return batch


def opened(duty: str, name: str, *args: object, of: Department | None = None, **query: object) -> bytes:
    client = Client()
    client.force_login(f.staff(duty, department=of))
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def named(pdf: bytes) -> list[str]:
    said = text_of(pdf)
    return [name for name in NAMES if name in said]


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


def test_tickets_of_a_class_a_department_a_session_and_two_on_a_sheet(batch: Batch) -> None:
    def tickets(**query: object) -> bytes:
        return opened("E5", "arrangement:tickets_pdf", batch.pk, **query)

    assert named(tickets()) == list(NAMES)
    assert named(tickets(**{"class": "2302 班"})) == ["钱乙"]
    assert named(tickets(department=Department.objects.get(name="机电工程系").pk)) == ["赵甲", "孙丙"]
    assert named(tickets(session=batch.sessions.get().pk)) == list(NAMES)
    assert (pages(tickets()), pages(tickets(sheet="a4"))) == (3, 2)
    assert named(tickets(sheet="a4")) == list(NAMES)
    client = Client()
    client.force_login(f.staff("E5"))
    refused = client.get(reverse("arrangement:tickets_pdf", args=[batch.pk]), {"class": "没有这个班"}, follow=True)
    assert "没有这样的准考证可打印" in refused.content.decode()


def test_forms_of_all_that_the_list_shows_and_of_a_department_its_own(batch: Batch) -> None:
    assert named(opened("E5", "applications:forms", batch=batch.pk)) == list(NAMES)
    assert named(opened("E5", "applications:forms", batch=batch.pk, q="2303 班")) == ["孙丙"]
    both, one = (opened("E5", "applications:forms", batch=batch.pk, copies=n) for n in ("2", "1"))
    assert text_of(both).count("考生留存") > 0
    assert text_of(one).count("考生留存") == 0
    own = Department.objects.get(name="汽车工程系")
    assert named(opened("R1", "applications:forms", of=own, batch=batch.pk)) == ["钱乙"]
    assert SecurityEvent.objects.filter(kind="identity", what="认定申报表（多份）").count() == 5


def test_a_room_record_is_printed_blank_before_the_room_is_closed_and_filled_in_afterwards(batch: Batch) -> None:
    room = SessionRoom.objects.get()
    blank = text_of(opened("E8", "exam:blank_record", room.pk))
    for said in ("考场记录表", "一号机房", "应考人数", "3"):
        assert said in blank
    assert "考场秩序正常" not in blank
    assert "一号机房" in text_of(opened("E8", "exam:records_pdf", batch.pk, blank=1))
    RoomRecord.objects.create(
        session_room=room, expected=3, present=2, absent=1, closed_by="张监考", closed_at=clock.now()
    )
    whole = text_of(opened("E8", "exam:records_pdf", batch.pk))
    assert "张监考" in whole
    assert "考场秩序正常" in whole
    client = Client()
    client.force_login(f.staff("E8"))
    none = client.get(reverse("exam:records_pdf", args=[batch.pk]), {"blank": 1}, follow=True).content.decode()
    assert "没有还要填写考场记录的考场" in none
    page = client.get(reverse("exam:batch", args=[batch.pk])).content.decode()
    assert reverse("exam:record_pdf", args=[room.pk]) in page
    assert reverse("exam:records_pdf", args=[batch.pk]) in page


def test_score_sheets_of_a_batch_say_when_there_are_none(batch: Batch) -> None:
    assert not PanelSheet.objects.exists()
    client = Client()
    client.force_login(f.staff("E9"))
    said = client.get(reverse("marking:batch_sheets", args=[batch.pk]), follow=True).content.decode()
    assert "还没有评分记录表可打印" in said


def test_a_volume_comes_as_one_zip_in_order_and_its_taking_is_logged(batch: Batch) -> None:
    volume = Volume.objects.create(batch=batch, kind="1-registration", title="报名资料卷")
    contents = {"卷封.pdf": b"%PDF-1.4 one", "备案表（一）.pdf": b"%PDF-1.4 two", "证明/材料.pdf": b"%PDF-1.4 three"}
    for position, (name, content) in enumerate(contents.items()):
        VolumeDocument.objects.create(volume=volume, position=position, name=name, file=files.keep(content))
    got = opened("E10", "archive:volume", volume.pk)
    with zipfile.ZipFile(io.BytesIO(got)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["000 卷封.pdf", "001 备案表（一）.pdf", "002 证明_材料.pdf"]
        assert [archive.read(name) for name in archive.namelist()] == list(contents.values())
    event = SecurityEvent.objects.get(kind="identity")
    assert (event.what, f"/volumes/{volume.pk}.zip" in event.page) == ("档案卷（全部文件）", True)
    files.path_of(VolumeDocument.objects.get(position=1).file_id).unlink()
    client = Client()
    client.force_login(f.staff("E10"))
    page = client.get(reverse("archive:volume", args=[volume.pk]), follow=True).content.decode()
    assert "档案文件丢失，请先恢复备份：备案表（一）.pdf" in page

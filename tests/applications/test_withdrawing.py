"""Applications are taken back by whoever may decide that, with a reason; what was made of them goes with them and is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assay.applications.acts.importing import import_roster
from assay.applications.acts.withdrawing import withdraw
from assay.applications.models import Application
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.centre.models import Account, Department
from assay.kernel import clock
from assay.kernel.models import LedgerEntry, LedgerLine
from assay.kernel.refusals import Refused
from tests import factories as f
from tests.applications.rosters import HEAD, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def department() -> Department:
    f.centre()
    return f.department(name="汽车工程系")


def applied(department: Department, state: str, stage: str = "review") -> Application:
    return f.application(f.batch(stage=stage), state, person=f.person(department=department), department=department)


def signed_in(account: Account) -> Client:
    browser = Client()
    browser.force_login(account, BACKEND)
    return browser


def test_many_are_taken_back_at_once_with_one_reason_that_each_keeps(department: Department) -> None:
    batch = f.batch(stage="apply")
    rows = [
        f.application(batch, "submitted", person=f.person(department=department), department=department)
        for _ in range(3)
    ]
    head = signed_in(f.staff("R1", department=department))
    page = head.get(reverse("applications:list") + f"?batch={batch.pk}").content.decode()
    assert page.count('name="chosen"') == 3
    assert "撤回报名" in page
    sent = {"chosen": [row.pk for row in rows], "reason": "整班导错批次", "back": "/applications/?batch=1"}
    done = head.post(reverse("applications:withdraw"), sent, follow=True).content.decode()
    assert "已撤回 3 份报名" in done
    assert set(Application.objects.values_list("state", "reason")) == {("withdrawn", "整班导错批次")}
    entry = LedgerEntry.objects.get(act="applications.withdraw")
    assert LedgerLine.objects.filter(entry=entry).count() == 3


@pytest.mark.parametrize(
    ("state", "stage", "by_department", "by_centre"),
    [
        ("draft", "apply", True, True), ("submitted", "review", True, True), ("returned", "review", True, True),
        ("first_passed", "review", False, True), ("approved", "review", False, True), ("approved", "arrange", False, True),
        ("approved", "tickets", False, False), ("rejected", "review", False, False), ("withdrawn", "review", False, False),
    ],
)  # fmt: skip
def test_who_takes_back_what_follows_how_far_it_has_come(
    department: Department, state: str, stage: str, by_department: bool, by_centre: bool
) -> None:
    application = applied(department, state, stage)
    url = reverse("applications:detail", args=[application.pk])
    button = f'action="{reverse("applications:withdraw")}"'
    for account, may in ((f.staff("R1", department=department), by_department), (f.staff("E5"), by_centre)):
        Application.objects.update(state=state)
        assert (button in signed_in(account).get(url).content.decode()) is may
        who = f.actor_with("R1" if account.department_id else "E5", account=account)
        if may:
            assert withdraw(who, [application], reason="误导入").count == 1
        else:
            with pytest.raises(Refused):
                withdraw(who, [application], reason="误导入")


def test_the_reason_is_asked_for_and_other_departments_people_stay(department: Department) -> None:
    application = applied(department, "submitted")
    with pytest.raises(Refused, match="撤回报名须写明原因"):
        withdraw(f.actor_with("E5"), [application], reason="  ")
    stranger = f.staff("R1", department=f.department(name="机电工程系"))
    with pytest.raises(Refused, match="不属于您的系部"):
        withdraw(f.actor_with("R1", account=stranger), [application], reason="误导入")
    assert Application.objects.get().state == "submitted"


def test_the_seat_of_whoever_is_taken_back_is_free_and_said_before_and_after(department: Department) -> None:
    batch = f.batch(stage="arrange")
    starts = clock.now() + timedelta(days=40)
    session = Session.objects.create(
        batch=batch, part="theory", number=1, starts_at=starts, ends_at=starts + timedelta(hours=1)
    )
    room = SessionRoom.objects.create(session=session, room=f.room())
    one, other = f.application(batch), f.application(batch)
    for number, application in enumerate((one, other), start=1):
        Seating.objects.create(session_room=room, application=application, part="theory", seat=number)
    officer = signed_in(f.staff("E5"))
    page = officer.get(reverse("applications:detail", args=[one.pk])).content.decode()
    seat = Seating.objects.get(application=one)
    assert f"已编的座位随之空出：{room} {seat.seat} 号" in page
    sent = {"chosen": [one.pk], "reason": "已退学", "back": reverse("applications:detail", args=[one.pk])}
    done = officer.post(reverse("applications:withdraw"), sent, follow=True).content.decode()
    assert f"空出 {room} {seat.seat} 号" in done
    assert list(Seating.objects.values_list("application", flat=True)) == [other.pk]
    line = LedgerLine.objects.get(subject="arrangement.seating", subject_id=str(seat.pk))
    assert (line.facts, line.entry.act) == (None, "applications.withdraw")


def test_what_is_filed_stays_and_says_so(department: Department) -> None:
    batch = f.batch(stage="filing")
    application = f.application(batch, person=f.person(department=department), department=department)
    batch.filings.create(version=1, document={"lines": []}, digest="x", sent_on=clock.today())
    with pytest.raises(Refused, match="认定计划已上报"):
        withdraw(f.actor_with("E5"), [application], reason="已退学")


def test_a_roster_that_brings_somebody_again_says_that_he_was_taken_back() -> None:
    school = School()
    content = workbook(("名册", [HEAD, school.line(1)]))
    import_roster(school.head, batch=school.batch, rows=school.read(content).rows)
    withdraw(school.head, [Application.objects.get()], reason="误报")
    again = school.read(content)
    assert any(f"{f.name(1)} 在本批次的报名已撤回（误报），导入后是一份新的报名" in said for said in again.notes)

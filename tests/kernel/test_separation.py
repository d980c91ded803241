"""Deeds that one person never does both of: refused by declaration, whatever the account, and nothing is written."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assay.applications.acts import applying
from assay.applications.acts.importing import import_roster
from assay.applications.models import Application
from assay.batches import acts as planning
from assay.batches.models import Batch
from assay.centre.actors import actor_of
from assay.centre.acts import accounts as centre
from assay.centre.models import Account, Appointment, Post
from assay.kernel import clock, separation
from assay.kernel.acts import Actor, declared, why_not_each
from assay.kernel.models import LedgerEntry, StoredFile
from assay.kernel.persons import Person
from assay.kernel.refusals import ForOthers, Refused
from assay.kernel.sealing import blind_index
from tests import factories as f
from tests.applications.rosters import HEAD, workbook
from tests.applications.test_roster_bad_input import School

pytestmark = pytest.mark.django_db


def everything(account: Account) -> Actor:
    """Somebody whose posts hold every duty that there is."""
    return f.actor_with(*{d for a in declared() for d in a.duties} - {"C1", "SYS"}, account=account)


def handed_in(**person: object) -> Application:
    department = f.department()
    major = f.major()
    row = f.scope_row()
    row.majors.add(major)
    batch = f.batch(stage="review", lines=[(row, "4", 5)])
    stored, _ = StoredFile.objects.get_or_create(
        sha256="0" * 64, defaults={"content_type": "image/jpeg", "size": 1, "created_at": clock.now()}
    )
    who = f.person(
        department=department, major=major, photo=stored, student_no="1", graduates_on=date(2027, 7, 1), **person
    )
    return f.application(
        batch, state="submitted", person=who, department=department, pledged=True,
        condition=row.standard.levels.get(level__code="4").conditions.get(),
    )  # fmt: skip


def test_the_table_names_acts_and_objects_that_there_are() -> None:
    known = {a.name for a in declared()}
    named = {n for pair in separation.pairs() for n in (*pair.one.acts, *pair.other.acts)}
    named |= {n for own in separation.own_matters() for n in own.acts}
    assert named <= known
    sides = [side for pair in separation.pairs() for side in (pair.one, pair.other)]
    for side in (*sides, *separation.own_matters()):
        assert apps.get_model(side.subject)
    for side in sides:
        assert not apps.get_model(side.subject)._default_manager.filter(**{f"{side.tie}__isnull": True}).exists()


@pytest.mark.parametrize("own", separation.own_matters(), ids=lambda own: f"{own.subject}-{own.acts[0]}")
def test_the_paths_to_the_person_of_an_own_matter_lead_somewhere(own: separation.NotOwn) -> None:
    model = apps.get_model(own.subject)
    for who in (Person(frozenset({1}), frozenset({"a"})), Person(frozenset({1}), frozenset())):
        assert not model._default_manager.filter(own.concerns(who, "某人")).exists()


def test_both_reviews_of_one_application_need_two_people_in_whichever_order() -> None:
    application, both, other = handed_in(), everything(f.staff()), everything(f.staff())
    applying.first_review(both, [application], verdict="pass")
    with pytest.raises(Refused, match="系部初审与中心审核须由不同的人办理"):
        applying.centre_review(both, [application], verdict="pass")
    application.refresh_from_db()
    assert (application.state, application.decisions.count()) == ("first_passed", 1)
    applying.centre_review(other, [application], verdict="return", reason="照片不清")
    Application.objects.filter(pk=application.pk).update(state="submitted")
    with pytest.raises(Refused, match="不同的人"):
        applying.first_review(other, [application], verdict="pass")


def test_many_at_once_are_refused_whole_and_the_refusal_counts_them() -> None:
    ones, both = [handed_in() for _ in range(3)], everything(f.staff())
    applying.first_review(both, ones[:2], verdict="pass")
    applying.first_review(everything(f.staff()), ones[2:], verdict="pass")
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused, match="等 2 项"):
        applying.centre_review(both, ones, verdict="pass")
    assert not Application.objects.filter(state="approved").exists()
    assert LedgerEntry.objects.count() == before


def test_of_a_list_each_row_says_why_and_no_row_asks_the_database_for_itself() -> None:
    for_all, one_more = [handed_in() for _ in range(3)], handed_in()
    both = everything(f.staff())
    applying.first_review(both, for_all, verdict="pass")
    Application.objects.filter(pk=one_more.pk).update(state="first_passed")
    rows = list(Application.objects.select_related("batch"))
    asked = []
    for shown in (rows[:1], rows):
        with CaptureQueriesContext(connection) as queries:
            against = why_not_each(applying.centre_review, both, shown)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert against.pop(one_more.pk) is None
    assert {str(why) for why in against.values()} == {"系部初审与中心审核须由不同的人办理，另一项已由您办理，请换一人"}
    assert {type(why) for why in against.values()} == {ForOthers}


def test_one_person_with_two_accounts_is_one_person() -> None:
    application = handed_in()
    number = f.resident_number(77)
    index = blind_index("resident", number)
    first, second = f.staff(), f.staff()
    f.member("examiner", account=first, id_index=index)
    f.person(id_number=number, account=second)
    applying.first_review(everything(first), [application], verdict="pass")
    with pytest.raises(Refused, match="不同的人"):
        applying.centre_review(everything(second), [application], verdict="pass")


def test_nobody_reviews_the_own_application_by_id_number_or_by_name_where_none_is_known() -> None:
    number = f.resident_number(78)
    application = handed_in(id_number=number, source="staff")
    known = f.staff()
    f.member("examiner", account=known, id_index=blind_index("resident", number))
    with pytest.raises(Refused, match="涉及您本人，"):
        applying.first_review(everything(known), [application], verdict="pass")
    namesake = f.staff(name=application.person.name)
    with pytest.raises(Refused, match="同名"):
        applying.first_review(everything(namesake), [application], verdict="pass")
    f.member("examiner", account=namesake, id_index=blind_index("resident", f.resident_number(79)))
    assert applying.first_review(everything(namesake), [application], verdict="pass")


def test_who_drew_up_the_annual_plan_does_not_approve_it() -> None:
    drafter, other = everything(f.staff()), everything(f.staff())
    plan = planning.create_annual_plan(drafter, year=2190, title="计划")
    planning.submit_annual_plan(other, plan)
    for who in (drafter, other):
        with pytest.raises(Refused, match="拟订与审核年度计划"):
            planning.decide_annual_plan(who, plan, approve=True)
    assert planning.decide_annual_plan(everything(f.staff()), plan, approve=True).state == "approved"


def test_nobody_appoints_oneself_or_gives_the_own_post_a_duty() -> None:
    leader = f.staff("L1")
    post = Post.objects.create(code="papers", title="试卷保管员", group="考务管理组", duties=["E7"])
    with pytest.raises(Refused, match=r"任职：.*涉及您本人"):
        centre.appoint(actor_of(leader), leader, post, since=date(2026, 1, 1))
    own = leader.appointments.get().post
    own.duties = ["L1", "E7"]
    with pytest.raises(Refused, match="不能自己给它增加职责"):
        centre.save_post(actor_of(leader), own)
    assert Appointment.objects.filter(account=leader).count() == 1
    assert centre.appoint(actor_of(f.staff("L1")), leader, post, since=date(2026, 1, 1)).pk


def test_the_house_itself_acts_without_being_anybody() -> None:
    application = handed_in()
    house = Actor(None, "系统", frozenset({"R1", "E2", "E4"}))
    applying.first_review(house, [application], verdict="pass")
    assert applying.centre_review(house, [application], verdict="pass")


def test_who_entered_an_application_does_not_pass_it_for_the_centre_under_whichever_account() -> None:
    school = School()
    number = f.resident_number(90)
    clerk, again, other = f.staff("R1", department=school.department), f.staff(), f.staff()
    f.member("examiner", account=clerk, id_index=blind_index("resident", number))
    f.person(id_number=number, account=again)
    roster = school.read(workbook(("名册", [HEAD, school.line(1)])))
    import_roster(everything(clerk), batch=school.batch, rows=roster.rows)
    application = Application.objects.get(batch=school.batch)
    Application.objects.update(state="first_passed")
    Batch.objects.update(stage="review")
    application.refresh_from_db()
    for who in (clerk, again):
        with pytest.raises(Refused, match="录入报名与中心审核须由不同的人办理"):
            applying.centre_review(everything(who), [application], verdict="return", reason="照片不清")
    assert applying.centre_review(everything(other), [application], verdict="return", reason="照片不清")

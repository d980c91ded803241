"""A part is left out on a kept pass or a named exemption only; the kept mark is carried into the result, found anew."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assay.applications.basis import taken_by
from assay.applications.eligibility import application_problems, problems_of
from assay.applications.history import histories, history_of
from assay.applications.models import Application, Exemption, Person
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.batches.models import Batch
from assay.catalogue.models import ScopeRow
from assay.centre.models import ParameterValue
from assay.kernel import clock, files
from assay.kernel.models import OutboxMessage
from assay.kernel.refusals import Refused
from assay.marking.models import PanelSheet, SheetTemplate
from assay.results import printing
from assay.results.acts import outcomes
from assay.results.composition import compose, outcome_of
from assay.results.gates import results_are_released
from assay.results.models import Result
from tests import factories as f
from tests.results.earlier import applying, assessed

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> ScopeRow:
    f.centre()
    return f.scope_row()


@pytest.fixture
def person(row: ScopeRow) -> Person:
    return f.person(photo=None)


def said(application: Application) -> list[str]:
    """The problems that speak of parts and certificates."""
    return [p.text for p in application_problems(application) if any(w in p.text for w in ("免考", "补考", "证书"))]


def skill_sheet(application: Application, mark: str | None = "95", absent: bool = False) -> PanelSheet:
    """The candidate before a panel, settled."""
    line = application.line
    template = SheetTemplate.objects.create(
        occupation=line.scope_row.occupation,
        job=line.scope_row.job,
        level=line.level,
        part="skill",
        title="示例",
        tasks=[],
    )
    number = Session.objects.filter(batch=application.batch).count() + 1
    at = clock.now()
    session = Session.objects.create(
        batch=application.batch, part="skill", number=number, starts_at=at, ends_at=at + timedelta(hours=2)
    )
    room = SessionRoom.objects.create(session=session, room=f.room("skill"), line=line)
    seat = Seating.objects.create(session_room=room, application=application, part="skill", seat=1)
    return PanelSheet.objects.create(
        seating=seat, application=application, part="skill", template=template, absent=absent,
        mark=Decimal(mark) if mark and not absent else None, settled_at=at,
    )  # fmt: skip


def exemption(application: Application, part: str) -> Exemption:
    return Exemption.objects.create(
        application=application, part=part, basis="省赛一等奖免技能", number="豫人社〔2026〕1号", file=files.keep(b"%PDF-1"), by="甲",
        at=clock.now(),
    )  # fmt: skip


def composed(application: Application) -> Result:
    Application.objects.filter(pk=application.pk).update(state="approved")
    Batch.objects.filter(pk=application.batch_id).update(stage="results")
    outcomes.compute(f.actor_with("E9"), application.batch)
    return Result.objects.get(application=application)


def test_who_failed_skill_cannot_leave_it_out_and_pass(row: ScopeRow, person: Person) -> None:
    assessed(person, row)
    swapped = applying(person, row, theory="resit", skill="exempt")
    assert said(swapped) == ["技能免考没有依据：没有同工种同等级的技能合格成绩；有免考文件的，请院系在报名页登记免考"]
    f.theory_sheet(swapped, [f.item(1, "95"), f.item(2, "5")], {"1": "A"})
    result = composed(swapped)
    assert (result.theory, result.skill, result.outcome) == (Decimal(95), None, "incomplete")
    assert next(b.text for b in results_are_released(result.batch)) == (
        f"1 名考生成绩未完成（{person.name}免考没有依据，须重新合成或登记免考失效）"
    )
    with pytest.raises(Refused, match="未完成"):
        outcomes.send_up(f.actor_with("E9"), result.batch)


def test_who_never_sat_anything_cannot_leave_out_both(row: ScopeRow, person: Person) -> None:
    nothing = applying(person, row, theory="exempt", skill="exempt")
    assert said(nothing)[0] == "各科目都填了免考：至少须参加一科考核"
    assert composed(nothing).outcome == "incomplete"


def test_a_kept_pass_is_carried_into_the_result_with_where_it_comes_from(row: ScopeRow, person: Person) -> None:
    source = assessed(person, row)
    resit = applying(person, row, theory="exempt", skill="resit")
    assert said(resit) == []
    until = clock.today() + timedelta(days=335)
    assert f"发布的成绩 86，保留到 {until}" in str(taken_by([resit])[0][0])
    skill_sheet(resit)
    result = composed(resit)
    assert (result.theory, result.skill, result.outcome) == (Decimal(86), Decimal(95), "pass")
    assert result.basis["theory"] == {
        "kind": "kept", "result": source.pk, "mark": "86.0", "on": (clock.today() - timedelta(days=30)).isoformat()
    }  # fmt: skip
    assert (result.said("theory"), result.said("skill")) == ("86（保留）", "95")
    assert result.unchecked_parts() == [("skill", "技能")]
    outcomes.send_up(f.actor_with("E9"), result.batch)
    sent = OutboxMessage.objects.get(key__startswith=f"results-{result.batch.code}").payload["rows"][0]
    assert (sent["theory"], sent["theory_left_out"]) == ("86.0", "kept")
    assert "skill_left_out" not in sent
    assert printing.result_list(result.batch).startswith(b"%PDF")


def test_the_kept_mark_is_found_anew_when_the_result_is_put_together(row: ScopeRow, person: Person) -> None:
    source = assessed(person, row)
    resit = applying(person, row, theory="exempt", skill="resit")
    skill_sheet(resit)
    Result.objects.filter(pk=source.pk).update(theory=Decimal(55))
    result = composed(resit)
    assert (result.theory, result.basis, result.outcome) == (None, {}, "incomplete")
    Result.objects.filter(pk=source.pk).update(theory=Decimal(61))
    result = composed(resit)
    assert (result.theory, result.outcome) == (Decimal(61), "pass")


def test_where_the_basis_is_gone_for_good_the_part_counts_as_missed_and_the_batch_goes_on(
    row: ScopeRow, person: Person, client: Client
) -> None:
    source = assessed(person, row)
    resit = applying(person, row, theory="exempt", skill="resit")
    skill_sheet(resit)
    Result.objects.filter(pk=source.pk).update(theory=Decimal(55))
    result = composed(resit)
    client.force_login(f.staff("E9"))
    page, lapse = reverse("results:batch", args=[result.batch_id]), reverse("results:lapse_exemption", args=[result.pk])
    assert "登记免考失效" in client.get(page).content.decode()
    client.post(lapse, {"part": "skill", "reason": "复核更正"})
    client.post(lapse, {"part": "theory", "reason": " "})
    result.refresh_from_db()
    assert result.outcome == "incomplete"
    client.post(lapse, {"part": "theory", "reason": "原批次理论成绩经复核更正为 55 分"})
    outcomes.compute(f.actor_with("E9"), result.batch)
    result.refresh_from_db()
    assert (result.outcome, result.theory_absent, result.said("theory")) == ("fail", True, "免考失效")
    outcomes.send_up(f.actor_with("E9"), result.batch)
    sent = OutboxMessage.objects.get(key__startswith=f"results-{result.batch.code}").payload["rows"][0]
    assert (sent["theory"], sent["theory_absent"], "theory_left_out" in sent) == (None, True, False)


def test_a_basis_that_is_found_again_takes_the_place_of_what_was_decided(row: ScopeRow, person: Person) -> None:
    source = assessed(person, row)
    resit = applying(person, row, theory="exempt", skill="resit")
    skill_sheet(resit)
    Result.objects.filter(pk=source.pk).update(theory=Decimal(55))
    outcomes.lapse_exemption(f.actor_with("E9"), composed(resit), part="theory", reason="更正")
    Result.objects.filter(pk=source.pk).update(theory=Decimal(70))
    result = composed(resit)
    assert (result.theory, result.theory_absent, result.outcome) == (Decimal(70), False, "pass")


@pytest.mark.parametrize(
    "other", ["not released", "too long ago", "below the pass mark", "of another job", "of another level", "of another person"]
)  # fmt: skip
def test_no_other_pass_is_kept(row: ScopeRow, person: Person, other: str) -> None:
    match other:
        case "not released":
            assessed(person, row, released=False)
        case "too long ago":
            assessed(person, row, ago=330)
        case "below the pass mark":
            assessed(person, row, theory=Decimal("59.9"))
        case "of another job":
            assessed(person, f.scope_row())
        case "of another level":
            assessed(person, row, "3")
        case "of another person":
            assessed(f.person(), row)
    assert "理论免考没有依据" in said(applying(person, row, theory="exempt", skill="resit"))[0]


@pytest.mark.parameter("results.part_kept_days", "results.resits")
def test_days_and_resits_are_the_parameters(row: ScopeRow, person: Person) -> None:
    assessed(person, row, ago=330)
    resit = applying(person, row, theory="exempt", skill="resit")
    assert "已过期" in said(resit)[0]
    ParameterValue.objects.create(key="results.part_kept_days", value="400")
    assert said(resit) == []
    ParameterValue.objects.create(key="results.resits", value="0")
    assert "最多 0 次" in said(resit)[0]


@pytest.mark.parameter("results.pass_mark")
@pytest.mark.parametrize(("theory", "line", "passed"), [(70, "75", [True, False]), (55, "50", [False, True])])
def test_what_passes_and_what_is_kept_as_passed_is_what_the_parameters_page_was_told(
    row: ScopeRow, theory: int, line: str, passed: list[bool]
) -> None:
    whole = applying(f.person(), row)
    f.theory_sheet(whole, [f.item(1, str(theory)), f.item(2, str(100 - theory))], {"1": "A"})
    skill_sheet(whole)
    before = f.person()
    assessed(before, row, theory=Decimal(theory))
    resit = applying(before, row, theory="exempt", skill="resit")

    def good() -> list[bool]:
        return [composed(whole).outcome == "pass", said(resit) == []]

    assert good() == [passed[0]] * 2
    f.set_parameter("results.pass_mark", line)
    assert good() == [passed[1]] * 2


def test_a_part_carried_over_is_not_kept_longer_by_that(row: ScopeRow, person: Person) -> None:
    source = assessed(person, row, ago=300)
    carried = {"theory": {"kind": "kept", "result": source.pk, "mark": "86.0", "on": "2026-01-01"}}
    assessed(person, row, ago=10, parts={"theory": "exempt", "skill": "resit"}, basis=carried)
    assert history_of(applying(person, row)).passes["theory"].result == source.pk


def test_whoever_resat_as_often_as_allowed_takes_both_parts_anew(row: ScopeRow, person: Person) -> None:
    source = assessed(person, row, ago=100)
    kept = {"theory": {"kind": "kept", "result": source.pk, "mark": "86.0", "on": "2026-01-01"}}
    assessed(
        person, row, ago=30, parts={"theory": "exempt", "skill": "resit"}, theory=Decimal(86), skill=None, skill_absent=True,
        basis=kept,
    )  # fmt: skip
    again = applying(person, row, theory="exempt", skill="resit")
    assert said(again) == ["技能已补考 1 次，最多 1 次：理论成绩不再保留，各科目须重新参加（都填新考）"]
    Application.objects.filter(pk=again.pk).update(theory="first", skill="first")
    again.refresh_from_db()
    assert said(again) == []


def test_resits_before_the_pass_that_is_kept_now_do_not_count(row: ScopeRow, person: Person) -> None:
    assessed(person, row, ago=200, theory=Decimal(40))
    assessed(person, row, ago=30, parts={"theory": "resit", "skill": "resit"})
    assert said(applying(person, row, theory="exempt", skill="resit")) == []


def test_a_named_exemption_needs_no_mark_and_is_shown_as_such(row: ScopeRow, person: Person) -> None:
    application = applying(person, row, theory="first", skill="exempt")
    assert "没有依据" in said(application)[0]
    paper = exemption(application, "skill")
    assert said(application) == []
    f.theory_sheet(application, [f.item(1, "100")], {"1": "A"})
    result = composed(application)
    assert (result.skill, result.outcome, result.said("skill")) == (None, "pass", "免考")
    assert result.basis == {"skill": {"kind": "exemption", "exemption": paper.pk, "number": "豫人社〔2026〕1号"}}
    assert result.unchecked_parts() == [("theory", "理论")]
    result.theory = Decimal(59)
    assert outcome_of(result) == "fail"


def test_nobody_s_certificate_comes_from_a_part_that_was_sat_elsewhere_in_the_same_batch(
    row: ScopeRow, person: Person
) -> None:
    application = applying(person, row, theory="exempt", skill="first")
    Result.objects.create(
        application=application, batch=application.batch, theory=Decimal(90), outcome="fail", computed_at=clock.now(),
        released_at=clock.now(),
    )  # fmt: skip
    assert history_of(application).passes == {}


def test_many_histories_cost_as_many_queries_as_two(row: ScopeRow) -> None:
    batch = f.batch("exam", "review", [(row, "4", 40)])

    def queries(count: int) -> int:
        people = [f.person() for _ in range(count)]
        for one in people:
            assessed(one, row)
        made = [f.application(batch, "submitted", person=one, theory="exempt", skill="resit") for one in people]
        rows = list(
            Application.objects.filter(pk__in=[a.pk for a in made]).select_related(
                "batch", "person", "applicant__major", "line__level", "line__scope_row__occupation", "condition"
            )
        )
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert all(history.passes for history in histories(rows))
            problems_of(rows)
            taken_by(rows)
        return len(caught)

    assert queries(12) == queries(2)


def test_what_is_composed_anew_says_so_of_each(row: ScopeRow, person: Person) -> None:
    """The parts of those who leave nothing out are as before."""
    application = applying(person, row)
    f.theory_sheet(application, [f.item(1, "60"), f.item(2, "40")], {"1": "A"})
    skill_sheet(application, absent=True)
    Application.objects.filter(pk=application.pk).update(state="approved")
    [(_, values)] = list(compose(application.batch))
    assert values["basis"] == {}
    assert (values["theory"], values["skill_absent"], values["outcome"]) == (Decimal(60), True, "fail")

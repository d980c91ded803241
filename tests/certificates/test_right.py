"""Nobody gets a certificate whose right does not follow from what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from assay.applications.models import Application, Exemption, ReviewDecision
from assay.bank.models import Paper
from assay.certificates import right_rules
from assay.certificates.acts import issuing
from assay.certificates.gates import all_are_issued_and_reported
from assay.certificates.models import Certificate, NumberCounter
from assay.certificates.right import doubts
from assay.exam.models import TheorySheet, WrittenAnswer
from assay.kernel import clock
from assay.kernel.refusals import Refused
from assay.marking.models import ExaminerScore, PanelSheet, Remarking
from assay.results.acts.notices import notice_rows
from assay.results.models import PublicNotice, Result, ScoreCheck
from tests import factories as f
from tests.certificates.conftest import LEADER, OFFICER, Ready, photo


def test_candidates_whose_records_agree_get_their_certificates(ready: Ready) -> None:
    ready.candidate()
    ready.candidate()
    assert doubts(ready.batch) == []
    assert len(issuing.number(OFFICER, ready.batch)) == 2


def test_nobody_gets_a_number_whose_name_cannot_be_printed(ready: Ready) -> None:
    """The sign is named, and the others go on once the leading group has kept that one back."""
    ready.candidate()
    of = ready.candidate()
    applicant = of.applicant
    applicant.name = "王𠀀明"
    applicant.save()
    notice = PublicNotice.objects.get(batch=ready.batch)
    notice.rows = notice_rows(ready.batch)
    notice.save()
    with pytest.raises(Refused, match=r"王𠀀明.*姓名中的“𠀀”本机没有字体可印"):
        issuing.number(OFFICER, ready.batch)
    assert not Certificate.objects.exists()
    issuing.decide_right(LEADER, of, verdict="withhold", reason="待安装字体")
    assert len(issuing.number(OFFICER, ready.batch)) == 1


def result(of: Application, **columns: object) -> None:
    Result.objects.filter(application=of).update(**columns)


def sheet(of: Application, **columns: object) -> None:
    TheorySheet.objects.filter(application=of).update(**columns)


def panel(of: Application, **columns: object) -> None:
    PanelSheet.objects.filter(application=of).update(**columns)


def other_reviewer(of: Application) -> None:
    first = ReviewDecision.objects.get(application=of, step="first")
    ReviewDecision.objects.filter(application=of, step="centre").update(by_account=first.by_account, by=first.by)


def returned_afterwards(of: Application) -> None:
    ReviewDecision.objects.create(
        application=of, step="centre", verdict="return", reason="补材料", by="王", by_account=None, at=clock.now()
    )


def other_answers(of: Application) -> None:
    found = TheorySheet.objects.get(application=of)
    sheet(of, answers={**found.answers, "9": "A"})


def other_key(of: Application) -> None:
    paper = Paper.objects.get()
    Paper.objects.filter(pk=paper.pk).update(content=[{**item, "key": "D"} for item in paper.content])


def written_unsettled(of: Application) -> None:
    WrittenAnswer.objects.create(sheet=of.theory_sheets.get(), item=99, text="答", full=Decimal(10))


def written_out_of_the_air(of: Application) -> None:
    WrittenAnswer.objects.create(sheet=of.theory_sheets.get(), item=99, text="答", full=Decimal(10), mark=Decimal(8))
    sheet(of, mark=Decimal(88))
    result(of, theory=Decimal(88))


def no_photo(of: Application) -> None:
    of.applicant.photo = None
    of.applicant.save()


def off_the_list(of: Application) -> None:
    PublicNotice.objects.update(rows=[])


def holds_one(of: Application) -> None:
    line, earlier = of.line, f.batch(stage="closed", lines=[(of.line.scope_row, "4", 5)])
    Certificate.objects.create(
        application=f.application(earlier, person=of.person), number="S000041000123254000009", name=of.person.name,
        id_type="resident", id_number=of.person.id_number, id_index=of.person.id_index,
        occupation_code=line.scope_row.occupation.code, occupation=line.scope_row.occupation.name, job=line.scope_row.job,
        level_code="4", level_title="四级/中级工", issued_on=clock.today(),
    )  # fmt: skip


FAULTS: list[tuple[Callable[[Application], object], str]] = [
    (lambda a: Application.objects.filter(pk=a.pk).update(state="returned"), "不是审核通过"),
    (lambda a: a.decisions.filter(step="first").delete(), "没有通过系部初审的记录"),
    (lambda a: a.decisions.filter(step="centre").delete(), "没有通过中心审核的记录"),
    (other_reviewer, "同一人办理"),
    (returned_afterwards, "没有通过系部初审的记录"),
    (no_photo, "没有照片"),
    (lambda a: Application.objects.filter(pk=a.pk).update(condition=None), "没有选择申报条件"),
    (lambda a: result(a, theory=Decimal(95)), "理论成绩应为 80.0，成绩表为 95.0"),
    (lambda a: sheet(a, mark=Decimal(95)), "理论成绩重算为 80.0，答卷登记为 95.0"),
    (lambda a: sheet(a, objective=Decimal(95), mark=Decimal(95)), "理论客观题按答卷和答案重判为 80.0，登记为 95.0"),
    (other_answers, "与收卷、封存时的校验码不符"),
    (other_key, "与收卷、封存时的校验码不符"),
    (lambda a: a.theory_sheets.all().delete(), "理论没有考核记录"),
    (lambda a: sheet(a, absent=True, mark=None, objective=None), "理论成绩应为 缺考"),
    (written_unsettled, "理论有主观题没有定分"),
    (written_out_of_the_air, "主观题的定分与两名评阅人的评分不符"),
    (lambda a: panel(a, absent=True, mark=None), "技能成绩应为 缺考"),
    (lambda a: panel(a, settled_at=None), "技能没有由考评组长合成"),
    (lambda a: panel(a, mark=Decimal(99)), "技能成绩按考评员评分重算为 90.0，登记为 99.0"),
    (lambda a: ExaminerScore.objects.update(locked_at=None), "技能没有锁定的考评员评分"),
    (lambda a: ExaminerScore.objects.update(marks={"1.1": "10.0", "1.2": "10.0"}), "合计与各评分点不符"),
    (lambda a: result(a, skill=None), "技能成绩应为 90.0，成绩表为 无"),
    (off_the_list, "公示名单上没有此人"),
    (holds_one, "已持有同工种同等级的证书 S000041000123254000009"),
    (lambda a: Application.objects.filter(pk=a.pk).update(theory="exempt", skill="exempt"), "至少须参加一科考核"),
]


@pytest.mark.parametrize(("spoil", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_difference_is_named_with_its_candidate_and_nothing_is_numbered(
    ready: Ready, spoil: Callable[[Application], object], said: str
) -> None:
    good, spoilt = ready.candidate(), ready.candidate()
    spoil(spoilt)
    with pytest.raises(Refused) as refused:
        issuing.number(OFFICER, ready.batch)
    assert spoilt.person.name in refused.value.message
    assert said in refused.value.message
    assert not Certificate.objects.filter(application__in=[good, spoilt]).exists()
    assert not NumberCounter.objects.exists()


def test_an_absent_candidate_noted_as_passed_is_named(ready: Ready) -> None:
    absent = ready.candidate()
    panel(absent, absent=True, mark=None)
    result(absent, skill=None, skill_absent=True)
    (doubt,) = doubts(ready.batch)
    assert "技能缺考" in doubt.texts
    assert "结论应为“不合格”，成绩表为“合格”" in doubt.texts


def test_a_mark_below_the_line_that_was_noted_as_passed_is_named(ready: Ready) -> None:
    weak = ready.candidate()
    ExaminerScore.objects.update(marks={"1.1": "10.0", "1.2": "10.0"}, total=Decimal(20))
    panel(weak, mark=Decimal(20))
    result(weak, skill=Decimal(20))
    (doubt,) = doubts(ready.batch)
    assert doubt.texts == ("结论应为“不合格”，成绩表为“合格”",)


@pytest.mark.parameter("results.pass_mark")
def test_the_pass_mark_of_a_right_is_what_the_parameters_page_was_told(ready: Ready) -> None:
    ready.candidate()
    assert doubts(ready.batch) == []
    f.set_parameter("results.pass_mark", "80.5")
    (doubt,) = doubts(ready.batch)
    assert "结论应为“不合格”，成绩表为“合格”" in str(doubt)


def test_the_cost_does_not_grow_with_the_candidates(ready: Ready) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            doubts(ready.batch)
        return len(seen)

    ready.candidate()
    few = queries()
    for _ in range(6):
        ready.candidate()
    assert queries() == few


def test_whom_the_director_keeps_back_does_not_keep_the_others_waiting(ready: Ready) -> None:
    good, doubtful = ready.candidate(), ready.candidate()
    result(doubtful, theory=Decimal(99))
    issuing.decide_right(LEADER, doubtful, verdict="withhold", reason="理论成绩待查")
    made = issuing.number(OFFICER, ready.batch)
    assert [c.application_id for c in made] == [good.pk]
    assert not any("没有证书编号" in b.text for b in all_are_issued_and_reported(ready.batch))
    with pytest.raises(Refused, match="没有待编制证书的人员"):
        issuing.number(OFFICER, ready.batch)
    issuing.decide_right(LEADER, doubtful, verdict="lifted", reason="已查清")
    assert any("1 名合格人员没有证书编号" in b.text for b in all_are_issued_and_reported(ready.batch))
    with pytest.raises(Refused, match="理论成绩应为"):
        issuing.number(OFFICER, ready.batch)


def test_on_the_other_routes_reviews_and_what_the_route_asks_for_are_derived_anew(db: None) -> None:
    f.centre()
    batch = f.batch("direct", "certificates")
    person = f.person(student_no="1")
    application = f.application(batch, person=person, pledged=True)
    Result.objects.create(application=application, batch=batch, outcome="pass", computed_at=clock.now())
    (doubt,) = doubts(batch)
    said = "；".join(doubt.texts)
    for text in ("没有照片", "不能直接认定", "没有通过系部初审的记录", "公示名单上没有此人"):
        assert text in said


marks = st.decimals(0, 100, places=1)


@given(marks, st.lists(marks, max_size=3))
def test_theory_is_what_the_key_gives_and_what_the_written_answers_were_settled_at(
    objective: Decimal, settled: list[Decimal]
) -> None:
    written = [right_rules.WrittenFound(mark, Decimal(100), [mark, mark], noted=False) for mark in settled]
    total = objective + sum(settled, Decimal(0))
    found = right_rules.TheoryFound(False, True, objective, objective, written, total)
    assert list(right_rules.theory_differences(found)) == []
    assert list(right_rules.theory_differences(replace(found, mark=total + 1))) != []
    assert list(right_rules.theory_differences(replace(found, objective_again=objective + 1))) != []


def checked(of: Application, part: str, after: str, *, second: bool = True) -> None:
    """A score check that corrected a part of somebody to `after`, and the result with it."""
    found = Result.objects.get(application=of)
    ScoreCheck.objects.create(
        result=found, part=part, reason="请复核", asked_at=clock.now(), state="corrected", before=getattr(found, part),
        after=Decimal(after), finding="更正", by="甲", by_account=f.staff("E9"), answered_at=clock.now(),
        confirmed_by="乙" if second else "", confirmed_account=f.staff("L2") if second else None, confirmed_at=clock.now(),
    )  # fmt: skip
    result(of, **{part: Decimal(after)})


def marked_again(of: Application, inner: str, outer: str) -> None:
    Remarking.objects.create(
        sheet=of.panel_sheets.get(), member=f.member("examiner"), marks={"1.1": inner, "1.2": outer},
        total=Decimal(inner) + Decimal(outer), at=clock.now(),
    )  # fmt: skip


def test_a_mark_that_a_score_check_corrected_is_accounted_for_by_its_records(ready: Ready) -> None:
    skilled, theorist = ready.candidate(), ready.candidate()
    marked_again(skilled, "55.0", "38.0")
    checked(skilled, "skill", "93.0")
    sheet(theorist, objective=Decimal(70), mark=Decimal(70))
    checked(theorist, "theory", "80.0")
    assert doubts(ready.batch) == []


def test_a_correction_that_nothing_bears_out_is_named(ready: Ready) -> None:
    invented, alone, other = (ready.candidate() for _ in range(3))
    checked(invented, "theory", "91.0")
    marked_again(alone, "55.0", "38.0")
    checked(alone, "skill", "93.0", second=False)
    checked(other, "skill", "93.0")
    assert [doubt.texts for doubt in doubts(ready.batch)] == [
        ("理论成绩复核更正为 91.0，按原始记录应为 80.0",),
        ("技能成绩复核更正没有另一人确认",),
        ("技能成绩复核更正为 93.0，按原始记录应为 无",),
    ]


def kept(ready: Ready, of: Application, mark: str = "75.0") -> Result:
    """An earlier batch in which the same person passed skill and failed theory; `of` leaves skill out on it."""
    earlier = f.batch(stage="closed", lines=[(of.line.scope_row, "4", 5)])
    before = f.application(earlier, person=of.person)
    source = Result.objects.create(
        application=before, batch=earlier, theory=Decimal(30), skill=Decimal("75.0"), outcome="fail",
        computed_at=clock.now(), released_at=clock.now(),
    )  # fmt: skip
    of.panel_sheets.get().scores.all().delete()
    of.panel_sheets.all().delete()
    Application.objects.filter(pk=of.pk).update(skill="exempt")
    basis = {"skill": {"kind": "kept", "result": source.pk, "mark": mark, "on": clock.today().isoformat()}}
    result(of, skill=Decimal(mark), basis=basis)
    return source


def test_a_part_left_out_on_an_earlier_pass_has_that_passs_mark(ready: Ready) -> None:
    good, wrong, stolen = (ready.candidate() for _ in range(3))
    kept(ready, good)
    kept(ready, wrong, mark="99.0")
    source = kept(ready, stolen)
    Application.objects.filter(pk=source.application_id).update(person=f.person())
    found = {doubt.application_id: "；".join(doubt.texts) for doubt in doubts(ready.batch)}
    assert good.pk not in found
    assert "技能成绩应为 75.0，成绩表为 99.0" in found[wrong.pk]
    assert "技能免考没有依据" in found[stolen.pk]


def test_an_exemption_counts_with_its_paper_only(ready: Ready) -> None:
    good, bare = ready.candidate(), ready.candidate()
    for application in (good, bare):
        Application.objects.filter(pk=application.pk).update(theory="exempt")
        application.theory_sheets.all().delete()
    paper = Exemption.objects.create(
        application=good, part="theory", basis="豫人社〔2025〕9号", number="9", file=photo(), by="甲", at=clock.now()
    )
    result(good, theory=None, basis={"theory": {"kind": "exemption", "exemption": paper.pk, "number": "9"}})
    result(bare, theory=None, basis={"theory": {"kind": "exemption", "exemption": paper.pk, "number": "9"}})
    (doubt,) = doubts(ready.batch)
    assert doubt.application_id == bare.pk
    assert "理论免考的文件没有登记" in doubt.texts

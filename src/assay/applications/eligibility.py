"""Whether an application may be handed in and passed: scope, major, condition, evidence of its route, photo."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from assay.applications import sources
from assay.applications.history import History, histories
from assay.applications.models import Application
from assay.applications.parts import EVERY_PART, KEPT, RESITS, part_problems, parts_of
from assay.applications.people import month_said
from assay.batches.models import BatchLine
from assay.batches.stages import Route
from assay.catalogue.models import ContestScheme, CreditScheme, DirectMapping, EntryCondition, Major
from assay.centre import parameters
from assay.kernel.clock import today
from assay.kernel.refusals import Refused


@dataclass(frozen=True)
class Problem:
    """One thing that is not right, in Chinese, with its clause. `fact`: the one of the person (a column) that it is about, where it is
    about one: it is put right there and not in the application."""

    text: str
    clause: str
    fact: str = ""


class Unsound(Refused):
    """An application that cannot be handed in as it is; carries everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(problem.text for problem in problems), clauses_of(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Terms:
    """The parameters that decide over earlier assessments and photos, read once for many applications."""

    pass_mark: Decimal
    resits: int
    photo_months: int
    sources: tuple[str, ...]
    """Whom the centre assesses."""


def terms() -> Terms:
    admitted = sources.admitted_by(parameters.text("applications.sources"))
    return Terms(
        parameters.decimal("results.pass_mark"), parameters.number("results.resits"), parameters.number("photo.months"),
        tuple(admitted.values()),
    )  # fmt: skip


SCOPE = "工作方案 二(三)"
HELD = "证书管理及发放办法"
AGREED_BY_CENTRE = "由认定中心在报名页写明理由同意"
"""What helps, for whoever cannot do it where this is read."""
OF_EARLIER_ASSESSMENTS = frozenset((HELD, EVERY_PART, KEPT, RESITS))
"""What is said under these clauses rests on what the house knows of earlier assessments, not on the row alone."""


def problems_of(applications: Sequence[Application]) -> list[list[Problem]]:
    """Of each application all problems, in the order given; what is known of earlier assessments is read for all at once."""
    in_force = terms()
    return [
        [
            *_common(application, in_force.sources),
            *_photo(application, in_force.photo_months),
            *_ROUTES[application.batch.route](application),
            *_history_problems(application, history, in_force),
        ]
        for application, history in zip(applications, histories(applications), strict=True)
    ]


def clauses_of(problems: Sequence[Problem]) -> str:
    """The clauses of all the problems, each once: what is said together rests on all of them."""
    return "；".join(dict.fromkeys(problem.clause for problem in problems))


def application_problems(application: Application) -> list[Problem]:
    """All of them; empty when the application may go on."""
    return problems_of([application])[0]


def day_of_exam(application: Application) -> date:
    """The day on which what the application relies on has to hold."""
    return application.batch.exam_on or today()


def parts_taken(application: Application) -> dict[str, str]:
    """How each part of the assessment is taken; nothing on the routes without an exam."""
    if application.batch.route != Route.EXAM:
        return {}
    return {part: getattr(application, part) for part in parts_of(application.line.level.needs_review)}


def _history_problems(application: Application, history: History, terms: Terms) -> Iterator[Problem]:
    day = day_of_exam(application)
    found = part_problems(parts_taken(application), history, day=day, pass_mark=terms.pass_mark, resits=terms.resits)
    yield from (Problem(text, clause) for text, clause in found)
    decided = application.again.get("numbers", [])
    for held in history.held:
        if held.number not in decided:
            said = f"已持有同工种同等级的证书 {held.number}（{held.issued_on} 发证）"
            yield Problem(f"{said}；确需再次认定的，{AGREED_BY_CENTRE}", HELD)


def _common(application: Application, admitted: Sequence[str]) -> Iterator[Problem]:
    applicant = application.applicant
    row = application.line.scope_row
    if not row.in_force(day_of_exam(application)):
        yield Problem(f"{row.title} 不在备案范围的有效期内", SCOPE)
    elsewhere = sources.not_admitted(applicant.source, admitted)
    if elsewhere and application.state != Application.State.APPROVED:
        yield Problem(elsewhere, sources.CLAUSE)
    if applicant.source == sources.STUDENT and not applicant.student_no:
        yield Problem("在校学生须填学号（在校学生须有注册学籍）", sources.CLAUSE, "student_no")
    if not application.pledged:
        yield Problem("未签诚信承诺", "诚信承诺书")


def _photo(application: Application, months: int) -> Iterator[Problem]:
    """A photo, and a recent one; what was admitted with its photo does not age, though the exam be put off."""
    applicant, day = application.applicant, application.batch.exam_on or today()
    if applicant.photo_id is None:
        yield Problem("没有照片", "工作方案 四(一)5")
    elif (
        application.state != Application.State.APPROVED
        and applicant.photo_on is not None
        and applicant.photo_on < months_before(day, months)
    ):
        given, until = f"{applicant.photo_on:%Y年%m月%d日}", f"{day:%Y年%m月%d日}"
        yield Problem(f"照片是 {given}提交的，到 {until}已超过 {months} 个月，请换近期照片", "人社鉴发〔2021〕1号")


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def major_fits(line: BatchLine, major: Major | None) -> bool:
    """True when the line's scope row names the major, or names none."""
    majors = line.scope_row.majors.all()
    return not majors or major in majors


def _exam(application: Application) -> Iterator[Problem]:
    condition = application.condition
    if condition is None:
        yield Problem("没有选择申报条件", "国家职业技能标准 1.8 申报条件")
        return
    at_level = condition.standard_level
    line = application.line
    if at_level.standard_id != line.scope_row.standard_id or at_level.level_id != line.level_id:
        yield Problem(f"申报条件 {condition.code} 不属于 {line}", "国家职业技能标准 1.8 申报条件")
        return
    clause = f"申报条件 {condition.code}"
    yield from (Problem(text, clause, fact) for text, fact in condition_problems(condition.rule, application))


def condition_problems(rule: dict[str, Any], application: Application) -> Iterator[tuple[str, str]]:
    """(what an entry condition asks for that the application does not show, the fact of the person that it is about, if it is about
    one). Keys: see EntryCondition.rule."""
    applicant = application.applicant
    day = day_of_exam(application)
    if "min_age" in rule and (applicant.birth is None or age_on(applicant.birth, day) < rule["min_age"]):
        yield f"须年满 {rule['min_age']} 周岁", "birth"
    if "work_years" in rule and application.work_years < rule["work_years"]:
        yield f"须从事本职业工作 {rule['work_years']} 年（填报 {application.work_years} 年）", ""
    if "holds_level" in rule and not application.prior_certificate:
        yield "须填写已取得的下一级证书编号", ""
    if rule.get("major_related") and not major_fits(application.line, applicant.major):
        majors = "、".join(m.name for m in application.line.scope_row.majors.all())
        yield f"所学专业“{applicant.major or '未填'}”与工种不对应（应为 {majors}）", "major"
    if rule.get("education") and applicant.education and applicant.education not in rule["education"]:
        yield f"文化程度“{applicant.education}”不符合（应为 {'、'.join(rule['education'])}）", "education"
    if (
        rule.get("final_year")
        and applicant.source == sources.STUDENT
        and not in_final_year(applicant.graduates_on, day)
    ):
        given = month_said(applicant.graduates_on) if applicant.graduates_on else "未填"
        yield f"须为毕业学年学生（预计毕业 {given}）", "graduates_on"


def condition_needs(condition: EntryCondition) -> list[str]:
    """What an entry condition needs of an application, as its candidate reads it."""
    rule = condition.rule
    said = {
        "min_age": f"年满 {rule.get('min_age')} 周岁",
        "work_years": f"“本职业工作年限”填 {rule.get('work_years')} 年以上",
        "holds_level": "“原证书编号”填下一级证书的编号",
        "major_related": "所学专业与工种对应",
        "education": f"文化程度为{'、'.join(rule.get('education') or [])}",
        "final_year": "在校学生处于毕业学年（按个人信息中的预计毕业年月）",
    }
    needs = [words for name, words in said.items() if rule.get(name)]
    return [*needs, f"“证明材料”附{condition.evidence}，或把原件交院系核对"] if condition.evidence else needs


def age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def in_final_year(graduates_on: date | None, day: date) -> bool:
    """毕业学年: from 1 July of the year before graduation on (dossier F3.7); graduates count as well."""
    return graduates_on is not None and day >= date(graduates_on.year - 1, 7, 1)


def _direct(application: Application) -> Iterator[Problem]:
    facts = application.route_facts
    mapped = DirectMapping.objects.filter(
        scope_row=application.line.scope_row,
        level=application.line.level,
        certificate=facts.get("certificate", ""),
        certificate_level=facts.get("certificate_level", ""),
        active=True,
    )
    if not mapped.exists():
        said = f"{facts.get('certificate') or '未填'}（{facts.get('certificate_level') or '未填'}）"
        yield Problem(f"1+X 证书 {said} 不能直接认定 {application.line}", "工作方案 二(四)2")
    if not facts.get("number"):
        yield Problem("没有填写 1+X 证书编号", "工作方案 四(二)2")


def _process(application: Application) -> Iterator[Problem]:
    clause = "工作方案 二(四)3"
    scheme = CreditScheme.objects.filter(
        scope_row=application.line.scope_row, level=application.line.level, active=True
    ).first()
    if scheme is None:
        yield Problem(f"{application.line} 没有学分认定办法", clause)
        return
    yield from (Problem(text, clause) for text in credit_problems(scheme, application.route_facts))


def credit_problems(scheme: CreditScheme, facts: dict[str, Any]) -> Iterator[str]:
    """Courses not passed, and credits short of the scheme's."""
    marks = {c.get("name"): _number(c.get("mark")) for c in facts.get("courses", [])}
    earned = Decimal(0)
    for course in scheme.courses:
        mark = marks.get(course["name"])
        if mark is not None and mark >= scheme.pass_mark:
            earned += Decimal(str(course["credits"]))
        elif course.get("required", True):
            yield f"课程“{course['name']}”{'没有成绩' if mark is None else f'成绩 {mark}，未达 {scheme.pass_mark}'}"
    if earned < scheme.credits_needed:
        yield f"已修 {earned} 学分，应修满 {scheme.credits_needed} 学分"


def _contest(application: Application) -> Iterator[Problem]:
    facts = application.route_facts
    clause = "工作方案 二(四)4"
    schemes = ContestScheme.objects.filter(
        scope_row=application.line.scope_row,
        level=application.line.level,
        contest=facts.get("contest", ""),
        active=True,
    )
    if not schemes.exists():
        yield Problem(f"竞赛“{facts.get('contest') or '未填'}”不能认定 {application.line}", clause)
    elif not any(contest_met(scheme, facts) for scheme in schemes):
        yield Problem("竞赛名次或成绩未达到校内竞赛办法的要求", clause)


def contest_met(scheme: ContestScheme, facts: dict[str, Any]) -> bool:
    """True when the rank or the score reaches the scheme's threshold (whichever it sets; both if both)."""
    rank, score = _number(facts.get("rank")), _number(facts.get("score"))
    rank_met = scheme.max_rank is None or (rank is not None and rank <= scheme.max_rank)
    score_met = scheme.min_score is None or (score is not None and score >= scheme.min_score)
    return rank_met and score_met


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


_ROUTES: Mapping[str, Callable[[Application], Iterator[Problem]]] = {
    Route.EXAM: _exam,
    Route.DIRECT: _direct,
    Route.PROCESS: _process,
    Route.CONTEST: _contest,
}

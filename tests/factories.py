"""Small made-up rows for tests. Tests may write rows directly; the product writes through acts only."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from assay.applications.models import Applicant, Application, Person
from assay.arrangement.models import Seating, Session, SessionRoom
from assay.bank.models import Paper, Specification
from assay.bank.papers.acts.papers import release
from assay.batches.models import AnnualPlan, Batch, BatchLine
from assay.bridge import contract
from assay.catalogue.models import (
    EntryCondition,
    Level,
    Major,
    Occupation,
    PaperPattern,
    ScopeRow,
    Standard,
    StandardLevel,
)
from assay.centre.acts import settings as centre_settings
from assay.centre.models import Account, Appointment, Centre, Department, Post
from assay.corps.models import Card, Member
from assay.exam.marks import key_of, mark_sheet
from assay.exam.models import TheorySheet
from assay.kernel import clock
from assay.kernel.acts import Act, Actor, Context
from assay.kernel.sealing import blind_index
from assay.sites.models import Room

_next = count(1)
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", "晓明文静雨晨子涵嘉怡思远"


def resident_number(serial: int, birth: str = "20060315") -> str:
    """A resident number with a right check digit, of a county that exists."""
    body = f"410105{birth}{serial % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def name(serial: int) -> str:
    return _SURNAMES[serial % 10] + _GIVEN[serial % 12] + _GIVEN[(serial * 5 + 3) % 12]


def actor_with(*duties: str, account: Account | None = None) -> Actor:
    if account is None:
        return Actor(None, "测试员", frozenset(duties))
    return Actor(account.pk, account.name, frozenset(duties), department=account.department_id)


def within_an_act(*duties: str) -> Context:
    """As the body of an act has it; what is recorded goes nowhere."""
    return Context(actor_with(*duties), Act("tests.within", duties, "测试", ""), clock.now())


def centre(**fields: Any) -> Centre:
    defaults = {
        "name": "河南省示例中等专业学校职业技能等级认定中心", "school": "河南省示例中等专业学校",
        "name_en": "Occupational Skill Certificate Authority of Henan Example Vocational School",
        "body_code": "S000041000123",
    }  # fmt: skip
    return Centre.objects.update_or_create(pk=1, defaults={**defaults, **fields})[0]


def set_parameter(key: str, value: str) -> None:
    """The parameters page is told another value."""
    centre_settings.set_parameter(actor_with("L1"), key, value, "豫人社〔2026〕1号")


def department(**fields: Any) -> Department:
    n = next(_next)
    return Department.objects.create(**{"code": f"D{n}", "name": f"示例系{n}", **fields})


def staff(*duties: str, password: str | None = None, **fields: Any) -> Account:
    """A staff account holding a post with the duties."""
    n = next(_next)
    account = Account(**{"username": f"staff{n}", "name": name(n), "kind": "staff", **fields})
    account.set_password(password) if password else account.set_unusable_password()
    account.save()
    post = Post.objects.create(code=f"p{n}", title=f"岗位{n}", group="测试", duties=list(duties))
    Appointment.objects.create(account=account, post=post, since=clock.today() - timedelta(days=30))
    return account


def candidate(person: Person) -> Account:
    """A candidate's own account."""
    account = Account.objects.create(username=f"k{next(_next)}", name=person.name, kind="candidate", password="!")
    person.account = account
    person.save()
    return account


def level(code: str = "4") -> Level:
    titles = {"5": "五级/初级工", "4": "四级/中级工", "3": "三级/高级工", "2": "二级/技师", "1": "一级/高级技师"}
    defaults = {
        "title": titles[code], "certificate_title": titles[code], "title_en": f"Level {code}", "rank": 6 - int(code),
        "needs_review": code in "21",
    }  # fmt: skip
    return Level.objects.get_or_create(code=code, defaults=defaults)[0]


def scope_row(job: str = "示例工种", levels: str = "5432", **fields: Any) -> ScopeRow:
    n = next(_next)
    occupation = fields.pop("occupation", None) or Occupation.objects.create(
        code=f"4-12-{n % 100:02d}-{n // 100 % 100:02d}", name=f"示例职业{n}", name_en="Example Occupation"
    )
    standard = Standard.objects.create(
        occupation=occupation, title=f"{occupation.name}国家职业技能标准", edition=f"2018-{n}"
    )
    row = ScopeRow.objects.create(
        **{
            "no": n, "occupation": occupation, "job": job, "standard": standard,
            "valid_from": clock.today() - timedelta(days=800), **fields,
        }
    )  # fmt: skip
    for code in levels:
        row.levels.add(level(code))
        at_level = StandardLevel.objects.create(
            standard=standard, level=level(code), review_minutes=30 if code in "21" else 0
        )
        EntryCondition.objects.create(
            standard_level=at_level, code=f"L{code}-3", text="取得本专业或相关专业毕业证书（含应届毕业生）",
            rule={"education": ["中等专业学校"], "major_related": True, "final_year": True},
        )  # fmt: skip
        PaperPattern.objects.create(
            standard_level=at_level, name="单选 20 判断 10 多选 5", minutes=90,
            sections=[
                {"type": "single", "count": 20, "mark": "2.5"}, {"type": "true_false", "count": 10, "mark": "2.5"},
                {"type": "multiple", "count": 5, "mark": "5"},
            ],
        )  # fmt: skip
    return row


def major(**fields: Any) -> Major:
    return Major.objects.create(**{"name": f"示例专业{next(_next)}", **fields})


def annual_plan(**fields: Any) -> AnnualPlan:
    n = next(_next)
    return AnnualPlan.objects.create(**{"year": 2100 + n, "title": f"年度计划{n}", "state": "approved", **fields})


def batch(
    route: str = "exam", stage: str = "plan", lines: list[tuple[ScopeRow, str, int]] | None = None, **fields: Any
) -> Batch:
    n = next(_next)
    today = clock.today()
    made = Batch.objects.create(
        **{
            "plan": fields.pop("plan", None) or annual_plan(), "code": f"B{n}", "name": f"示例批次{n}", "route": route,
            "stage": stage, "apply_from": today - timedelta(days=3), "apply_to": today + timedelta(days=7),
            "exam_on": date.fromordinal(today.toordinal() + 40) if route == "exam" else None,
            "exam_to": date.fromordinal(today.toordinal() + 42) if route == "exam" else None,
            "notice_text": "示例公告", "scheme": "示例方案", **fields,
        }
    )  # fmt: skip
    for row, code, planned in lines or [(scope_row(), "4", 30)]:
        BatchLine.objects.create(batch=made, scope_row=row, level=level(code), planned=planned)
    return made


def person(**fields: Any) -> Person:
    n = next(_next)
    number = fields.pop("id_number", None) or resident_number(n)
    return Person.objects.create(
        **{
            "name": name(n), "sort_key": f"{n:06d}", "sex": "男", "id_number": number,
            "id_index": blind_index("resident", number), "birth": date(2006, 3, 15), "education": "中等专业学校",
            "class_name": "汽修2301", "source": "student", **fields,
        }
    )  # fmt: skip


def applicant(of: Person) -> Applicant:
    """What an application says of its person: what is known today."""
    made = Applicant()
    made.take(of)
    made.save()
    return made


def application(of: Batch, state: str = "approved", **fields: Any) -> Application:
    line = fields.pop("line", None) or of.lines.first()
    who = fields.pop("person", None) or person()
    assert line is not None
    return Application.objects.create(
        **{"batch": of, "line": line, "person": who, "applicant": applicant(who), "state": state, **fields}
    )


def sat(paper: Paper) -> None:
    """Everybody who was to sit a paper has sat it, as within the act that collects an exam."""
    with transaction.atomic():
        release(Context(actor_with("E8"), Act("示例", ("E8",), "示例", ""), clock.now()), [paper])
    paper.refresh_from_db()


def kept_files() -> set[str]:
    """The names of all files on the disk."""
    return {path.name for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()}


def theory_sheet(application: Application, content: list[dict[str, Any]], answers: dict[str, str]) -> TheorySheet:
    """A collected sheet of a paper with that content, marked as the office marks it."""
    line = application.line
    specification = Specification.objects.create(
        occupation=line.scope_row.occupation, level=line.level, title=f"示例细目表{next(_next)}"
    )
    paper = Paper.objects.create(
        specification=specification, title="示例卷", minutes=90, content=content, seed=1, digest="0" * 64, state="sealed",
        created_at=clock.now(), sections=[],
    )  # fmt: skip
    starts = clock.now() - timedelta(days=2)
    number = Session.objects.filter(batch=application.batch).count() + 1
    session = Session.objects.create(
        batch=application.batch, part="theory", number=number, starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    room_of = SessionRoom.objects.create(session=session, room=room())
    seat = Seating.objects.create(session_room=room_of, application=application, part="theory", seat=1, paper=paper)
    mark = mark_sheet(key_of(content), answers)
    return TheorySheet.objects.create(
        seating=seat, application=application, absent=False, answers=answers, objective=mark, mark=mark,
        sheet_digest=contract.sheet_digest(str(seat.pk), answers),
    )  # fmt: skip


def item(number: int, mark: str, key: str = "A", kind: str = "single") -> dict[str, Any]:
    """An item as it stands on a paper."""
    return {
        "item": number, "version": 1, "type": kind, "mark": mark, "stem": f"题目{number}", "options": ["甲", "乙"],
        "premises": [], "image": None, "key": key,
    }  # fmt: skip


def member(role: str = "invigilator", **fields: Any) -> Member:
    n = next(_next)
    occupations = fields.pop("occupations", [])
    made = Member.objects.create(
        **{"name": name(n), "sex": "女", "id_index": blind_index("resident", f"member{n}"), **fields}
    )
    card = Card.objects.create(
        member=made, role=role, number=f"C{n:06d}", valid_from=clock.today() - timedelta(days=100),
        valid_to=clock.today() + timedelta(days=900),
    )  # fmt: skip
    card.occupations.set(occupations)
    return made


def room(kind: str = "theory", workstations: int = 40, **fields: Any) -> Room:
    n = next(_next)
    return Room.objects.create(
        **{"code": f"R{n}", "name": f"示例考场{n}", "kind": kind, "workstations": workstations, **fields}
    )

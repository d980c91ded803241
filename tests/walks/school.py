"""A small school in which few people hold many posts, and some of them are candidates."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from django.apps import apps
from PIL import Image

from assay.applications.models import Person
from assay.applications.people import person_index
from assay.bank.models import Paper, Specification
from assay.bank.papers.acts.papers import content_digest
from assay.batches import acts as planning
from assay.batches.models import Batch
from assay.catalogue.models import ScopeRow
from assay.centre.actors import actor_of
from assay.centre.models import Account, Department, Post
from assay.certificates.models import Certificate
from assay.corps.models import Card, Member
from assay.kernel import clock, files
from assay.kernel.acts import declared
from assay.kernel.ledger import Header, Line, append
from assay.kernel.recorded import Recorded
from assay.marking.models import SheetTemplate
from assay.results.models import Result
from tests import factories as f

BEGINS = datetime(2027, 3, 1, 1, 0, tzinfo=clock.SHANGHAI).replace(hour=9)
KEY = "ABCDABCDAB"
TASKS = [
    {
        "code": "1", "title": "装配", "minutes": 60, "vetoes": [{"code": "V1", "title": "违章操作"}],
        "points": [{"code": "1-1", "title": "尺寸", "full": "60.0"}, {"code": "1-2", "title": "外观", "full": "40.0"}],
    }
]  # fmt: skip
CARDS = ("examiner", "invigilator", "supervisor")


@cache
def jpeg(shade: int) -> bytes:
    """A photo of the right size, told from others by its shade."""
    out = io.BytesIO()
    image = Image.new("RGB", (148, 207), "white")
    image.paste((shade * 37 % 256, 120, shade * 91 % 256), (30, 40, 118, 207))
    image.paste("tan", (50, 50, 98, 100))
    image.save(out, "JPEG")
    return out.getvalue()


@dataclass
class School:
    """Who there is and what is planned. A human being is told by a name of this test's own, whatever the accounts say."""

    departments: list[Department] = field(default_factory=list)
    humans: dict[int, str] = field(default_factory=dict)
    """Account (pk) → human being."""
    whose: dict[int, str] = field(default_factory=dict)
    """Person (pk) → human being."""
    member_of: dict[int, str] = field(default_factory=dict)
    """Member of the corps (pk) → human being."""
    staff: list[Account] = field(default_factory=list)
    """Accounts with posts, those who hold every duty first."""
    examiners: list[Account] = field(default_factory=list)
    """Those who do nothing but watch and mark."""
    candidates: list[Account] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    row: ScopeRow = field(init=False)
    kept: list[tuple[int, str, str, Decimal, date]] = field(default_factory=list)
    """Parts passed earlier: (person, level, part, mark, day on which it came out)."""

    def account(self, human: str, name: str, duties: frozenset[str], department: int | None) -> Account:
        made = f.staff(*duties, name=name, department=self.departments[department] if department is not None else None)
        self.humans[made.pk] = human
        self.staff.append(made)
        return made

    def member(self, human: str, number: str, account: Account | None, name: str = "") -> Member:
        fields = {"name": name} if name else {}
        made = f.member(
            "examiner",
            id_index=person_index("resident", number),
            account=account,
            occupations=[self.row.occupation],
            **fields,
        )
        for role in CARDS[1:]:
            Card.objects.create(
                member=made, role=role, number=f"{role[:3]}{made.pk}", valid_from=clock.today() - timedelta(days=100),
                valid_to=clock.today() + timedelta(days=900),
            )  # fmt: skip
        self.members.append(made)
        self.member_of[made.pk] = human
        return made

    def person(self, human: str, number: str, shade: int, department: int, **fields: object) -> Person:
        defaults = {
            "major": self.row.majors.get(), "student_no": f"2024{shade:04d}", "graduates_on": date(2027, 7, 1),
            "photo": files.keep(jpeg(shade)), "photo_on": clock.today(), "class_name": f"示例{department}班",
        }  # fmt: skip
        made = f.person(id_number=number, department=self.departments[department], **{**defaults, **fields})
        self.people.append(made)
        self.whose[made.pk] = human
        return made

    def own_account(self, person: Person) -> Account:
        made = f.candidate(person)
        self.humans[made.pk] = self.whose[person.pk]
        self.candidates.append(made)
        return made


def founded() -> School:
    """The school on its first day; call it with the clock moved to `BEGINS`."""
    f.centre()
    school = School(departments=[f.department(), f.department(), f.department()])
    school.row = f.scope_row(levels="42")
    school.row.majors.add(f.major())
    _staff(school)
    _candidates(school)
    _papers(school)
    for kind, stations in (("theory", 12), ("skill", 6), ("skill", 6)):
        f.room(kind, stations)
    _take_down()
    _plan(school)
    return school


def _take_down() -> None:
    """What was there on the first day stands in the ledger as if acts had made it."""
    rows = [
        Line(row.subject(), str(row.pk), row.facts())
        for model in apps.get_models()
        if issubclass(model, Recorded)
        for row in model._default_manager.all()
    ]
    append(Header(clock.now(), "walks.founded", "", None, "测试", "", clock.simulated()), rows)


def _staff(school: School) -> None:
    """Three people with every duty (one of them with two accounts, one a candidate as well), one whose ID number nobody knows, the
    head of a department, and examiners."""
    every = frozenset(d for act in declared() for d in act.duties) - {"C1", "SYS"}
    numbers = {human: f.resident_number(n, "19800315") for n, human in enumerate("甲乙丙戊己庚辛壬癸", start=700)}
    for human in "甲乙丙":
        school.member(human, numbers[human], school.account(human, f"全能{human}", every, 0), name=f"全能{human}")
    second = school.account("丙", "全能丙二", every, 1)
    both = school.person("丙", numbers["丙"], 1, 1, name="全能丙", source="staff", student_no="")
    both.account = second
    both.save()
    school.account("丁", "无号丁", every, None)
    school.account("系", "系主任", frozenset({"R1", "Q4", "Q6", "E13", "R2"}), 0)
    also = school.person("乙", numbers["乙"], 2, 0, name="全能乙", source="staff", student_no="")
    school.own_account(also)
    for human in "戊己庚辛壬癸":
        account = school.account(human, f"考评{human}", frozenset({"R3", "R2", "Q4"}), 2)
        school.member(human, numbers[human], account, name=account.name)
    school.staff, school.examiners = school.staff[:-6], school.staff[-6:]
    school.posts = list(Post.objects.order_by("pk"))


def _candidates(school: School) -> None:
    """Students: two like any other, one who passed theory and failed skill half a year ago, one whose pass is too old, one who
    holds the certificate."""
    for n in range(5):
        number = f.resident_number(n + 10)
        person = school.person(f"学{n}", number, n + 10, n % 2)
        if n < 4:
            school.own_account(person)
    _, _, failed, too_old, holder = school.people[-5:]
    _assessed(school, failed, 180, theory=Decimal("86.0"), skill=Decimal("45.3"), outcome="fail")
    _assessed(school, too_old, 400, theory=Decimal("50.0"), skill=Decimal("75.0"), outcome="fail")
    passed = _assessed(school, holder, 200, theory=Decimal("80.0"), skill=Decimal("75.0"), outcome="pass").application
    Certificate.objects.create(
        application=passed, number="S000041000123264000001", name=holder.name, id_type=holder.id_type,
        id_number=holder.id_number, id_index=holder.id_index, occupation_code=school.row.occupation.code,
        occupation=school.row.occupation.name, job=school.row.job, level_code="4", level_title="四级/中级工",
        issued_on=clock.today() - timedelta(days=190), photo=holder.photo, state="issued", reported=True,
        print_serial="40000001",
    )  # fmt: skip


def _assessed(school: School, person: Person, ago: int, **said: object) -> Result:
    at = clock.now() - timedelta(days=ago)
    batch = f.batch("exam", "closed", [(school.row, "4", 10)])
    Batch.objects.filter(pk=batch.pk).update(
        apply_from=at.date() - timedelta(days=40),
        apply_to=at.date() - timedelta(days=30),
        exam_on=at.date(),
        exam_to=at.date(),
    )
    application = f.application(batch, person=person, pledged=True)
    for part in ("theory", "skill"):
        mark = said[part]
        assert isinstance(mark, Decimal)
        if mark >= 60 and said["outcome"] != "pass":
            school.kept.append((person.pk, "4", part, mark, clock.day_of(at)))
    return Result.objects.create(application=application, batch=batch, computed_at=at, released_at=at, **said)


def _papers(school: School) -> None:
    """A theory paper at each level, two versions of the skill paper at level 4, score sheets at level 2."""
    entries = [
        {
            "item": n, "version": 1, "type": "single", "mark": "10", "stem": f"第 {n} 题", "options": ["甲", "乙", "丙", "丁"],
            "premises": [], "image": None, "key": key,
        }
        for n, key in enumerate(KEY, start=1)
    ]  # fmt: skip
    tasks = [
        {"item": 100, "version": 1, "code": "1", "type": "practical", "mark": "100", "stem": "加工", "options": [], "image": None,
         "key": "", "sheet": {k: TASKS[0][k] for k in ("title", "minutes", "points", "vetoes")}}
    ]  # fmt: skip
    for level in "42":
        _sealed(_specification(school, level, "theory"), entries, "A")
    for form in "AB":
        _sealed(_specification(school, "4", "skill"), tasks, form)
    for part in ("skill", "review"):
        SheetTemplate.objects.create(
            occupation=school.row.occupation, level=f.level("2"), part=part, title="示例评分表", tasks=TASKS
        )


def _specification(school: School, level: str, part: str) -> Specification:
    return Specification.objects.get_or_create(
        occupation=school.row.occupation, level=f.level(level), part=part, defaults={"title": f"细目表{level}{part}"}
    )[0]


def _sealed(specification: Specification, content: list[dict[str, object]], form: str) -> None:
    paper = Paper(
        specification=specification, title=f"{specification} {form} 卷", form=form, minutes=60, content=content, seed=1,
        digest=content_digest(content), state="sealed", created_at=clock.now(),
        sections=[{"type": "single", "count": len(content), "mark": content[0]["mark"]}],
    )  # fmt: skip
    paper.lock_away()
    paper.save()


def _plan(school: School) -> None:
    """A plan drawn up and two batches of the same job; the second takes applications until the first is through."""
    drawer = actor_of(school.staff[0])
    plan = planning.create_annual_plan(drawer, year=2027, title="2027 年度计划")
    day = clock.today()
    levels = [(school.row, f.level("4"), 10), (school.row, f.level("2"), 10)]
    for n, lines in enumerate((levels, levels[:1])):
        exam_on = day + timedelta(days=40 + 80 * n)
        batch = planning.create_batch(
            drawer, plan=plan, code=f"W{n}", name=f"第 {n + 1} 批", route="exam", apply_from=day,
            apply_to=day + timedelta(days=6 + 80 * n), exam_on=exam_on, exam_to=exam_on + timedelta(days=3), lines=lines,
            notice_text="公告", scheme="方案",
        )  # fmt: skip
        school.batches.append(batch)

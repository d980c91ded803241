"""A roster (报名汇总表): what a department fills in for its students, read and checked row by row.

Columns follow the usual ones (dossier 6.2d). Reading writes nothing: the checked rows go to `acts.import_roster`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from assay.applications.models import Application, Person
from assay.applications.parts import How
from assay.applications.people import EDUCATIONS, ETHNIC_GROUPS, PersonData, normal_phone, phone_problem
from assay.applications.photos import PhotoZip
from assay.applications.roster_changes import changes_of, differences, said_of, stored
from assay.applications.roster_lookup import Lookup, Meant
from assay.applications.roster_rows import HEADINGS, RosterRow
from assay.applications.sources import STUDENT
from assay.batches.models import BatchLine
from assay.batches.stages import Route
from assay.catalogue.models import EntryCondition
from assay.kernel.clock import today
from assay.kernel.identity import (
    ID_TYPES,
    RESIDENT,
    SELF_TELLING,
    birth_problem,
    contradictions,
    id_type_of,
    lasting,
    name_problem,
    normalise,
    number_problem,
    tidy_name,
    type_of_number,
    with_check_digit,
)
from assay.kernel.tables import Problem, Row, Table, as_date, as_decimal, date_problem, read_tables

PARTS: dict[str, str] = {
    "": How.FIRST, "考": How.FIRST, "新考": How.FIRST, "补": How.RESIT, "补考": How.RESIT, "免": How.EXEMPT, "免考": How.EXEMPT,
}  # fmt: skip
SHOWN_WORDS, SHOWN_ROWS = 10, 50
_PHOTO = "照片"
"""Photos stand beside the table: the name of a column that there is not."""


@dataclass
class Roster:
    """A read roster: good rows, and every problem of the others. Only a roster without problems is imported."""

    rows: list[RosterRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wrong: list[RosterRow] = field(default_factory=list)
    """Rows with a problem of which the person and the job are known all the same: what else stands against them can be said."""
    changes: list[str] = field(default_factory=list)
    """Of each row that says otherwise than what is stored: what, before and after."""
    tables: dict[int, Table] = field(default_factory=dict)
    """Where each row stands, by its identity."""
    read: int = 0
    """Filled rows, sound or not."""
    decided: list[tuple[RosterRow, str]] = field(default_factory=list)
    """Sound rows of applications that a review has decided over, with why no roster changes them."""
    unchanged: int = 0
    """Of those, how many say nothing else than what is stored: they are passed over."""


def read_roster(
    file: str, content: bytes, lookup: Lookup, photos: PhotoZip | None = None, *, overwrite: bool = False
) -> Roster:
    """Read every sheet of the file against a batch (the lookup) and a ZIP of photos. What somebody put right by hand and the roster
    says otherwise is a problem, but where it is to be written over (`overwrite`)."""
    roster = Roster()
    seen: dict[str, Problem] = {}
    for table in read_tables(file, content, HEADINGS):
        roster.problems += table.problems
        roster.notes += map(str, table.notes)
        roster.read += len(table.rows)
        said = {(problem.row, problem.column) for problem in table.problems}
        for row in table.rows:
            _Reader(table, row, lookup, photos, roster, seen, said).read()
    if photos is not None:
        roster.problems += photos.problems
        roster.notes += photos.left_out()
    roster.notes += _without_photo(roster, lookup, photos)
    _pass_over(roster, lookup)
    _compare(roster, lookup, overwrite)
    return roster


def _pass_over(roster: Roster, lookup: Lookup) -> None:
    """Whoever was reviewed already and stands in the roster as before is nobody's problem: a whole roster comes again for one row."""
    rows = [row for row, _ in roster.decided]
    for (row, why), changes in zip(roster.decided, differences(rows, *stored(lookup.batch, rows)), strict=True):
        if not changes:
            roster.unchanged += 1
            continue
        said = "，".join(map(str, changes))
        roster.problems.append(
            roster.tables[id(row)].problem(row.number, "id_number", f"{why}（名册与报名不同：{said}）")
        )
    if roster.unchanged:
        roster.notes.append(f"{roster.unchanged} 行没有变化（报名已审核），不再导入")


def _compare(roster: Roster, lookup: Lookup, overwrite: bool) -> None:
    """What the rows would change of what is stored; each row with a correction that it would undo is wrong."""
    rows = [*roster.rows, *roster.wrong]
    undoing: set[int] = set()
    named = {(p.file, p.sheet, p.row, p.column) for p in roster.problems}
    for at, (row, changes) in enumerate(zip(rows, changes_of(rows, *stored(lookup.batch, rows)), strict=True)):
        if changes:
            roster.changes.append(said_of(row, changes))
        for change in changes if not overwrite else ():
            table = roster.tables[id(row)]
            problem = table.problem(row.number, change.key, change.objection)
            if change.corrected and (problem.file, problem.sheet, problem.row, problem.column) not in named:
                roster.problems.append(problem)
                undoing.add(at)
    roster.wrong = [row for at, row in enumerate(rows) if at >= len(roster.rows) or at in undoing]
    roster.rows = [row for at, row in enumerate(rows) if at < len(roster.rows) and at not in undoing]


def _without_photo(roster: Roster, lookup: Lookup, photos: PhotoZip | None) -> list[str]:
    """Who would come in without a photo: allowed, but only as a draft."""
    refused = photos.refused if photos is not None else set()
    rows = [
        row
        for row in roster.rows
        if row.photo is None and row.person.id_number not in refused and not lookup.has_photo(row.person)
    ]
    if not rows:
        return []
    more = "……" if len(rows) > SHOWN_ROWS else ""
    if photos is None:
        said = "、".join(_place(roster, row) for row in rows[:SHOWN_ROWS]) + more
        return [f"{len(rows)} 人没有照片（{said}），导入后是草稿；连同照片压缩包一起上传才能提交"]
    said = "、".join(f"{_place(roster, r)} {r.person.name}_{r.person.id_number}.jpg" for r in rows[:SHOWN_ROWS]) + more
    return [f"压缩包里没有 {len(rows)} 人的照片（{said}），导入后是草稿；补上照片再上传才能提交"]


def _place(roster: Roster, row: RosterRow) -> str:
    """Where a row stands; with the sheet where there are several."""
    sheet = roster.tables[id(row)].sheet
    several = len({table.sheet for table in roster.tables.values()}) > 1
    return f"「{sheet}」第 {row.number} 行" if several else f"第 {row.number} 行"


class _Reader:
    """One row on its way: collects all its problems before anything is made of it."""

    def __init__(
        self, table: Table, row: Row, lookup: Lookup, photos: PhotoZip | None, roster: Roster, seen: dict[str, Problem],
        said: Collection[tuple[int, str]],
    ) -> None:  # fmt: skip
        self.table, self.row, self.lookup, self.photos = table, row, lookup, photos
        self.roster, self.seen, self.said = roster, seen, said
        self.problems: list[Problem] = []
        self.sound = True
        self.named: set[str] = set()
        """The columns that have a problem: what only follows from it is not said as well."""
        self.taken: str | None = None
        """Why no roster changes the application that the person has."""

    def wrong(self, key: str, message: str) -> None:
        """A problem of a cell, unless the table has named one there already."""
        problem = self.table.problem(self.row.number, key, message)
        if (problem.row, problem.column) not in self.said:
            self.problems.append(problem)
        self.named.add(key)
        self.sound = False

    def note(self, message: str) -> None:
        place = self.table.problem(self.row.number, "", message)
        self.roster.notes.append(str(place))

    def read(self) -> None:
        """Every cell is looked at, whatever is wrong with the others: what is found one upload later costs an upload."""
        person, sound = self._person()
        meant = self.lookup.meant(
            code=self.row.text("occupation_code"),
            occupation=self.row.text("occupation"),
            job=self.row.text("job"),
            level=self.row.text("level"),
        )
        for key, message in meant.wrong:
            self.wrong(key, message)
        self._fits(person, meant)
        condition = self._condition(meant.line)
        facts = self._route_facts()
        parts = [self._choice(key, PARTS) for key in ("theory", "skill")]
        years = self._whole("work_years")
        prior = self._short("prior_certificate", Application)
        photo = self._photo(person)
        for key, message in self.lookup.objections(person, photo):
            if key not in self.named:
                self.wrong(_PHOTO if key == "photo" else key, message)
        if self.taken and not (self.sound and meant.line):
            self.wrong("id_number", self.taken)
        if sound and meant.line:
            found = RosterRow(
                self.row.number, person, meant.line, condition, parts[0], parts[1], years, prior, facts, photo
            )
            self.roster.tables[id(found)] = self.table
            self._put(found)
        self.roster.problems += self.problems

    def _put(self, found: RosterRow) -> None:
        again = self.lookup.taken_back(found.person) if self.sound else ""
        if again:
            self.note(again)
        if self.taken and self.sound:
            self.roster.decided.append((found, self.taken))
        else:
            (self.roster.rows if self.sound else self.roster.wrong).append(found)

    def _person(self) -> tuple[PersonData, bool]:
        """The person as far as the row says it, and whether it is known who that is."""
        row = self.row
        name = tidy_name(row.text("name"))
        odd = name_problem(name)
        if odd:
            self.wrong("name", odd)
        id_type, number = self._document()
        department = self.lookup.department(row.text("department"))
        if department is None:
            self.wrong("department", f"院系“{row.text('department')}”不存在，请先在“部门”中建立或改正")
        major = self.lookup.major(row.text("major"))
        if row.text("major") and major is None:
            self.wrong("major", f"专业“{row.text('major')}”不存在")
        source = self._choice("source", self.lookup.sources)
        if source == STUDENT and "source" not in self.named and not row.text("student_no"):
            self.wrong("student_no", "在校学生须填学号")
        dates = {key: self._date(key) for key in ("birth", "enrolled_on", "graduates_on")}
        self._agrees(id_type, number, dates["birth"])
        person = PersonData(
            name=name, id_type=id_type or RESIDENT, id_number=number, sex=row.text("sex"), birth=dates["birth"],
            ethnic=self._listed("ethnic", ETHNIC_GROUPS), education=self._listed("education", EDUCATIONS),
            phone=self._phone(), source=source, department=department, major=major.pk if major else None,
            class_name=self._short("class_name", Person), student_no=self._short("student_no", Person),
            enrolled_on=dates["enrolled_on"], graduates_on=dates["graduates_on"],
        )  # fmt: skip
        return person, not self.named & {"id_type", "id_number"}

    def _document(self) -> tuple[str | None, str]:
        """The type of the document, as the number shows where nothing is said, and its number."""
        said, number = self.row.text("id_type"), normalise(self.row.text("id_number"))
        id_type = id_type_of(said) if said else type_of_number(number)
        if id_type is None:
            self.wrong("id_type", f"证件类型“{said}”不认识，可填：{'、'.join(ID_TYPES.values())}")
            return None, self._number(None, number)
        kept = lasting(id_type, number)
        if kept != number:
            self.note(f"证件号码 {number} 的末两位是换证次数，按 {kept} 登记")
        return id_type, self._number(id_type, kept)

    def _number(self, id_type: str | None, number: str) -> str:
        """The ID number. Of which kind it should be is not known where the type is not."""
        wrong = number_problem(id_type, number, today()) if id_type else None
        if not number:
            wrong = "证件号码为空"
        if wrong:
            self.wrong("id_number", wrong)
        elif number in self.seen:
            self.wrong("id_number", f"与第 {self.seen[number].row} 行是同一个人，请只留一行")
        else:
            self.seen[number] = self.table.problem(self.row.number, "id_number", "")
        return number

    def _agrees(self, id_type: str | None, number: str, birth: Any) -> None:
        """Birth date and sex, where given, say the same as a number that tells them, be its check digit right or not."""
        sex = self.row.text("sex")
        if sex not in ("男", "女") and (sex or id_type not in (*SELF_TELLING, None)):
            self.wrong("sex", "性别应填 男 或 女")
        if id_type not in SELF_TELLING:
            early = birth_problem(birth, today()) if birth else None
            if early:
                self.wrong("birth", early)
            return
        for key, said in contradictions(id_type, with_check_digit(number), sex=sex, birth=birth):
            if key not in self.named:
                self.wrong(key, said)

    def _listed(self, key: str, listed: Sequence[str]) -> str:
        """One of the words that the form of the same field offers; the ethnic group also without its last sign."""
        given = self.row.text(key)
        said = f"{given}族" if f"{given}族" in listed else given
        if said and said not in listed:
            some = "、".join(listed[:SHOWN_WORDS]) + (" 等" if len(listed) > SHOWN_WORDS else "")
            self.wrong(key, f"“{given}”不认识，可填 {some}")
        return said

    def _phone(self) -> str:
        phone = normal_phone(self.row.text("phone"))
        wrong = phone_problem(phone) if phone else None
        if wrong:
            self.wrong("phone", wrong)
        return phone

    def _short(self, key: str, model: type[Model]) -> str:
        given, most = self.row.text(key), model._meta.get_field(key).max_length  # type: ignore[union-attr]
        if most is not None and len(given) > most:
            self.wrong(key, f"最多 {most} 个字，现有 {len(given)} 个")
        return given

    def _fits(self, person: PersonData, meant: Meant) -> None:
        fitting = self.lookup.fitting_majors(meant.rows, person.major) if meant.rows else None
        if fitting and person.source == STUDENT and not self.named & {"major", "source"}:
            job = meant.line or meant.rows[0]
            self.wrong("major", f"专业“{self.row.text('major') or '未填'}”与 {job} 不对应，应为 {fitting}")
        self.taken = self.lookup.taken(person) if "id_number" not in self.named else None

    def _condition(self, line: BatchLine | None) -> EntryCondition | None:
        if line is None or self.lookup.batch.route != Route.EXAM:
            return None
        given = self.row.text("condition")
        condition = self.lookup.condition(line, given)
        if condition is None:
            codes = "、".join(self.lookup.condition_codes(line))
            self.wrong("condition", f"申报条件“{given or '未填'}”不在 {line} 的条件中（可填 {codes}）")
        return condition

    def _route_facts(self) -> dict[str, Any]:
        row, route = self.row, self.lookup.batch.route
        if route == Route.DIRECT:
            return {
                "certificate": row.text("x_certificate"),
                "certificate_level": row.text("x_level"),
                "number": row.text("x_number"),
            }
        if route == Route.PROCESS:
            return {"courses": self._courses()}
        if route == Route.CONTEST:
            return {"contest": row.text("contest"), "rank": row.text("rank"), "score": row.text("score")}
        return {}

    def _courses(self) -> list[dict[str, str]]:
        """«汽车维护=85；发动机构造=78» as a list of course marks."""
        courses = []
        for piece in self.row.text("courses").replace("；", ";").split(";"):
            name, sign, mark = piece.replace("＝", "=").partition("=")
            if not piece.strip():
                continue
            try:
                if not sign or as_decimal(mark.strip()) is None:
                    raise ValueError(piece)
            except ValueError:
                self.wrong("courses", f"“{piece.strip()}”应写成“课程=成绩”，各门之间用分号隔开")
                continue
            courses.append({"name": name.strip(), "mark": mark.strip()})
        return courses

    def _photo(self, person: PersonData) -> bytes | None:
        if self.photos is None:
            return None
        beside = " ".join(self.row.text(key) for key in ("class_name", "department", "major", "job", "student_no"))
        return self.photos.of(person.id_number, person.name, beside)

    def _choice(self, key: str, choices: dict[str, str]) -> str:
        given = self.row.text(key)
        if given not in choices:
            self.wrong(key, f"“{given}”不认识，可填 {'、'.join(c for c in choices if c)}")
        return choices.get(given, next(iter(choices.values())))

    def _date(self, key: str) -> Any:
        try:
            return as_date(self.row.values.get(key))
        except ValueError:
            self.wrong(key, date_problem(self.row.values.get(key)))
            return None

    def _whole(self, key: str) -> int:
        try:
            number = as_decimal(self.row.values.get(key))
            if number is None:
                return 0
            if number != int(number) or not 0 <= number <= 60:
                raise ValueError(number)
            return int(number)
        except ValueError:
            self.wrong(key, f"“{self.row.text(key)}”应为 0 至 60 的整数")
            return 0

"""What a roster is checked against: one batch's lines and conditions, departments, majors, and who is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assay.applications.known import Known, known_persons, objections
from assay.applications.models import ENDED, UNDECIDED, Application
from assay.applications.people import PersonData, person_index
from assay.applications.sources import admitted_by, understood
from assay.batches.models import Batch, BatchLine
from assay.catalogue.models import EntryCondition, Major, ScopeRow
from assay.centre import parameters
from assay.centre.models import Department
from assay.kernel import files

_LEVEL_WORDS = {
    "5": "5", "五级": "5", "初级": "5", "初级工": "5", "4": "4", "四级": "4", "中级": "4", "中级工": "4",
    "3": "3", "三级": "3", "高级": "3", "高级工": "3", "2": "2", "二级": "2", "技师": "2",
    "1": "1", "一级": "1", "高级技师": "1",
}  # fmt: skip


def level_code(text: str) -> str | None:
    """The code of a level given as 4, 四级, 中级工 or 四级/中级工; None when unreadable."""
    found = {_LEVEL_WORDS.get(piece.strip()) for piece in re.split(r"[/／（）()]", text) if piece.strip()}
    return found.pop() if len(found) == 1 and None not in found else None


_NO_JOB = ("", "--", "—", "无")


@dataclass(frozen=True)
class Meant:
    """What the words of a row mean: the batch's line; the jobs, though there may be no such line; the columns that are wrong."""

    line: BatchLine | None
    rows: list[ScopeRow]
    wrong: Sequence[tuple[str, str]]


class Lookup:
    """Everything read once, so that ten thousand rows cost no query each."""

    def __init__(self, batch: Batch, own: int | None = None) -> None:
        """`own`: the one department whose people the roster may name; None for all."""
        self.batch, self._own = batch, own
        self.admitted = admitted_by(parameters.text("applications.sources"))
        """Whom the centre assesses, by the word for it."""
        self.sources = understood(self.admitted)
        self._lines = list(
            batch.lines.select_related("scope_row__occupation", "scope_row__standard", "level").prefetch_related(
                "scope_row__majors", "scope_row__levels"
            )
        )
        self._scope = list(ScopeRow.objects.select_related("occupation").prefetch_related("levels", "majors"))
        self._departments = {name: pk for pk, code, name in Department.objects.values_list("pk", "code", "name")}
        self._departments |= {code: pk for pk, code, name in Department.objects.values_list("pk", "code", "name")}
        self._majors = {m.name: m for m in Major.objects.all()}
        self._majors_of = {row.pk: {m.pk: m.name for m in row.majors.all()} for row in self._scope}
        self._conditions: dict[tuple[int, int], dict[str, EntryCondition]] = {}
        for condition in EntryCondition.objects.select_related("standard_level").order_by("code"):
            key = (condition.standard_level.standard_id, condition.standard_level.level_id)
            self._conditions.setdefault(key, {})[condition.code] = condition
        self._means: dict[tuple[str, str, str, str], Meant] = {}
        self._people = known_persons()
        self._applied = {
            index: (state, str(no))
            for index, state, no in Application.objects.filter(batch=batch)
            .exclude(state__in=ENDED)
            .values_list("person__id_index", "state", "line_id")
        }

        self._taken_back = dict(
            Application.objects.filter(batch=batch, state=Application.State.WITHDRAWN)
            .order_by("pk")
            .values_list("person__id_index", "reason")
        )

    def department(self, name: str) -> int | None:
        return self._departments.get(name)

    def major(self, name: str) -> Major | None:
        return self._majors.get(name)

    def meant(self, *, code: str, occupation: str, job: str, level: str) -> Meant:
        """The line that these words mean, and all that is wrong with them; a roster says the same few over and over."""
        words = (code, occupation, job, level)
        if words not in self._means:
            self._means[words] = self._meaning(*words)
        return self._means[words]

    def _meaning(self, code: str, occupation: str, job: str, level: str) -> Meant:
        rows, wrong = self._rows(code, occupation, job)
        wanted, said = level_code(level), (job if job not in _NO_JOB else "") or occupation or code
        if wanted is None:
            wrong.append(("level", f"等级“{level or '未填'}”不认识，可填 5、4、3、2 或 五级/初级工 等"))
        if wanted is None or not rows:
            return Meant(None, rows, wrong)
        if not any(wanted in {lv.code for lv in r.levels.all()} for r in rows):
            return Meant(None, rows, [*wrong, ("level", f"“{said}”的备案范围没有 {wanted} 级")])
        pks = {r.pk for r in rows}
        found = [x for x in self._lines if x.scope_row_id in pks and x.level.code == wanted]
        if len(found) == 1:
            return Meant(found[0], rows, wrong)
        which = "、".join(str(x.scope_row) for x in found)
        why = f"“{said}”对应多个工种（{which}），请填写工种名称" if found else f"本批次不开展“{said}”{wanted} 级"
        return Meant(None, rows, [*wrong, ("job", why)])

    def _rows(self, code: str, occupation: str, job: str) -> tuple[list[ScopeRow], list[tuple[str, str]]]:
        """The rows of the scope that are meant, and what is wrong with the words. A name says more than a code: where they differ,
        the code is wrong."""
        named = "" if job in _NO_JOB else job
        if not (code or occupation or named):
            return [], [("job", "工种“未填”不在备案的认定范围内")]
        if not (occupation or named):
            rows = [r for r in self._scope if _means(r, code, "", job)]
            return rows, [] if rows else [("occupation_code", f"职业编码“{code}”不在备案的认定范围内")]
        wrong: list[tuple[str, str]] = []
        rows = [r for r in self._scope if _means(r, "", occupation, job)]
        if not rows:
            rows = [r for r in self._scope if named and _means(r, "", "", named)]
            of = "、".join(dict.fromkeys(r.occupation.name for r in rows))
            if rows:
                wrong.append(("occupation", f"职业名称“{occupation}”不对，工种“{job}”的职业名称是“{of}”"))
            else:
                wrong.append(("job" if named else "occupation", f"工种“{named or occupation}”不在备案的认定范围内"))
        if not code:
            return rows, wrong
        coded = [r for r in rows if r.occupation.code == code]
        if rows and not coded:
            codes = "、".join(dict.fromkeys(r.occupation.code for r in rows))
            wrong.append(("occupation_code", f"职业编码“{code}”不对，“{named or occupation}”的职业编码是 {codes}"))
        elif not rows and not any(r.occupation.code == code for r in self._scope):
            wrong.append(("occupation_code", f"职业编码“{code}”不在备案的认定范围内"))
        return coded or rows, wrong

    def fitting_majors(self, rows: Sequence[ScopeRow], major: int | None) -> str | None:
        """The majors that there should be for one of these jobs, where this is none of them; None where it fits."""
        of = [self._majors_of[row.pk] for row in rows]
        if any(not majors or major in majors for majors in of):
            return None
        return "、".join(dict.fromkeys(name for majors in of for name in majors.values())) or None

    def conditions(self, line: BatchLine) -> dict[str, EntryCondition]:
        return self._conditions.get((line.scope_row.standard_id, line.level_id), {})

    def condition_codes(self, line: BatchLine) -> list[str]:
        return sorted(self.conditions(line))

    def condition(self, line: BatchLine, given: str) -> EntryCondition | None:
        """By code; left empty, the one condition there is, or the one for students of a related major."""
        known = self.conditions(line)
        if given:
            return known.get(given) or known.get(given.split()[0])
        related = [c for c in known.values() if c.rule.get("major_related")]
        return related[0] if related else (next(iter(known.values())) if len(known) == 1 else None)

    def taken(self, person: PersonData) -> str | None:
        """Why this person's application in the batch cannot be replaced; None when it can or there is none."""
        state, _ = self._applied.get(person_index(person.id_type, person.id_number), ("", ""))
        if state and state not in UNDECIDED:
            title = Application.State(state).label
            return f"{person.name} 在本批次已有报名（{title}），名册不再更改；有误的由认定中心退回或更正"
        return None

    def taken_back(self, person: PersonData) -> str:
        """What to say of somebody whose application in the batch was taken back, and who comes again; '' of others."""
        index = person_index(person.id_type, person.id_number)
        if index in self._applied or index not in self._taken_back:
            return ""
        return f"{person.name} 在本批次的报名已撤回（{self._taken_back[index]}），导入后是一份新的报名"

    def has_photo(self, person: PersonData) -> bool:
        known = self._known(person)
        return known is not None and known.photo is not None

    def objections(self, person: PersonData, photo: bytes | None) -> list[tuple[str, str]]:
        """Why a row may not say this of somebody who is known, with the columns meant."""
        digest = files.digest_of(photo) if photo is not None else None
        return list(objections(person, digest, self._known(person), self._own))

    def _known(self, person: PersonData) -> Known | None:
        return self._people.get(person_index(person.id_type, person.id_number))


def _means(row: ScopeRow, code: str, occupation: str, job: str) -> bool:
    """Whether the words of a roster mean this row of the scope."""
    if code and row.occupation.code != code:
        return False
    if occupation and row.occupation.name != occupation:
        return False
    if job not in _NO_JOB:
        return job in {row.job, row.also_called} - {""} or (not row.job and job == row.occupation.name)
    return bool(code or occupation) and (not row.job or job == "")

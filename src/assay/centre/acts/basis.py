"""The basis of the rules: which document people read beside each rule, and under which number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assay.centre.acts.reference import validated
from assay.centre.models import BasisVersion, Centre
from assay.kernel import citing
from assay.kernel.acts import Context, act
from assay.kernel.basis import KINDS, LONGEST_NUMBER, Kind, in_force, subject
from assay.kernel.clauses import PLAN, SOURCE
from assay.kernel.clock import shown_day, today
from assay.kernel.expected import Changed
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(一)1"


@dataclass(frozen=True)
class Given:
    """A basis as somebody enters it. `since`: from today on where nothing is said."""

    kind: str
    title: str = ""
    document_no: str = ""
    since: date | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)


@act("centre.set_basis", duty=("L1", "L2"), title="设置规则依据", clause="三(一)1")
def set_basis(ctx: Context, given: Given, *, was: int | None = None) -> BasisVersion:
    """Name another basis, or the same with other numbers, from a day on. `was`: the last version that the page knew of."""
    if not Centre.objects.select_for_update().exists():
        raise Refused("还没有中心信息，请先填写", CLAUSE)
    last = BasisVersion.objects.last()
    if was != (last.pk if last else None):
        raise Changed("页面打开后，规则依据已由他人改过。您的改动没有写入，请看过再办理")
    kept = put_basis(ctx, given)
    if kept is None:
        raise Refused("与现行的规则依据相同，没有要改的", CLAUSE)
    ctx.note = f"规则依据：{kept}"[:200]
    return kept


def begin(ctx: Context, given: Given | None = None) -> None:
    """Within the act that makes the centre: with what is given, or the national rules until something is. The plan that is delivered is
    another school's, until it is chosen."""
    if given is None or (given.since is not None and given.since > today()):
        _kept(ctx, _beginning(ctx, Kind.NATIONAL))
    if given is not None:
        _kept(ctx, _row(ctx, given, given.since))


def put_basis(ctx: Context, given: Given) -> BasisVersion | None:
    """Within an act that holds the centre: another version; None where the one of that day says the same. Raises Refused."""
    row = _row(ctx, given, given.since or today())
    rows = list(BasisVersion.objects.all())
    there = rows or [_beginning(ctx, Kind.DELIVERED)]
    now, then = in_force(there, today()), in_force(there, row.since or today())
    if then is not None and _says(then) == _says(row) and given.since in (None, then.since):
        return None
    if now is not None and now.since is not None and row.since is not None and row.since < now.since:
        raise Refused(f"现行依据自 {shown_day(now.since)} 起施行，新的施行日期不能早于它", CLAUSE)
    if not rows:  # a centre from before there was a choice: what it showed until now is said, too
        _kept(ctx, there[0])
    return _kept(ctx, row)


def _beginning(ctx: Context, kind: Kind) -> BasisVersion:
    return BasisVersion(kind=kind, entered_at=ctx.at)


def _row(ctx: Context, given: Given, since: date | None) -> BasisVersion:
    """Numbers are of the school's own document alone, and of clauses that there are."""
    if given.kind != Kind.OWN and (given.title or given.document_no or given.numbers):
        raise Refused(f"文件名称、文号和条款号只在以“{KINDS[Kind.OWN]}”为依据时填写", CLAUSE)
    if given.title.strip() == SOURCE:
        raise Refused(f"“{SOURCE}”分不清是哪一份，请写明文件全称，如“××学校职业技能等级认定{SOURCE}”", CLAUSE)
    numbers = {clause: number.strip() for clause, number in given.numbers.items() if number.strip()}
    if unknown := sorted(numbers.keys() - PLAN.keys()):
        raise Refused(f"没有这样的规则：{'、'.join(unknown)}", CLAUSE)
    if long := [subject(clause) for clause in numbers if len(numbers[clause]) > LONGEST_NUMBER]:
        raise Refused(f"条款号最多 {LONGEST_NUMBER} 个字：{'、'.join(long)}", CLAUSE)
    return BasisVersion(
        kind=given.kind, title=given.title.strip(), document_no=given.document_no.strip(), since=since, entered_at=ctx.at,
        numbers=numbers,
    )  # fmt: skip


def _says(row: BasisVersion) -> tuple[object, ...]:
    return row.kind, row.title, row.document_no, row.numbers


def _kept(ctx: Context, row: BasisVersion) -> BasisVersion:
    validated(row, CLAUSE)
    row.save()
    ctx.record(row)
    citing.forget()
    return row

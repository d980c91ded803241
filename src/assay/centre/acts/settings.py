"""The centre's own affairs: profile, parameters, days off, keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assay.centre.acts.basis import begin
from assay.centre.acts.reference import Kind, Many
from assay.centre.models import Centre, KeyPeriod, ParameterValue
from assay.centre.parameters import PARAMETERS
from assay.kernel.acts import Context, act
from assay.kernel.calendar import built_in
from assay.kernel.clock import today
from assay.kernel.expected import Changed
from assay.kernel.keyring import TITLES, check_value
from assay.kernel.models import HolidayTable, HolidayYear
from assay.kernel.refusals import Refused
from assay.kernel.secrets import keys
from assay.kernel.statutory_days import not_named_off

CLAUSE = "工作方案 三(一)1"


def _the_only_one(ctx: Context, row: Centre, many: Many) -> None:
    row.pk = 1
    row._state.adding = not Centre.objects.select_for_update().filter(pk=1).exists()


CENTRE = Kind(Centre, _the_only_one, CLAUSE)


@act("centre.save_centre", duty="L1", title="维护中心信息", clause="三(一)1")
def save_centre(ctx: Context, centre: Centre) -> Centre:
    """Keep the profile of the one centre."""
    new = not Centre.objects.exists()
    kept = CENTRE.put(ctx, centre)
    if new:
        begin(ctx)
    return kept


def check_parameter(ctx: Context, row: ParameterValue, many: Many) -> None:
    """A parameter that there is, with a value of its kind."""
    if row.key not in PARAMETERS:
        raise Refused(f"没有参数 {row.key}")
    try:
        PARAMETERS[row.key].parse(row.value)
    except ValueError as wrong:
        raise Refused(f"“{PARAMETERS[row.key].title}”的值“{row.value}”不对") from wrong


PARAMETER_VALUES = Kind(ParameterValue, check_parameter, CLAUSE)


@act("centre.set_parameter", duty=("L1", "L2"), title="设置参数", clause="三(一)1")
def set_parameter(
    ctx: Context, key: str, value: str, document_no: str = "", *, was: str | None = None
) -> ParameterValue:
    """Set a parameter otherwise than its default, naming the document that allows it. `was`: the value that was seen."""
    check_parameter(ctx, ParameterValue(key=key, value=value), {})
    row = ParameterValue.objects.select_for_update().filter(key=key).first() or ParameterValue(key=key)
    now = row.value if row.pk else PARAMETERS[key].default
    if was is not None and was != now:
        title, before, since = PARAMETERS[key].title, PARAMETERS[key].shown(was), PARAMETERS[key].shown(now)
        raise Changed(f"页面打开后，“{title}”已由他人由 {before} 改为 {since}。您的改动没有写入，请看过再办理")
    row.value, row.document_no = value, document_no
    row.save()
    title, before, after = PARAMETERS[key].title, PARAMETERS[key].shown(now), PARAMETERS[key].shown(value)
    ctx.note = f"{title}：{before} → {after}"[:200]
    ctx.record(row)
    return row


@act("centre.name_days", duty="E1", title="载入节假日安排", clause="四(一)4")
def name_days(ctx: Context, days: Iterable[tuple[date, bool, str]], *, whole: bool = False) -> int:
    """Load days off and make-up working days of the yearly notice: (day, works, title). `whole`: with them their years are all in."""
    rows = HolidayTable.load(days)
    ctx.record_all(rows)
    ctx.note = f"载入 {len(rows)} 天：" + "、".join(str(r) for r in rows[:40])
    for year in sorted({row.day.year for row in rows} if whole else ()):
        _say_whole(ctx, year, True)
    return len(rows)


@act("centre.say_year_whole", duty="E1", title="确认年度放假安排", clause="四(一)4")
def say_year_whole(ctx: Context, year: int, *, whole: bool) -> HolidayYear:
    """Say that all of a year's notice is loaded, or take that back: counts into a year that is not whole say so."""
    return _say_whole(ctx, year, whole)


def _say_whole(ctx: Context, year: int, whole: bool) -> HolidayYear:
    if built_in(year):
        raise Refused(f"{year} 年的放假安排随系统附带，不需要确认")
    lacking = not_named_off(year, HolidayTable().works) if whole else []
    if lacking:
        raise Refused(
            f"{year} 年的放假安排还没有载入齐全，缺：{'、'.join(lacking)}。请按国务院办公厅的通知载入后再确认"
        )
    row = HolidayTable.say_whole(year, whole)
    ctx.record(row)
    ctx.note = f"{ctx.note}；{row}" if ctx.note else str(row)
    return row


@act("centre.register_keys", duty="SYS", title="登记密钥", clause="三(六)2")
def register_keys(ctx: Context) -> list[KeyPeriod]:
    """Note which keys the installation has, so that a lost or foreign secrets file is seen at the next start. Once a key is
    noted it stays so; nothing is written of the key that would help to guess it."""
    known = set(KeyPeriod.objects.values_list("name", "key_id"))
    new = [
        KeyPeriod(name=name, key_id=key.id, check_value=check_value(name, key), since=key.since or today())
        for name in TITLES
        for key in keys(name)
        if (name, key.id) not in known
    ]
    if not new:
        raise Refused("密钥都已登记")
    for row in new:
        row.save()
    ctx.record(*new)
    return new

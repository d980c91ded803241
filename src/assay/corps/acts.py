"""Keeping the corps: people and their cards."""

from __future__ import annotations

from collections.abc import Mapping

from assay.centre.acts.reference import Many, keep
from assay.centre.handed_out import DrawnPassword, FirstPassword
from assay.corps.accounts import give
from assay.corps.models import Card, Member
from assay.kernel.acts import Context, act
from assay.kernel.clock import today
from assay.kernel.identity import RESIDENT, name_problem, normalise, own_number_problem, resident_facts, tidy_name
from assay.kernel.refusals import Refused
from assay.kernel.sealing import blind_index

CLAUSE = "工作方案 三(四)"


def _from_number(ctx: Context, row: Member, many: Many) -> None:
    """A name as people have them; index, sex and birth follow from the ID number."""
    row.name, row.id_number = tidy_name(row.name), normalise(row.id_number)
    wrong = [said for said in (name_problem(row.name), own_number_problem(row.id_number, today())) if said]
    if wrong:
        raise Refused("；".join(wrong), CLAUSE)
    facts = resident_facts(row.id_number)
    row.sex, row.birth = facts.sex, facts.birth
    row.id_index = blind_index(RESIDENT, row.id_number)
    if Member.objects.filter(id_index=row.id_index).exclude(pk=row.pk).exists():
        raise Refused("队伍里已有这个身份证号的人", CLAUSE)


def _covers_something(ctx: Context, row: Card, many: Many) -> None:
    """An examiner's card names the occupations that it covers."""
    if row.role in ("examiner", "senior_examiner") and "occupations" in many and not list(many["occupations"]):
        raise Refused("考评员证卡须写明考评职业", "工作方案 三(四)2")


MEMBERS = keep(Member, "member", duty=("X1", "Q1", "E1", "E6"), clause="三(四)", check=_from_number)
CARDS = keep(Card, "card", duty=("X1", "Q1", "E6"), clause="三(四)2", check=_covers_something)


@act("corps.open_accounts", duty="L1", title="为队伍人员建立账号", clause="三(一)1")
def open_accounts(ctx: Context, drawn: Mapping[int, DrawnPassword]) -> list[FirstPassword]:
    """An account for each of these members (by key), in the posts that their cards in force stand for; first passwords, drawn before,
    are to be changed. Who got an account meanwhile, or left, keeps what there is. Refused when nobody is left."""
    members = Member.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=drawn, account=None, active=True
    )
    found = list(members.select_related("department").prefetch_related("cards").order_by("pk"))
    if not found:
        raise Refused("选中的人员都已有账号，或不在岗", CLAUSE)
    made = give(ctx, found, drawn)
    ctx.note = f"建立 {len(made)} 个账号：" + "、".join(f"{one.name}（{one.username}）" for one in made[:20])
    return made

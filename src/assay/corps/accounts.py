"""Accounts for people of the corps: what they sign in with, and in which posts a card puts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assay.centre.acts.accounts import put_account
from assay.centre.handed_out import DrawnPassword, FirstPassword
from assay.centre.models import Account, Post
from assay.corps.models import Card, Member
from assay.corps.within import tie
from assay.kernel.acts import Context
from assay.kernel.clock import today
from assay.kernel.pinyin import sort_key
from assay.kernel.refusals import Refused

CLAUSE = "工作方案 三(一)1"
DUTY_OF: Mapping[str, str] = {
    "invigilator": "R2", "examiner": "R3", "senior_examiner": "R3", "supervisor": "Q4", "expert": "R4",
}  # fmt: skip
"""What the holder of a card does in an exam."""


def username_for(name: str, taken: Iterable[str]) -> str:
    """The name in pinyin, with a number where somebody has it already."""
    plain = re.sub(r"[^a-z]", "", sort_key(name))[:40] or "renyuan"
    plain = plain if len(plain) > 1 else f"{plain}1"
    used, one, count = set(taken), plain, 1
    while one in used:
        count += 1
        one = f"{plain}{count}"
    return one


def posts_by_duty() -> dict[str, Post]:
    """For each duty that cards stand for the post that owes least besides."""
    found: dict[str, Post] = {}
    for post in sorted(Post.objects.all(), key=lambda post: (len(post.duties), post.code)):
        for duty in post.duties:
            found.setdefault(duty, post)
    return {duty: found[duty] for duty in DUTY_OF.values() if duty in found}


def posts_for(cards: Sequence[Card], by_duty: Mapping[str, Post]) -> list[Post]:
    """The posts of somebody with these cards, those in force today. Refused where there is no post with the duty."""
    day = today()
    wanted = dict.fromkeys((DUTY_OF[card.role], card.get_role_display()) for card in cards if card.in_force(day))
    missing = [title for duty, title in wanted if duty not in by_duty]
    if missing:
        said = f"还没有供{'、'.join(missing)}担任的岗位，请先在“岗位”中设立，或从“起步资料”中接受"
        raise Refused(said, CLAUSE)
    return list(dict.fromkeys(by_duty[duty] for duty, _ in wanted))


def give(ctx: Context, members: Sequence[Member], drawn: Mapping[int, DrawnPassword]) -> list[FirstPassword]:
    """Within an act, members locked and without an account: one for each, in the posts of the cards."""
    by_duty = posts_by_duty()
    taken = set(Account.objects.values_list("username", flat=True))
    made = []
    for member in members:
        username = username_for(member.name, taken)
        taken.add(username)
        account = Account(
            username=username, name=member.name, kind="staff", department=member.department,
            password=drawn[member.pk].hashed,
        )  # fmt: skip
        put_account(ctx, account, posts_for(list(member.cards.all()), by_duty), must_change_password=True)
        tie(ctx, member, account)
        made.append(drawn[member.pk].of(account))
    return made

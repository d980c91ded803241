"""What a school has and what it still lacks before its first exam: counted from the tables, each with the page where it is seen to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.urls import reverse

from assay.bank.models import Item, Specification
from assay.batches.timing import year_is_known
from assay.catalogue.models import EntryCondition, Level, Major, ScopeRow, Weight
from assay.catalogue.parts import Part
from assay.centre.duties import DUTIES
from assay.centre.models import Appointment, Centre, Department, Post
from assay.corps.models import Card, Member
from assay.kernel.access import may_open_url
from assay.kernel.acts import Actor
from assay.kernel.clock import today
from assay.sites.models import Room

READERS = frozenset({"L1", "E1"})
"""Whose it is to see that a school is set up."""
NEEDED_DUTIES = (
    "L1", "L2", "E1", "E2", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E13", "X3", "X4", "Q4", "R1",
)  # fmt: skip
"""Without somebody for each of them no batch comes to its end."""
CORPS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("考评员", ("examiner", "senior_examiner"), 3), ("监考员", ("invigilator",), 2), ("督导员", ("supervisor",), 1),
)  # fmt: skip
"""Title, cards, and how many there have to be for one room."""
NAMED = 3


@dataclass(frozen=True)
class Step:
    """How much there is of something, and how much there has to be. `of`: out of how many it is said to be, where that says more."""

    title: str
    have: int
    least: int
    url: str
    said: str = ""
    of: int | None = None

    @property
    def done(self) -> bool:
        return self.have >= self.least

    @property
    def counted(self) -> str:
        return str(self.have) if self.of is None else f"{self.have}/{self.of}"


@dataclass(frozen=True)
class Guide:
    steps: tuple[Step, ...]

    @property
    def missing(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.done)

    @property
    def ready(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.done)

    @property
    def ready_said(self) -> str:
        return "、".join(f"{step.title} {step.counted}" for step in self.ready)


def guide_for(who: Actor) -> Guide | None:
    """For whoever sets the school up, until nothing is missing."""
    if not READERS & who.duties:
        return None
    found = Guide(tuple(_steps()))
    return found if found.missing else None


def link_for(who: Actor, step: Step) -> str:
    """Where somebody sees to it, for whoever may open that page."""
    return step.url if may_open_url(step.url, kind="staff", held=who.duties) else ""


def _steps() -> Iterator[Step]:
    yield Step(
        "学校和认定中心", Centre.objects.count(), 1, reverse("centre:profile"), "名称、机构代码，印在证书和表册上"
    )
    yield Step("部门", Department.objects.count(), 1, reverse("centre:departments_list"), "教学系部和有关科室")
    yield _duties()
    yield Step("专业", Major.objects.count(), 1, reverse("catalogue:majors_list"), "与认定职业对应的专业")
    yield Step("等级", Level.objects.count(), 1, reverse("setup:start"), "五级至一级，可从起步资料中接受")
    yield from _scope()
    yield _items()
    yield from _rooms()
    yield from _corps()
    year = today().year
    known = year_is_known(year)
    yield Step(f"{year} 年放假安排", int(known), 1, reverse("desk:calendar"), "工作日按它计算")


def _duties() -> Step:
    """The duties without which nothing goes on, by somebody who holds a post with them."""
    day = today()
    appointments = Appointment.objects.filter(account__is_active=True, account__kind="staff").select_related("post")
    held = {
        code for one in appointments if one.in_force(day) and not _for_everything(one.post) for code in one.post.duties
    }
    missing = [DUTIES[code].text for code in NEEDED_DUTIES if code not in held]
    more = f"等 {len(missing)} 项" if len(missing) > NAMED else ""
    said = f"还没有人承担：{'；'.join(missing[:NAMED])}{more}" if missing else "必要的职责都有人承担"
    have = len(NEEDED_DUTIES) - len(missing)
    posts = any(not _for_everything(post) for post in Post.objects.all())
    url = reverse("centre:accounts" if posts else "setup:start")
    return Step("岗位和任职", have, len(NEEDED_DUTIES), url, said, len(NEEDED_DUTIES))


def _for_everything(post: Post) -> bool:
    """The post in which the first account sets the school up: whoever does everything may not do what two have to do."""
    return set(NEEDED_DUTIES) <= set(post.duties)


def _pairs() -> set[tuple[int, int]]:
    """Standard and level of everything in the scope."""
    return {
        (standard, level)
        for standard, level in ScopeRow.objects.values_list("standard", "levels").order_by()
        if level is not None
    }


def _scope() -> Iterator[Step]:
    rows = ScopeRow.objects.count()
    yield Step("认定范围（职业、标准）", rows, 1, reverse("catalogue:scope_list"), "照备案表，先填职业和标准")
    pairs = _pairs()
    conditions = set(
        EntryCondition.objects.values_list("standard_level__standard", "standard_level__level").order_by().distinct()
    )
    weighed = (
        Weight.objects.values("standard_level__standard", "standard_level__level", "part")
        .order_by()
        .annotate(total=Sum("percent"))
    )
    full: dict[tuple[int, int], set[str]] = {}
    for one in weighed:
        if one["total"] == Decimal(100):
            at = one["standard_level__standard"], one["standard_level__level"]
            full.setdefault(at, set()).add(one["part"])
    count = max(len(pairs), 1)
    yield Step(
        "标准等级的申报条件", len(pairs & conditions), count, reverse("setup:start"), "通常的写法可从起步资料中接受，再对照标准原文",
        len(pairs),
    )  # fmt: skip
    both = {at for at, of in full.items() if {Part.THEORY.value, Part.SKILL.value} <= of}
    yield Step(
        "标准等级的权重（合计 100）", len(pairs & both), count, reverse("catalogue:weights_list"), "照标准的理论、技能权重表",
        len(pairs),
    )  # fmt: skip


def _items() -> Step:
    """Of what is in the scope, what has items in use; one is enough to begin with."""
    jobs = {
        (occupation, job, level)
        for occupation, job, level in ScopeRow.objects.values_list("occupation", "job", "levels").order_by()
        if level is not None
    }
    used = Specification.objects.filter(part=Part.THEORY).annotate(
        n=Count("items", filter=Q(items__state=Item.State.IN_USE))
    )
    there = set(used.filter(n__gt=0).values_list("occupation", "job", "level"))
    have = sum(bool({(occupation, job, level), (occupation, "", level)} & there) for occupation, job, level in jobs)
    said = "有启用试题的工种等级；先备齐首批要考的"
    return Step("理论题库", have, 1, reverse("bank:specifications"), said, len(jobs))


def _rooms() -> Iterator[Step]:
    kinds = dict(Room.objects.filter(active=True).values_list("kind").order_by().annotate(n=Count("pk")))
    url = reverse("sites:rooms_list")
    yield Step("理论考场", kinds.get("theory", 0), 1, url, "机位数、每排机位、走道")
    yield Step("技能考场", kinds.get("skill", 0), 1, url, "工位数、适用职业")


def _corps() -> Iterator[Step]:
    """People with cards in force, and how many of them can sign in."""
    day = today()
    for title, roles, least in CORPS:
        cards = Card.objects.filter(role__in=roles, valid_from__lte=day, valid_to__gte=day)
        members = Member.objects.filter(active=True, pk__in=cards.values("member"))
        count = members.count()
        yield Step(f"{title}（有效证卡）", count, least, reverse("corps:members_list"), f"至少 {least} 人")
        can = members.filter(account__is_active=True).count()
        yield Step(
            f"{title}的账号",
            can,
            max(count, 1),
            reverse("corps:accounts"),
            "没有账号的，考试当天不能登录；可一次全部建立",
            count,
        )

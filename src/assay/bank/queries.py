"""Reads of the bank that other rooms use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from assay.bank.models import UNDER_REVIEW, Item, ItemRemark, ItemVersion, LeakReport, Paper, Specification
from assay.bank.states import RemarkKind
from assay.catalogue.models import Level, ScopeRow
from assay.catalogue.parts import Part
from assay.centre.actors import duties_of
from assay.centre.models import Account
from assay.kernel import clock
from assay.kernel.acts import Actor
from assay.kernel.contributions import Engagement

REVIEWING = "reviewing"
"""What the list of items calls both."""


def specification_for(row: ScopeRow, level: Level, part: Part = Part.THEORY) -> Specification | None:
    """The specification of a job at a level: its own, else its occupation's."""
    found = Specification.objects.filter(occupation=row.occupation, level=level, part=part)
    return found.filter(job=row.job).first() or found.filter(job="").first()


def sealed_papers(specification: Specification) -> list[Paper]:
    """Papers of a specification that are sealed and not void: those that nobody has sat yet, newest first; when there are none
    of them, those that were sat."""
    found = list(specification.papers.filter(state=Paper.State.SEALED).order_by("-pk"))
    return [paper for paper in found if paper.released_at is None] or found


def parallel_to(paper: Paper) -> list[Paper]:
    """The other forms that were assembled with it, without their content."""
    made_then = Paper.objects.filter(specification=paper.specification, created_at=paper.created_at)
    others = (
        made_then.exclude(pk=paper.pk)
        .exclude(state=Paper.State.VOID)
        .defer("content", "sealed_content")
        .order_by("form")
    )
    return [other for other in others if other.seed == paper.seed]


def overlaps(paper: Paper) -> list[tuple[str, int]]:
    """(form, items that it shares with `paper`) for each parallel form."""
    own = set(paper.items())
    return [(other.form, len(own.intersection(other.items()))) for other in parallel_to(paper)]


def sees_every_item(who: Actor) -> bool:
    """The experts' head looks at any item, also at those in use."""
    return who.holds("X4")


def why_closed(paper: Paper) -> str:
    """Why nobody looks at a paper's content any more; "" while it is looked through."""
    if paper.state == Paper.State.ASSEMBLED:
        return ""
    return "试卷已作废，不再显示内容" if paper.is_void else "试卷封存后不显示内容"


def visible_to(who: Actor, items: QuerySet[Item]) -> QuerySet[Item]:
    """The items that somebody may see: the experts' head all, an expert the own ones and those under review."""
    if sees_every_item(who):
        return items
    if who.holds("R4"):
        return items.filter(
            Q(author=who.account_id, state__in=[Item.State.DRAFT, *UNDER_REVIEW]) | Q(state__in=UNDER_REVIEW)
        )
    return items.none()


def last_said() -> Coalesce:
    """The kind of what was last said of an item, comments apart; "" when nothing was."""
    said = ItemRemark.objects.filter(item=OuterRef("pk")).exclude(kind=RemarkKind.COMMENT).order_by("-pk")
    return Coalesce(Subquery(said.values("kind")[:1]), Value(""))


def reviewable_by(account: int | None) -> QuerySet[Item]:
    """Items under review that somebody may pass on or send back (the act of reviewing says it of one)."""
    others = Item.objects.filter(case=None, state__in=UNDER_REVIEW).exclude(author=account)
    others = others.exclude(pk__in=ItemVersion.objects.filter(author=account).values("item"))
    return others.exclude(state=Item.State.SECOND_REVIEW, reviewer=account)


def waiting_for(account: Account) -> Iterator[Engagement]:
    """Items that an expert has to review, own ones that came back, own drafts not handed over yet, by specification."""
    if not duties_of(account) & {"R4", "X4"}:
        return
    own = Item.objects.filter(case=None, state=Item.State.DRAFT, author=account).annotate(last=last_said())
    back = Q(last=RemarkKind.RETURNED)
    for items, state, title, said in (
        (reviewable_by(account.pk), REVIEWING, "审题", "{n} 题等您审定"),
        (own.filter(back), Item.State.DRAFT, "修改", "{n} 题被退回，修改后重新提交"),
        (own.exclude(back), Item.State.DRAFT, "命题", "{n} 题草稿还没有提交审题"),
    ):  # fmt: skip
        grouped = items.values_list("specification", "specification__title").annotate(n=Count("pk")).order_by()
        for pk, name, number in grouped:
            link = f"{reverse('bank:items', args=[pk])}?state={state}"
            yield Engagement(None, f"{title}：{name}", said.format(n=number), link)


def leaks_known_to(account: Account) -> Iterator[Engagement]:
    """Leaks of the last month, for those who have to act on them: the leading group, supervision, the experts' head, exam
    affairs."""
    if not duties_of(account) & {"L2", "Q3", "X4", "E8"}:
        return
    recent = LeakReport.objects.filter(at__gte=clock.now() - timedelta(days=30)).select_related("paper")
    for leak in recent:
        said = f"{clock.shown(leak.at)} {leak.by}报告，停用试题 {leak.items} 题：{leak.text[:40]}"
        yield Engagement(None, f"试卷泄密：{leak.paper}", said, reverse("bank:paper", args=[leak.paper_id]))


def closed_items(specification: Specification) -> set[int]:
    """The numbers of the items that stand on papers that are sealed and were not yet sat: nobody sees them."""
    return _on(specification.papers.filter(state=Paper.State.SEALED, released_at=None))


def on_a_closed_paper(item: Item) -> bool:
    """Whether an item is one of them."""
    return item.pk in closed_items(item.specification)


def on_any_paper(item: Item) -> bool:
    """Whether an item stands on a paper, whatever became of that."""
    return item.pk in _on(item.specification.papers.all())


def _on(papers: QuerySet[Paper]) -> set[int]:
    return {item for paper in papers.only("composition") for item in paper.items()}

"""What the cockpit of a batch shows: the pipeline, what blocks it, who clears that, where, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import ForeignKey, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from assay.batches.models import Batch
from assay.batches.stages import CLAUSES, STAGES, Stage
from assay.centre.duties import in_words
from assay.centre.duty_table import Posts
from assay.centre.models import Account
from assay.kernel import contributions, gates, separation
from assay.kernel.access import may_open_url
from assay.kernel.acts import declared
from assay.kernel.models import LedgerEntry, LedgerLine
from assay.kernel.offers import Offer
from assay.kernel.recorded import Recorded
from assay.kernel.refusals import Blocked, Blocker, NotAllowed

HISTORY = 30
ONE_FOR_A_BATCH = 60
"""A room's rows count as the batch's own (a filing, a session) up to so many; rows of persons are far more."""


@dataclass(frozen=True)
class Step:
    """A stage on the pipeline. `state` is done, now or later."""

    number: int
    stage: str
    title: str
    state: str
    clause: str

    @property
    def is_now(self) -> bool:
        return self.state == "now"

    @property
    def said(self) -> str:
        """The state in words, for whoever does not see its colour."""
        return {"done": "已办结", "now": "正在办理", "later": "未到"}[self.state]


@dataclass(frozen=True)
class Task:
    """A blocker (or work that does not block) with the posts that hold its duty, whether the reader is one who can
    clear it, and the page for it if the reader may open that."""

    batch: Batch
    blocker: Blocker
    duty: str
    posts: str
    mine: bool
    link: str


@dataclass(frozen=True)
class Page:
    title: str
    url: str


def pipeline(batch: Batch) -> list[Step]:
    order = batch.stages
    here = order.index(Stage(batch.stage))
    states = ["done"] * here + ["now"] + ["later"] * (len(order) - here - 1)
    if batch.stage == Stage.CLOSED:
        states[-1] = "done"
    return [
        Step(number, stage, STAGES[stage], state, CLAUSES.get(stage, ""))
        for number, (stage, state) in enumerate(zip(order, states, strict=True), start=1)
    ]


@dataclass(frozen=True)
class Reader:
    """Who looks: the account, the duties held, and the department whose own work is theirs."""

    account: Account
    held: frozenset[str]

    def can_clear(self, blocker: Blocker) -> bool:
        if blocker.waits_for or blocker.duty not in self.held:
            return False
        return blocker.department in (None, self.account.department_id)

    def left_to_others(self, blocker: Blocker) -> int:
        """How many of the rows that wait the reader may not decide, having had a hand in them."""
        if blocker.work is None or not self.can_clear(blocker):
            return 0
        rows, act = blocker.work.rows, blocker.work.act
        pks = rows.values_list("pk", flat=True)
        return len(separation.barred(self.account.pk, self.account.name, act, rows.model.subject(), pks))


def tasks(batch: Batch, reader: Reader, posts: Posts, asked: Offer | None = None) -> list[Task]:
    """Everything that keeps the batch at its stage; the reader's own first. `asked`: the act that moves the batch on, where a page
    has asked it already and so knows what is in its way."""
    return _as_tasks(batch, _in_the_way(batch, asked), reader, posts)


def _in_the_way(batch: Batch, asked: Offer | None) -> Sequence[Blocker]:
    if asked is None or isinstance(asked.against, NotAllowed):
        return gates.blockers(batch.stage, batch)
    return asked.against.blockers if isinstance(asked.against, Blocked) else ()


def headline(batch: Batch, here: Step, found: Sequence[Task]) -> str:
    """What there is to say first of the tasks of a stage."""
    if batch.is_closed:
        return "本批次已办结"
    to_do = sum(not task.blocker.waits_for for task in found)
    if to_do:
        return f"“{here.title}”还有 {to_do} 项未完成"
    return f"“{here.title}”正在等待" if found else f"“{here.title}”已具备办结条件"


def outlook(following: Step | None, found: Sequence[Task], *, may_move: bool) -> str:
    """Where nothing keeps a batch at its stage: who moves it on."""
    if found or following is None:
        return ""
    next_of_all = f"可以进入“{following.title}”" if may_move else f"等待考务管理组推进到“{following.title}”"
    return f"没有未完成的事项，{next_of_all}。"


def todos(batch: Batch, reader: Reader, posts: Posts) -> list[Task]:
    """Work that can be done already and keeps the batch nowhere; the reader's own first."""
    return _as_tasks(batch, gates.todos(batch.stage, batch), reader, posts)


def next_step(batch: Batch, reader: Reader, posts: Posts) -> list[Task]:
    """When nothing keeps a batch at its stage, moving it on is the next thing to do."""
    following = next((s for s in pipeline(batch) if s.state == "later"), None)
    if following is None or batch.stage == Stage.CLOSED or gates.blockers(batch.stage, batch):
        return []
    said = f"“{batch.get_stage_display()}”已具备办结条件，可以进入“{following.title}”"
    duty = "E1" if "E1" in reader.held else "E2"
    return _as_tasks(
        batch, [Blocker(said, CLAUSES.get(batch.stage, ""), duty, batch.get_absolute_url())], reader, posts
    )


def _as_tasks(batch: Batch, blockers: Iterable[Blocker], reader: Reader, posts: Posts) -> list[Task]:
    found = []
    for b in blockers:
        link = b.link if b.link and may_open_url(b.link, kind="staff", held=reader.held) else ""
        others = reader.left_to_others(b)
        mine = reader.can_clear(b) and others < b.count
        if others:
            b = replace(b, text=f"{b.text}，{f'其中 {others} 份' if mine else '都'}由您经办过，须由他人办理")
        found.append(Task(batch, b, in_words([b.duty]), posts.holding(b.duty), mine, link))
    return sorted(found, key=lambda task: not task.mine)


def pages(batch: Batch, stages: Iterable[str], held: frozenset[str]) -> list[Page]:
    """The rooms' pages about the batch for these stages that the reader may open, each once."""
    wanted = set(stages)
    found: dict[str, Page] = {}
    for page in contributions.batch_pages:
        if page.stage in wanted:
            try:
                url = reverse(page.url_name, args=[batch.pk])
            except NoReverseMatch:
                continue
            if not may_open_url(url, kind="staff", held=held):
                continue
            found.setdefault(url, Page(page.title, url))
    return list(found.values())


def reached_pages(batch: Batch, held: frozenset[str]) -> tuple[list[Page], list[Page]]:
    """Pages of the stage where the batch stands, and those of the stages behind it."""
    here = batch.stages.index(Stage(batch.stage))
    now = pages(batch, batch.stages[here : here + 1], held)
    before = [page for page in pages(batch, batch.stages[:here], held) if page not in now]
    return now, before


def history(batch: Batch) -> list[LedgerEntry]:
    """The latest ledger entries that touch the batch or what belongs to it as a whole; `act_title` in Chinese."""
    touching = Q(subject=Batch.subject(), subject_id=str(batch.pk))
    for model, name in _belonging():
        keys = list(model._default_manager.filter(**{name: batch}).values_list("pk", flat=True)[: ONE_FOR_A_BATCH + 1])
        if 0 < len(keys) <= ONE_FOR_A_BATCH:
            touching |= Q(subject=model.subject(), subject_id__in=[str(key) for key in keys])
    lines: QuerySet[LedgerLine] = LedgerLine.objects.filter(touching)
    seqs = lines.order_by("-entry_id").values_list("entry_id", flat=True).distinct()[:HISTORY]
    titles = {one.name: one.title for one in declared()}
    entries = list(LedgerEntry.objects.filter(seq__in=list(seqs)).order_by("-seq"))
    for entry in entries:
        entry.act_title = titles.get(entry.act, entry.act)  # type: ignore[attr-defined]
    return entries


def _belonging() -> list[tuple[type[Recorded], str]]:
    """Recorded models that point at a batch, with the name of the field."""
    return [
        (relation.related_model, relation.field.name)
        for relation in Batch._meta.related_objects
        if issubclass(relation.related_model, Recorded) and isinstance(relation.field, ForeignKey)
    ]

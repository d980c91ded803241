"""Who looks at a batch's pages: one of each post, somebody of the rooms of this batch, a candidate, and nobody."""

from __future__ import annotations

from collections.abc import Iterator

from assay.applications.models import Application
from assay.arrangement.models import Assignment
from assay.batches.models import Batch
from assay.centre.actors import actor_of
from assay.centre.models import Account
from assay.kernel.acts import Actor
from tests import factories as f
from tests.played.access.rows import promise_secrecy
from tests.played.access.visitors import Visitor, visitor

POSTS = (
    "xiaozhang", "zhuren", "kaowu", "shenhe", "shijuan", "zhengshu", "dangan", "duban", "zhuanjia", "dudao01",
    "jiankao70", "kaoping60", "xibu-guijian",
)  # fmt: skip
"""An account of each post; the last ones have nothing to do with this batch."""


def those_who_look(batch: Batch) -> list[Visitor]:
    """Signed in now, on the day that the play has reached."""
    promise_secrecy()
    names = [*POSTS, *_of_the_batch(batch)]
    accounts = {account.username: account for account in Account.objects.filter(username__in=names)}
    return [Visitor("nobody"), *(visitor(name, accounts[name]) for name in dict.fromkeys(names)), *_candidate(batch)]


def _of_the_batch(batch: Batch) -> Iterator[str]:
    """A department head with applications, and who has a place in the rooms."""
    applied = Application.objects.filter(batch=batch).order_by("pk").first()
    if applied is not None and applied.department is not None:
        yield Account.objects.get(department=applied.department, username__startswith="xibu-").username
    for role in ("invigilator", "leader", "examiner"):
        placed = Assignment.objects.filter(session_room__session__batch=batch, role=role, member__account__isnull=False)
        found = placed.order_by("pk").first()
        if found is not None and found.member.account is not None:
            yield found.member.account.username


def _candidate(batch: Batch) -> Iterator[Visitor]:
    applied = Application.objects.filter(batch=batch).select_related("person").order_by("pk").first()
    if applied is not None:
        yield visitor("考生", applied.person.account or f.candidate(applied.person))


def acting(who: Visitor) -> Actor | None:
    return actor_of(who.account) if who.account is not None else None

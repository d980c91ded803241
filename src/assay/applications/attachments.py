"""Papers that come with an application: how many, how large, of which kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum

from assay.applications.models import Application, Evidence
from assay.kernel import files

MB = 1024 * 1024
MOST_PAPERS = 20
LARGEST_TOGETHER = 50 * MB
MOST_IN_BATCH = 3 * MOST_PAPERS
LARGEST_IN_BATCH = 3 * LARGEST_TOGETHER
"""Of one person in one batch: what comes with applications that are taken back stays, and nobody fills the disk by it."""


@dataclass(frozen=True)
class Upload:
    """A paper as it comes in: what it is called, and its bytes."""

    title: str
    content: bytes


def evidence_problems(application: Application, papers: Sequence[Upload]) -> list[str]:
    """Why these papers are not taken with the application, all reasons at once."""
    return list(_problems(application, papers)) if papers else []


def _problems(application: Application, papers: Sequence[Upload]) -> Iterator[str]:
    for paper in papers:
        wrong = files.upload_problem(paper.content)
        if wrong:
            yield f"证明材料“{paper.title[:80]}”：{wrong}"
    size = sum(len(paper.content) for paper in papers)
    here = _kept(Evidence.objects.filter(application=application.pk or 0))
    if here.papers + len(papers) > MOST_PAPERS:
        yield f"每份报名的证明材料最多 {MOST_PAPERS} 份，已有 {here.papers} 份"
    if here.size + size > LARGEST_TOGETHER:
        yield f"每份报名的证明材料合计不超过 {LARGEST_TOGETHER // MB} MB，请压缩后再上传"
    ever = _kept(
        Evidence.objects.filter(application__person=application.person_id, application__batch=application.batch_id)
    )
    if ever.papers + len(papers) > MOST_IN_BATCH or ever.size + size > LARGEST_IN_BATCH:
        yield (
            f"本批次已交过 {ever.papers} 份证明材料（含撤回的报名），合计不能超过 {MOST_IN_BATCH} 份、"
            f"{LARGEST_IN_BATCH // MB} MB，请与认定中心联系"
        )


class _Kept(NamedTuple):
    papers: int
    size: int


def _kept(rows: QuerySet[Evidence]) -> _Kept:
    found = rows.aggregate(n=Count("pk"), size=Sum("file__size"))
    return _Kept(found["n"], found["size"] or 0)


def attach(application: Application, paper: Upload) -> Evidence:
    """Keep a paper that was found in order."""
    return Evidence.objects.create(application=application, title=paper.title[:80], file=files.keep(paper.content))

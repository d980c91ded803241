"""Papers that come with an application: how many, how large, of which kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from assay.applications.models import Application, Evidence
from assay.kernel import files

MOST_PAPERS = 20
LARGEST_TOGETHER = 50 * 1024 * 1024


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
    kept = Evidence.objects.filter(application=application.pk or 0).aggregate(n=Count("pk"), size=Sum("file__size"))
    if kept["n"] + len(papers) > MOST_PAPERS:
        yield f"每份报名的证明材料最多 {MOST_PAPERS} 份，已有 {kept['n']} 份"
    together = (kept["size"] or 0) + sum(len(paper.content) for paper in papers)
    if together > LARGEST_TOGETHER:
        yield f"每份报名的证明材料合计不超过 {LARGEST_TOGETHER // 1024 // 1024} MB，请压缩后再上传"


def attach(application: Application, paper: Upload) -> Evidence:
    """Keep a paper that was found in order."""
    return Evidence.objects.create(application=application, title=paper.title[:80], file=files.keep(paper.content))

"""Theory answers as a paper for people: item by item what is right, what was answered, what it earned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from assay.bank.models import Paper
from assay.centre.models import Centre
from assay.exam.marks import key_of, read_as_marked
from assay.exam.models import TheorySheet
from assay.items import answers, marks
from assay.items.content import markup
from assay.items.rules import asked
from assay.items.wordings import Same
from assay.kernel.clock import SHANGHAI
from assay.kernel.documents import blocks as b
from assay.kernel.documents import render_blocks

HEAD = ("题号", "题型", "标准答案", "考生作答", "满分", "得分")
WIDTHS = ("12mm", "24mm", "1fr", "1fr", "13mm", "13mm")
ACROSS = 5
"""Items side by side whose answer is a few letters: a hundred rows for each of a thousand candidates would be books."""
LETTERED = {"single", "multiple", "true_false", "ordering", "matching"}
Content = Sequence[Mapping[str, Any]]


def for_printing() -> QuerySet[TheorySheet]:
    """Theory sheets with everything that their papers show, in order of ticket numbers."""
    return (
        TheorySheet.objects.select_related("application__ticket", "application__applicant", "seating")
        .select_related("application__line__scope_row__occupation", "application__line__level")
        .prefetch_related("written")
        .order_by("application__ticket__number")
    )


def answer_sheets(sheets: Iterable[TheorySheet]) -> bytes:
    """One paper a candidate; keys are shown, so only for sheets whose paper everybody has sat."""
    centre, found = Centre.objects.get(), list(sheets)
    papers = Paper.objects.filter(pk__in={s.seating.paper_id for s in found})
    contents = {paper.pk: asked(paper.frozen()) for paper in papers}
    days = [s.handed_in_at.astimezone(SHANGHAI).date() for s in found if s.handed_in_at]
    return render_blocks(
        [_sheet(s, contents.get(s.seating.paper_id or 0, []), centre) for s in found],
        demo=centre.is_demo,
        on=max(days, default=None),
    )


def _sheet(sheet: TheorySheet, content: Content, centre: Centre) -> list[b.Block]:
    application = sheet.application
    handed = f"{sheet.handed_in_at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M:%S}" if sheet.handed_in_at else ""
    return [
        b.title(
            "理论知识考试答卷",
            above=centre.name,
            below=str(application.line),
            whose=f"{application.ticket.number}　{application.applicant.name}",
        ),
        b.pairs(
            ["准考证号", application.ticket.number, "姓名", application.applicant.name],
            ["成绩", sheet.absence() or marks.read(sheet.mark), "交卷时间", handed],
            ["交卷回执", sheet.receipt, "答卷校验码", sheet.sheet_digest[:16]],
        ),
        *([b.text(f"{sheet.absence()}，没有答卷。")] if sheet.absent else _answers(sheet, content)),
    ]


def _answers(sheet: TheorySheet, content: Content) -> list[b.Block]:
    """Type by type in the order of the paper; what is written out at length has a row of its own."""
    written = {answer.item: answer.mark for answer in sheet.written.all()}
    alike = read_as_marked(key_of(content), sheet.answers, sheet.objective)
    made: list[b.Block] = []
    for (kind, mark), group in groupby(
        enumerate(content, start=1), key=lambda one: (one[1]["type"], str(one[1]["mark"]))
    ):
        rows = [_row(number, item, sheet.answers.get(str(item["item"]), ""), written, alike) for number, item in group]
        if kind not in LETTERED:
            made.append(b.table(HEAD, rows, widths=WIDTHS))
            continue
        made.append(
            b.heading(f"{answers.TYPES[kind]}（每题 {marks.read(Decimal(mark))} 分）：题号　标准答案 / 考生作答　得分")
        )
        cells = [f"{number}　{key} / {given or '未答'}　{earned}" for number, _, key, given, _, earned in rows]
        lines = [cells[start : start + ACROSS] for start in range(0, len(cells), ACROSS)]
        made.append(b.table((), [line + [""] * (ACROSS - len(line)) for line in lines], widths=["1fr"] * ACROSS))
    return made


def _row(
    number: int, item: Mapping[str, Any], given: str, written: Mapping[int, Decimal | None], alike: Same
) -> list[str]:
    kind, full = item["type"], Decimal(str(item["mark"]))
    if item["item"] in written:
        earned = marks.read(written[item["item"]])
    else:
        share = answers.share(kind, item["key"], given, stem=item["stem"], alike=alike) if given else 0
        earned = marks.read(full * share.numerator / share.denominator)
    return [str(number), answers.TYPES[kind], _said(kind, item["key"]), _said(kind, given), marks.read(full), earned]


def _said(kind: str, text: str) -> str:
    """An answer or a key as people read it."""
    if kind == "fill" and text.startswith("["):
        return "；".join(str(part) for part in json.loads(text))
    return markup.plain(markup.parse(text)) if kind in answers.BY_HAND else text

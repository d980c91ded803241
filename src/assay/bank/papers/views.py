"""Pages of papers: assembled by the pattern, looked through, sealed. Nobody sees a sealed one again."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assay.assembly import mixes
from assay.bank.forms import MixForm
from assay.bank.models import Item, Paper, PaperCopies, Specification
from assay.bank.papers import printing
from assay.bank.papers.acts import custody, skill
from assay.bank.papers.acts import papers as acts
from assay.bank.papers.forms import AssembleForm, HandOutForm, PrintForm, SwapForm, TakeBackForm
from assay.bank.papers.notice import notice_pdf
from assay.bank.promise import ask_to_promise, promised
from assay.bank.queries import closed_items, overlaps, why_closed
from assay.bank.showing import shown_entry
from assay.catalogue.models import PaperPattern
from assay.catalogue.parts import Part
from assay.centre.actors import actor
from assay.kernel import clock
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not
from assay.kernel.citing import with_its_basis
from assay.kernel.documents.response import pdf
from assay.kernel.given import chosen
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import Offer, offer, offers
from assay.kernel.refusals import Refused

READERS = ("E7", "X4", "E2", "E6", "E8", "L2", "Q3")


@require_GET
@duties(*READERS)
def papers(request: HttpRequest) -> HttpResponse:
    return _papers_page(request, MixForm())


def _papers_page(request: HttpRequest, mix: MixForm) -> HttpResponse:
    listing = Listing(
        request,
        Paper.objects.select_related("specification").defer("content", "sealed_content", "composition"),
        [
            Column("试卷", lambda p: p.title, "title"),
            Column("编号", lambda p: p.pk, "pk"),
            Column("组卷时间", lambda p: clock.shown(p.created_at), "created_at", lambda p: p.created_at),
            Column("时长", lambda p: f"{p.minutes} 分钟"),
            Column("状态", _state, "state"),
            Column("校验码", lambda p: p.digest[:12], on_page=False),
        ],
        filters=[Filter("state", "状态", [s for s in Paper.State.choices if s[0] != Paper.State.OPENED], "state")],
        search=("title",),
        search_hint="名称",
        order="-pk",
        name="试卷",
        empty="还没有试卷。在上面选择细目表组卷。",
        row_url=lambda p: reverse("bank:paper", args=[p.pk]),
    )
    of_skill, who = request.POST.get("part") == Part.SKILL, actor(request)
    context = {
        "title": "试卷",
        "assembling": offer(who, acts.assemble, title="组卷", url=reverse("bank:assemble")),
        "assembling_skill": offer(who, skill.assemble_skill, title="组操作技能卷", url=reverse("bank:assemble")),
        "noticing": offer(who, skill.print_notice, title="准备通知单", url=reverse("bank:notice"), main=False),
        "specifications": Specification.objects.filter(part=Part.THEORY).order_by("title"),
        "skill_specifications": Specification.objects.filter(part=Part.SKILL).order_by("title"),
        "mix": mix,
        "given": {} if of_skill else request.POST or request.GET,
        "given_skill": request.POST if of_skill else {"forms": "3"},
        "counts": ("1", "2", "3", "4", "6", "8", "10"),
        "wanted_count": "2" if of_skill else request.POST.get("forms", "2"),
    }
    return listing.respond("bank/papers.html", context)


def _state(paper: Paper) -> str:
    return "已考过，不再首选" if paper.released_at else paper.get_state_display()


def _pattern(specification: Specification) -> PaperPattern:
    found = PaperPattern.objects.filter(
        standard_level__standard__occupation=specification.occupation, standard_level__level=specification.level
    ).first()
    if found is None:
        raise Refused(f"“{specification}”没有组卷结构，请在“职业标准—组卷结构”中填写", "工作方案 三(五)")
    return found


@require_POST
@duties("E7", "X4")
def assemble(request: HttpRequest) -> HttpResponse:
    """One or several forms of a paper by the pattern of the specification's standard."""
    if not promised(request):
        return ask_to_promise(request, "组卷之前，请先签署本年度的试题保密承诺。")
    mix = MixForm(request.POST)
    if not mix.is_valid():
        page = _papers_page(request, mix)
        page.status_code = 422
        return page
    try:
        made = _assembled(request, mix)
    except Refused as refused:
        # On the form, with everything that was chosen: what is in the way is often mended by one number.
        messages.error(request, with_its_basis(refused))
        page = _papers_page(request, mix)
        page.status_code = 409
        return page
    short = made[0].deviations
    messages.success(request, f"“{made[0].specification}”已组 {len(made)} 套，请核对后封存。")
    if short:
        messages.warning(request, f"题库不足，有 {len(short)} 项要求未完全满足，详见试卷页。")
    return redirect("bank:papers")


def _assembled(request: HttpRequest, mix: MixForm) -> list[Paper]:
    given = AssembleForm.read(request)
    specification: Specification = given["specification"]
    who, seed, letters, relaxed = actor(request), secrets.randbelow(2**31), given["forms"], given["relaxed"]
    if specification.is_skill:
        return skill.assemble_skill(who, specification, seed=seed, forms=letters, relaxed=relaxed)
    used, pattern = given["most_exposure"], _pattern(specification)
    options = acts.Options(
        most_exposure=None if used is None else used + 1,
        rest_days=given["rest_days"] or 0,
        relaxed=relaxed,
        **mix.stated(),
    )
    return acts.assemble(who, specification, pattern, seed=seed, forms=letters, options=options)


def _lettered(paper: Paper) -> list[dict[str, Any]]:
    """The items as candidates see them, with their marks; not those that stand on another paper that is sealed and still to
    be sat."""
    shut = closed_items(paper.specification)
    return [
        {
            "mark": entry["mark"],
            "item": entry.get("item"),
            "shown": None if entry.get("item") in shut else shown_entry(entry),
        }
        for entry in paper.content
    ]


def _mixes(paper: Paper) -> list[str]:
    """How many items of each importance and difficulty a paper has, and what was asked for."""
    items = list(Item.objects.filter(pk__in=paper.items()).values_list("point__importance", "difficulty"))
    said = []
    for name, key, titles, found in (
        ("重要程度", "importance", mixes.IMPORTANCES, Counter(importance for importance, _ in items)),
        ("难度", "levels", mixes.LEVELS, Counter(str(level) for _, level in items)),
    ):
        asked = paper.rules.get(key) or {}
        counts = "，".join(f"{kind} {title} {found[kind]} 题" for kind, title in titles.items())
        shares = " : ".join(f"{Decimal(asked.get(kind, 0)).normalize():f}" for kind in titles)
        wanted = f"（要求 {shares}，每类可差 {paper.rules.get('tolerance')} 题）" if asked else "（未作硬性要求）"
        said.append(f"{name}：{counts}{wanted}")
    return said


@require_GET
@duties(*READERS)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper's facts; its content only until it is sealed, and only for who assembles."""
    found = get_object_or_404(Paper.objects.select_related("specification"), pk=pk)
    who = actor(request)
    shows = why_not(acts.read_paper, who, found) is None
    if shows:
        if not promised(request):
            return ask_to_promise(request, "查看试卷之前，请先签署本年度的保密承诺。")
        acts.read_paper(who, found)
    given_out = list(found.copies.all())
    context = {
        "title": found.title,
        "paper": found,
        "closed_because": why_closed(found),
        "distance": _distance(found),
        "mixes": _mixes(found) if why_not(acts.assemble, who) is None else [],
        "parallel": "，".join(f"{form} 卷 {same} 题" for form, same in overlaps(found)),
        "content": _lettered(found) if shows else None,
        "parts": printing.parts_of(found).items(),
        "on_printing": _on_printing(found),
        "copies": _copies(who, given_out),
        "handed_out": sum(row.copies for row in given_out),
        "leaks": found.leaks.all(),
        "in_use": Item.objects.filter(pk__in=found.items(), state=Item.State.IN_USE).count(),
        **_steps(who, found),
    }
    return render(request, "bank/paper.html", context)


def _steps(who: Actor, found: Paper) -> dict[str, Offer | None]:
    """What can be done with a paper. Of one that is sealed or void nobody asks why it cannot be sealed or handed out."""

    def step(deed: Callable[..., Any], title: str, address: str) -> Offer:
        return offer(who, deed, found, title=title, url=reverse(address, args=[found.pk]))

    return {
        "sealing": None if why_closed(found) else step(acts.seal, "封存", "bank:seal"),
        "printing": step(acts.print_paper, "生成 PDF", "bank:paper_print"),
        "swapping": step(_swap_of(found), "换题", "bank:paper_swap"),
        "handing": None if found.is_void else step(custody.hand_out, "登记发放", "bank:paper_copies"),
        "reporting": step(custody.report_leak, "报告泄密并停用", "bank:paper_leak"),
    }


def _distance(paper: Paper) -> str:
    """How far its choice of items is from the best one that the bank allows."""
    if paper.swapped_out:
        return f"组卷后人工换过 {len(paper.swapped_out)} 题"
    if not paper.gap:
        return "按组卷要求，题库中选不出更好的一份"
    return f"按组卷要求，与题库能组出的最好一份相差不超过 {round(paper.gap * 100, 2)}%"


def _on_printing(paper: Paper) -> str:
    """What whoever prints it has to know."""
    already = f"，已印 {paper.printed} 份，不能再换题" if paper.printed else ""
    return f"份数写入台账{already}；印制应在监督下进行，印后当场密封，再封存试卷、清点发放。"


def _swap_of(paper: Paper) -> Callable[..., Item]:
    """The act by which an item of it is changed for another."""
    return skill.swap_task if paper.specification.is_skill else acts.swap_item


def _copies(who: Actor, given_out: Sequence[PaperCopies]) -> list[tuple[PaperCopies, Offer]]:
    """Each lot of copies with its taking back."""
    taking = offers(
        who, custody.take_back, given_out, title="收回", url=lambda row: reverse("bank:copies_back", args=[row.pk])
    )  # fmt: skip
    return [(row, taking[row.pk]) for row in given_out]


@require_POST
@duties("E7")
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    found = acts.seal(actor(request), get_object_or_404(Paper, pk=pk))
    messages.success(request, f"“{found.title}”已封存，校验码已记入台账。")
    return redirect("bank:papers")


@require_POST
@duties("E7")
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of a paper as PDF, for rooms without computers; how many copies are made stays on record."""
    found = get_object_or_404(Paper, pk=pk)
    parts = printing.parts_of(found)
    given = PrintForm.read(request, parts)
    part = given["part"]
    acts.print_paper(actor(request), found, parts[part], given["copies"])
    return pdf(printing.paper_pdf(found, part), f"{found.title}_{parts[part]}")


@require_POST
@duties("E7")
def copies(request: HttpRequest, pk: int) -> HttpResponse:
    """Copies counted out."""
    found = get_object_or_404(Paper, pk=pk)
    parts = printing.parts_of(found)
    given = HandOutForm.read(request, parts)
    custody.hand_out(actor(request), found, part=parts[given["part"]], copies=given["copies"], to=given["to"])
    messages.success(request, "发放已登记。")
    return redirect("bank:paper", pk=pk)


@require_POST
@duties("E7")
def copies_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Copies counted back."""
    row = get_object_or_404(PaperCopies, pk=pk)
    given = TakeBackForm.read(request)
    done = custody.take_back(actor(request), row, **given)
    missing = done.copies - given["used"] - given["unused"]
    if missing:
        messages.warning(request, f"收回已登记，少 {missing} 份；可能泄密的，请立即在本页报告泄密。")
    else:
        messages.success(request, "收回已登记，份数相符。")
    return redirect("bank:paper", pk=row.paper_id)


@require_POST
@duties("E7", "E8", "X4", "Q4")
def leak(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper is void at once, its items out of use."""
    made = custody.report_leak(actor(request), get_object_or_404(Paper, pk=pk), request.POST.get("text", ""))
    messages.warning(
        request,
        f"试卷已作废，停用试题 {made.items} 题，并已记入台账。已发布的场次请改期，重新组卷、封存后再发布；请立即向中心主任和省中心报告。",
    )
    return redirect("bank:papers")


@require_POST
@duties("E7", "X4")
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Another item in the place of one; the paper's rules stay on."""
    found, given = get_object_or_404(Paper, pk=pk), SwapForm.read(request)
    number = given["number"]
    new = _swap_of(found)(actor(request), found, number, given["wanted"])
    messages.success(request, f"第 {number} 题已换为试题 {new.pk}，校验码已更新。")
    return redirect(f"{reverse('bank:paper', args=[pk])}#q{number}")


@require_POST
@duties("E7", "X4", "E6")
def notice(request: HttpRequest) -> HttpResponse:
    """准备通知单: what the rooms, candidates and examiners bring, whichever version is drawn."""
    found = chosen(Specification.objects.all(), request.POST.get("specification", ""), "细目表")
    things = skill.print_notice(actor(request), found)
    return pdf(notice_pdf(found, things), f"{found.title}_准备通知单")

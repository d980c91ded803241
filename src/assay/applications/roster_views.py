"""Pages where a department hands in its roster and photos."""

from __future__ import annotations

from functools import partial
from typing import IO

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.applications import kept_roster
from assay.applications.acts.importing import Imported, import_roster, would_be_drafts
from assay.applications.forms import RosterForm
from assay.applications.ownership import department_of
from assay.applications.photos import LARGEST_ZIP, read_photos
from assay.applications.roster import Roster, read_roster
from assay.applications.roster_export import batches_with_rows, roster_file
from assay.applications.roster_lookup import Lookup
from assay.applications.roster_template import template
from assay.batches.models import Batch
from assay.centre.actors import actor
from assay.kernel.access import duties
from assay.kernel.bodies import TABLE, takes
from assay.kernel.refusals import Refused
from assay.kernel.security_log import shows_identity
from assay.kernel.sheet_file import xlsx_response

ROSTER = TABLE + LARGEST_ZIP
"""The roster and the photos beside it."""

SHOWN_PROBLEMS = 500
SHOWN_NOTES = 20


@require_http_methods(["GET", "POST"])
@duties("R1", "E5")
@takes(ROSTER)
def upload(request: HttpRequest) -> HttpResponse:
    """Upload a roster; all problems are shown at once, and a sound one is imported whole."""
    form = RosterForm(request.POST or None, request.FILES or None, take=partial(kept_roster.take, request))
    token = form.token
    roster: Roster | None = None
    drafts: list[str] = []
    done: Imported | None = None
    who = actor(request)
    if request.method == "POST" and form.is_valid():
        batch: Batch = form.cleaned_data["batch"]
        given = form.given()
        photos = read_photos(given.photos_name, _opened(given.photos)) if given.photos_name else None
        overwrite: bool = form.cleaned_data["overwrite"]
        lookup = Lookup(batch, department_of(who))
        roster = read_roster(given.name, given.content, lookup, photos, overwrite=overwrite)
        if roster.problems or "check" in request.POST or (roster.unchanged and not roster.rows):
            drafts = would_be_drafts(batch, roster.rows, wrong=roster.wrong)
            kept_roster.drop(request, token)
            token = "" if roster.problems or not roster.rows else kept_roster.keep(request, given)
            if token:
                form.say_kept(given)
        else:
            done = import_roster(who, batch=batch, rows=roster.rows, overwrite=overwrite)
            kept_roster.drop(request, token)
            token = ""
            _tell(request, roster, done)
            if not done.changes:
                return redirect(f"{reverse('applications:list')}?batch={batch.pk}")
            form = RosterForm()
    context = {
        "title": "导入报名名册",
        "form": form,
        "kept": token,
        "roster": roster,
        "drafts": drafts[:SHOWN_PROBLEMS],
        "drafts_title": _said_of_drafts(roster, len(drafts)),
        "sound": _said_of_sound(roster, len(drafts), kept=bool(token)) if done is None else "",
        "changes": roster.changes[:SHOWN_PROBLEMS] if roster else [],
        "changes_title": _said_of_changes(roster, done),
        "beside": roster.notes[:SHOWN_PROBLEMS] if roster and roster.problems else [],
        "sound_tone": "warning" if drafts else "success",
        "wrong": f"有 {len(roster.problems)} 处问题，全部没有导入" if roster else "",
        "problems": roster.problems[:SHOWN_PROBLEMS] if roster else [],
        "with_rows": batches_with_rows(department_of(who)),
        "batches": Batch.objects.taking_applications().order_by("-pk"),
    }
    return render(request, "applications/roster.html", context, status=422 if roster and roster.problems else 200)


def _opened(zipped: bytes | UploadedFile) -> bytes | IO[bytes]:
    """A ZIP that was kept, or the file of one that comes in."""
    if isinstance(zipped, bytes):
        return zipped
    assert zipped.file is not None
    return zipped.file


def _said_of_sound(roster: Roster | None, drafts: int, *, kept: bool) -> str:
    """What checking found of a roster in which nothing is wrong."""
    if roster is None or roster.problems:
        return ""
    if not roster.rows:
        return "没有要导入的行。"
    but = f"，但其中 {drafts} 行还不能提交，导入后是草稿" if drafts else ""
    next_step = "文件已暂存，直接点“导入”即可。" if kept else "文件较大，没有暂存，导入时请重新选择。"
    return f"核对 {len(roster.rows)} 行，格式没有问题，可以导入{but}。{next_step}"


def _said_of_drafts(roster: Roster | None, drafts: int) -> str:
    wrong = roster is not None and roster.problems
    return f"另有 {drafts} 行，照此导入只能是草稿" if wrong else f"导入后是草稿的 {drafts} 行"


def _said_of_changes(roster: Roster | None, done: Imported | None) -> str:
    count = len(roster.changes) if roster else 0
    more = f"（只列前 {SHOWN_PROBLEMS} 人）" if count > SHOWN_PROBLEMS else ""
    return f"{'已更改' if done else '导入会更改'} {count} 人的内容{more}"


def _tell(request: HttpRequest, roster: Roster, done: Imported) -> None:
    """What came in, and which of it was not handed in and why."""
    people = f"新考生 {done.people_new} 人，更新 {done.people_updated} 人，未变 {done.people_unchanged} 人"
    messages.success(request, f"已导入 {done.applications} 份报名（{people}）。")
    if done.drafts:
        messages.warning(request, f"其中 {len(done.drafts)} 份是草稿，没有提交。{done.how_to_go_on}")
    for note in [*roster.notes, *done.drafts][:SHOWN_NOTES]:
        messages.warning(request, note)


@require_GET
@duties("R1", "E5")
@shows_identity("报名名册（完整证件号码）")
def download_roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster as it is stored, to be corrected and imported again: a department's own people, or all of them."""
    batch = get_object_or_404(Batch, pk=pk)
    who = actor(request)
    content, count = roster_file(batch, department_of(who))
    if not count:
        raise Refused("本批次没有名册还能更改的报名：还没有人报名，或都已通过审核")
    return xlsx_response(content, f"报名名册_{batch.name}")


@require_GET
@duties("R1", "E5")
def download_template(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(Batch, pk=pk)
    return xlsx_response(template(batch), f"报名名册模板_{batch.name}")

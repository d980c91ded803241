"""The page on which a department mends an application that was returned, or was never handed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assay.applications.acts import mending
from assay.applications.acts.correcting import require_undecided_over
from assay.applications.acts.mending import mendable_by
from assay.applications.eligibility import application_problems
from assay.applications.mend_form import MendForm
from assay.applications.models import Application, Person
from assay.applications.views import visible
from assay.centre.actors import actor
from assay.centre.editing import read_only
from assay.kernel.access import duties
from assay.kernel.acts import Actor, why_not
from assay.kernel.bodies import PAPERS, takes
from assay.kernel.meanwhile import require_as_shown, told
from assay.kernel.refusals import Refused


@require_http_methods(["GET", "POST"])
@duties("R1", "E5")
@takes(2 * PAPERS)
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that the roster says of one applicant, put right and handed in."""
    application = visible(request, pk)
    who = actor(request)
    form = MendForm(
        application, request.POST or None, request.FILES or None, correctable=_correctable(application, who)
    )

    def anew() -> MendForm:
        return MendForm(visible(request, pk), correctable=_correctable(application, who))

    if request.method == "POST" and form.is_valid():
        try:
            require_as_shown(form, anew)
            mending.mend(
                who, application, changes=form.changes(), entry=form.entry(), photo=form.photo_bytes(),
                evidence=form.papers(), reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refused as refused:
            form = told(form, refused, anew)
        else:
            messages.success(request, f"{application.applicant} 的报名已补正并重新提交，等待系部初审。")
            return redirect("applications:detail", pk=pk)
    shut = why_not(mending.mend, who, application)
    if shut is not None:
        read_only(form)
    context = {
        "title": f"补正报名：{application.applicant}",
        "form": form,
        "application": application,
        "person": application.person,
        "problems": application_problems(application),
        "shut": shut,
        "back": reverse("applications:detail", args=[pk]),
    }
    return render(request, "applications/mend.html", context, status=422 if form.errors else 200)


def _correctable(application: Application, who: Actor) -> tuple[str, ...]:
    """What of the person is put right with the application: nothing while another batch rests on it."""
    try:
        require_undecided_over(Person.objects.get(pk=application.person_id))
    except Refused:
        return ()
    return mendable_by(who)

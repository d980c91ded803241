"""How a candidate comes to an account and into it: signing up, the department's code, signing in.

These pages answer a stranger the same whoever is known here: what is wrong with the typed text alone is said at once; beyond that
there is one sentence, and the password is hashed in every case. There is no second factor for candidates; why stands in
`centre.second_factor`.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from assay.applications.people import person_index
from assay.centre import signing_in
from assay.centre.actors import SYSTEM
from assay.centre.signing_in import onwards
from assay.centre.signing_in import sign_in as sign_in_with
from assay.kernel.access import public
from assay.kernel.clock import now
from assay.kernel.limits import ACTIVATION, CANDIDATE_SIGN_IN, SIGN_UP
from assay.kernel.refusals import Refused
from assay.kernel.security_log import note
from assay.kernel.throttle import Wait, address_of, enter
from assay.portal import acts
from assay.portal.forms import ActivationForm, CandidateSignInForm, SignUpForm
from assay.portal.models import Claim

_CLAIM = "claim"
"""Where the session keeps the number of the claim that this browser left."""


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
@public
def sign_up(request: HttpRequest) -> HttpResponse:
    """Leave a claim; the next page says what happens now."""
    form = SignUpForm(request.POST or None)
    context = {"title": "考生注册", "form": form}
    if request.method == "POST" and form.is_valid():
        data = form.person()
        try:
            enter(request, SIGN_UP, person_index(data.id_type, data.id_number))
            claim = acts.sign_up(SYSTEM, data, password=form.cleaned_data["password"], address=address_of(request))
        except Wait as wait:
            form.add_error(None, wait.message)
            return wait.on(render(request, "portal/sign_up.html", context))
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            request.session[_CLAIM] = claim.number
            return redirect("portal:received")
    return render(request, "portal/sign_up.html", context)


@never_cache
@require_safe
@public
def received(request: HttpRequest) -> HttpResponse:
    """The claim of this browser: its number, what to do next, and what became of it."""
    claim = Claim.objects.filter(number=request.session.get(_CLAIM, "")).select_related("department").first()
    if claim is None:
        return redirect("portal:sign_up")
    context = {
        "title": "注册申请", "claim": claim, "confirmed": claim.is_confirmed, "ended": acts.ended(claim, now()),
    }  # fmt: skip
    return render(request, "portal/received.html", context)


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
@public
def activate(request: HttpRequest) -> HttpResponse:
    """Make the own account with the department's code, and be signed in."""
    form = ActivationForm(request.POST or None)
    context = {"title": "用激活码开通", "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        signing_in.require_no_staff(request)
        try:
            turn = enter(request, ACTIVATION, person_index(given["id_type"], given["id_number"]))
            made = acts.activate(SYSTEM, **given)
        except Wait as wait:
            form.add_error(None, wait.message)
            return wait.on(render(request, "portal/activate.html", context))
        except Refused as refused:
            note(
                request,
                "sign_in",
                failed=True,
                what="激活码不对",
                who=acts.username_for(given["id_type"], given["id_number"]),
            )
            form.add_error(None, refused.message)
        else:
            turn.right()
            signing_in.enter(request, made, "激活码")
            messages.success(request, "账号已开通，请选择批次报名。下次用证件号码和刚设的密码登录。")
            return onwards(request, made, reverse("portal:home"))
    return render(request, "portal/activate.html", context)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """By ID number and password."""
    form = CandidateSignInForm(request.POST or None)
    context = {"title": "考生登录", "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        username = acts.username_for(given["id_type"], given["id_number"])
        try:
            found = sign_in_with(request, CANDIDATE_SIGN_IN, username=username, password=given["password"])
        except Wait as wait:
            form.add_error(None, wait.message)
            return wait.on(render(request, "portal/sign_in.html", context))
        if found is not None:
            return onwards(request, found, reverse("portal:home"))
        form.add_error(None, "证件号码或密码不对；用其他证件注册的，请核对证件类型。刚注册的，系部确认后才能登录。")
        return render(request, "portal/sign_in.html", context, status=401)
    return render(request, "portal/sign_in.html", context)

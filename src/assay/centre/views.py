"""Pages of the centre's profile and its parameters."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assay.centre.actors import actor
from assay.centre.acts import settings
from assay.centre.duty_table import sensitive
from assay.centre.editing import read_only, tabs_of
from assay.centre.editors import READERS, TABS
from assay.centre.forms import CentreForm, ParameterForm
from assay.centre.models import Centre, ParameterValue
from assay.centre.parameters import PARAMETERS, Parameter
from assay.kernel.access import duties
from assay.kernel.acts import why_not
from assay.kernel.citing import basis
from assay.kernel.meanwhile import require_as_shown, told
from assay.kernel.refusals import Refused

SECOND_FACTOR = "second_factor.needed"


@require_http_methods(["GET", "POST"])
@duties("L1", *READERS)
def profile(request: HttpRequest) -> HttpResponse:
    """The one centre; L1 may change it, others read it."""
    form = CentreForm(request.POST or None, instance=Centre.objects.first() or Centre(pk=1))
    if request.method == "POST" and form.is_valid():
        try:
            require_as_shown(form, _profile_anew)
            settings.save_centre(actor(request), form.instance)
        except Refused as refused:
            form = told(form, refused, _profile_anew)
        else:
            messages.success(request, "已保存中心信息")
            return redirect("centre:profile")
    may_change = why_not(settings.save_centre, actor(request)) is None
    if not may_change:
        read_only(form)
    context = {"title": "中心信息", "form": form, "tabs": tabs_of(request, TABS), "may_change": may_change}
    return render(request, "centre/profile.html", context)


def _profile_anew() -> CentreForm:
    return CentreForm(instance=Centre.objects.get())


@dataclass(frozen=True)
class _Row:
    """A parameter as it stands."""

    parameter: Parameter
    value: str
    document_no: str

    @property
    def shown(self) -> str:
        return self.parameter.shown(self.value)

    @property
    def default(self) -> str:
        return self.parameter.shown(self.parameter.default)

    @property
    def speaks_of_sensitive(self) -> bool:
        """Whether one of its values is told by the sensitive duties, so that the page says which those are."""
        return self.parameter.key == SECOND_FACTOR

    @property
    def source(self) -> str:
        """Where the default comes from."""
        return basis().source_of_number(self.parameter.source)

    @property
    def changed(self) -> bool:
        return self.value != self.parameter.default


def _row(parameter: Parameter, own: ParameterValue | None) -> _Row:
    return _Row(parameter, own.value if own else parameter.default, own.document_no if own else "")


@require_GET
@duties("L1", "L2", *READERS)
def parameters(request: HttpRequest) -> HttpResponse:
    """Every number of a rule: its value here, its default, its source, the document that allows another value."""
    own = {p.key: p for p in ParameterValue.objects.all()}
    context = {
        "title": "参数",
        "tabs": tabs_of(request, TABS),
        "rows": [_row(p, own.get(p.key)) for p in PARAMETERS.values()],
        "may_change": why_not(settings.set_parameter, actor(request)) is None,
        "sensitive": sensitive(),
    }
    return render(request, "centre/parameters.html", context)


@require_http_methods(["GET", "POST"])
@duties("L1", "L2")
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    if key not in PARAMETERS:
        raise Http404(key)
    now = _row(PARAMETERS[key], ParameterValue.objects.filter(key=key).first())
    initial = {"value": now.value, "document_no": now.document_no, "was": now.value}
    form = ParameterForm(key, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            settings.set_parameter(actor(request), key, given["value"], given.get("document_no", ""), was=given["was"])
        except Refused as refused:
            form = told(form, refused, lambda: ParameterForm(key, initial=initial))
        else:
            messages.success(request, f"已设置“{now.parameter.title}”")
            return redirect("centre:parameters")
    context = {
        "title": f"设置参数：{now.parameter.title}",
        "form": form,
        "back": reverse("centre:parameters"),
        "list_title": "参数",
        "hint": f"默认值 {f'{now.default} {now.parameter.unit}'.strip()}，来源：{now.source}",
        "sensitive": sensitive() if key == SECOND_FACTOR else [],
    }
    return render(request, "centre/parameter.html", context)

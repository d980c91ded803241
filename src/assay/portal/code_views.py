"""Where the department makes activation codes for its people and prints them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assay.applications.models import Person
from assay.centre import site
from assay.centre.actors import account, actor
from assay.centre.models import Department
from assay.kernel.access import duties
from assay.kernel.clock import now, shown
from assay.kernel.documents.response import pdf
from assay.kernel.listing import Column, Filter, Listing
from assay.kernel.offers import offer
from assay.kernel.security_log import exports
from assay.portal.acts import make_codes
from assay.portal.claim_views import READS_ALL
from assay.portal.forms import CodesForm
from assay.portal.printing import code_lists

WITHOUT_ACCOUNT = Q(account=None) | Q(account__vouched=False)
_STANDING = {"none": WITHOUT_ACCOUNT, "own": ~WITHOUT_ACCOUNT}


def _in_reach(request: HttpRequest) -> QuerySet[Person]:
    rows = Person.objects.select_related("department", "account", "activation")
    return rows if actor(request).duties & READS_ALL else rows.filter(department=account(request).department_id or 0)


@require_GET
@duties("R1", "E5")
def index(request: HttpRequest) -> HttpResponse:
    """The department's people and how each stands with an account and a code."""
    making = offer(actor(request), make_codes, title="为勾选的人生成并打印", url=reverse("portal:make_codes"))
    rows = _in_reach(request)
    classes = rows.exclude(class_name="").order_by("class_name").values_list("class_name", flat=True).distinct()
    filters = [
        Filter("class", "班级", [(c, c) for c in classes], "class_name"),
        Filter("account", "账号", [("none", "还没有核实的账号"), ("own", "已开通")], lambda chosen: _STANDING[chosen]),
    ]
    if actor(request).duties & READS_ALL:
        filters.append(Filter("department", "院系", [(d.pk, d.name) for d in Department.objects.all()], "department"))
    listing = Listing(
        request,
        rows,
        [
            Column("姓名", lambda p: p.name, "sort_key"),
            Column("学号/工号", lambda p: p.student_no, "student_no"),
            Column("证件号码", lambda p: p.id_masked),
            Column("院系", lambda p: p.department or "", "department__code"),
            Column("班级", lambda p: p.class_name, "class_name"),
            Column("账号", _account),
            Column("激活码", _code),
        ],
        filters=filters,
        search=("name", "student_no"),
        search_hint="姓名或学号",
        order="class_name",
        name="考生账号",
        empty="还没有考生。导入名册后，在这里为他们发放激活码。",
        selectable=making.open,
    )
    chosen = request.GET.get("class", "")
    without = rows.filter(WITHOUT_ACCOUNT, class_name=chosen).count() if chosen else 0
    context = {
        "title": "考生激活码", "site": site.opened_here_only(), "class_name": chosen, "without": without,
        "making": making,
    }  # fmt: skip
    return listing.respond("portal/codes.html", context)


def _account(person: Person) -> str:
    if person.account is None:
        return "未开通"
    if not person.account.vouched:
        return "自行注册，未核实"
    return "已开通" if person.account.is_active else "已停用"


def _code(person: Person) -> str:
    code = getattr(person, "activation", None)
    if code is None:
        return ""
    if code.used_at:
        return f"{shown(code.used_at)} 已使用"
    return "已过期" if code.expires_at <= now() else f"有效至 {shown(code.expires_at)}"


@never_cache
@require_POST
@duties("R1", "E5")
@exports("考生激活码名单")
def make(request: HttpRequest) -> HttpResponse:
    """New codes for the ticked people, or for those of a class who have no account yet, as a list to be cut apart."""
    given = CodesForm.read(request)
    meant = WITHOUT_ACCOUNT & Q(class_name=given["class"]) if given["whole"] else Q(pk__in=given["chosen"])
    made = make_codes(actor(request), list(_in_reach(request).filter(meant)))
    return pdf(code_lists(made), "考生激活码")

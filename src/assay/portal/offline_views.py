"""What is published for whoever checks certificates without asking here: keys, lists, the page that does it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assay.centre import site
from assay.certificates import published, status_list
from assay.kernel.access import public
from assay.portal import offline_page


@never_cache
@require_GET
@public
def page(request: HttpRequest) -> HttpResponse:
    """The page that checks certificates without a network."""
    made = offline_page.offline_page()
    response = HttpResponse(made.html)
    response["Content-Security-Policy"] = made.policy
    return response


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """What keeps the page for later."""
    return HttpResponse(offline_page.worker(), content_type="text/javascript; charset=utf-8")


@require_GET
@public
def about(request: HttpRequest) -> HttpResponse:
    """What a QR code holds and how to check it, in a few words."""
    address = site.address()
    context = {
        "title": "证书二维码说明", "keys": published.keys(), "keys_address": f"{address}/.well-known/assay-keys.json",
        "status_address": address + published.STATUS_ADDRESS, "days": status_list.LASTS.days,
    }  # fmt: skip
    return render(request, "portal/codes_explained.html", context)


@require_GET
@public
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys as JWK set."""
    response = JsonResponse(published.key_set(), content_type="application/jwk-set+json")
    return _for_everybody(response)


@require_GET
@public
def cose_keys(request: HttpRequest) -> HttpResponse:
    """The public keys as COSE_KeySet."""
    return _for_everybody(HttpResponse(published.cose_key_set(), content_type="application/cose-key-set"))


@never_cache
@require_GET
@public
def statuses(request: HttpRequest) -> HttpResponse:
    """The status list, signed at this moment."""
    return _for_everybody(HttpResponse(published.statuses(), content_type=status_list.KIND))


def _for_everybody(response: HttpResponse) -> HttpResponse:
    """Pages of others, and a saved copy of ours, may read it."""
    response["Access-Control-Allow-Origin"] = "*"
    return response

"""What was refused, as people read it: the log keeps the name of the address, the page is called as the menu calls it."""

from __future__ import annotations

import re
from functools import cache

from django.urls import NoReverseMatch, reverse

from assay.catalogue.editors import ROUTE_TABS, SCOPE_TABS, STANDARD_TABS
from assay.centre.editors import TABS as CENTRE_TABS
from assay.corps.editors import TABS as CORPS_TABS
from assay.kernel.contributions import batch_pages, menu
from assay.sites.editors import TABS as SITES_TABS

_AS_LOGGED = re.compile(r"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) ([\w.:-]+)")
_TABS = (*CENTRE_TABS, *SCOPE_TABS, *STANDARD_TABS, *ROUTE_TABS, *CORPS_TABS, *SITES_TABS)


def in_words(what: str, page: str) -> str:
    """What somebody tried at an address (`page`), in Chinese; nothing where the line was written for people."""
    logged = _AS_LOGGED.fullmatch(what)
    if logged is None:
        return ""
    method, name = logged.groups()
    did = "打开" if method in ("GET", "HEAD") else "提交"
    if name in _titles():
        return f"{did}“{_titles()[name]}”"
    above = [(len(address), title) for address, title in _addresses() if page.startswith(address)]
    return f"{did}“{max(above)[1]}”下的页面" if above else f"{did}菜单以外的页面"


@cache
def _titles() -> dict[str, str]:
    """Titles by the name of the address; what the menu says goes before what a tab says."""
    return {
        **{name: title for title, name in _TABS},
        **{one.url_name: one.title for one in batch_pages},
        **{one.url_name: one.title for one in menu},
    }


@cache
def _addresses() -> tuple[tuple[str, str], ...]:
    """Pages that are one address each, with their titles."""
    found = []
    for name, title in _titles().items():
        try:
            found.append((reverse(name), title))
        except NoReverseMatch:  # of a batch
            continue
    return tuple(found)

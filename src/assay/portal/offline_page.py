"""The page that checks certificates without a network: one file with everything in it, keys and lists of today among it.

Opened once it is kept by a service worker (over https); saved it works from the file. Its scripts are modules of ours, set one after the
other into one script, after what they borrow (`scripts/borrowed.js`); the page's policy names this script and style by their digest
and allows nothing else.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from assay.catalogue.models import Level
from assay.centre import site
from assay.centre.models import Centre
from assay.certificates import published
from assay.kernel.clock import now

_STATIC = Path(__file__).parent / "static"
_MODULES = ("bytes", "signing", "codes", "lists", "verdict", "pictures", "page")
"""Each after those that it imports from."""
_IMPORT, _EXPORT = re.compile(r"^import .*;\n", re.MULTILINE), re.compile(r"^export ", re.MULTILINE)
PAGE, WORKER, ABOUT, REVOKED = (
    "/verify/offline/",
    "/verify/offline/worker.js",
    "/verify/codes/",
    "/certificates/revoked.json",
)


@dataclass(frozen=True)
class OfflinePage:
    """The page, and the policy that it is sent with."""

    html: str
    policy: str


@cache
def _script() -> str:
    borrowed = (_STATIC / "vendor" / "borrowed.js").read_text(encoding="utf-8")
    own = "\n".join(_joined((_STATIC / "offline" / f"{name}.js").read_text(encoding="utf-8")) for name in _MODULES)
    return f"{borrowed}\n(() => {{\n{own}}})();\n"


def _joined(module: str) -> str:
    """A module of ours as a part of one script."""
    return _EXPORT.sub("", _IMPORT.sub("", module))


def worker() -> str:
    """The service worker that keeps the page."""
    return (_STATIC / "offline" / "worker.js").read_text(encoding="utf-8")


def offline_page() -> OfflinePage:
    """As of now."""
    address = site.address()
    style, script = (_STATIC / "offline" / "page.css").read_text(encoding="utf-8"), _script()
    policy = _policy(style, script, address)
    parts = {
        "policy": policy.replace("; frame-ancestors 'none'", ""),  # which a page cannot say of itself
        "style": style,
        "page": address + PAGE,
        "statuses": address + published.STATUS_ADDRESS,
        "revoked": address + REVOKED,
        "about": address + ABOUT,
        "data": _data(address),
        "script": script,
    }
    skeleton = (_STATIC / "offline" / "page.html").read_text(encoding="utf-8")
    return OfflinePage(re.sub(r"@(\w+)@", lambda place: parts[place[1]], skeleton), policy)


def _policy(style: str, script: str, address: str) -> str:
    return (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; img-src data: blob:; media-src blob:; "
        f"connect-src 'self' {address}; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def _data(address: str) -> str:
    """Keys, lists and names, as JSON that no page takes for its own end."""
    centre = Centre.objects.get()
    said = {
        "centre": centre.name,
        "demo": centre.is_demo,
        "made": now().isoformat(timespec="seconds"),
        "site": address,
        "levels": dict(Level.objects.values_list("code", "certificate_title")),
        "keys": published.key_set()["keys"],
        "statuses": {"at": published.STATUS_ADDRESS, "list": base64.b64encode(published.statuses()).decode()},
        "revoked": {"at": REVOKED, "list": published.revoked()},
    }
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")

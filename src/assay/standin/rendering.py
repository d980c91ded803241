"""Pages from templates, escaped, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.templating import Jinja2Templates

from assay.standin.masking import masked
from assay.standin.wording import CERTIFICATE_STATES, CHANGES, LEFT_OUT, LEVELS, OUTCOMES, ROUTES, STATES

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")


def _moment(value: datetime) -> str:
    return f"{value.astimezone(_SHANGHAI):%Y-%m-%d %H:%M}"


def _cell(value: Any, key: str) -> str:
    """A received value as people read it; document numbers are masked."""
    if value is None or value == "":
        return "--"
    if key == "id_number":
        return masked(str(value))
    words: Mapping[str, Mapping[str, str]] = {
        "level": LEVELS, "outcome": OUTCOMES, "route": ROUTES, "left_out": LEFT_OUT, "change": CHANGES,
        "state": CERTIFICATE_STATES,
    }  # fmt: skip
    return words.get(key, {}).get(str(value), str(value))


_TEMPLATES.env.filters |= {
    "moment": _moment,
    "iso_moment": lambda text: _moment(datetime.fromisoformat(text)),
    "cell": _cell,
    "state": lambda code: STATES[code],
}


def page(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    """The rendered template; `context` holds `session` (or None) for the head of the page."""
    return _TEMPLATES.TemplateResponse(request, template, context, status_code=status)

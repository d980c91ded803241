"""The stand-in put together: API, pages, headers and what is said when something goes wrong."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from assay.front import running
from assay.front.counted import CountedBodies
from assay.front.hung_up import HangUpsDropped
from assay.standin import bodies
from assay.standin.api import Api
from assay.standin.failures import exception_handlers
from assay.standin.headers import SecurityHeaders
from assay.standin.mood import Mood
from assay.standin.pages import Pages
from assay.standin.sessions import Sessions
from assay.standin.store import Store

STATIC = Path(__file__).parent / "static"


def create_app(database: Path, token: str, *, auto_approve: bool = False) -> Starlette:
    """The stand-in over the SQLite file `database` (made if missing). `token` opens both the API and the pages.

    With `auto_approve` filings and result reports are approved as soon as they are received.
    Raises ValueError for an empty or non-ASCII token (a header could not carry it).
    """
    if not token or not token.isascii():
        raise ValueError("访问密码不能为空，且只能用英文字母、数字和符号")
    store = Store(database)
    api = Api(store, token, Mood(), auto_approve=auto_approve)
    pages = Pages(store, token, Sessions())
    return Starlette(
        routes=[
            Mount(bodies.API, routes=api.routes()),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
            *pages.routes(),
        ],
        middleware=[
            Middleware(HangUpsDropped),
            Middleware(SecurityHeaders),
            Middleware(CountedBodies, most=bodies.most, refusal=bodies.refusal),
        ],
        exception_handlers=exception_handlers(),
    )


def run(host: str, port: int, database: Path, token: str, *, auto_approve: bool = False) -> None:
    """Serve until stopped, with the deadlines and limits of the others."""
    running.run(
        create_app(database, token, auto_approve=auto_approve),
        host=host,
        port=port,
        timeout_keep_alive=15,
        proxy_headers=False,
    )

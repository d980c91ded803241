"""What the stand-in says when it cannot do what was asked: a problem body to programs, a page to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from assay.standin.rendering import page

_SAID = {
    404: ("not_found", "没有这个地址"),
    405: ("method_not_allowed", "此地址不支持这种操作"),
    500: ("internal", "演示站内部出错，请稍后再试"),
}


class Problem(Exception):
    """A refusal with its HTTP status, a stable English code, a message in Chinese and, for bad content, every
    fault found as {"field", "message"}."""

    def __init__(self, status: int, code: str, message: str, problems: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.problems = status, code, message, list(problems)

    def response(self) -> JSONResponse:
        """The problem body."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.problems:
            body["problems"] = self.problems
        headers = {"Retry-After": "1"} if self.status == 503 else {}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(body, self.status, headers)


def exception_handlers() -> dict[Any, ExceptionHandler]:
    """For Starlette: refusals, unknown addresses and crashes, all in Chinese."""
    return {Problem: _problem, HTTPException: _http, Exception: _crash}


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _said(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, message = _SAID.get(error.status_code, ("refused", "请求被拒绝"))
    response = _said(request, Problem(error.status_code, code, message))
    response.headers.update(error.headers or {})
    return response


def _crash(request: Request, error: Exception) -> Response:
    return _said(request, Problem(500, *_SAID[500]))


def _said(request: Request, problem: Problem) -> Response:
    if request.url.path.startswith("/api/"):
        return problem.response()
    return page(request, "problem.html", {"message": problem.message, "session": None}, status=problem.status)

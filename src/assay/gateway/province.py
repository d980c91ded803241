"""The provincial platform over HTTP, as docs/provincial-api.md has it. The adapter's contract is ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx
from django.conf import settings

from assay.bridge.trust import well_known

_NO_HEADERS: Mapping[str, str] = {}


class Unreachable(Exception):
    """The platform did not answer, or answered that it cannot now: try again later."""


class Rejected(Exception):
    """The platform understood and refused: sending the same again is no use. The message is its reason."""


class Reply(NamedTuple):
    """What the platform answered; header names in whatever case."""

    body: dict[str, Any]
    headers: Mapping[str, str]


class Province:
    """A connection to the platform; use as a context manager."""

    def __init__(self, url: str | None = None, token: str | None = None, timeout: float = 15.0) -> None:
        self._client = httpx.Client(
            base_url=url or settings.PROVINCE_URL,
            headers={"Authorization": f"Bearer {token or settings.PROVINCE_TOKEN}"},
            timeout=timeout,
            verify=well_known(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def send(self, path: str, payload: dict[str, Any], key: str, more: Mapping[str, str] = _NO_HEADERS) -> Reply:
        """POST a message under its idempotency key; the reply. Raises Unreachable or Rejected."""
        return self._answer("POST", path, json=payload, headers={"Idempotency-Key": key, **more})

    def state(self, path: str, remote_id: str) -> dict[str, Any]:
        """GET what became of it: {"state", "reason", "decided_at", "decided_by"}."""
        return self._answer("GET", f"{path}/{remote_id}").body

    def _answer(self, method: str, path: str, **options: Any) -> Reply:
        try:
            response = self._client.request(method, path, **options)
        except httpx.HTTPError as broken:
            slow = isinstance(broken, httpx.TimeoutException)
            raise Unreachable("省平台没有按时答复" if slow else "省平台连接不上，请检查网络和省平台的地址") from broken
        if response.status_code >= 500 or response.status_code in (408, 429):
            raise Unreachable(f"省平台暂不可用（HTTP {response.status_code}）")
        try:
            body = response.json()
        except ValueError as garbled:
            raise Unreachable(f"省平台的答复读不懂（HTTP {response.status_code}）") from garbled
        if response.status_code >= 400:
            raise Rejected(str(body.get("message", f"HTTP {response.status_code}")))
        return Reply(dict(body), response.headers)

"""The office's way to a hall: publish, collect, read the log. Sync; every request is signed."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

import httpx
import msgspec

from assay.hall.contract import Collection, EndedPass, Keys, LogEntry, Pack
from assay.hall.tokens import DIGEST_HEADER, SIGNATURE_HEADER, TIME_HEADER, digest_of, sign_request


class HallUnreachable(Exception):
    """The hall did not answer, or refused; the message is for the user, in Chinese."""


class HallRefused(HallUnreachable):
    """The hall answered, and said no."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class HallClient:
    """A connection to one hall; use as a context manager."""

    def __init__(self, url: str, secret: bytes, timeout: float = 60.0) -> None:
        self._client = httpx.Client(base_url=url, timeout=timeout, trust_env=False)
        self._secret = secret

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def publish(self, pack: Pack) -> str:
        """Hand a pack over; the same pack again is nothing new. Returns the digest of what the hall has taken."""
        answer: dict[str, str] = msgspec.json.decode(self._ask("POST", "/office/packs", encode_pack(pack)))
        return answer["digest"]

    def open(self, pack_id: str, keys: Keys) -> None:
        """Hand over the keys of a pack's papers; once more is nothing new."""
        self._ask("POST", f"/office/packs/{pack_id}/keys", msgspec.json.encode(keys))

    def withdraw(self, pack_id: str) -> None:
        """Take back a pack that nobody has begun; one that never reached the hall is not there to be used either."""
        try:
            self._ask("POST", f"/office/packs/{pack_id}/withdraw")
        except HallRefused as refused:
            if refused.status != 404:
                raise

    def end_passes(self, ended: list[EndedPass]) -> None:
        """Passes to the console that are good no more; once more is nothing new."""
        self._ask("POST", "/office/passes/ended", msgspec.json.encode(ended))

    def collect(self, pack_id: str) -> Collection:
        return msgspec.json.decode(self._ask("GET", f"/office/packs/{pack_id}"), type=Collection)

    def log(self, pack_id: str, after: int = 0) -> list[LogEntry]:
        """Up to 10,000 entries of the answer log after `after`."""
        return msgspec.json.decode(self._ask("GET", f"/office/packs/{pack_id}/log/{after}"), type=list[LogEntry])

    def alive(self) -> bool:
        try:
            return self._client.get("/health").status_code == 200
        except httpx.HTTPError:
            return False

    def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        stamp = str(int(time.time()))
        digest = digest_of(body)
        signature = sign_request(self._secret, method, path, stamp, digest)
        headers = {TIME_HEADER: stamp, DIGEST_HEADER: digest, SIGNATURE_HEADER: signature}
        try:
            response = self._client.request(method, path, content=body, headers=headers)
        except httpx.HTTPError as broken:
            raise HallUnreachable(f"考试端连接不上（{type(broken).__name__}），请检查考试端是否启动") from broken
        if response.status_code != 200:
            text = f"考试端拒绝了请求（{response.status_code}）：{_said(response)}"
            raise HallRefused(text, response.status_code)
        return response.content


def _said(response: httpx.Response) -> str:
    """What the hall says of it, or whatever else stands there."""
    try:
        return str(response.json()["message"])[:200]
    except (ValueError, KeyError, TypeError):
        return response.text[:200]


def encode_pack(pack: Pack) -> bytes:
    return msgspec.msgpack.encode(pack)

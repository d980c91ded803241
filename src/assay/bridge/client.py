"""The office's way to a hall: publish, collect, read the log. Sync; every request is signed, and sealed both ways."""

from __future__ import annotations

import ssl
from types import TracebackType
from typing import Self

import httpx
import msgspec

from assay.bridge.channel import SEALED, VERSION_HEADER, Exchange, NotSealed
from assay.bridge.contract import VERSION, Announcement, Collection, EndedPass, Keys, LogEntry, Pack, RoomStanding
from assay.bridge.trust import well_known


class HallUnreachable(Exception):
    """The hall did not answer, or refused; the message is for the user, in Chinese."""


class HallRefused(HallUnreachable):
    """The hall answered, and said no."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class HallClient:
    """A connection to one hall; use as a context manager. `trust`: whose certificates are believed (usual: the well-known ones)."""

    def __init__(self, url: str, secret: bytes, timeout: float = 60.0, trust: ssl.SSLContext | None = None) -> None:
        self._client = httpx.Client(base_url=url, timeout=timeout, trust_env=False, verify=trust or well_known())
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

    def rooms(self, pack_id: str) -> list[RoomStanding]:
        """How the rooms of a pack stand now."""
        return msgspec.json.decode(self._ask("GET", f"/office/packs/{pack_id}/rooms"), type=list[RoomStanding])

    def announce(self, pack_id: str, said: Announcement) -> None:
        """Words for all rooms of a pack, and into their records."""
        self._ask("POST", f"/office/packs/{pack_id}/announcement", msgspec.json.encode(said))

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
        exchange = Exchange.new(method, path)
        sealed = exchange.seal_question(self._secret, body)
        try:
            response = self._client.request(
                method, path, content=sealed, headers=exchange.headers(self._secret, sealed)
            )
        except httpx.HTTPError as broken:
            raise HallUnreachable(_why_unreached(broken)) from broken
        if response.headers.get("content-type") != SEALED:
            raise HallUnreachable(_unsealed(response))
        try:
            said = exchange.open_answer(self._secret, response.status_code, response.content)
        except NotSealed as foreign:
            raise HallUnreachable(
                "考试端的答复不是用约定的密钥封装的，可能连到了别的服务器，请检查考试端的地址"
            ) from foreign
        if response.status_code != 200:
            text = f"考试端拒绝了请求（{response.status_code}）：{_said(said)}"
            raise HallRefused(text, response.status_code)
        return said


def _why_unreached(broken: httpx.HTTPError) -> str:
    cause: BaseException | None = broken
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    if cause is not None:
        return f"考试端的证书不可信（{cause.verify_message}），没有发送任何内容：请检查 ASSAY_HALL_CA 和考试端的地址"
    if isinstance(broken, httpx.TimeoutException):
        return "考试端连接不上：没有按时答复，请检查考试端是否启动、网络是否畅通"
    return "考试端连接不上，请检查考试端是否启动"


def _unsealed(response: httpx.Response) -> str:
    """What to make of an answer in the clear: of another version, of a hall that does not know us, or of no hall at all."""
    text, theirs = _said(response.content), response.headers.get(VERSION_HEADER, "")
    if theirs == str(VERSION):
        return f"考试端拒绝了请求（{response.status_code}）：{text}"
    if theirs or _is_of_hall(response):
        said = f"第 {theirs[:8]} 版" if theirs else "较旧"
        return f"教务端与考试端的版本不一致（教务端第 {VERSION} 版，考试端{said}），请把两边更新到同一版本"
    return f"答复的不是考试端（{response.status_code}）：{text}。请检查考试端的地址"


def _is_of_hall(response: httpx.Response) -> bool:
    """Halls of earlier versions say why not in JSON."""
    try:
        return "message" in response.json()
    except (ValueError, TypeError):
        return False


def _said(content: bytes) -> str:
    """What the hall says of it, or whatever else stands there."""
    try:
        return str(msgspec.json.decode(content)["message"])[:200]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
        return content.decode(errors="replace")[:200]


def encode_pack(pack: Pack) -> bytes:
    return msgspec.msgpack.encode(pack)

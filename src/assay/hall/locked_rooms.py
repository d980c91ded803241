"""Rooms that ask for Safe Exam Browser: every request of a candidate there is looked at, and what a seat's token was given to is all
that it is good for.

The browser begins at `/seb` and is sent on to a page with a *door*: a word that the hall signed for that computer. Every request of
the page says its door, so that the hash it carries belongs to one computer and one address, and is of no use anywhere else: not for
another seat, another address, another session. Browsers on WebKit add no hashes of their own; there the page passes on the one
for its own address, which has the door in it too. The seat's token is bound to the door of the sign-in, or to another door of the
same computer, whose browser was opened anew.

A computer whose locked browser fails is let in by the invigilator, by its network address, for one candidate.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from assay.bridge.tokens import door_token, read_door_token
from assay.hall.committer import Committer
from assay.hall.computers import from_computer
from assay.hall.edit import Edit
from assay.hall.refusal import Refusal
from assay.hall.remarks import Noticed, remark
from assay.hall.safe_exam_browser import session_keys, settings_for
from assay.hall.seb_json import config_key, request_hash
from assay.hall.state import LiveSitting
from assay.hall.store.contract import Finals

CONFIG_KEY_HEADER = b"x-safeexambrowser-configkeyhash"
EXAM_KEY_HEADER = b"x-safeexambrowser-requesthash"
DOOR = b"door="
MOST_KEYS = 1000
EXAM_KEY, MOST_EXAM_KEYS, ANY_BUILD = re.compile("[0-9a-f]{64}"), 20, "不限"
ELSE = "；浏览器有故障的，由监考员在控制台“允许不用专用浏览器”"
NOT_LOCKED = f"本考场须使用考试专用浏览器（Safe Exam Browser）及本场设置，请举手联系监考员{ELSE}"
OTHER_SETTINGS = f"本机的专用浏览器打开的不是本场次的设置文件，请举手由监考员退出后打开本场次的文件{ELSE}"
OTHER_PROGRAM = f"本机的专用浏览器不是登记过的版本，请举手联系监考员{ELSE}"
OTHER_DOOR = f"不是登录时的那台计算机，或其网络地址变了：请在专用浏览器中重新登录，不行的请举手联系监考员{ELSE}"


class Came(NamedTuple):
    """What a request says of the browser that it comes from: the hall's address as the browser has it, the request's own, its door,
    its two hashes, and the network address."""

    base: str
    url: str
    door: str
    config_hash: bytes
    exam_hash: bytes
    address: str


def came(scope: Any) -> Came:
    """How a request came."""
    host = config_hash = exam_hash = b""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == CONFIG_KEY_HEADER:
            config_hash = value.lower()
        elif name == EXAM_KEY_HEADER:
            exam_hash = value.lower()
    query: bytes = scope["query_string"]
    base = f"{scope['scheme']}://{host.decode('latin-1')}"
    path = scope["raw_path"].decode("latin-1")
    door = query[len(DOOR) :].decode("latin-1") if query.startswith(DOOR) else ""
    url = f"{base}{path}?{query.decode('latin-1')}" if query else f"{base}{path}"
    return Came(base, url, door, config_hash, exam_hash, address_of(scope))


def address_of(scope: Any) -> str:
    """The network address that a request comes from."""
    client = scope.get("client")
    return client[0] if client else ""


class LockedRooms:
    """Who may come in, with what browser."""

    def __init__(self, committer: Committer, secret: bytes) -> None:
        self._committer, self._secret = committer, secret
        self._keys: dict[tuple[str, str], str] = {}

    def door(self, address: str) -> str:
        """A door for the computer at an address."""
        return door_token(self._secret, secrets.token_hex(8), address)

    async def sign_in(self, sitting: LiveSitting, how: Came) -> str:
        """The door that the seat's token is bound to; "" where no locked browser is needed. Refusal when one is."""
        reason = self._why_no_sign_in(sitting, how) and await self._confirmed(
            sitting, how.address, lambda: self._why_no_sign_in(sitting, how)
        )
        if reason:
            raise Refusal(403, reason)
        needed = sitting.room.room.locked_browser and not _may_use_another(sitting, how.address)
        return how.door if needed else ""

    def _why_no_sign_in(self, sitting: LiveSitting, how: Came) -> str:
        if not sitting.room.room.locked_browser or _may_use_another(sitting, how.address):
            return ""
        if not how.door:
            return NOT_LOCKED
        if read_door_token(self._secret, how.door) != how.address:
            return OTHER_DOOR
        return self._why_not(sitting, how)

    async def require(self, sitting: LiveSitting, door: str, scope: Any) -> None:
        """Refusal when a request of a seat, whose token is bound to `door`, does not come from where the token was given."""
        reason = self.looks_wrong(sitting, door, scope) and await self.why_refused(sitting, door, scope)
        if reason:
            raise Refusal(403, reason)

    async def why_refused(self, sitting: LiveSitting, door: str, scope: Any) -> str:
        """Why such a request that looks wrong is refused, shown to the invigilator; "" when it is not after all."""
        return await self._confirmed(sitting, address_of(scope), lambda: self.looks_wrong(sitting, door, scope))

    def looks_wrong(self, sitting: LiveSitting, door: str, scope: Any) -> str:
        """What is wrong with it as far as memory knows. A room that asks for no locked browser pays nothing."""
        if not sitting.room.room.locked_browser:
            return ""
        if not door:
            return "" if _may_use_another(sitting, address_of(scope)) else NOT_LOCKED
        how = came(scope)
        return self._why_not(sitting, how) if how.door == door or self._same_computer(door, how) else OTHER_DOOR

    def _same_computer(self, door: str, how: Came) -> bool:
        """The locked browser was opened anew, and its page goes on with the token that it had kept."""
        return read_door_token(self._secret, how.door) == how.address == read_door_token(self._secret, door)

    async def _confirmed(self, sitting: LiveSitting, address: str, why: Callable[[], str]) -> str:
        """The reason on fresh memory: the invigilator may have allowed it through another process."""
        await self._committer.refresh()
        reason = why()
        if reason:
            await self._note(sitting, address)
        return reason

    def _why_not(self, sitting: LiveSitting, how: Came) -> str:
        """By what it carries for its own address, or for that of its page."""
        if not how.config_hash:
            return NOT_LOCKED
        key = self._config_key(sitting.pack.pack.id, how.base)
        for url in (how.url, f"{how.base}/?{DOOR.decode()}{how.door}"):
            if _carries(how.config_hash, url, [key]):
                programs = sitting.room.facts.exam_keys
                return "" if not programs or _carries(how.exam_hash, url, programs) else OTHER_PROGRAM
        return OTHER_SETTINGS

    def _config_key(self, pack: str, base: str) -> str:
        known = self._keys.get((pack, base))
        if known is None:
            if len(self._keys) >= MOST_KEYS:
                self._keys.clear()
            known = self._keys[pack, base] = config_key(settings_for(base, session_keys(self._secret, pack)))
        return known

    async def _note(self, sitting: LiveSitting, address: str) -> None:
        """For the invigilator to see, once for an address; where it cannot be written just now, it is not."""
        if not _is_news(sitting, address):
            return

        def noted(edit: Edit, _: Finals) -> None:
            if _is_news(sitting, address):
                edit.sitting(sitting, other_browser_from=address)
                remark(edit, sitting, Noticed.OTHER_BROWSER, from_computer(sitting, address))

        try:
            await self._committer.change(noted)
        except Exception:  # the refusal itself must not depend on it
            return


def read_exam_keys(text: str) -> tuple[str, ...]:
    """Browser Exam Keys as they are typed, one in a line; none for `不限`. Refusal when they are none."""
    given = [] if text.strip() == ANY_BUILD else text.lower().split()
    wrong = [key for key in given if not EXAM_KEY.fullmatch(key)]
    if wrong:
        raise Refusal(400, f"浏览器考试密钥是 64 位十六进制数，每行一个；这些不是：{'、'.join(wrong)[:200]}")
    if len(given) > MOST_EXAM_KEYS:
        raise Refusal(400, f"最多登记 {MOST_EXAM_KEYS} 个浏览器考试密钥")
    return tuple(given)


def _may_use_another(sitting: LiveSitting, address: str) -> bool:
    return bool(address) and sitting.facts.other_browser_at == address


def _is_news(sitting: LiveSitting, address: str) -> bool:
    facts = sitting.facts
    return facts.other_browser_from != address and not facts.handed_in_at and not sitting.room.facts.closed_at


def _carries(said: bytes, url: str, keys: Sequence[str]) -> bool:
    return any(hmac.compare_digest(said, request_hash(url, key).encode()) for key in keys)

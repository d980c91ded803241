"""A store in which packs, their pictures and their papers' keys lie sealed: whoever gets hold of the database reads no paper, no
number and no face. The key comes from the secret that the hall shares with the office and that no database holds. Answers and
what happened lie as they are."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag

from assay.bridge.keys import cipher
from assay.hall.store.contract import Changes, Finals, Operation, Store

USE = "hall's store"
MAGIC = b"\x93AHS\x01"
TEXT_MAGIC = "sealed:"
_NONCE = 12


class ForeignSecret(RuntimeError):
    """What lies in the store was sealed with another secret."""


class Seal:
    """Seals with the hall's secret; opens what was sealed with it or with one of the `former` ones."""

    def __init__(self, secret: bytes, former: Sequence[bytes] = ()) -> None:
        self._ciphers = [cipher(one, USE) for one in (secret, *former)]

    def close(self, content: bytes, *place: str) -> bytes:
        """Sealed for that place of the store."""
        nonce = os.urandom(_NONCE)
        return MAGIC + nonce + self._ciphers[0].encrypt(nonce, content, _bound(place))

    def open(self, stored: bytes, *place: str) -> tuple[bytes, bool]:
        """The content, and whether it lies as it should: in the clear (of an earlier version) and under a former secret it does
        not. Raises ForeignSecret."""
        if not stored.startswith(MAGIC):
            return stored, False
        nonce, sealed = stored[len(MAGIC) :][:_NONCE], stored[len(MAGIC) + _NONCE :]
        for number, one in enumerate(self._ciphers):
            try:
                return one.decrypt(nonce, sealed, _bound(place)), number == 0
            except InvalidTag:
                continue
        raise ForeignSecret(
            f"考试端数据库里的考试包 {place[1]} 由另一个 ASSAY_HALL_SECRET 封存，读不出来：请用原来的密钥启动；"
            "确已更换的，把原来的写入 ASSAY_HALL_FORMER_SECRET 后启动一次"
        )

    def close_text(self, text: str, *place: str) -> str:
        return TEXT_MAGIC + base64.b64encode(self.close(text.encode(), *place)).decode()

    def open_text(self, stored: str, *place: str) -> str:
        if not stored.startswith(TEXT_MAGIC):
            return stored
        return self.open(base64.b64decode(stored.removeprefix(TEXT_MAGIC)), *place)[0].decode()


def _bound(place: Sequence[str]) -> bytes:
    return "\x1f".join(place).encode()


class SealedStore:
    """The store as the hall knows it, over the one that writes."""

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store, self._seal = store, seal
        self.shared = store.shared
        # Nothing of these is sealed, and the first is the hot path.
        self.append, self.answered, self.note_presence = store.append, store.answered, store.note_presence
        self.note_mark = store.note_mark
        self.first_time, self.close = store.first_time, store.close

    async def open(self) -> None:
        """What an earlier version left in the clear, or a former secret sealed, is sealed anew."""
        await self._store.open()
        for pack, digest, body, state in await self._store.read("packs", -1):
            opened, as_it_should = self._seal.open(bytes(body), "body", pack)
            if as_it_should:
                continue
            row: Operation = ("pack", (pack, digest, opened, self._seal.open_text(state, "state", pack)))
            await self._store.rewrite([self._sealed(one) for one in (row, *await self._pictures(pack))])

    async def _pictures(self, pack: str) -> list[Operation]:
        names = [name for (name,) in await self._store.read("blobs", pack)]
        return [("blob_content", ((await self.read("blob", pack, name))[0][0], pack, name)) for name in names]

    async def rewrite(self, operations: Sequence[Operation]) -> None:
        await self._store.rewrite([self._sealed(one) for one in operations])

    async def catch_up(self, apply: Callable[[Changes], None]) -> None:
        await self._store.catch_up(lambda new: apply(self._opened(new)))

    async def change(
        self, apply: Callable[[Changes], None], sheets: Sequence[str], decide: Callable[[Finals], list[Operation]]
    ) -> None:
        await self._store.change(
            lambda new: apply(self._opened(new)), sheets, lambda finals: [self._sealed(one) for one in decide(finals)]
        )

    async def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        rows = await self._store.read(query, *values)
        if query != "blob":
            return rows
        pack, name = values
        return [(self._seal.open(bytes(content), "blob", pack, name)[0],) for (content,) in rows]

    def _sealed(self, operation: Operation) -> Operation:
        seal = self._seal
        match operation:
            case ("pack", (pack, digest, body, state)):
                row = (pack, digest, seal.close(body, "body", pack), seal.close_text(state, "state", pack))
                return "pack", row
            case ("pack_state", (state, pack)):
                return "pack_state", (seal.close_text(state, "state", pack), pack)
            case ("blob", (pack, name, content)):
                return "blob", (pack, name, seal.close(content, "blob", pack, name))
            case ("blob_content", (content, pack, name)):
                return "blob_content", (seal.close(content, "blob", pack, name), pack, name)
        return operation

    def _opened(self, new: Changes) -> Changes:
        new.packs = [
            (pack, digest, self._seal.open(bytes(body), "body", pack)[0], self._seal.open_text(state, "state", pack))
            for pack, digest, body, state in new.packs
        ]
        return new

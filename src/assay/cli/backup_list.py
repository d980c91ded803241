"""`backup.json`: what a backup holds, by which keys it opens, and a keyed digest over all of it that only this installation can make.

A medium that comes back may have been in other hands: whatever the list says is believed only after it was looked at here.
"""

from __future__ import annotations

import hmac
import json
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.kernel import durable, sealing
from assay.kernel.secrets import UnknownKey

LIST = "backup.json"
OFFICE, HALL, FILES = "office.sqlite3", "hall.sqlite3", "files"
_DIGEST, _PURPOSE = "authenticated", "backup"
_KEPT = re.compile(rf"{FILES}/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}")


class Unlisted(Exception):
    """There is no list, or none that can be read."""


@dataclass(frozen=True)
class Listed:
    """The list of a backup as it was found. `files`: name → digest; `keys`: (secret, key id) → check value."""

    files: Mapping[str, str]
    keys: Mapping[tuple[str, str], str]
    signed: bool
    ours: bool
    """Whether it says what this installation wrote."""


def may_hold(name: str) -> bool:
    """Whether a backup of ours ever holds something of this name."""
    return name in (OFFICE, HALL) or _KEPT.fullmatch(name) is not None


def write(folder: Path, said: Mapping[str, Any]) -> None:
    whole = {**said, _DIGEST: sealing.proof(_PURPOSE, _canonical(said))}
    durable.put(folder / LIST, lambda out: out.write(json.dumps(whole, ensure_ascii=False, indent=1).encode()))


def read(folder: Path) -> Listed:
    """Raises Unlisted."""
    try:
        if wrong_place(folder, LIST):
            raise Unlisted
        said = dict(json.loads((folder / LIST).read_text()))
        digest = said.pop(_DIGEST, "")
        files = {str(name): str(digest) for name, digest in said["files"].items()}
        keys = {(str(name), str(key_id)): str(value) for name, key_id, value in said["keys"]}
        if not all(text.isprintable() for key in keys for text in key):
            raise Unlisted
        return Listed(files, keys, bool(digest), _is_ours(str(digest), said))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as wrong:
        raise Unlisted from wrong


def strangers(listed: Listed) -> Iterator[str]:
    """Entries that no backup of ours has, in Chinese."""
    for name in listed.files:
        if not may_hold(name):
            yield f"备份清单中的 {_shown(name)} 不是备份里会有的文件，不予恢复"


def wrong_place(folder: Path, name: str) -> str:
    """Why what lies there is not taken, in Chinese; "" for a plain file, reached without a link."""
    path = folder
    for part in Path(name).parts:
        path = path / part
        try:
            mode = path.lstat().st_mode
        except OSError:
            return f"{name} 不见了"
        if stat.S_ISLNK(mode):
            return f"{name} 是链接（或在链接之下），不予恢复"
    return "" if stat.S_ISREG(mode) else f"{name} 不是普通文件，不予恢复"


def _is_ours(digest: str, said: Mapping[str, Any]) -> bool:
    try:
        right = sealing.proof(_PURPOSE, _canonical(said), like=digest) if digest else ""
    except UnknownKey:
        return False
    return bool(digest) and hmac.compare_digest(right.encode(), digest.encode())


def _canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def _shown(name: str) -> str:
    """As one line of a terminal, whatever stands in it."""
    return json.dumps(name, ensure_ascii=False) if name.isprintable() else json.dumps(name)

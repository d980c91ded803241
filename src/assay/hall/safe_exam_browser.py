"""Safe Exam Browser: the settings file for a hall's computers, and the check that a request comes from one that uses it.

Config Key and request hashes as published by the makers (safeexambrowser.org, developer documentation): the key is the
SHA-256 of the settings as JSON without white space, keys in order without regard to case; each request carries the
SHA-256 of its address followed by the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import plistlib
from collections.abc import Mapping, Sequence
from typing import Any

CONFIG_KEY_HEADER = "x-safeexambrowser-configkeyhash"
EXAM_KEY_HEADER = "x-safeexambrowser-requesthash"
FULL_SCREEN = 1


def settings_for(hall_url: str) -> dict[str, Any]:
    """The settings of a hall's computers: full screen, this hall alone, no leaving without the invigilator. Reloading
    stays allowed: a candidate must never be stuck."""
    return {
        "startURL": f"{hall_url}/",
        "sendBrowserExamKey": True,
        "browserViewMode": FULL_SCREEN,
        "mainBrowserWindowWidth": "100%",
        "mainBrowserWindowHeight": "100%",
        "allowQuit": True,
        "ignoreExitKeys": True,
        "browserWindowAllowReload": True,
        "newBrowserWindowAllowReload": True,
        "showReloadWarning": False,
        "enableZoomPage": True,
        "enableZoomText": True,
        "allowSpellCheck": False,
        "allowDownUploads": True,
        "newBrowserWindowByLinkPolicy": 0,
        "newBrowserWindowByScriptPolicy": 0,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": False,
        "URLFilterRules": [{"action": 1, "active": True, "expression": f"{hall_url}/*", "regex": False}],
        "enableAppSwitcherCheck": True,
        "showTime": True,
    }


def settings_file(settings: Mapping[str, Any]) -> bytes:
    """The settings as an unencrypted .seb file (a property list)."""
    return plistlib.dumps(dict(settings), sort_keys=True)


def config_key(settings: Mapping[str, Any]) -> str:
    """64 hex digits."""
    said = json.dumps(_ordered(settings), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _ordered(value: Any) -> Any:
    """Keys in order without regard to case; `originatorVersion` and empty dictionaries left out."""
    if isinstance(value, Mapping):
        names = sorted((name for name in value if name != "originatorVersion"), key=str.lower)
        return {name: _ordered(value[name]) for name in names if value[name] != {}}
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    return value


def comes_locked(url: str, headers: Mapping[str, str], key: str, exam_keys: Sequence[str]) -> bool:
    """True when a request to `url` carries the right Config Key hash and, where Browser Exam Keys are named, the hash of
    one of them."""
    if not _carries(headers.get(CONFIG_KEY_HEADER, ""), url, [key]):
        return False
    return not exam_keys or _carries(headers.get(EXAM_KEY_HEADER, ""), url, exam_keys)


def _carries(said: str, url: str, keys: Sequence[str]) -> bool:
    return any(hmac.compare_digest(said.lower(), hashlib.sha256(f"{url}{key}".encode()).hexdigest()) for key in keys)

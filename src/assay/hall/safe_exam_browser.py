"""Safe Exam Browser in a session: the settings of its computers, made for this session alone, and the two passwords that go with
them.

The salt makes the settings, and with them the Config Key, such as nobody can work out who has not opened the session's file; the
file opens with a password that only the console shows. All of it follows from the hall's secret and the name of the pack, which
is another at every publishing: nothing is kept, and a session that is published anew has new ones.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, NamedTuple

START, LEAVE = "/seb", "/seb/leave"
"""Where the browser begins, and where it closes itself after the hand-in."""
FULL_SCREEN, START_EXAM, MODERN_ENGINE, OWN_CLIPBOARD, NO_WINDOWS = 1, 0, 3, 2, 0
VERSIONS = ("Win.3.7.min", "Mac.3.3.min", "iOS.3.3.min")
"""Which versions these settings ask for; older ones know neither all of them nor a page's questions for its hashes."""


class SessionKeys(NamedTuple):
    """What the settings of one session have of their own."""

    salt: bytes
    file_password: str
    quit_password: str


def session_keys(secret: bytes, pack: str) -> SessionKeys:
    """The same for whoever shares the secret, and chance to everybody else."""

    def drawn(what: str) -> bytes:
        return hmac.new(secret, f"seb\x1f{what}\x1f{pack}".encode(), hashlib.sha256).digest()

    return SessionKeys(drawn("salt"), _word(drawn("file")), _word(drawn("quit")))


def _word(chance: bytes) -> str:
    """Ten letters and digits that can be told apart, to be typed: 50 bits."""
    code = base64.b32encode(chance)[:10].decode().lower()
    return f"{code[:5]}-{code[5:]}"


def settings_for(hall_url: str, keys: SessionKeys) -> dict[str, Any]:
    """Full screen, this hall alone, no leaving without the invigilator's password before the hand-in. Reloading stays allowed: a
    candidate must never be stuck; so do downloads: what a page could not send is carried over as a file."""
    return {
        "sebConfigPurpose": START_EXAM,
        "sebAllowedVersions": list(VERSIONS),
        "examKeySalt": keys.salt,
        "examSessionReconfigureAllow": False,
        "startURL": f"{hall_url}{START}",
        "quitURL": f"{hall_url}{LEAVE}",
        "quitURLConfirm": False,
        "sendBrowserExamKey": True,
        "browserWindowWebView": MODERN_ENGINE,
        "browserViewMode": FULL_SCREEN,
        "mainBrowserWindowWidth": "100%",
        "mainBrowserWindowHeight": "100%",
        "allowQuit": True,
        "hashedQuitPassword": hashlib.sha256(keys.quit_password.encode()).hexdigest(),
        "ignoreExitKeys": True,
        "allowVirtualMachine": False,
        "allowScreenSharing": False,
        "clipboardPolicy": OWN_CLIPBOARD,
        "enablePrivateClipboard": True,
        "browserWindowAllowReload": True,
        "newBrowserWindowAllowReload": True,
        "showReloadWarning": False,
        "enableZoomPage": True,
        "enableZoomText": True,
        "allowSpellCheck": False,
        "allowDownloads": True,
        "allowUploads": False,
        "allowDownUploads": True,
        "newBrowserWindowByLinkPolicy": NO_WINDOWS,
        "newBrowserWindowByScriptPolicy": NO_WINDOWS,
        "URLFilterEnable": True,
        "URLFilterEnableContentFilter": False,
        "URLFilterRules": [{"action": 1, "active": True, "expression": f"{hall_url}/*", "regex": False}],
        "enableAppSwitcherCheck": True,
        "showTime": True,
    }

"""Safe Exam Browser in a session: what its settings ask for, and that they are this session's alone."""

from __future__ import annotations

import hashlib
import json
import re

from assay.hall.safe_exam_browser import session_keys, settings_for
from assay.hall.seb_json import config_key, seb_json
from tests.hall.seb import key_of, plain

KEYS = session_keys(b"secret", "p1")
HALL = "https://hall.example"


def test_another_session_another_hall_and_another_address_have_other_settings() -> None:
    others = [
        settings_for(HALL, session_keys(b"secret", "p2")),
        settings_for(HALL, session_keys(b"other secret", "p1")),
        settings_for("https://other.example", KEYS),
    ]
    keys = {config_key(settings) for settings in [settings_for(HALL, KEYS), *others]}
    assert len(keys) == 4
    assert config_key(settings_for(HALL, session_keys(b"secret", "p1"))) in keys
    assert all(key_of(settings) == config_key(settings) for settings in others)


def test_the_passwords_can_be_typed_and_are_not_each_other() -> None:
    words = {word for pack in ("p1", "p2") for word in session_keys(b"secret", pack)[1:]}
    assert len(words) == 4
    assert all(re.fullmatch("[a-z2-7]{5}-[a-z2-7]{5}", word) for word in words)


def test_nobody_leaves_or_changes_the_settings_without_the_invigilator() -> None:
    settings = settings_for(HALL, KEYS)
    assert settings["hashedQuitPassword"] == hashlib.sha256(KEYS.quit_password.encode()).hexdigest()
    assert (settings["startURL"], settings["quitURL"]) == (f"{HALL}/seb", f"{HALL}/seb/leave")
    assert settings["examKeySalt"] == KEYS.salt
    assert len(KEYS.salt) == 32
    refused = ("examSessionReconfigureAllow", "allowVirtualMachine", "allowScreenSharing", "allowUploads")
    assert [settings[name] for name in refused] == [False] * 4
    assert settings["sebConfigPurpose"] == 0
    assert settings["browserWindowWebView"] == 3
    assert settings["allowDownloads"]
    assert settings["browserWindowAllowReload"]


def test_these_settings_read_the_same_for_programs_that_differ_in_small_things() -> None:
    """The one for Windows leaves a comma behind where the last entry is an empty dictionary; quotes and backslashes are not escaped."""
    settings = settings_for(HALL, KEYS)
    assert {} not in settings.values()
    assert json.loads(seb_json(settings)) == plain(settings)

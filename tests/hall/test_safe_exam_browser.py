"""Safe Exam Browser: settings, keys, and rooms that let nothing else in."""

from __future__ import annotations

import hashlib
import plistlib

import httpx
import pytest
from testbed.programs import Process

from assay.hall.client import HallClient
from assay.hall.safe_exam_browser import (
    CONFIG_KEY_HEADER,
    EXAM_KEY_HEADER,
    comes_locked,
    config_key,
    settings_file,
    settings_for,
)
from tests.hall.packs import number_of, pack

URL = "https://hall.example/api/sign-in"


def hashed(url: str, key: str) -> str:
    return hashlib.sha256((url + key).encode()).hexdigest()


def test_the_config_key_is_the_digest_of_the_settings_in_the_published_form() -> None:
    """Keys in order without regard to case, no white space, originatorVersion and empty dictionaries left out."""
    settings = {"startURL": "https://a/", "allowQuit": True, "Zoom": 1, "originatorVersion": "x", "empty": {}}
    said = '{"allowQuit":true,"startURL":"https://a/","Zoom":1}'
    assert config_key(settings) == hashlib.sha256(said.encode()).hexdigest()
    assert config_key({**settings, "allowQuit": False}) != config_key(settings)


def test_the_settings_file_holds_what_the_key_was_made_of() -> None:
    settings = settings_for("https://hall.example")
    assert config_key(plistlib.loads(settings_file(settings))) == config_key(settings)


def test_only_the_right_settings_and_a_named_build_come_in() -> None:
    key = config_key(settings_for("https://hall.example"))
    right = {CONFIG_KEY_HEADER: hashed(URL, key)}
    assert comes_locked(URL, right, key, [])
    assert not comes_locked(URL + "?x", right, key, [])
    assert not comes_locked(URL, {CONFIG_KEY_HEADER: key}, key, [])
    assert not comes_locked(URL, {}, key, [])
    assert not comes_locked(URL, right, key, ["build-1"])
    assert comes_locked(URL, {**right, EXAM_KEY_HEADER: hashed(URL, "build-2")}, key, ["build-1", "build-2"])


@pytest.mark.postgres
def test_a_room_that_asks_for_it_lets_no_other_browser_sign_in(hall: Process, office: HallClient) -> None:
    office.publish(pack(locked=True))
    given = {"ticket": "p1-t0", "id_number": number_of(0)}
    assert httpx.post(f"{hall.url}/api/sign-in", json=given, trust_env=False).status_code == 403
    settings = plistlib.loads(httpx.get(f"{hall.url}/assay.seb", trust_env=False).content)
    url = f"{hall.url}/api/sign-in"
    headers = {CONFIG_KEY_HEADER: hashed(url, config_key(settings))}
    assert httpx.post(url, json=given, headers=headers, trust_env=False).status_code == 200
    passed_on = {CONFIG_KEY_HEADER: hashed(f"{hall.url}/", config_key(settings))}
    other = {"ticket": "p1-t1", "id_number": number_of(1)}
    assert httpx.post(url, json=other, headers=passed_on, trust_env=False).status_code == 200

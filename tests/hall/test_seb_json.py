"""The Config Key of Safe Exam Browser by its makers' rule: what they and those who follow them publish, and an independent writer."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import plistlib
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.hall.seb_json import config_key, request_hash, seb_json
from tests.hall.seb import plain

FIXTURES = os.environ.get("ASSAY_SEB_FIXTURES", "")
SMALL = {
    "moment": ("<key>date</key><date>1940-10-09T22:13:56Z</date>", '{"date":"1940-10-09T22:13:56+00:00"}'),
    "data": ("<key>data</key><data>YmxhaGJsYWg=</data>", '{"data":"YmxhaGJsYWg="}'),
    "text": ("<key>string</key><string>hello wörld</string>", '{"string":"hello wörld"}'),
    "quotes": ('<key>a</key><string>"b"</string>', '{"a":""b""}'),
    "true": ("<key>bool</key><true/>", '{"bool":true}'),
    "array": ("<key>array</key><array><false/><true/></array>", '{"array":[false,true]}'),
    "empty array": ("<key>bool</key><true/><key>array</key><array/>", '{"array":[],"bool":true}'),
    "empty text": ("<key>a</key><string/>", '{"a":""}'),
    "dictionary": (
        "<key>d</key><dict><key>banana</key><false/><key>apple</key><true/></dict>",
        '{"d":{"apple":true,"banana":false}}',
    ),
    "in an array": (
        "<key>a</key><array><dict><key>b</key><integer>2</integer><key>A</key><integer>1</integer></dict></array>",
        '{"a":[{"A":1,"b":2}]}',
    ),
    "empty dictionary": ("<key>bool</key><true/><key>emptydict</key><dict/>", '{"bool":true}'),
    "who wrote it": ("<key>originatorVersion</key><string>x</string><key>b</key><true/>", '{"b":true}'),
    "order": (
        "<key>testKey</key><string>1</string><key>allowWLAN</key><string>2</string>"
        "<key>allowWlan</key><string>3</string>",
        '{"allowWlan":"3","allowWLAN":"2","testKey":"1"}',
    ),
    "address": ("<key>url</key><string>http://test.com</string>", '{"url":"http://test.com"}'),
}
LETTERS = st.text("abcdXYZ123", min_size=1, max_size=6)
TEXTS = st.text(st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters='"\\'), max_size=8)
VALUES = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | TEXTS | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=12,
)


def settings_of(entries: str) -> dict[str, Any]:
    head = '<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>'
    return dict(plistlib.loads(f"{head}{entries}</dict></plist>".encode()))


@pytest.mark.parametrize(("entries", "said"), SMALL.values(), ids=SMALL)
def test_small_settings_read_as_published(entries: str, said: str) -> None:
    assert seb_json(settings_of(entries)) == said


@pytest.mark.parametrize("count", range(1, 6))
def test_no_backslash_is_escaped(count: int) -> None:
    address = "ws:" + "\\" * count + "localhost"
    assert seb_json(settings_of(f"<key>string</key><string>{address}</string>")) == f'{{"string":"{address}"}}'


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.1 + 0.2, "0.3"), (0.00001, "1E-05"), (-0.0, "0"), (0.0001, "0.0001"), (1.0, "1"), (1e15, "1E+15"), (0.25, "0.25")],
)  # fmt: skip
def test_real_numbers_have_fifteen_digits(number: float, said: str) -> None:
    assert seb_json({"n": number}) == f'{{"n":{said}}}'


@given(st.floats(1e-4, 1e14))
def test_a_usual_real_number_is_the_decimal_one_rounded(number: float) -> None:
    rounded = Context(prec=15, rounding=ROUND_HALF_EVEN).create_decimal(Decimal(number))
    assert seb_json(number) == f"{rounded.normalize():f}"


def test_nothing_is_an_empty_text() -> None:
    assert seb_json({"a": None}) == '{"a":""}'


def test_what_is_no_setting_is_refused() -> None:
    for value in (object(), float("nan")):
        with pytest.raises((TypeError, ValueError)):
            seb_json({"a": value})


@given(st.dictionaries(LETTERS, VALUES, max_size=6))
def test_without_quotes_and_backslashes_it_is_json_in_the_makers_order(settings: dict[str, Any]) -> None:
    assert seb_json(settings) == json.dumps(plain(settings), ensure_ascii=False, separators=(",", ":"))


@given(st.dictionaries(LETTERS, VALUES, min_size=2, max_size=6), st.randoms())
def test_the_order_in_which_settings_were_written_does_not_matter(settings: dict[str, Any], chance: Any) -> None:
    names = list(settings)
    chance.shuffle(names)
    assert config_key({name: settings[name] for name in names}) == config_key(settings)


def test_no_settings_at_all() -> None:
    assert config_key({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_request_says_its_address_and_the_key() -> None:
    url = "https://example.com/moodle/mod/quiz/attempt.php?attemptid=123&page=4"
    exam_key = hashlib.sha256(b"browserexamkey").hexdigest()
    assert exam_key == "787c3f3d7211ff09ad5ba6a62f67b6a2092eb3080b5b5d29d578f3a3d901cbae"
    assert request_hash(url, exam_key) == "96fc9b4226354376f5199e1f095e6a694ef10935c06bd24eebff61200a602ce4"
    config = "4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292"
    assert request_hash(url, config) == "46f1fe43259348ea72de014a1442ec62507116466527b5f74696dcc80c46332e"


@pytest.mark.skipif(
    not FIXTURES, reason="ASSAY_SEB_FIXTURES names no folder with the test files of moodle-quizaccess_seb"
)
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("unencrypted_mac_001.seb", "4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292"),
        ("unencrypted_win_223.seb", "fc6f4ea5922717760f4d6d536c23b8d19bf20b52aa97940f5427a76e20f49026"),
    ],
)
def test_files_of_the_program_itself_have_the_key_that_it_said(name: str, key: str) -> None:
    assert config_key(plistlib.loads((Path(FIXTURES) / name).read_bytes())) == key


def test_data_is_said_in_base64() -> None:
    salt = bytes(range(32))
    assert seb_json({"examKeySalt": salt}) == f'{{"examKeySalt":"{base64.b64encode(salt).decode()}"}}'

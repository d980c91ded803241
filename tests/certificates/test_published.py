"""What is published for checks without a network: keys with their periods, the status list, and the page with everything in it."""

from __future__ import annotations

import base64
import json
import re
from datetime import date
from hashlib import sha256

import cbor2
import pytest
from django.test import Client

from assay.centre.actors import SYSTEM
from assay.centre.acts.settings import register_keys
from assay.centre.models import Centre
from assay.certificates import codes, cose, credential, published, status_list, verification
from assay.certificates.acts import indexes, issuing
from assay.certificates.models import Certificate, CodeIndex
from assay.kernel import secrets
from assay.kernel.clock import today
from assay.kernel.secrets import SecretsStore
from tests.certificates.conftest import LEADER, OFFICER, Ready
from tests.kernel.conftest import own  # noqa: F401 - a fixture


def test_keys_are_published_with_ids_and_periods_and_a_code_names_its_own(
    own: SecretsStore,  # noqa: F811
    issued: Certificate,
) -> None:
    register_keys(SYSTEM)
    before = verification.qr_text(issued)
    own.rotate("certificate", date(2027, 1, 2))
    secrets.forget()
    register_keys(SYSTEM)
    answer = Client().get("/.well-known/assay-keys.json")
    first, second = answer.json()["keys"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (first["number"], first["from"], first["to"]) == ("1", today().isoformat(), "2027-01-02")
    assert (second["number"], second["from"], second["to"]) == ("2", "2027-01-02", None)
    for key, public in zip((first, second), credential.public_keys().values(), strict=True):
        assert (key["kty"], key["crv"], key["kid"]) == ("OKP", "Ed25519", cose.key_id(public).hex())
        assert base64.urlsafe_b64decode(key["x"] + "=") == public
    as_cose = cbor2.loads(Client().get("/.well-known/assay-keys.cbor").content)
    assert [one[-2] for one in as_cose] == list(credential.public_keys().values())
    after = verification.qr_text(issued)
    assert before != after
    for text in (before, after):
        assert verification.by_token(text.rsplit("/", 1)[1]).found is not None


def test_the_status_list_is_signed_and_tells_no_number(issued: Certificate) -> None:
    issuing.withdraw(LEADER, issued, reason="替考", ground="misconduct")
    answer = Client().get("/verify/status.cwt")
    assert answer["Content-Type"] == "application/statuslist+cwt"
    listed = status_list.read(answer.content, credential.public_keys().values())
    assert listed is not None
    assert listed.of(CodeIndex.objects.get().index) == 1
    assert sum(bin(byte).count("1") for byte in listed.packed) == 1
    claims = cbor2.loads(cose.taken_apart(answer.content).payload)
    assert claims[2] == "http://127.0.0.1:8000/verify/status.cwt"
    assert claims[65534] == 7 * 24 * 3600


def test_places_in_the_list_are_drawn_by_lot_and_never_twice(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([5, 5, 5, 9])
    monkeypatch.setattr("assay.certificates.acts.indexes.secrets.randbelow", lambda _: next(drawn))
    ready.candidate()
    ready.candidate()
    issuing.number(OFFICER, ready.batch)
    assert sorted(CodeIndex.objects.values_list("index", flat=True)) == [5, 9]


def test_who_draws_what_another_took_at_the_same_moment_draws_again(
    ready: Ready, issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.candidate()
    taken, drawn = CodeIndex.objects.get().index, indexes._drawn
    first = iter([taken])  # unseen by who read the places a moment earlier
    monkeypatch.setattr(indexes, "_drawn", lambda seen: next(first, None) or drawn(seen))
    issuing.number(OFFICER, ready.batch)
    assert CodeIndex.objects.count() == len(set(CodeIndex.objects.values_list("index", flat=True))) == 2


def test_a_code_under_another_certificate_s_place_does_not_verify(issued: Certificate) -> None:
    key = secrets.current("certificate")
    right = verification.code_of(issued, CodeIndex.objects.get().index)
    assert verification.by_token(codes.written(right, published.private(key))).found is not None
    wrong = verification.code_of(issued, right.index ^ 1)
    assert verification.by_token(codes.written(wrong, published.private(key))).found is None


def test_both_addresses_show_the_certificate_to_whoever_scans(issued: Certificate) -> None:
    code = verification.qr_text(issued).rsplit("/", 1)[1]
    for address in (f"/V/{code}", f"/V/{code.lower()}", f"/v/{code}"):
        assert "证书真实有效" in Client().get(address).content.decode(), address
    assert "不是本中心签发的" in Client().get(f"/V/{code[:-9]}AAAAAAAAA").content.decode()


def test_the_page_allows_its_own_script_alone_and_asks_for_nothing_else(issued: Certificate) -> None:
    answer = Client().get("/verify/offline/")
    page = answer.content.decode()
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    for text, said in ((script, policy["script-src"]), (style, policy["style-src"])):
        assert said == f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert not re.search(r"<(?:script|img|link|iframe)[^>]*(?:src|href)=", page)
    assert not re.search(r"^(?:import|export) ", script, re.MULTILINE)


def test_no_name_of_a_centre_ends_the_page_s_data(issued: Certificate) -> None:
    Centre.objects.update(name="示例</script><script>alert(1)</script>中心")
    page = Client().get("/verify/offline/").content.decode()
    (data,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(data)["centre"] == "示例</script><script>alert(1)</script>中心"
    assert "alert(1)</script>" not in page


def test_the_short_page_for_the_public_says_where_keys_and_list_are(issued: Certificate) -> None:
    page = Client().get("/verify/codes/").content.decode()
    for said in (
        "/.well-known/assay-keys.json",
        "/verify/status.cwt",
        next(iter(credential.public_keys().values())).hex(),
    ):
        assert said in page
    check = Client().get("/verify/").content.decode()
    assert 'href="/verify/offline/"' in check
    assert 'href="/verify/codes/"' in check

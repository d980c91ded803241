"""Office and hall over TLS of their own: reached by who trusts their certificate, refused by everybody else."""

from __future__ import annotations

import os
import signal
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from pytest_django.fixtures import Settings
from testbed import migrated, programs

from assay.bridge.client import HallClient, HallUnreachable
from assay.bridge.trust import trust_for
from assay.cli.main import assay
from assay.exam.halls import connected
from assay.kernel.refusals import Refused
from tests.hall.conftest import SECRET
from tests.hall.packs import pack
from tests.office.certificates import Authority

SAID = SECRET.encode()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def certificate(authority: Authority) -> tuple[str, str]:
    return authority.issue("localhost")


@pytest.fixture
def hall(tmp_path: Path, authority: Authority, certificate: tuple[str, str]) -> Iterator[programs.Process]:
    """Answers by https alone, under the name localhost."""
    process = programs.hall(str(tmp_path / "hall.sqlite3"), SECRET)
    process.environment |= {"ASSAY_TLS_CERT": certificate[0], "ASSAY_TLS_KEY": certificate[1]}
    process.url = process.url.replace("http://127.0.0.1", "https://localhost")
    process.trust = ssl.create_default_context(cafile=authority.file)
    process.start()
    yield process
    process.stop()


def collected(url: str, trust: ssl.SSLContext) -> str:
    with HallClient(url, SAID, trust=trust) as office:
        return office.collect("p1").pack_id


def test_a_hall_is_known_by_its_name_or_by_its_very_certificate(
    hall: programs.Process, authority: Authority, certificate: tuple[str, str], tmp_path: Path
) -> None:
    with HallClient(hall.url, SAID, trust=trust_for(hall.url, authority.file)) as office:
        office.publish(pack())
    by_number = hall.url.replace("localhost", "127.0.0.1")
    assert collected(by_number, trust_for(by_number, beside=certificate[0])) == "p1"
    stranger = Authority(tmp_path, "别的机构")
    for url, trust in (
        (hall.url, trust_for(hall.url)),
        (hall.url, trust_for(hall.url, stranger.file)),
        (by_number, trust_for(by_number, authority.file)),  # made out to another name
        (by_number, trust_for(by_number, beside=stranger.issue("localhost")[0])),
        (by_number, trust_for(by_number, beside=authority.issue("localhost", days=91)[0])),  # of the same authority
    ):
        with pytest.raises(HallUnreachable, match="证书不可信"):
            collected(url, trust)
    with pytest.raises(HallUnreachable, match="连接不上"):
        collected(hall.url.replace("https", "http"), True)


def test_the_office_trusts_what_its_settings_say(
    hall: programs.Process, authority: Authority, certificate: tuple[str, str], settings: Settings
) -> None:
    settings.HALL_SECRET, settings.HALL_CA, settings.HALL_CERT = SECRET, authority.file, ""
    with connected(hall.url) as office:
        office.publish(pack())
    settings.HALL_CA, settings.HALL_CERT = "", certificate[0]
    with connected(hall.url.replace("localhost", "127.0.0.1")) as office:
        assert office.collect("p1").pack_id == "p1"
    settings.HALL_CA = settings.HALL_CERT = "/nowhere.pem"
    with pytest.raises(Refused, match="证书文件读不出"):
        connected(hall.url)


def test_a_school_serves_office_and_hall_over_tls(
    tmp_path: Path, authority: Authority, certificate: tuple[str, str]
) -> None:
    var, port, hall_port = tmp_path / "var", programs.free_port(), programs.free_port()
    database = migrated.into(var / "office.sqlite3")
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    command = [
        sys.executable,
        "-m",
        "assay.cli.main",
        "serve",
        "--no-standin",
        "--port",
        str(port),
        "--hall-port",
        str(hall_port),
    ]
    school = programs.Process(
        [*command, "--tls-cert", certificate[0], "--tls-key", certificate[1]],
        {**kept, "ASSAY_VAR": str(var), "ASSAY_SECRETS": str(var / "secrets.json"), "DATABASE_URL": f"sqlite:///{database}"},
        f"https://localhost:{port}", "/sign-in/", ssl.create_default_context(cafile=authority.file),
    )  # fmt: skip
    school.start(120)
    try:
        page = httpx.get(school.url + "/sign-in/", verify=school.trust, trust_env=False)
        assert page.status_code == 200
        assert "Secure" in page.headers["set-cookie"]
        assert "strict-transport-security" not in page.headers
        health = httpx.get(f"https://localhost:{hall_port}/health", verify=school.trust, trust_env=False)
        assert health.json() == {"ok": True}
        for place in (port, hall_port):
            with pytest.raises(httpx.HTTPError):
                httpx.get(f"http://localhost:{place}/", trust_env=False)
    finally:
        assert school.process is not None
        school.process.send_signal(signal.SIGINT)
        school.process.wait(30)


def test_a_certificate_that_will_not_do_is_told_before_anything_starts(authority: Authority, tmp_path: Path) -> None:
    one, other = authority.issue("localhost"), authority.issue("other.example")
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("no certificate")
    for pair in ((one[0], other[1]), (str(nothing), one[1]), ("/nowhere.crt", one[1])):
        done = CliRunner().invoke(assay, ["serve", "--tls-cert", pair[0], "--tls-key", pair[1]])
        assert (done.exit_code, "证书或私钥用不了" in done.output) == (1, True)

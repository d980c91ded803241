"""Heads stamped by a real time stamp authority (OpenSSL's), over HTTP."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from assay.gateway import heads
from assay.kernel import ledger, timestamps
from assay.kernel.acts import Context, act
from assay.kernel.models import Checkpoint, OutsideHead
from assay.kernel.verification import verify
from tests import factories as f

pytestmark = pytest.mark.django_db
CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


@act("tests.before_stamp", duty="E1", title="测试时间戳")
def grow(ctx: Context) -> None:
    ctx.record(f.department())


class Authority:
    """A root, a signer for time stamping, and a server of one address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root, self.broken = folder, folder / "root.pem", False
        folder.mkdir()
        (folder / "ts.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=digitalSignature\n")
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem",
                      "-days", "2", "-subj", "/CN=Root of tests")  # fmt: skip
        self._openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps"
        )
        self._openssl("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                      "-out", "tsa.pem", "-days", "2", "-extfile", "ext")  # fmt: skip
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True, timeout=60)

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - of the server's, this one's own self
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(503 if authority.broken else 200)
                self.end_headers()
                self.wfile.write(b"" if authority.broken else authority.answer(query))

            def log_message(self, *said: object) -> None:
                pass

        return Handler


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    made = Authority(tmp_path_factory.mktemp("tsa") / "own")
    yield made
    made.server.shutdown()


@pytest.fixture
def point(authority: Authority, settings) -> Checkpoint:
    settings.TSA_URL, settings.TSA_ROOTS = authority.url, str(authority.root)
    grow(f.actor_with("E1"))
    found = ledger.checkpoint()
    assert found is not None
    return found


def test_the_newest_head_is_stamped_once_and_the_stamp_is_verified_with_the_ledger(authority, point) -> None:
    authority.broken = True
    heads.have_stamped()
    assert not OutsideHead.objects.exists()
    authority.broken = False
    heads.have_stamped()
    heads.have_stamped()
    kept = OutsideHead.objects.get()
    at = timestamps.stamped_at(bytes(kept.stamp), kept.note, timestamps.roots())
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=2)
    assert not [x for x in verify().findings if "时间戳" in x.where]
    OutsideHead.objects.update(stamp=authority.answer(timestamps.request("another head")))
    assert [x.what for x in verify().findings if "时间戳" in x.where] == [
        "时间戳与签署点不符，或不是所信任的时间戳机构签发的"
    ]


def test_a_stamp_by_somebody_who_is_not_trusted_is_not_kept(authority, point, settings, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    settings.TSA_ROOTS = str(other.root)
    heads.have_stamped()
    other.server.shutdown()
    assert not OutsideHead.objects.exists()
    stamp = authority.answer(timestamps.request(point.note))
    for trusted in ([], timestamps.roots()):
        with pytest.raises(timestamps.BadStamp):
            timestamps.stamped_at(stamp, point.note, trusted)
    with pytest.raises(timestamps.BadStamp):
        timestamps.stamped_at(b"no stamp", point.note, timestamps.roots())

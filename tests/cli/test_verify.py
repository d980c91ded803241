"""`assay verify` tells good from not good with published files alone: no database, no network, no Django."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from assay.certificates import status_list
from assay.certificates.status_list import Status
from assay.cli.main import assay

STORED = json.loads((Path(__file__).parents[1] / "certificates/vectors/codes.json").read_text(encoding="utf-8"))
KEY = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
CODE = f"HTTPS://ZYJN.SCHOOL.EDU.CN/V/{STORED['second_form'][0]['code']}"
OLD = f"https://zyjn.school.edu.cn/v/{STORED['first_form'][0]['token']}"
LATER = datetime(2027, 1, 3, tzinfo=UTC)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keys = [
        {"crv": "Ed25519", "number": n, "x": base64url(bytes.fromhex(public))} for n, public in STORED["keys"].items()
    ]
    (tmp_path / "keys.json").write_text(json.dumps({"keys": keys}))
    lists(tmp_path)
    revoked(tmp_path)
    monkeypatch.setattr("assay.cli.verifying.datetime", Later)
    return tmp_path


class Later(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return LATER


def lists(folder: Path, values: dict[int, Status] | None = None, as_of: datetime = LATER - timedelta(hours=1)) -> None:
    data = status_list.written(values or {}, KEY, address="https://x/", as_of=as_of)
    (folder / "status.cwt").write_bytes(data)


def revoked(folder: Path, **said: Any) -> None:
    listed = {"as_of": (LATER - timedelta(hours=1)).isoformat(), "withdrawn": {}, "corrected": {}, **said}
    text = json.dumps(listed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    listed["signature"] = base64url(KEY.sign(text))
    (folder / "revoked.json").write_text(json.dumps(listed))


def verify(code: str, folder: Path, *files: str) -> Result:
    options = [part for name in files for part in (f"--{name}", str(next(folder.glob(f"{name}.*"))))]
    return CliRunner().invoke(assay, ["verify", code, "--keys", str(folder / "keys.json"), *options])


def test_a_good_code_is_good_by_its_text_and_by_its_picture(folder: Path) -> None:
    picture = folder / "code.png"

    drawn = zxingcpp.create_barcode(CODE, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(
        scale=4, add_quiet_zones=True
    )
    Image.fromarray(drawn).save(picture)
    for given in (CODE, CODE.rsplit("/", 1)[1], str(picture)):
        found = verify(given, folder, "status")
        assert (found.exit_code, "✓ 真实有效" in found.output) == (0, True), found.output
        assert "欧阳诗涵　汽车维修工　汽车机械维修工　四级/中级工" in found.output
    assert verify(OLD, folder, "revoked").exit_code == 0


@pytest.mark.parametrize(
    ("values", "title"), [({700123: Status.WITHDRAWN}, "已撤销"), ({700123: Status.CORRECTED}, "这张纸质证书已作废")]
)
def test_what_the_list_says_counts(folder: Path, values: dict[int, Status], title: str) -> None:
    lists(folder, values)
    found = verify(CODE, folder, "status")
    assert (found.exit_code, title in found.output) == (1, True)


def test_an_old_list_calls_nothing_good_and_still_knows_what_is_withdrawn(folder: Path) -> None:
    lists(folder, as_of=LATER - timedelta(days=8))
    assert "状态未知：清单是 2026-12-26 的" in verify(CODE, folder, "status").output
    lists(folder, {700123: Status.WITHDRAWN}, as_of=LATER - timedelta(days=400))
    assert "已撤销" in verify(CODE, folder, "status").output
    assert "没有撤销清单" in verify(CODE, folder).output
    assert "没有撤销清单" in verify(OLD, folder, "status").output


def test_a_list_from_before_the_certificate_says_nothing_of_it(folder: Path) -> None:
    lists(folder, as_of=datetime(2026, 11, 27, 1, tzinfo=UTC))
    assert "状态未知：清单是 2026-11-27 的" in verify(CODE, folder, "status").output


def test_first_form_by_number_and_edition(folder: Path) -> None:
    number = STORED["said"][0]
    revoked(folder, corrected={number: 2})
    assert "这张纸质证书已作废" in verify(OLD, folder, "revoked").output
    second = f"https://x/v/{STORED['first_form'][2]['token']}"
    assert verify(second, folder, "revoked").exit_code == 0
    revoked(folder, withdrawn={number: {"on": "2027-01-02", "ground": "核发有误"}})
    assert "已撤销" in verify(second, folder, "revoked").output


def test_what_is_altered_is_not_ours_and_foreign_files_are_refused_in_words(folder: Path) -> None:
    assert "不是本中心签发" in verify(f"{CODE[:-20]}{'A' * 20}", folder, "status").output
    assert "不是本中心签发" in verify("随便写的", folder, "status").output
    data = (folder / "status.cwt").read_bytes()
    (folder / "status.cwt").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert "不是这些公钥签发的撤销清单" in verify(CODE, folder, "status").output
    (folder / "revoked.json").write_text("{}")
    assert "不是这些公钥签发的早期证书清单" in verify(OLD, folder, "revoked").output
    (folder / "keys.json").write_text('{"keys": [{"crv": "Ed25519"}]}')
    assert "不是公钥文件" in verify(CODE, folder).output


@pytest.mark.once
def test_neither_django_nor_a_database_is_asked() -> None:
    script = "import sys, assay.cli.verifying; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0

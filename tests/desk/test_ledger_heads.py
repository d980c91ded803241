"""The page of signed heads, and heads on paper."""

from __future__ import annotations

import html
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from assay.archive.printing import cover
from assay.certificates.printing import issue_list
from assay.kernel import contributions, heads, ledger, qr
from assay.kernel.acts import Context, act
from assay.kernel.models import OutsideHead
from assay.results.printing import result_list
from tests import factories as f

pytestmark = pytest.mark.django_db


@act("tests.grow", duty="E1", title="测试增长")
def grow(ctx: Context) -> None:
    ctx.record(f.department())


def signed_in(*duties: str) -> Client:
    client = Client()
    client.force_login(f.staff(*duties))
    return client


def codes(pdf: bytes, folder: Path) -> list[str]:
    """What the QR codes on the first page say."""
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", str(folder / "paper.pdf"), str(folder / "page")]
    subprocess.run(command, check=True, timeout=60)
    (picture,) = folder.glob("page*.png")
    found = qr.read(picture.read_bytes())
    picture.unlink()
    return [found] if found else []


def test_result_list_issue_list_and_cover_bear_the_newest_head_that_anybody_can_check(tmp_path: Path) -> None:
    f.centre()
    batch = f.batch("exam", stage="archive")
    assert codes(result_list(batch), tmp_path) == []
    grow(f.actor_with("E1"))
    head = ledger.checkpoint()
    assert head is not None
    source = contributions.volumes[0]
    for paper in (result_list(batch), issue_list(batch), cover(batch, source, [])):
        (first,) = codes(paper, tmp_path)
        assert first == head.note
        assert heads.ours(first)


def test_readers_of_the_ledger_see_whether_the_newest_head_is_kept_outside_and_print_it(tmp_path: Path) -> None:
    f.centre()
    client = signed_in("Q5")
    assert "还没有签署点" in client.get("/desk/ledger/heads/").content.decode()
    grow(f.actor_with("E1"))
    head = ledger.checkpoint()
    assert head is not None
    page = client.get("/desk/ledger/heads/").content.decode()
    assert "还没有留存在系统外" in page
    assert heads.vkeys()[0] in html.unescape(page)
    OutsideHead.objects.create(place="省平台", size=head.size, note=head.note, at=head.at)
    page = client.get("/desk/ledger/heads/").content.decode()
    assert "还没有留存在系统外" not in page
    assert "省平台" in page
    assert codes(client.get("/desk/ledger/heads/sheet.pdf").content, tmp_path) == [head.note]
    assert signed_in("E3").get("/desk/ledger/heads/").status_code == 403

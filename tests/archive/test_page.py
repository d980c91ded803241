"""What the page of a batch's volumes says of each."""

from __future__ import annotations

from datetime import date, datetime

from assay.archive.models import Volume, VolumeDocument
from assay.kernel.clock import SHANGHAI


def test_a_volume_says_what_asks_for_it_and_once_sealed_how_long_it_is_kept() -> None:
    volume = Volume(title="示例卷", clause="示例")
    assert volume.basis_said == "依据 示例"
    volume.sealed_at, volume.keep_until = datetime(2027, 3, 1, 0, 30, tzinfo=SHANGHAI), date(2032, 3, 1)
    assert volume.basis_said == "依据 示例，2027年3月1日 封卷，保存至 2032年3月1日"


def test_documents_are_numbered_but_for_the_cover() -> None:
    assert VolumeDocument(position=0, name="卷封").numbered == "卷封"
    assert VolumeDocument(position=2, name="名单").numbered == "2. 名单"

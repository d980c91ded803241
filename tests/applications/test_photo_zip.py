"""A ZIP of photos is unpacked no further than a photo may have, whatever it says of itself."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from PIL import Image

from assay.applications import photos
from assay.applications.photos import PhotoZip, read_photos
from assay.kernel.photos import LARGEST_PHOTO, WIDEST_PHOTO, photo_problem
from tests import factories as f
from tests.kernel.test_photos import person, stands, taken

MB = 1024 * 1024
NAME = f"赵一_{f.resident_number(1)}.jpg"


def jpeg(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "JPEG", quality=10)
    return buffer.getvalue()


def zipped(*entries: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def said(found: PhotoZip) -> list[str]:
    return [problem.message for problem in found.problems]


def test_one_entry_that_unpacks_to_hundreds_of_megabytes_is_refused_and_not_unpacked() -> None:
    bomb = zipped((NAME, b"\xff\xd8\xff" + bytes(300 * MB)))
    assert len(bomb) < MB
    tracemalloc.start()
    found = read_photos("照片.zip", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said(found) == [f"{NAME}：照片超过 200 KB，请压缩后再上传"]
    assert found.refused == {f.resident_number(1)}
    assert peak < 8 * MB


def test_a_size_that_lies_is_not_believed() -> None:
    content = zipped((NAME, b"\xff\xd8\xff" + bytes(20 * MB)))
    size = (20 * MB + 3).to_bytes(4, "little")
    found = read_photos("照片.zip", content.replace(size, (1000).to_bytes(4, "little")))
    assert not found.photos
    assert found.problems


def test_many_small_bombs_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LARGEST_ZIP", MB)
    content = zipped(
        *[(f"人_{f.resident_number(n)}.jpg", b"\xff\xd8\xff" + bytes(LARGEST_PHOTO - 3)) for n in range(1, 30)]
    )
    assert "照片合计超过 1 MB" in said(read_photos("照片.zip", content))[-1]


def test_entries_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST_PHOTOS", 3)
    content = zipped(*[(f"{n}.jpg", b"") for n in range(4)])
    assert said(read_photos("照片.zip", content)) == ["压缩包：有 4 个文件，超过 3 个，请分批上传"]


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_can_only_be_unpacked_in_great_pieces_is_not(how: int) -> None:
    found = read_photos("照片.zip", zipped((NAME, jpeg(295, 413)), how=how))
    assert "打不开" in said(found)[0]


def test_a_photo_of_many_millions_of_pixels_in_a_few_kilobytes_is_refused() -> None:
    wide = jpeg(WIDEST_PHOTO + 2, (WIDEST_PHOTO + 2) * 413 // 295)
    assert len(wide) < LARGEST_PHOTO
    assert "过大" in (photo_problem(wide) or "")
    assert photo_problem(jpeg(295, 413)) is None
    assert photo_problem(jpeg(1500, 2100)) is None


def test_a_good_zip_is_read_from_a_file_as_well() -> None:
    content = zipped((NAME, jpeg(295, 413)))
    found = read_photos("照片.zip", io.BytesIO(content))
    assert set(found.photos) == {f.resident_number(1)}
    assert said(found) == []


def test_photos_of_telephones_in_an_archive_are_turned_upright() -> None:
    other = f"李四_{f.resident_number(2)}.jpg"
    found = read_photos("照片.zip", zipped((NAME, taken(person(), 6)), (other, taken(person(600, 800), 8))))
    assert not found.problems
    assert all(stands(photo) for photo in found.photos.values())
    assert len(found.photos) == 2

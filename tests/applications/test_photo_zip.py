"""A ZIP of photos is unpacked no further than a photo may have, whatever it says of itself."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Sequence

import pytest
from PIL import Image

from assay.applications import photos
from assay.applications.photos import PhotoZip, read_photos
from assay.kernel.photos import LARGEST_PHOTO, WIDEST_PHOTO, photo_problem
from tests import factories as f
from tests.applications.rosters import photo
from tests.kernel.test_photos import person, stands, taken

MB = 1024 * 1024
NAME = f"赵一_{f.resident_number(1)}.jpg"


def jpeg(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    image = Image.new("RGB", (width, height), "white")
    image.paste("tan", (width // 5, height // 4, width - width // 5, height))
    image.save(buffer, "JPEG", quality=10)
    return buffer.getvalue()


def zipped(*entries: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def said(found: PhotoZip) -> list[str]:
    for serial in (1, 2):
        found.of(f.resident_number(serial), {1: "赵一", 2: "李四"}[serial])
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
    assert said(found)
    assert found.of(f.resident_number(1), "赵一") is None


def test_many_small_bombs_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LARGEST_ZIP", MB)
    content = zipped(
        *[(f"人_{f.resident_number(n)}.jpg", b"\xff\xd8\xff" + bytes(LARGEST_PHOTO - 3)) for n in range(1, 30)]
    )
    assert "照片合计超过 1 MB" in read_photos("照片.zip", content).problems[-1].message


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
    assert said(found) == []
    assert found.of(f.resident_number(1), "赵一") == jpeg(295, 413)


def test_photos_of_telephones_in_an_archive_are_turned_upright() -> None:
    other = f"李四_{f.resident_number(2)}.jpg"
    found = read_photos("照片.zip", zipped((NAME, taken(person(), 6)), (other, taken(person(600, 840), 8))))
    photos = [found.of(f.resident_number(1), "赵一"), found.of(f.resident_number(2), "李四")]
    assert not found.problems
    assert all(photo is not None and stands(photo) for photo in photos)


ZHAO, QIAN = f.resident_number(1), f.resident_number(2)


def read(*names: str, pictures: Sequence[bytes] = ()) -> PhotoZip:
    own = pictures or [photo("tan", who) for who in range(len(names))]
    return read_photos("照片.zip", zipped(*zip(names, own, strict=True)))


@pytest.mark.parametrize(
    ("name", "number", "who"),
    [
        (f"赵一_{ZHAO}.jpg", ZHAO, "赵一"), (f"{ZHAO}.JPG", ZHAO, "赵一"),
        (f"{ZHAO} 赵 一.jpeg", ZHAO, "赵一"), (f"x_{ZHAO}.jpg", ZHAO, "赵一"),
        (f"赵一{ZHAO[:6]} {ZHAO[6:14]} {ZHAO[14:].lower()}.jpg", ZHAO, "赵一"), (f"照片-赵一（白底）{ZHAO}(1).jpg", ZHAO, "赵一"),
        (f"赵一_{''.join(chr(ord(c) + 0xFEE0) for c in ZHAO)}.jpg", ZHAO, "赵一"), (f"汽修2401班赵一+{ZHAO}.jpg", ZHAO, "赵一"),
        (f"古丽米热•艾比布力_{ZHAO}.jpg", ZHAO, "古丽米热·艾比布力"), ("短护照_G12345.jpg", "G12345", "短护照"),
        ("JohnSmithson_E12345678.jpg", "E12345678", "John Smithson"), ("smithson john e12345678.jpg", "E12345678", "John Smithson"),
        ("军官_南字第12345678号.jpg", "南字第12345678号", "军官"), ("台湾人_12345678.jpg", "12345678", "台湾人"),
        ("港人_H0123456701.jpg", "H01234567", "港人"), ("李雷_ABC110101900101.jpg", "ABC110101900101", "李雷"),
        ("护照人_E1234567.jpg", "E1234567", "护照人"),
    ],
)  # fmt: skip
def test_a_photo_is_found_however_its_file_writes_number_and_name(name: str, number: str, who: str) -> None:
    found = read(name)
    assert found.of(number, who) == photo("tan", 0)
    assert (found.problems, found.left_out()) == ([], [])


def test_the_digits_of_one_document_are_no_other_document() -> None:
    found = read("台湾人_12345678.jpg", "军官_南字第12345678号.jpg", "护照人_E12345678.jpg")
    people = {"南字第12345678号": "军官", "E12345678": "护照人"}
    assert [found.of(number, who) for number, who in people.items()] == [photo("tan", 1), photo("tan", 2)]
    assert found.problems == []
    assert found.left_out() == ["1 张照片没有使用，文件名里没有名册中的证件号码：台湾人_12345678.jpg"]


def test_two_photos_whose_names_were_swapped_are_refused_with_both_names() -> None:
    found = read(f"钱二_{ZHAO}.jpg", f"赵一_{QIAN}.jpg")
    assert found.of(ZHAO, "赵一") is found.of(QIAN, "钱二") is None
    assert [p.message.partition("，请核对")[0] for p in found.problems] == [
        f"钱二_{ZHAO}.jpg：文件名写的是“钱二”，而名册中证件号码 {ZHAO} 的姓名是“赵一”",
        f"赵一_{QIAN}.jpg：文件名写的是“赵一”，而名册中证件号码 {QIAN} 的姓名是“钱二”",
    ]
    assert found.refused == {ZHAO, QIAN}


def test_class_and_major_beside_a_number_are_nobodys_name() -> None:
    found = read(f"汽修2401_{ZHAO}.jpg", f"汽修_钱二_{QIAN}.jpg")
    assert found.of(ZHAO, "赵一", "汽修2401 汽车运用与维修") == photo("tan", 0)
    assert found.of(QIAN, "李四", "汽修2401 汽车运用与维修") is None
    assert ["“钱二”" in problem.message for problem in found.problems] == [True]


def test_a_foreign_name_that_is_anothers_is_refused() -> None:
    found = read("Maria_E12345678.jpg")
    assert found.of("E12345678", "John Smithson") is None
    assert "“MARIA”" in found.problems[0].message


def test_one_picture_for_two_people_is_refused_with_both_files() -> None:
    same = photo("tan")
    found = read(f"x_{ZHAO}.jpg", f"x_{QIAN}.jpg", pictures=[same, same])
    assert found.of(ZHAO, "赵一") == same
    assert found.of(QIAN, "钱二") is None
    (problem,) = found.problems
    assert problem.message.startswith(f"x_{QIAN}.jpg：与 x_{ZHAO}.jpg 是同一张照片，却是两个人的")


def test_two_pictures_of_one_person_are_named_and_one_picture_twice_is_one() -> None:
    name = f"赵一_{ZHAO}.jpg"
    two = read(name, f"新/{name}")
    assert two.of(ZHAO, "赵一") is None
    assert [p.message for p in two.problems] == [f"{name}：与 {name} 是同一证件号码，请只留一张"]
    once = read(name, f"新/{name}", pictures=[photo("tan")] * 2)
    assert once.of(ZHAO, "赵一") == photo("tan")
    assert once.problems == []


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20240901_123456.jpg",
        "20240901123456.jpg",
        "mmexport1700000000000.jpg",
        "微信图片_20240901123456.jpg",
        "DSC_20240901.JPG",
    ],
)
def test_the_day_and_time_of_a_camera_are_nobodys_number(name: str) -> None:
    found = read(name)
    assert found.of("20240901", "台湾人") is None
    assert found.left_out() == [f"1 张照片没有使用，文件名里没有名册中的证件号码：{name}"]
    assert found.problems == []


def test_files_that_are_no_photos_are_left_out_and_named() -> None:
    found = read_photos(
        "照片.zip",
        zipped(
            ("说明.txt", b"x"), ("名单.xlsx", b"PK"), ("desktop.ini", b""), ("Thumbs.db", b""), (NAME, photo("tan"))
        ),
    )
    assert found.of(ZHAO, "赵一") == photo("tan")
    assert found.problems == []
    assert found.left_out() == ["说明.txt 不是照片，没有使用", "名单.xlsx 不是照片，没有使用"]

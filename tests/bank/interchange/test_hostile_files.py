"""Malformed, hostile and huge files: a clear refusal, never a crash, nothing of them gets through."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from assay.interchange import reading, safety
from assay.interchange.checking import Against, check
from assay.items.content import html as content_html
from tests.bank.interchange import fuzzing, made
from tests.bending.files import bent


def said(name: str, content: bytes, **more: bytes) -> str:
    return "\n".join(p.message for p in check(reading.read(name, content, **more), Against(made.POINTS)).problems)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return buffer.getvalue()


def test_a_zip_bomb_is_not_opened() -> None:
    bomb = zipped(imsmanifest_DOT_xml=b"0" * 50_000_000)
    assert len(bomb) < 100_000
    assert "压缩比异常" in said("题.zip", bomb)


def test_a_workbook_that_is_a_bomb_is_not_opened() -> None:
    assert "压缩比异常" in said("题.xlsx", zipped(xl__workbook_DOT_xml=b" " * 50_000_000))


def test_external_entities_are_refused_and_not_fetched() -> None:
    evil = (
        b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&x;</question></quiz>'
    )
    assert "实体" in said("题.xml", evil)


def test_entities_that_blow_up_are_refused() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    assert said("题.xml", f"<!DOCTYPE quiz [{lol}]><quiz>&l8;</quiz>".encode())


def test_a_script_in_a_stem_never_comes_in_and_is_told() -> None:
    evil = '<p onclick="steal()">问 <script>alert(1)</script><img src="javascript:alert(1)"><a href="javascript:x">甲</a></p>'
    text, lost = content_html.from_html(evil, lambda _: "")
    assert text == "问 甲"
    assert any("script" in what for what in lost)


def test_a_picture_of_50_mb_is_refused_by_name() -> None:
    picture = random.Random(1).randbytes(50 * 1024 * 1024)
    images = zipped(**{"图1_DOT_png": picture})
    assert "图1.png" in said(
        "题.csv", "题型,题干,选项A,选项B,答案,图片\n单选,问,甲,乙,A,图1.png\n".encode(), images=images
    )


def test_a_picture_that_is_a_program_is_refused() -> None:
    images = zipped(**{"图1_DOT_png": b"MZ\x90\x00"})
    assert "不是图片" in said(
        "题.csv", "题型,题干,选项A,选项B,答案,图片\n单选,问,甲,乙,A,图1.png\n".encode(), images=images
    )


def test_members_that_lead_out_of_a_package_lead_nowhere() -> None:
    assert safety.inside("items/a.xml", "../../../etc/passwd") == ""
    assert safety.inside("items/a.xml", "http://example.com/a.png") == ""
    assert safety.inside("items/a.xml", "../images/a.png") == "images/a.png"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("题.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "docx"), ("题.pdf", b"%PDF-1.7", "PDF"),
        ("题.txt", b"", "空"), ("题.zip", b"PK\x03\x04broken", "损坏"), ("题.xml", b"<quiz", "XML"),
        ("题.xml", b"<questestinterop/>", "QTI 1.2"), ("题.bin", bytes(range(256)), "编码"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(name: str, content: bytes, message: str) -> None:
    assert message in said(name, content)


def test_bent_files_of_every_format_end_in_items_or_named_problems() -> None:
    chance = random.Random(20261124)
    for name, content in fuzzing.seeds():
        fuzzing.survives(name, content)
        for _ in range(25):
            fuzzing.survives(name, bent(content, chance))

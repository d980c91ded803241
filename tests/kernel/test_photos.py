"""Photos as telephones take them: upright, of one inch, without what the camera wrote beside them; or a word why not."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from assay.kernel.photos import HEIC, LARGEST_PHOTO, made_fit, photo_problem

ORIENTATION = 0x0112
GPS = 0x8825
BACK = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}  # fmt: skip
"""How a camera lays down what it marks with each orientation."""


def person(width: int = 295, height: int = 413) -> Image.Image:
    """Blue above, red below on the left, green below on the right: whoever turns it is seen."""
    image = Image.new("RGB", (width, height), "blue")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 2, width // 2, height), "red")
    draw.rectangle((width // 2, height // 2, width, height), "lime")
    return image


def taken(image: Image.Image, orientation: int = 1, kind: str = "JPEG", **more: object) -> bytes:
    """As a telephone keeps it, the place in it."""
    turn = BACK[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    (image.transpose(turn) if turn is not None else image).save(out, kind, exif=exif, **more)
    return out.getvalue()


def stands(content: bytes) -> bool:
    with Image.open(io.BytesIO(content)) as image:
        seen = image.convert("RGB")
        assert image.size == (295, 413)
        assert image.format == "JPEG"
        assert not image.getexif()
        assert b"Exif" not in content
        colours = [max(range(3), key=seen.getpixel(at).__getitem__) for at in ((147, 60), (60, 350), (235, 350))]  # type: ignore[union-attr]
    return colours == [2, 0, 1]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(295, 413), (900, 1200)])
def test_however_the_telephone_was_held_the_photo_stands(orientation: int, size: tuple[int, int]) -> None:
    content = taken(person(*size), orientation)
    fit = made_fit(content)
    assert photo_problem(fit) is None
    assert stands(fit)


def test_a_photo_of_twelve_million_pixels_is_made_small() -> None:
    content = taken(person(3024, 4032), 6, quality=98)
    fit = made_fit(content)
    assert stands(fit)
    assert len(fit) <= LARGEST_PHOTO


def test_noise_that_hardly_packs_comes_below_the_limit() -> None:
    fit = made_fit(taken(Image.effect_noise((3024, 4032), 120).convert("RGB")))
    assert len(fit) <= LARGEST_PHOTO
    assert photo_problem(fit) is None


def test_several_pictures_in_one_file_are_one_photo() -> None:
    out = io.BytesIO()
    person(600, 800).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (600, 800))])
    assert stands(made_fit(out.getvalue()))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB", "L"])
def test_what_is_transparent_becomes_the_white_ground(mode: str) -> None:
    image = Image.new("RGBA", (590, 826), (0, 0, 0, 0))
    out = io.BytesIO()
    image.convert(mode).save(out, "PNG", **({"transparency": 0} if mode == "P" else {}))
    fit = made_fit(out.getvalue())
    assert photo_problem(fit) is None
    with Image.open(io.BytesIO(fit)) as kept:
        expected = (0, 0, 0) if mode in ("RGB", "L") else (255, 255, 255)
        assert kept.getpixel((100, 100)) == expected


def test_a_photo_that_is_fit_stays_byte_by_byte_and_so_does_what_was_made_fit() -> None:
    out = io.BytesIO()
    person().save(out, "JPEG")
    assert made_fit(out.getvalue()) == out.getvalue()
    once = made_fit(taken(person(900, 1200), 6))
    assert made_fit(once) == once


def test_a_photo_that_nobody_has_turned_is_refused_though_its_pixels_have_the_right_shape() -> None:
    lying = taken(person(), 3)
    assert "横放" in (photo_problem(lying) or "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), HEIC), (b"\x00\x00\x00\x18ftypmif1" + bytes(40), HEIC),
        (b"GIF89a", "不是 JPG 格式"), (b"", "不是 JPG 格式"), (b"\xff\xd8\xff broken", "已损坏"),
        (taken(person(1200, 900)), "1200×900"), (taken(person(900, 1200), 6)[:3000], "已损坏"),
        (taken(person(1080, 1920)), "请裁剪后再上传"), (taken(person(100, 140)), "一寸"),
        (taken(person(1080, 1920), 1, "PNG"), "1080×1920"), (taken(person(413, 295), 6), "413×295"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_fit_comes_back_as_it_came_with_the_reason(content: bytes, said: str) -> None:
    fit = made_fit(content)
    assert fit == content
    assert said in (photo_problem(fit) or "")


def test_a_few_kilobytes_that_claim_millions_of_pixels_are_not_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (5_000, 7_000)).save(out, "PNG")
    assert made_fit(out.getvalue()) == out.getvalue()
    assert "过大" in (photo_problem(out.getvalue()) or "")

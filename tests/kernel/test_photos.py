"""Photos as telephones take them: upright, of one inch, without what the camera wrote beside them; or a word why not."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from assay.kernel.photos import HEIC, LARGEST_PHOTO, made_fit, photo_problem

ORIENTATION = 0x0112
GPS = 0x8825
BACK = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}  # fmt: skip
"""How a camera lays down what it marks with each orientation."""


def person(width: int = 295, height: int = 413) -> Image.Image:
    """On a white ground blue above, red below on the left, green below on the right: whoever turns it is seen."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 6, height // 10, width - width // 6, height // 2), "blue")
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
    noise = person(3024, 4032)
    noise.paste(Image.effect_noise((2000, 1600), 120).convert("RGB"), (500, 420))
    fit = made_fit(taken(noise))
    assert len(fit) <= LARGEST_PHOTO
    assert photo_problem(fit) is None


def test_several_pictures_in_one_file_are_one_photo() -> None:
    out = io.BytesIO()
    person(600, 800).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (600, 800))])
    assert stands(made_fit(out.getvalue()))


@pytest.mark.parametrize(
    ("mode", "said"),
    [("RGBA", None), ("LA", "没有颜色"), ("P", None), ("RGB", "背景不是白色"), ("L", "没有颜色")],
)
def test_what_is_transparent_becomes_the_white_ground(mode: str, said: str | None) -> None:
    image = Image.new("RGBA", (590, 826), (0, 0, 0, 0))
    image.paste((200, 60, 60, 255), (100, 200, 490, 826))
    out = io.BytesIO()
    kept_as = image.convert(mode)
    kept_as.save(out, "PNG", **({"transparency": kept_as.getpixel((0, 0))} if mode == "P" else {}))
    fit = made_fit(out.getvalue())
    found = photo_problem(fit)
    assert found is None if said is None else said in (found or "")
    with Image.open(io.BytesIO(fit)) as kept:
        ground = kept.convert("RGB").getpixel((20, 40))
        assert isinstance(ground, tuple)
        assert max(ground) < 8 if mode in ("RGB", "L") else min(ground) > 247


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


def face(ground: str | tuple[int, int, int], *, hair: int = 40, width: int = 295, height: int = 413) -> Image.Image:
    """Somebody as a photographer takes them, before a ground."""
    image = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    scale = width / 295
    draw.ellipse([int(v * scale) for v in (70, 45, 225, 320)], fill=(hair, 32, 28))
    draw.ellipse([int(v * scale) for v in (88, 80, 207, 250)], fill=(225, 185, 160))
    draw.rounded_rectangle([int(v * scale) for v in (20, 290, 275, 460)], 50, fill=(40, 48, 90))
    return image


def shadowed(image: Image.Image, darkest: float) -> Image.Image:
    """As from one side the lamp does not reach: brightness falls from left to right."""
    ramp = Image.linear_gradient("L").rotate(90).resize(image.size)
    dark = image.point(lambda value: int(value * darkest))
    return Image.composite(image, dark, ramp)


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize(
    "image",
    [
        face("white"), face((247, 246, 242)), face((235, 226, 205)), face((222, 224, 230)), shadowed(face("white"), 0.72),
        shadowed(face((245, 240, 230)), 0.6), face("white", hair=15).filter(ImageFilter.GaussianBlur(3)), face((200, 200, 200)),
    ],
    ids=["white", "paper", "lamp", "daylight", "shadow", "deep shadow", "soft", "grey paper"],
)  # fmt: skip
@pytest.mark.parametrize("quality", [95, 30])
def test_a_white_ground_is_white_in_shadow_under_a_lamp_and_in_a_poor_jpeg(image: Image.Image, quality: int) -> None:
    noise = Image.merge("RGB", [Image.effect_noise(image.size, 14) for _ in range(3)])
    for seen in (image, ImageChops.add(image, noise, 1, -128)):
        assert photo_problem(jpeg(seen, quality)) is None


@pytest.mark.parametrize(
    "ground",
    [
        (67, 142, 219),
        (160, 200, 240),
        (0, 191, 243),
        (255, 0, 0),
        (200, 30, 40),
        "black",
        (120, 120, 120),
        (150, 130, 100),
        (90, 140, 80),
    ],
)
@pytest.mark.parametrize("darkest", [1, 0.75])
def test_a_coloured_or_dark_ground_is_refused_with_what_was_found(
    ground: str | tuple[int, int, int], darkest: float
) -> None:
    said = photo_problem(jpeg(shadowed(face(ground), darkest)))
    assert said is not None
    assert said.startswith("照片背景不是白色（头部上方和两侧只有 ")


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("quality", [95, 25])
def test_a_photo_without_colours_is_refused_however_it_was_saved(mode: str, quality: int) -> None:
    assert "彩色照片" in (photo_problem(jpeg(face("white").convert("L").convert(mode), quality)) or "")
    assert "没有颜色" in (photo_problem(jpeg(Image.new("RGB", (295, 413), "white"))) or "")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_photo_that_was_cut_off_on_its_way_is_broken(share: float) -> None:
    whole = jpeg(face("white"))
    part = whole[: int(len(whole) * share)]
    assert photo_problem(part) == photo_problem(part + bytes(500)) == "照片文件已损坏，打不开"

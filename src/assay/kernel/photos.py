"""Certificate photos: made fit from what telephones take, and what is wrong with those that cannot be. Pure.

A photo is kept as a JPEG of one inch (295×413), upright by its own pixels and with nothing of the camera beside them: where it was
taken is nobody's business, and what turns a picture by a note beside it lies on its side in print.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

WIDTH, HEIGHT = 295, 413
LARGEST_PHOTO = 200 * 1024
WIDEST_PHOTO = 2_500
"""Of a photo that is kept as it came. A few kilobytes may claim many millions of pixels, for every ticket to draw."""
_MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 16_000_000}
"""Of what is made fit: a telephone's best, which the JPEG decoder makes small while it reads, and a screenshot."""
_NARROWEST, _BROADEST = 0.64, 0.80
"""Width by height; the frame of 295×413 is cut out of the middle."""
_LEAST = (144, 192)
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)
_ORIENTATION, _UPRIGHT = 0x0112, 1
_TURNED = (5, 6, 7, 8)
_BESIDE = ("exif", "xmp", "photoshop", "comment", "mpoffset")
_QUALITIES = (95, 88, 80, 70)
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_LOOKED_AT = (74, 103)
"""What is looked at of a photo: a quarter of one inch, in which the noise of a JPEG is gone."""
_GROUND_TOP, _GROUND_SIDE, _GROUND_DOWN = 0.06, 0.08, 0.45
"""Where the ground is seen, in shares of height and width: a strip above the head, and both sides down to where shoulders begin."""
_DARKEST_WHITE, _TINT = 165, 48
"""White as it comes out of a room: its darkest part in a soft shadow, its colour under a lamp. A blue ground (67, 142, 219), the lightest
blue that photographers use (160, 200, 240) and skin are none."""
_LEAST_WHITE = 0.5
"""Of a white ground with hair, a shoulder or a shadow before it far more is white, of a coloured wall or a room next to nothing: half is
in the middle of where no photo is, and in doubt it passes."""
_COLOURED, _LEAST_COLOURED = 24, 0.01
"""How far apart the three colours of a point are, and the share of such points: a face alone has some ten of a hundred, a grey picture
that was saved in colours none."""
HEIC = (
    "这是苹果手机的 HEIC 照片，这里打不开。请在手机上用“设置 → 相机 → 格式 → 兼容性最佳”后重拍，"
    "或打开照片截一张图，再选择截图"
)


def made_fit(content: bytes) -> bytes:
    """The photo as it is to be kept. What is so already stays byte by byte, what cannot be made so comes back as it came, and
    `photo_problem` says why."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            if _is_fit(image, len(content)) or image.width * image.height > _MOST_PIXELS.get(image.format or "", 0):
                return content
            image.draft("RGB", (2 * HEIGHT, 2 * HEIGHT))  # whichever side is up; other formats know no draft
            upright = ImageOps.exif_transpose(image)
            if _shape_problem(*upright.size):
                return content
            return _encoded(ImageOps.fit(_on_white(upright), (WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    except _BROKEN:
        return content


def _is_fit(image: Image.Image, size: int) -> bool:
    bare = image.format == "JPEG" and not any(name in image.info for name in _BESIDE)
    return bare and image.mode in ("RGB", "L") and image.width <= WIDEST_PHOTO and size <= LARGEST_PHOTO


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent shows the white ground that a certificate photo has."""
    if image.mode in ("RGB", "L", "CMYK"):
        return image.convert("RGB")
    clear = image.convert("RGBA")
    ground = Image.new("RGBA", clear.size, "white")
    ground.alpha_composite(clear)
    return ground.convert("RGB")


def _encoded(image: Image.Image) -> bytes:
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() <= LARGEST_PHOTO:
            break
    return out.getvalue()


def photo_problem(content: bytes) -> str | None:
    """Why these bytes are no certificate photo (rules.md §7: JPG, one inch 295x413, 10-200 KB), in Chinese."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return HEIC
    large = f"照片超过 {LARGEST_PHOTO // 1024} KB，请压缩后再上传" if len(content) > LARGEST_PHOTO else None
    broken = large or "照片文件已损坏，打不开"
    try:
        with Image.open(io.BytesIO(content)) as image:
            kind, (width, height) = image.format, image.size
            if kind not in _MOST_PIXELS:
                return "照片不是 JPG 格式"
            if width * height > _MOST_PIXELS[kind] or (width > WIDEST_PHOTO and not large):
                return f"照片 {width}×{height} 像素，过大，请缩小到一寸（295×413）"
            turned = image.getexif().get(_ORIENTATION, _UPRIGHT)
            image.draft("RGB", (HEIGHT, HEIGHT))
            small = image.convert("RGB").resize(_LOOKED_AT, Image.Resampling.BOX)
    except _BROKEN:
        return broken if content.startswith(b"\xff\xd8\xff") else "照片不是 JPG 格式"
    wrong = _shape_problem(*((height, width) if turned in _TURNED else (width, height)))
    if wrong or large:
        return wrong or large
    if kind != "JPEG":
        return "照片不是 JPG 格式"
    if turned != _UPRIGHT:
        return "照片的方向另有标记，打印时会横放，请转正后另存"
    return _colour_problem(small) or _ground_problem(small)


def _colour_problem(small: Image.Image) -> str | None:
    coloured = sum(max(point) - min(point) >= _COLOURED for point in _points(small))
    if coloured >= _LEAST_COLOURED * small.width * small.height:
        return None
    return "照片没有颜色（黑白照片或空白图片），证书要用彩色照片，请换一张"


def _ground_problem(small: Image.Image) -> str | None:
    top, side = round(_GROUND_TOP * small.height), round(_GROUND_SIDE * small.width)
    down = round(_GROUND_DOWN * small.height)
    boxes = ((0, 0, small.width, top), (0, top, side, down), (small.width - side, top, small.width, down))
    ground = [point for box in boxes for point in _points(small.crop(box))]
    white = sum(min(point) >= _DARKEST_WHITE and max(point) - min(point) <= _TINT for point in ground)
    if white >= _LEAST_WHITE * len(ground):
        return None
    return f"照片背景不是白色（头部上方和两侧只有 {100 * white // len(ground)}% 接近白色），请用白底照片"


def _points(image: Image.Image) -> list[tuple[int, int, int]]:
    bytes_of = image.tobytes()
    return list(zip(bytes_of[::3], bytes_of[1::3], bytes_of[2::3], strict=True))


def _shape_problem(width: int, height: int) -> str | None:
    if width >= _LEAST[0] and height >= _LEAST[1] and _NARROWEST <= width / height <= _BROADEST:
        return None
    return f"照片 {width}×{height} 像素，应为一寸（295×413）的竖照片，请裁剪后再上传"

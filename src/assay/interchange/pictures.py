"""Pictures from outside: checked by content, bounded, as PNG or JPEG."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

from assay.interchange.drafts import Unreadable
from assay.interchange.safety import LARGEST_PICTURE

MOST_PIXELS = 40_000_000
READ = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")


def as_kept(content: bytes) -> bytes:
    """The bytes to keep: PNG and JPEG as they are, others as PNG. Unreadable when it is no picture, or too large."""
    if len(content) > LARGEST_PICTURE:
        raise Unreadable(f"图片有 {len(content) // 1024 // 1024} MB，超过 {LARGEST_PICTURE // 1024 // 1024} MB，请缩小")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=READ) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Unreadable(f"图片 {image.width}×{image.height} 像素，过大，请缩小")
                form = image.format
                image.load()
                if form in ("PNG", "JPEG"):
                    return content
                buffer = io.BytesIO()
                image.convert("RGBA" if image.mode in ("P", "LA", "RGBA") else "RGB").save(buffer, "PNG")
                return buffer.getvalue()
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
    ) as broken:
        raise Unreadable("不是图片，或图片已损坏（可用 PNG、JPG）") from broken

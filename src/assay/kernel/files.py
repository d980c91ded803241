"""Files by content: photos, evidence, generated papers. Checked by content, never by name."""

from __future__ import annotations

import io
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from assay.kernel import clock
from assay.kernel.models import StoredFile
from assay.kernel.refusals import Refused

_MAGIC = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


def kind_of(content: bytes) -> str | None:
    """The content type by the first bytes: PDF, JPEG or PNG; None for anything else."""
    return next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)


LARGEST_UPLOAD = 10 * 1024 * 1024


def size_problem(size: int) -> str | None:
    """Why an upload of so many bytes is not taken, in Chinese."""
    if size <= LARGEST_UPLOAD:
        return None
    return f"文件 {size / 1024 / 1024:.1f} MB，超过 {LARGEST_UPLOAD // 1024 // 1024} MB，请压缩后再上传"


def upload_problem(content: bytes) -> str | None:
    """Why these bytes are not kept as an upload, in Chinese."""
    return size_problem(len(content)) or (None if kind_of(content) else "文件不是 PDF、JPG 或 PNG，请转换后再上传")


def digest_of(content: bytes) -> str:
    """The name under which the bytes are or would be kept."""
    return sha256(content).hexdigest()


def path_of(digest: str) -> Path:
    return Path(settings.FILES_ROOT) / digest[:2] / digest


def keep(content: bytes, content_type: str | None = None) -> StoredFile:
    """Store the bytes and return their row. Uploads (no `content_type` given) must be PDF, JPEG or PNG by content and of
    a bearable size; papers that the product draws up itself are as large as they are."""
    wrong = upload_problem(content) if content_type is None else None
    if wrong:
        raise Refused(wrong)
    kind, digest = content_type or kind_of(content) or "", digest_of(content)
    _write(digest, content)
    row, _ = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"content_type": kind, "size": len(content), "created_at": clock.now()}
    )
    return row


def keep_all(contents: Iterable[bytes]) -> None:
    """Store many uploads, each as `keep` does; those that are known already cost no row."""
    by_digest = {digest_of(content): content for content in contents}
    wrong = next((said for content in by_digest.values() if (said := upload_problem(content))), None)
    if wrong:
        raise Refused(wrong)
    for digest, content in by_digest.items():
        _write(digest, content)
    rows = [
        StoredFile(sha256=digest, content_type=kind_of(content) or "", size=len(content), created_at=clock.now())
        for digest, content in by_digest.items()
    ]
    StoredFile.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _write(digest: str, content: bytes) -> None:
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        draft.write_bytes(content)
        draft.replace(path)


def read(digest: str) -> bytes:
    """The bytes; raises FileNotFoundError, or Refused when they no longer match their digest."""
    content = path_of(digest).read_bytes()
    if digest_of(content) != digest:
        raise Refused("存储的文件与其摘要不符，可能被改动，请联系管理员")
    return content


LARGEST_PHOTO = 200 * 1024
WIDEST_PHOTO = 2_500
"""Wider than a telephone takes it. A few kilobytes may claim many millions of pixels, for every ticket to draw."""


def photo_problem(content: bytes) -> str | None:
    """Why these bytes are no certificate photo (rules.md §7: JPG, one inch 295x413, 10-200 KB), in Chinese."""
    if not content.startswith(b"\xff\xd8\xff"):
        return "照片不是 JPG 格式"
    if len(content) > LARGEST_PHOTO:
        return f"照片超过 {LARGEST_PHOTO // 1024} KB，请压缩后再上传"
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.verify()
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return "照片文件已损坏，打不开"
    if width > WIDEST_PHOTO:
        return f"照片 {width}×{height} 像素，过大，请缩小到一寸（295×413）"
    if width < 144 or height < 192 or not 0.64 <= width / height <= 0.80:
        return f"照片 {width}×{height} 像素，应为一寸（295×413）"
    return None

"""Files by content: photos (see `photos`), evidence, generated papers. Checked by content, never by name; enciphered on the disk, under the
digest of the clear bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings

from assay.kernel import cipher_file, clock, durable
from assay.kernel.cipher_file import Unreadable
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
    _write({digest: content})
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
    _write(by_digest)
    rows = [
        StoredFile(sha256=digest, content_type=kind_of(content) or "", size=len(content), created_at=clock.now())
        for digest, content in by_digest.items()
    ]
    StoredFile.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _write(contents: Mapping[str, bytes]) -> None:
    """Have them on the disk, whatever happens next, under their digests; what is there already stays."""
    new = {digest: content for digest, content in contents.items() if not path_of(digest).exists()}
    durable.put_all((path_of(digest), _enciphered(digest, content)) for digest, content in new.items())


def _enciphered(digest: str, content: bytes) -> durable.Writer:
    return lambda out: cipher_file.write(out, [content], len(content), digest)


def read(digest: str) -> bytes:
    """The bytes; raises FileNotFoundError, or Unreadable (a Refused) when they no longer match their digest or cannot be opened."""
    whole = io.BytesIO()
    with path_of(digest).open("rb") as source:
        for piece in _clear(source, digest):
            whole.write(piece)
    return whole.getvalue()


def problem_of(digest: str, path: Path | None = None) -> str:
    """What is wrong with a kept file, or with a copy of it at `path`, in Chinese; "" when it is as it was kept."""
    try:
        with (path or path_of(digest)).open("rb") as source:
            for _ in _clear(source, digest):
                pass
    except OSError:
        return "文件已不见，或读不出"
    except Unreadable as wrong:
        return wrong.message
    return ""


def _clear(source: IO[bytes], digest: str) -> Iterator[bytes]:
    """The bytes in the clear, compared with the digest at the end; files of earlier versions lie so on the disk."""
    start = source.read(len(cipher_file.MAGIC))
    source.seek(0)
    pieces = cipher_file.read(source, digest) if cipher_file.is_enciphered(start) else plain_pieces(source)
    found = sha256()
    for piece in pieces:
        found.update(piece)
        yield piece
    if found.hexdigest() != digest:
        raise Unreadable("文件内容被改动：与登记的校验码不符")


def plain_pieces(source: IO[bytes]) -> Iterator[bytes]:
    """A file as it lies, in bearable pieces."""
    return iter(lambda: source.read(cipher_file.FRAME), b"")

"""A volume as one ZIP, written while it is sent: nothing of it lies unenciphered on the disk."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from assay.archive.models import Volume
from assay.kernel import clock, files

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class _Passing(io.RawIOBase):
    """What was written since it was last asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        content = bytes(part)  # type: ignore[call-overload]
        self._parts.append(content)
        return len(content)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(volume: Volume) -> Iterator[bytes]:
    """The ZIP, document by document; each is checked against its digest as it is read."""
    passing = _Passing()
    made = (volume.sealed_at or clock.now()).astimezone(clock.SHANGHAI)
    with zipfile.ZipFile(passing, "w", zipfile.ZIP_STORED) as archive:  # PDF and photos hardly pack
        for document in volume.documents.select_related("file").order_by("position"):
            entry = zipfile.ZipInfo(
                f"{document.position:03d} {_NOT_IN_NAMES.sub('_', document.name)}", made.timetuple()[:6]
            )
            archive.writestr(entry, files.read(document.file_id))
            yield passing.taken()
    yield passing.taken()

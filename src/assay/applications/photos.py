"""A ZIP of certificate photos named 姓名_身份证号.jpg, matched to people in one go."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from assay.kernel.identity import normalise
from assay.kernel.photos import LARGEST_PHOTO, made_fit, photo_problem
from assay.kernel.tables import Problem

LARGEST_ZIP = 200 * 1024 * 1024
"""Photos hardly pack: of 60 KB each it holds three thousand. More come in several files."""
MOST_PHOTOS = 5_000
BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError)
"""What reading a damaged ZIP may raise."""
_NUMBER = re.compile(r"[0-9A-Za-z]{8,18}")


@dataclass
class PhotoZip:
    """Photos by ID number (upper case); `problems` name files that cannot be used, `refused` the numbers of those
    that came but are no certificate photos."""

    file: str
    photos: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def problem(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.file, "", 0, "", f"{name}：{message}"))

    def unused(self, numbers: set[str]) -> list[str]:
        """Names of photos whose number is none of `numbers`."""
        return [self.names[n] for n in self.photos if n not in numbers]


def read_photos(file: str, content: bytes | IO[bytes]) -> PhotoZip:
    """Read the whole ZIP; folders inside it do not matter. No more of an entry is unpacked than a photo may have, and of all
    together no more than the ZIP itself might hold, whatever it says of their sizes."""
    found = PhotoZip(file)
    kept = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir() and not _hidden(_name(i))]
            if len(infos) > MOST_PHOTOS:
                found.problem("压缩包", f"有 {len(infos)} 个文件，超过 {MOST_PHOTOS} 个，请分批上传")
                return found
            for info in infos:
                photo = _unpacked(archive, info)
                kept += len(photo)
                if kept > LARGEST_ZIP:
                    found.problem("压缩包", f"照片合计超过 {LARGEST_ZIP // 1024 // 1024} MB，请分批上传")
                    return found
                _take(found, _name(info), photo)
    except BROKEN:
        found.problem("压缩包", "打不开，请重新压缩成 ZIP（不要加密）")
    return found


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The first bytes of an entry: one more than a photo may have, so that it is seen to be too large."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError("only what is unpacked piece by piece")
    with archive.open(info) as entry:
        return entry.read(LARGEST_PHOTO + 1)


def _name(info: zipfile.ZipInfo) -> str:
    """The file's name; archives made on Chinese Windows carry GB 18030 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return info.filename


def _hidden(name: str) -> bool:
    return name.startswith("__MACOSX") or PurePosixPath(name).name.startswith(".") or name.endswith("Thumbs.db")


def _take(found: PhotoZip, path: str, content: bytes) -> None:
    name = PurePosixPath(path).name
    stem = PurePosixPath(name).stem
    numbers = _NUMBER.findall(stem)
    if not numbers:
        found.problem(name, "文件名应为“姓名_身份证号.jpg”")
        return
    number = normalise(max(numbers, key=len))
    content = made_fit(content)
    wrong = photo_problem(content)
    if wrong:
        found.problem(name, wrong)
        found.refused.add(number)
    elif number in found.photos:
        found.problem(name, f"与 {found.names[number]} 是同一证件号码，请只留一张")
    else:
        found.photos[number] = content
        found.names[number] = name

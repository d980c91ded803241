"""A ZIP of certificate photos named 姓名_身份证号.jpg, matched to people in one go."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from assay.kernel.files import photo_problem
from assay.kernel.identity import normalise
from assay.kernel.tables import Problem

LARGEST_ZIP = 1024 * 1024 * 1024
MOST_PHOTOS = 20_000
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


def read_photos(file: str, content: bytes) -> PhotoZip:
    """Read the whole ZIP; folders inside it do not matter."""
    found = PhotoZip(file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir() and not _hidden(_name(i))]
            if len(infos) > MOST_PHOTOS or sum(i.file_size for i in infos) > LARGEST_ZIP:
                found.problem("压缩包", "照片过多或过大，请分批上传")
                return found
            for info in infos:
                _take(found, _name(info), archive.read(info))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        found.problem("压缩包", "打不开，请重新压缩成 ZIP（不要加密）")
    return found


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
    wrong = photo_problem(content)
    if wrong:
        found.problem(name, wrong)
        found.refused.add(number)
    elif number in found.photos:
        found.problem(name, f"与 {found.names[number]} 是同一证件号码，请只留一张")
    else:
        found.photos[number] = content
        found.names[number] = name

"""A ZIP of certificate photos named 姓名_身份证号.jpg, matched to people by number and name."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath
from typing import IO

from assay.applications.photo_names import numbers_in, other_name
from assay.kernel.photos import LARGEST_PHOTO, made_fit, photo_problem
from assay.kernel.tables import Problem

LARGEST_ZIP = 200 * 1024 * 1024
"""Photos hardly pack: of 60 KB each it holds three thousand. More come in several files."""
MOST_PHOTOS = 5_000
BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError)
"""What reading a damaged ZIP may raise."""
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG")
_PICTURES = (".jpg", ".jpeg", ".jpe", ".png", ".heic", ".heif", ".bmp", ".gif", ".webp", ".tif", ".tiff")
_KEPT_BY_SYSTEMS = ("thumbs.db", "desktop.ini", "picasa.ini")
_NAMED = 20


@dataclass(frozen=True)
class Picture:
    """A picture of the ZIP, made fit. `wrong`: why it is no certificate photo."""

    name: str
    stem: str
    content: bytes
    wrong: str | None


@dataclass
class PhotoZip:
    """The pictures of a ZIP by every number that their names may say. `problems` name what cannot be used, `notes` what was left out;
    `refused` are the numbers of those whose picture came but cannot be used."""

    file: str
    pictures: list[Picture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    _by_number: dict[str, list[Picture]] = field(default_factory=dict)
    _given: dict[str, tuple[str, Picture]] = field(default_factory=dict)
    """By the digest of a picture, the number of whom it was given to."""
    _used: set[int] = field(default_factory=set)

    def problem(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.file, "", 0, "", f"{name}：{message}"))

    def add(self, picture: Picture) -> None:
        self.pictures.append(picture)
        for number in numbers_in(picture.stem):
            self._by_number.setdefault(number, []).append(picture)

    def of(self, number: str, name: str, beside: str = "") -> bytes | None:
        """The photo of a person, by number and name; what stands against it becomes a problem. `beside`: what else is said of them."""
        found = list({picture.content: picture for picture in self._by_number.get(number, [])}.values())
        self._used |= {id(picture) for picture in self._by_number.get(number, [])}
        if not found:
            return None
        problem = self._against(found, number, name, beside)
        if problem:
            self.problem(*problem)
            self.refused.add(number)
            return None
        return found[0].content

    def _against(self, found: list[Picture], number: str, name: str, beside: str) -> tuple[str, str] | None:
        """The file, and why it is no photo of this person."""
        picture = found[0]
        if len(found) > 1:
            return found[1].name, f"与 {picture.name} 是同一证件号码，请只留一张"
        other = other_name(picture.stem, number, name, beside)
        if other:
            said = f"文件名写的是“{other}”，而名册中证件号码 {number} 的姓名是“{name}”，请核对是谁的照片"
            return picture.name, f"{said}；确是{name}的，请把文件改名为 {name}_{number}.jpg"
        if picture.wrong:
            return picture.name, picture.wrong
        owner, first = self._given.setdefault(sha256(picture.content).hexdigest(), (number, picture))
        if owner != number:
            return picture.name, f"与 {first.name} 是同一张照片，却是两个人的，请换成各人自己的照片"
        return None

    def left_out(self) -> list[str]:
        """What was not used, in words: pictures of nobody in the roster, and files that are no pictures."""
        unused = [picture.name for picture in self.pictures if id(picture) not in self._used]
        if not unused:
            return self.notes
        some = "、".join(unused[:_NAMED]) + ("……" if len(unused) > _NAMED else "")
        return [*self.notes, f"{len(unused)} 张照片没有使用，文件名里没有名册中的证件号码：{some}"]


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
    last = PurePosixPath(name).name
    return name.startswith("__MACOSX") or last.startswith(".") or last.lower() in _KEPT_BY_SYSTEMS


def _take(found: PhotoZip, path: str, content: bytes) -> None:
    name = PurePosixPath(path.replace("\\", "/")).name
    if PurePosixPath(name).suffix.lower() not in _PICTURES and not content.startswith(_BEGINNINGS):
        found.notes.append(f"{name} 不是照片，没有使用")
        return
    content = made_fit(content)
    found.add(Picture(name, PurePosixPath(name).stem, content, photo_problem(content)))

"""Files from outside are opened here and nowhere else: bounded, without entities, without paths that lead out."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from assay.interchange.drafts import Unreadable

LARGEST_FILE = 60 * 1024 * 1024
LARGEST_UNPACKED = 400 * 1024 * 1024
LARGEST_MEMBER = 200 * 1024 * 1024
LARGEST_PICTURE = 5 * 1024 * 1024
MOST_MEMBERS = 60_000
STEEPEST = 200
"""How many times smaller a large member may be packed than unpacked: text packs 5 to 20 times, a bomb 1,000 times."""


class Package:
    """A ZIP file. Its members are counted and measured before anything is unpacked."""

    def __init__(self, content: bytes) -> None:
        if len(content) > LARGEST_FILE:
            raise Unreadable(f"文件超过 {LARGEST_FILE // 1024 // 1024} MB，请分成几个文件")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = [i for i in self._zip.infolist() if i.filename and not i.is_dir()]
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as broken:
            raise Unreadable("压缩文件已损坏，打不开，请重新另存或压缩一份") from broken
        if len(members) > MOST_MEMBERS:
            raise Unreadable(f"压缩文件里有 {len(members)} 个文件，超过 {MOST_MEMBERS} 个")
        if sum(i.file_size for i in members) > LARGEST_UNPACKED:
            raise Unreadable("压缩文件解开后过大，不予打开")
        if any(i.file_size > 1_000_000 and i.file_size > STEEPEST * max(i.compress_size, 1) for i in members):
            raise Unreadable("压缩文件的压缩比异常，可能是恶意文件，不予打开")
        self._members = {i.filename: i for i in members}

    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str, largest: int = LARGEST_MEMBER) -> bytes:
        """The bytes of a member; Unreadable when it is missing, broken, encrypted or larger than it said."""
        info = self._members.get(name)
        if info is None:
            raise Unreadable(f"压缩文件里没有“{name}”")
        if info.file_size > largest:
            raise Unreadable(f"“{name}”有 {info.file_size // 1024 // 1024} MB，超过 {largest // 1024 // 1024} MB")
        try:
            with self._zip.open(info) as member:
                content = member.read(largest + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as broken:
            raise Unreadable(f"压缩文件里的“{name}”已损坏或加密，读不出") from broken
        if len(content) > largest:
            raise Unreadable(f"“{name}”比它说的更大，不予打开")
        return content


def xml(content: bytes) -> etree._Element:
    """The root of an XML document. No entities, no document type with definitions, no network, bounded depth."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise Unreadable(f"XML 格式不对：{str(broken)[:120]}") from broken
    definitions = root.getroottree().docinfo.internalDTD
    if definitions is not None and any(definitions.iterentities()):
        raise Unreadable("XML 中定义了实体，可能是恶意文件，不予打开")
    return root


def text(content: bytes) -> str:
    """A text file: UTF-8 with or without its mark, UTF-16 with its mark, or GB 18030."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in decoded:
            return decoded
    raise Unreadable("不是文本文件，或文字编码读不出；请另存为 UTF-8")


def local(tag: object) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def spellings(reference: str) -> Iterator[str]:
    """What a reference may mean: as it is written, decoded, and without what web servers are told behind the name (?time=1)."""
    bare = re.split(r"[?#]", reference, maxsplit=1)[0]
    yield from dict.fromkeys((reference, unquote(reference), bare, unquote(bare)))


def member_of(package: Package, base: str, reference: str) -> str:
    """The member that a reference in the member `base` means; as `inside` where there is none."""
    meant = [inside(base, spelled) for spelled in spellings(reference)]
    return next((name for name in meant if name and name in package), meant[0])


def inside(base: str, reference: str) -> str:
    """The member that `reference` in the member `base` means; '' when it leads out of the package or to the network."""
    if "://" in reference or reference.startswith(("/", "\\", "data:")):
        return ""
    parts: list[str] = list(PurePosixPath(base).parent.parts)
    for part in PurePosixPath(reference.replace("\\", "/")).parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)

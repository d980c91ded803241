"""Photos as they come out of telephones, editors and broken disks, alone and in the ZIP beside a roster."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence

from PIL import Image

from tests.applications.rosters import photo
from tests.bending.files import bent

ORIENTATION = 0x0112
NAMES = (
    "{name}_{number}.jpg", "{number}.JPG", "{name}.jpeg", "IMG_20240901_123456.jpg", "说明.txt", "a/b/{name}_{number}.png",
    "../{number}.jpg", "{name} {number}.jpg", "__MACOSX/._{number}.jpg", "Thumbs.db", "{number}",
)  # fmt: skip


def bent_photo(chance: random.Random) -> bytes:
    """A picture in some format and mode, turned, huge, tiny or cut."""
    kind = chance.random()
    if kind < 0.4:
        return bent(photo(who=chance.randint(0, 50)), chance)
    if kind < 0.5:
        return photo(who=chance.randint(0, 50))
    buffer = io.BytesIO()
    size = chance.choice([(1, 1), (295, 413), (413, 295), (4000, 3), (600, 800), (2000, 2800)])
    mode = chance.choice(["RGB", "L", "P", "RGBA", "CMYK", "1", "I;16", "LA"])
    image = Image.new(mode, size)
    form = chance.choice([f for f in ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP") if _takes(f, mode)])
    exif = Image.Exif()
    exif[ORIENTATION] = chance.choice([1, 3, 6, 8, 9])
    image.save(buffer, form, exif=exif)
    content = buffer.getvalue()
    return bent(content, chance) if chance.random() < 0.5 else content


def _takes(form: str, mode: str) -> bool:
    modes = {
        "JPEG": {"RGB", "L", "CMYK"}, "PNG": {"RGB", "L", "P", "RGBA", "1", "I;16", "LA"}, "GIF": {"RGB", "L", "P", "1"},
        "BMP": {"RGB", "L", "P", "1"}, "TIFF": {"RGB", "L", "P", "RGBA", "CMYK", "1", "I;16", "LA"}, "WEBP": {"RGB", "RGBA"},
    }  # fmt: skip
    return mode in modes[form]


def bent_photos(people: Sequence[tuple[str, str]], chance: random.Random) -> bytes:
    """`people`: (name, number) of each. A ZIP of their photos, well named or not; sometimes bent as a whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for name, number in people:
            for _ in range(chance.choice([0, 1, 1, 1, 2])):
                called = chance.choice(NAMES).format(name=name, number=number)
                if called not in archive.namelist():
                    archive.writestr(called, bent_photo(chance))
    content = buffer.getvalue()
    return bent(content, chance) if chance.random() < 0.3 else content

"""What the name of a photo's file says: whose number, whose name. Departments name photos by hand, scanners and telephones by the day.

A file belongs to a person only by the number, which is the person; the name beside it has to be the person's too, or two were swapped.
Pure.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from assay.kernel.identity import comparable_name, lasting, normalise
from assay.typed import visible

_CAMERA = re.compile(
    r"^(?:(?:IMG|DSC[NF]?|PXL|VID|MVIMG|P|SCREENSHOT|WX_CAMERA|MMEXPORT|WECHAT|PHOTO|微信图片|微信照片|QQ图片|QQ截图|屏幕截图|截图)"
    r"[_\s-]*)?(?:19|20)\d{6}(?:[_\s-]*\d{4,})?(?:[_\s(-].*)?$|^(?:MMEXPORT|WX_CAMERA_)\d{13}"
)
"""What telephones and programs call pictures: a day and a time, which is nobody's number."""
_DIGITS = re.compile(r"\d[\dX]{4,}")
_LETTERS = re.compile(r"[A-Z]*$")
_RESIDENT = 18
_MOST_LETTERS = 3
"""Before the digits of a passport or a permit."""
_PARTED = re.compile(r"(?<=[0-9])[\s'’-]+(?=[0-9X])")
_OFFICER = re.compile(r"[\u4e00-\u9fff]字第?\d+号?")
"""The number of an officer's card, whose digits alone are nobody's."""
_BETWEEN = re.compile(r"[_\s,，;；+&]+")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd·]{2,}")
_LATIN = re.compile(r"[^\W\d_]{3,}")
_NO_NAMES = re.compile(
    "照片|证件照|登记照|报名照|电子照|相片|头像|一寸|二寸|小一寸|白底|蓝底|红底|彩色|身份证|护照|通行证|居住证|台胞证|回乡证|号码|证件|"
    "本人|副本|复制|裁剪|修改|新|IMG|IMAGE|PHOTO|PIC|PICTURE|COPY|SCAN|JPE?G|PNG|DSC"
)
"""Words of file names that name nobody."""


def _plain(stem: str) -> str:
    return visible(normalize("NFKC", stem)).upper().strip()


def numbers_in(stem: str) -> set[str]:
    """Everything in the name of a file that may be the number of a document, in its one form."""
    plain = _plain(stem)
    if _CAMERA.match(plain):
        return set()
    found = {normalise(piece) for piece in _BETWEEN.split(plain) if len(piece) > _MOST_LETTERS}  # 南字第12345678号
    bare = _OFFICER.sub(" ", plain)
    for text in (bare, _PARTED.sub("", bare)):  # 110101 19900307 0038
        for run in _DIGITS.finditer(text):
            found |= _with_letters(text[: run.start()], run[0])
    return {
        kept for number in found for kept in (number, lasting("hk_macao", number)) if any(c.isdigit() for c in kept)
    }


def _with_letters(before: str, digits: str) -> set[str]:
    """Digits with the letters that belong to them: E12345678 is not 12345678; of a name written close up nobody knows where it ends."""
    letters = _LETTERS.findall(before)[0]
    if len(letters) <= _MOST_LETTERS:
        return {letters + digits, digits} if len(digits) >= _RESIDENT else {letters + digits}
    return {letters[len(letters) - some :] + digits for some in range(_MOST_LETTERS + 1)}


def other_name(stem: str, number: str, name: str, beside: str = "") -> str:
    """The name that a file with this number says, where it is not `name`; '' where it says that one, or none. `beside`: what else the
    roster says of the person, such as class and major, which may stand in the file's name as well."""
    plain = _PARTED.sub("", _plain(stem))
    rest = plain.replace(number, " ")
    own = comparable_name(name).upper()
    if own in comparable_name(rest):
        return ""
    said, known = _NO_NAMES.sub(" ", rest), f"{number} {_plain(beside)}"
    if _HAN.search(own):
        return next((part for part in _HAN.findall(said) if part not in known), "")
    words = set(_LATIN.findall(_plain(name)))
    others = [part for part in _LATIN.findall(said) if part not in known]
    if not others or any(word in part or part in own for word in words for part in others):
        return ""
    return others[0]

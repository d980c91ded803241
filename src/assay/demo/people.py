"""Made-up persons: names, numbers with right check digits, photos that say that they are demo. Nobody real."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
FIRST = "晓明文静雨晨子涵嘉怡思远浩然欣妍俊杰梓萱一诺宇轩诗琪博文雅婷志强秀英建国玉兰海燕振宇"
SECOND = "安宁清和平川林溪舟帆岚琳瑶婧昊泽霖瀚铭朗峰岩松柏毅恒宁远辰逸菲彤璐莹洁雪梅兰竹菊青蓝紫丹"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_COUNTIES = ("410105", "410102", "410103", "410104", "410106", "410122", "410181", "410182")


def name(serial: int) -> str:
    """A made-up name, the same for the same serial."""
    first = FIRST[(serial * 7 + serial // 48) % len(FIRST)]
    second = SECOND[(serial * 11 + serial // 7) % len(SECOND)]
    return SURNAMES[serial % len(SURNAMES)] + first + second


def number(serial: int, year: int) -> str:
    """A well-formed resident number born in `year`; different for different serials below a million."""
    month, day = serial % 12 + 1, serial // 12 % 28 + 1
    order = serial // 336 * 13 + serial % 13
    body = f"{_COUNTIES[order // 1000 % 8]}{year}{month:02d}{day:02d}{order % 1000:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def sex(id_number: str) -> str:
    return "男" if int(id_number[16]) % 2 else "女"


@lru_cache(maxsize=1024)
def photo(kind: int) -> bytes:
    """A drawn one-inch photo (295x413 JPEG), marked DEMO with its number, so that no two people have one: a drawing, no face of anybody."""
    tones = [(88, 110, 150), (140, 96, 96), (96, 130, 108), (120, 108, 140), (100, 100, 100), (150, 120, 80)]
    image = Image.new("RGB", (295, 413), "white")
    draw = ImageDraw.Draw(image)
    tone = tones[kind % len(tones)]
    draw.ellipse((92, 90, 203, 235), fill=(236, 205, 180))
    draw.pieslice((84, 70, 211, 200), 180, 360, fill=(40 + kind * 3 % 60, 35, 30))
    draw.rounded_rectangle((40, 265, 255, 430), 60, fill=tone)
    draw.rectangle((128, 225, 167, 280), fill=(236, 205, 180))
    draw.text((208, 392), f"DEMO {kind:04d}", fill=(170, 170, 170))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85 - kind % 8)
    return buffer.getvalue()

"""QR codes, written and read by zxing-cpp."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image


def svg(text: str) -> bytes:
    """An SVG of the code."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(code.to_svg(add_quiet_zones=True)).encode()


def read(picture: bytes) -> str | None:
    """The text of the first code in a PNG or JPEG; None when there is none."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return str(found[0].text) if found else None
